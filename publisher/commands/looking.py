"""`publisher plan`, `check` and `glossary`: the book before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from publisher import pipeline, report
from publisher.book.model import Book
from publisher.commands.session import console_for, leave, open_plan, overrides, shown_progress
from publisher.options import (
    AuthorOption,
    ByOption,
    Form,
    FormatOption,
    LanguageOption,
    OrderOption,
    ProblemsOption,
    Shown,
    StrictOption,
    TitleOption,
    VaultArgument,
    WhereOption,
)
from publisher.problem import Problem, in_order
from publisher.stubs import write_stubs


def plan(
    vault: VaultArgument = None,
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
    """Show the book as it will be, and why notes are left out."""
    draft, _, found = _composed(vault, overrides(title, author, language, by, order, where))
    if form is Form.JSON:
        report.print_json(report.plan_as_json(draft))
    else:
        console = console_for()
        report.print_plan(console, draft)
        if found and problems is not Shown.NONE:
            console.print()
        report.print_problems(console, found, problems)
    leave(found, strict=strict)


def check(
    vault: VaultArgument = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    problems: ProblemsOption = Shown.ALL,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """List what is wrong in the notes; write nothing."""
    _, _, found = _composed(vault, overrides(title, author, language, by, order, where))
    if form is Form.JSON:
        report.print_json([report.as_json(problem) for problem in found])
    else:
        console = console_for()
        report.print_problems(console, found, problems)
        if not found:
            console.print("No problems.")
    leave(found, strict=strict)


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
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    problems: ProblemsOption = Shown.NONE,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """List the concepts of the glossary, or write notes for those that have none."""
    draft, book, found = _composed(vault, overrides(title, author, language, by, order, where))
    console = console_for()
    if form is Form.JSON:
        report.print_json(report.glossary_as_json(book))
    elif stubs is None:
        report.print_glossary(console, book)
    if stubs is not None:
        written, kept = write_stubs(stubs, draft, book)
        if form is Form.TEXT:
            console.print(
                f"{written:,} {'note' if written == 1 else 'notes'} written to {stubs};"
                f" {kept:,} {'was' if kept == 1 else 'were'} there already."
            )
    if form is Form.TEXT and problems is not Shown.NONE:
        console.print()
        report.print_problems(console, found, problems)
    leave(found, strict=strict)


def _composed(
    vault: Path | None, changes: dict[str, Any]
) -> tuple[pipeline.Draft, Book, tuple[Problem, ...]]:
    """The book as it would be set, and all that is wrong with its notes and its plan."""
    root, settings, found = open_plan(vault, changes)
    with shown_progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
        assembled = pipeline.compose(draft, progress)
    return draft, assembled.book, in_order([*found, *draft.problems, *assembled.problems])
