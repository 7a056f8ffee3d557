"""`publisher preflight` and `proof`: a finished PDF, judged."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from publisher import report
from publisher.commands.session import console_for, open_plan, overrides, shown_progress
from publisher.delivery import put_bytes
from publisher.options import (
    AuthorOption,
    ByOption,
    Form,
    FormatOption,
    LanguageOption,
    OrderOption,
    TitleOption,
    TrimOption,
    VaultArgument,
    WhereOption,
)
from publisher.printer import choose_trim, load_printer, on_paper
from publisher.problem import SetupError
from publisher.render.preflight.table import as_json as judgement_as_json
from publisher.render.preflight.table import as_table as judgement_as_table
from publisher.render.proofing.showing import as_json as proof_as_json
from publisher.render.proofing.showing import as_table as proof_as_table


class Kind(StrEnum):
    """Which of the two files a printer takes."""

    INTERIOR = "interior"
    COVER = "cover"


def preflight(
    file: Annotated[Path, typer.Argument(help="The PDF.", show_default=False)],
    printer: Annotated[
        str,
        typer.Option("--for", metavar="PRINTER", help="The printer it goes to."),
    ] = "6x9",
    kind: Annotated[Kind, typer.Option(help="Which file it is.")] = Kind.INTERIOR,
    trim: TrimOption = None,
    paper: Annotated[str, typer.Option(help="The printer's paper.", show_default=False)] = "",
    pages: Annotated[
        int | None,
        typer.Option(help="The pages of the book a cover goes round.", show_default=False),
    ] = None,
    form: FormatOption = Form.TEXT,
) -> None:
    """Say what a printer would refuse in a PDF."""
    # What reads a PDF is slow to load, and no other command wants it.
    from publisher.render.preflight.check import preflight as judge  # noqa: PLC0415

    if pages is not None and pages < 1:
        raise SetupError(f"--pages wants how many pages the book has, not {pages}")
    chosen = on_paper(load_printer(printer), paper)
    made = judge(file, chosen, trim=choose_trim(chosen, trim or ""), kind=kind.value, pages=pages)
    if form is Form.JSON:
        report.print_json(judgement_as_json(made))
    else:
        console_for().print(judgement_as_table(made))
    if made.refused:
        raise typer.Exit(1)


def proof(
    book: VaultArgument = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write pictures of the worst pages here.", show_default=False
        ),
    ] = None,
    worst: Annotated[int, typer.Option(help="How many pages to show.")] = 12,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    form: FormatOption = Form.TEXT,
) -> None:
    """Measure the pages of a PDF, or of a vault's print edition, and list the worst."""
    from publisher.render.proofing.pictures import page_pictures  # noqa: PLC0415
    from publisher.render.proofing.proof import proof as measure  # noqa: PLC0415

    if book is not None and book.suffix.casefold() == ".pdf":
        pdf: Path | bytes = book
    else:
        changes = overrides(title, author, language, by, order, where)
        root, settings, _ = open_plan(book, changes)
        with shown_progress() as progress:
            from publisher.printing import print_edition  # noqa: PLC0415 - slow to load

            pdf = print_edition(root, settings, progress)
    found = measure(pdf)
    if form is Form.JSON:
        report.print_json(proof_as_json(found, worst))
    else:
        console_for().print(proof_as_table(found, worst))
    for name, picture in page_pictures(pdf, found, worst).items() if pictures else ():
        place = (pictures or Path()) / name
        put_bytes(place, picture)
