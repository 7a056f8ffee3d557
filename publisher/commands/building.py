"""`publisher build`: the book itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from publisher import pipeline, report
from publisher.commands.session import console_for, leave, open_plan, overrides, shown_progress
from publisher.options import (
    AuthorOption,
    ByOption,
    Form,
    FormatOption,
    LanguageOption,
    OrderOption,
    OutputOption,
    ProblemsOption,
    Shown,
    StrictOption,
    TitleOption,
    VaultArgument,
    WhereOption,
)

build = typer.Typer(help="Make the book as an EPUB or as a PDF for print.", no_args_is_help=True)


@build.command(epilog="Example: publisher build ebook ~/Notes --title 'A Reader' --by genre")
def ebook(
    vault: VaultArgument = None,
    output: OutputOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    problems: ProblemsOption = Shown.FIRST,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Make the EPUB."""
    changes = overrides(title, author, language, by, order, where)
    _build(pipeline.build_ebook, vault, output, changes, problems, form, strict=strict)


@build.command("print", epilog="Example: publisher build print ~/Notes -o reader.pdf")
def print_(
    vault: VaultArgument = None,
    output: OutputOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    problems: ProblemsOption = Shown.FIRST,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Make the PDF for print."""
    changes = overrides(title, author, language, by, order, where)
    _build(pipeline.build_print, vault, output, changes, problems, form, strict=strict)


def _build(
    make: Any,
    vault: Path | None,
    output: Path | None,
    changes: dict[str, Any],
    problems: Shown,
    form: Form,
    *,
    strict: bool,
) -> None:
    root, settings, found = open_plan(vault, changes)
    with shown_progress() as progress:
        result = make(root, settings, output, Path.cwd(), progress)
    result = pipeline.with_problems(result, found)
    if form is Form.JSON:
        report.print_json(report.summary(result))
    else:
        report.print_result(console_for(), result, problems)
    leave(result.problems, strict=strict)
