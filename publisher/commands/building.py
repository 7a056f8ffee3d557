"""`publisher build`: the book itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher import pipeline, report
from publisher.cache import Cache, cache_folder
from publisher.commands.session import (
    console_for,
    leave,
    open_plan,
    overrides,
    pressed,
    shown_progress,
)
from publisher.config import FILE_NAME, Plan
from publisher.options import (
    AuthorOption,
    BleedOption,
    ByOption,
    CacheOption,
    Edition,
    Form,
    FormatOption,
    GuidesOption,
    JobsOption,
    LanguageOption,
    OrderOption,
    OutputOption,
    PaperOption,
    PrinterOption,
    ProblemsOption,
    ProfileOption,
    SchedulerOption,
    Shown,
    StrictOption,
    ThemeOption,
    TitleOption,
    TrimOption,
    VaultArgument,
    WhereOption,
)
from publisher.problem import Position, Problem, SetupError
from publisher.render.pdf.lodge import open_up


def build(
    edition: Annotated[
        Edition, typer.Argument(metavar="EDITION", help="What to make.", show_default=False)
    ],
    vault: VaultArgument = None,
    output: OutputOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    theme: ThemeOption = None,
    printer: PrinterOption = None,
    paper: PaperOption = None,
    trim: TrimOption = None,
    bleed: BleedOption = False,
    profile: ProfileOption = None,
    guides: GuidesOption = False,
    jobs: JobsOption = 0,
    scheduler: SchedulerOption = "",
    cache: CacheOption = True,
    problems: ProblemsOption = Shown.FIRST,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Make the book: an EPUB, a PDF for print, a PDF to read on a screen, or all of them."""
    changes = overrides(title, author, language, by, order, where, theme)
    changes |= pressed(printer, paper, trim, bleed=bleed)
    root, settings, found = open_plan(vault, changes)
    if edition in (Edition.PRINT, Edition.ALL):
        wishes = {"--paper": paper, "--bleed": bleed, "--guides": guides}
        found = (*found, *_idle(settings, [wish for wish, said in wishes.items() if said]))
    with shown_progress() as progress:
        hands = (jobs, scheduler, cache)
        made = make(edition, root, settings, output, progress, hands, profile, guides=guides)
    show([pipeline.with_problems(result, found) for result in made], edition, problems, form)
    leave([*found, *(p for result in made for p in result.problems)], strict=strict)


def _idle(settings: Plan, asked: list[str]) -> tuple[Problem, ...]:
    """What is a printer's affair where there is none: asked for a mistake, in the plan a warning."""
    if settings.printer or settings.trim:
        return ()
    if asked:
        verb = "needs" if len(asked) == 1 else "need"
        raise SetupError(
            f"{' and '.join(asked)} {verb} a printer: --for NAME, or [print] printer in {FILE_NAME}"
        )
    places = dict(settings.spots)
    return tuple(
        Problem(
            "printer-missing",
            f"[print] {name} is passed over: no printer is named",
            places.get(name, Position(FILE_NAME)),
            hint='name one, such as printer = "6x9"',
        )
        for name in ("paper", "bleed")
        if getattr(settings, name)
    )


def show(results: list[pipeline.Result], edition: Edition, problems: Shown, form: Form) -> None:
    """Print what was made; exits with 1 where a printer would refuse it."""
    if form is Form.JSON:
        facts = [report.summary(result) for result in results]
        report.print_json(facts if edition is Edition.ALL else facts[0])
    else:
        report.print_results(console_for(), results, problems)
    if any(result.refused for result in results):
        raise typer.Exit(1)


def make(
    edition: Edition,
    root: Path,
    settings: Plan,
    output: Path | None,
    progress: pipeline.Progress,
    hands: tuple[int, str, bool],
    profile: Path | None,
    *,
    guides: bool,
) -> tuple[pipeline.Result, ...]:
    """The editions asked for; `hands` are jobs, scheduler and whether pages are kept."""
    here = Path.cwd()
    if edition is Edition.EBOOK:
        kept = Cache(cache_folder()) if hands[2] else None
        return (pipeline.build_ebook(root, settings, output, here, progress, cache=kept),)
    # Laying out pages takes an engine that is slow to load, here and where workers come from;
    # an EPUB needs none.
    alone = 1 in {hands[0], os.cpu_count()} or bool(hands[1])
    if not alone:
        open_up()
    from publisher import printing  # noqa: PLC0415

    given = root, settings, output, here, progress
    wishes: dict[str, Any] = {"profile": profile, "guides": guides}
    with printing.opened(*hands, alone=alone) as workshop:
        if edition is Edition.SCREEN:
            return (printing.build_screen(*given, workshop=workshop),)
        if edition is Edition.ALL:
            return printing.build_all(*given, **wishes, workshop=workshop)
        return (printing.build_print(*given, **wishes, workshop=workshop),)
