"""`publisher build`: the book itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publisher import pipeline, report
from publisher.commands.session import (
    console_for,
    leave,
    open_plan,
    overrides,
    pressed,
    shown_progress,
)
from publisher.config import Plan
from publisher.options import (
    AuthorOption,
    BleedOption,
    ByOption,
    Edition,
    Form,
    FormatOption,
    GuidesOption,
    LanguageOption,
    OrderOption,
    OutputOption,
    PaperOption,
    PrinterOption,
    ProblemsOption,
    ProfileOption,
    Shown,
    StrictOption,
    TitleOption,
    TrimOption,
    VaultArgument,
    WhereOption,
)


def build(
    edition: Annotated[Edition, typer.Argument(help="What to make.", show_default=False)],
    vault: VaultArgument = None,
    output: OutputOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    printer: PrinterOption = None,
    paper: PaperOption = None,
    trim: TrimOption = None,
    bleed: BleedOption = False,
    profile: ProfileOption = None,
    guides: GuidesOption = False,
    problems: ProblemsOption = Shown.FIRST,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Make the book: an EPUB, a PDF for print, or a PDF to read on a screen."""
    changes = overrides(title, author, language, by, order, where)
    changes |= pressed(printer, paper, trim, bleed=bleed)
    root, settings, found = open_plan(vault, changes)
    with shown_progress() as progress:
        if edition is Edition.EBOOK:
            result = pipeline.build_ebook(root, settings, output, Path.cwd(), progress)
        elif edition is Edition.SCREEN:
            result = _screen(root, settings, output, progress)
        else:
            result = _print(root, settings, output, progress, profile, guides=guides)
    result = pipeline.with_problems(result, found)
    if form is Form.JSON:
        report.print_json(report.summary(result))
    else:
        report.print_result(console_for(), result, problems)
    if result.refused:
        raise typer.Exit(1)
    leave(result.problems, strict=strict)


def _print(
    root: Path,
    settings: Plan,
    output: Path | None,
    progress: pipeline.Progress,
    profile: Path | None,
    *,
    guides: bool,
) -> pipeline.Result:
    # Laying out pages takes an engine that is slow to load; an EPUB needs none.
    from publisher.printing import build_print  # noqa: PLC0415

    return build_print(root, settings, output, Path.cwd(), progress, profile=profile, guides=guides)


def _screen(
    root: Path, settings: Plan, output: Path | None, progress: pipeline.Progress
) -> pipeline.Result:
    from publisher.printing import build_screen  # noqa: PLC0415 - as above

    return build_screen(root, settings, output, Path.cwd(), progress)
