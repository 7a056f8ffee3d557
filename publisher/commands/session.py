"""What every command does: find the vault, show progress, print, leave with a code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from publisher import pipeline
from publisher.config import FILE_NAME as PLAN_FILE
from publisher.config import Plan, blamed, plan_with, read_plan
from publisher.options import By, Sorting
from publisher.problem import Problem, SetupError, Severity, worst

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


def overrides(
    title: str | None,
    author: list[str] | None,
    language: str | None,
    by: By | None,
    order: Sorting | None,
    where: list[str] | None,
    theme: str | None = None,
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
        "theme": theme,
    }
    return {name: value for name, value in given.items() if value is not None}


def pressed(
    printer: str | None, paper: str | None, trim: str | None, *, bleed: bool
) -> dict[str, Any]:
    """What the command line wants of a printer."""
    given = {"printer": printer, "paper": paper, "trim": trim, "bleed": bleed or None}
    return {name: value for name, value in given.items() if value is not None}


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise SetupError(f"--where wants PROPERTY=VALUE, not “{text}”")
    return name.strip(), value.strip()


def find_vault(given: Path | None) -> Path:
    """The folder given, else this one or its `content/`."""
    if given is not None:
        return given
    here = Path.cwd()
    vault = here if (here / PLAN_FILE).is_file() else here / "content"
    if not vault.is_dir():
        raise SetupError(f"no vault given, and neither {PLAN_FILE} nor content/ is in this folder")
    return vault


def open_plan(
    vault: Path | None, overrides: dict[str, Any]
) -> tuple[Path, Plan, tuple[Problem, ...]]:
    """The folder of notes and the plan for it."""
    vault = find_vault(vault)
    file = vault / PLAN_FILE
    plan, problems = read_plan(file if _stands(file) else None)
    plan = plan_with(plan, **overrides)
    return _notes_folder(vault, plan), plan, problems


def _stands(file: Path) -> bool:
    """Whether there is something of that name, be it readable or not."""
    try:
        return file.is_symlink() or file.exists()
    except OSError:
        return False  # the folder itself may not be entered, which is told when it is read


def _notes_folder(vault: Path, plan: Plan) -> Path:
    """The folder of notes that the plan names, which must not lead out of its own."""
    notes = vault / plan.vault
    if not notes.resolve().is_relative_to(vault.resolve()):
        with blamed(plan, "vault"):
            raise SetupError(f"[notes] vault “{plan.vault}” leads out of {vault}")
    return notes


def leave(problems: Sequence[Problem], *, strict: bool) -> None:
    """Exit with 1 where the text has errors, or warnings that count as such."""
    gravest = worst(problems)
    limit = Severity.WARNING if strict else Severity.ERROR
    if gravest is not None and gravest <= limit:
        raise typer.Exit(1)


def console_for(*, stderr: bool = False) -> Console:
    """Where to print: in colour on a terminal, bare elsewhere."""
    console = Console(stderr=stderr, highlight=False)
    # Away from a terminal lines are for programs and files: they are not broken.
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=200)


@contextmanager
def shown_progress() -> Iterator[pipeline.Progress]:
    """Bars on a terminal, silence elsewhere."""
    console = console_for(stderr=True)
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
