"""`publisher plan`, `check` and `glossary`: the book before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publisher import pipeline, report
from publisher.commands.session import console_for, leave, open_plan, overrides, shown_progress
from publisher.options import (
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
from publisher.problem import in_order
from publisher.stubs import write_stubs


def plan(
    vault: VaultArgument = None,
    title: TitleOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    form: FormatOption = Form.TEXT,
) -> None:
    """Show the book as it will be, and why notes are left out."""
    root, settings, found = open_plan(vault, overrides(title, None, language, by, order, where))
    with shown_progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
    if form is Form.JSON:
        report.print_json(report.plan_as_json(draft))
        return
    console = console_for()
    report.print_plan(console, draft)
    report.print_problems(console, found, Shown.ALL)


def check(
    vault: VaultArgument = None,
    where: WhereOption = None,
    problems: ProblemsOption = Shown.ALL,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """List what is wrong in the notes; write nothing."""
    root, settings, found = open_plan(vault, overrides(None, None, None, None, None, where))
    with shown_progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
        assembled = pipeline.compose(draft, progress)
    every = in_order([*found, *draft.problems, *assembled.problems])
    if form is Form.JSON:
        report.print_json([report.as_json(problem) for problem in every])
    else:
        console = console_for()
        report.print_problems(console, every, problems)
        if not every:
            console.print("No problems.")
    leave(every, strict=strict)


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
    root, settings, _ = open_plan(vault, {})
    with shown_progress() as progress:
        draft = pipeline.draft_book(root, settings, progress)
        book = pipeline.compose(draft, progress).book
    if form is Form.JSON:
        report.print_json(report.glossary_as_json(book))
    elif stubs is None:
        report.print_glossary(console_for(), book)
    if stubs is not None:
        written, kept = write_stubs(stubs, draft, book)
        if form is Form.TEXT:
            console_for().print(
                f"{written:,} {'note' if written == 1 else 'notes'} written to {stubs};"
                f" {kept:,} {'was' if kept == 1 else 'were'} there already."
            )
