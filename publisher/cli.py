"""The command line: arguments, printing, exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from publisher import pipeline, report
from publisher.config import FILE_NAME as PLAN_FILE
from publisher.config import Plan, plan_with, read_plan
from publisher.options import (
    AuthorOption,
    By,
    ByOption,
    Form,
    FormatOption,
    LanguageOption,
    OrderOption,
    OutputOption,
    ProblemsOption,
    Shown,
    Sorting,
    StrictOption,
    TitleOption,
    VaultArgument,
    WhereOption,
)
from publisher.problem import Problem, SetupError, Severity, in_order, worst
from publisher.stubs import write_stubs

_STAGES = {
    "scan": "Looking through the vault",
    "read": "Reading notes",
    "arrange": "Arranging",
    "images": "Looking at images",
    "set": "Setting pieces",
    "pages": "Making pages",
    "cover": "Drawing the cover",
    "write": "Writing the file",
    "render": "Laying out pages",
    "finish": "Finishing the PDF",
}

app = typer.Typer(
    name="publisher",
    help="Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
build = typer.Typer(help="Make the book as an EPUB or as a PDF for print.", no_args_is_help=True)
app.add_typer(build, name="build")


@build.command(epilog="Example: publisher build ebook ~/Notes --title 'A Reader' --by genre")
def ebook(  # noqa: PLR0917 - Typer calls it by name
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
    overrides = _overrides(title, author, language, by, order, where)
    _build(pipeline.build_ebook, vault, output, overrides, problems, form, strict=strict)


@build.command("print", epilog="Example: publisher build print ~/Notes -o reader.pdf")
def print_(  # noqa: PLR0917 - Typer calls it by name
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
    overrides = _overrides(title, author, language, by, order, where)
    _build(pipeline.build_print, vault, output, overrides, problems, form, strict=strict)


@app.command(epilog="Example: publisher plan ~/Notes --where genre=essay")
def plan(
    vault: VaultArgument = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    form: FormatOption = Form.TEXT,
) -> None:
    """Show the book as it will be, and why notes are left out."""
    root, settings, found = _open(vault, _overrides(None, None, None, by, order, where))
    with _progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
    if form is Form.JSON:
        report.print_json(report.plan_as_json(draft))
        return
    console = _console()
    report.print_plan(console, draft)
    report.print_problems(console, found, Shown.ALL)


@app.command(epilog="Example: publisher check ~/Notes --strict")
def check(
    vault: VaultArgument = None,
    problems: ProblemsOption = Shown.ALL,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """List what is wrong in the notes; write nothing."""
    root, settings, found = _open(vault, {})
    with _progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
        assembled = pipeline.compose(draft, progress)
    every = in_order([*found, *draft.problems, *assembled.problems])
    if form is Form.JSON:
        report.print_json([report.as_json(problem) for problem in every])
    else:
        console = _console()
        report.print_problems(console, every, problems)
        if not every:
            console.print("No problems.")
    _leave(every, strict=strict)


@app.command(epilog="Example: publisher glossary ~/Notes --write-stubs ~/Notes/Concepts")
def glossary(
    vault: VaultArgument = None,
    stubs: Annotated[
        Path | None,
        typer.Option(
            "--write-stubs",
            metavar="DIR",
            help="Write a note here for each concept that has none; never over a file.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = Form.TEXT,
) -> None:
    """List the concepts of the glossary, or write notes for those that have none."""
    root, settings, _ = _open(vault, {})
    with _progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
        book = pipeline.compose(draft, progress).book
    if form is Form.JSON:
        report.print_json(report.glossary_as_json(book))
    elif stubs is None:
        report.print_glossary(_console(), book)
    if stubs is not None:
        written, kept = write_stubs(stubs, draft, book)
        if form is Form.TEXT:
            _console().print(f"{written:,} notes written to {stubs}; {kept:,} were there already.")


def _overrides(
    title: str | None,
    author: list[str] | None,
    language: str | None,
    by: By | None,
    order: Sorting | None,
    where: list[str] | None,
) -> dict[str, Any]:
    """What the command line says over the file, without what it leaves unsaid."""
    pairs = [_pair(text) for text in where or ()]
    given: dict[str, Any] = {
        "title": title,
        "editors": tuple(author) if author else None,
        "language": language,
        "by": by.value if by else None,
        "order": order.value if order else None,
        "where": tuple(pairs) if pairs else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise SetupError(f"--where wants PROPERTY=VALUE, not “{text}”")
    return name.strip(), value.strip()


def _open(vault: Path | None, overrides: dict[str, Any]) -> tuple[Path, Plan, tuple[Problem, ...]]:
    """The folder of notes and the plan for it."""
    here = Path.cwd()
    if vault is None:
        vault = here if (here / PLAN_FILE).is_file() else here / "content"
        if not vault.is_dir():
            raise SetupError(
                f"no vault given, and neither {PLAN_FILE} nor content/ is in this folder"
            )
    file = vault / PLAN_FILE
    plan, problems = read_plan(file if file.is_file() else None)
    plan = plan_with(plan, **overrides)
    return _notes_folder(vault, plan), plan, problems


def _notes_folder(vault: Path, plan: Plan) -> Path:
    """The folder of notes that the plan names, which must not lead out of its own."""
    notes = vault / plan.vault
    if not notes.resolve().is_relative_to(vault.resolve()):
        raise SetupError(f"{PLAN_FILE}: [notes] vault “{plan.vault}” leads out of {vault}")
    return notes


def _build(
    make: Any,
    vault: Path | None,
    output: Path | None,
    overrides: dict[str, Any],
    problems: Shown,
    form: Form,
    *,
    strict: bool,
) -> None:
    root, settings, found = _open(vault, overrides)
    with _progress() as progress:
        result = make(root, settings, output, Path.cwd(), progress)
    result = pipeline.with_problems(result, found)
    if form is Form.JSON:
        report.print_json(report.summary(result))
    else:
        report.print_result(_console(), result, problems)
    _leave(result.problems, strict=strict)


def _leave(problems: Sequence[Problem], *, strict: bool) -> None:
    """Exit with 1 where the text has errors, or warnings that count as such."""
    gravest = worst(problems)
    limit = Severity.WARNING if strict else Severity.ERROR
    if gravest is not None and gravest <= limit:
        raise typer.Exit(1)


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False)
    # Away from a terminal lines are for programs and files: they are not broken.
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=200)


@contextmanager
def _progress() -> Iterator[pipeline.Progress]:
    """Bars on a terminal, silence elsewhere."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield pipeline.silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def main() -> None:
    """Run the command line; whatever happens, the user sees one clear line."""
    try:
        app(standalone_mode=True)
    except SetupError as error:
        _console(stderr=True).print(f"publisher: {error}", markup=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("PUBLISHER_DEBUG"):
            raise
        _console(stderr=True).print(
            f"publisher: internal error, {type(error).__name__}: {error}"
            " (PUBLISHER_DEBUG=1 shows where)",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(2)


if __name__ == "__main__":
    main()
