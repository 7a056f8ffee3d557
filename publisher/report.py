"""What a command says when it is done: for people, or for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from publisher.book.model import Book
from publisher.pipeline import Draft, Result
from publisher.problem import Problem, Severity, in_order
from publisher.render.preflight.table import as_json as preflight_as_json
from publisher.render.preflight.table import as_table as preflight_as_table

# How many problems are printed in full before the reader must ask for the rest.
FIRST = 5
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_UNRESOLVED = ("link-unresolved", "link-unpublished")


def summary(result: Result) -> dict[str, Any]:
    """The facts of a build, as JSON has them."""
    unresolved = sum(p.code in _UNRESOLVED for p in result.problems)
    book = result.assembled.book
    pieces = result.draft.anthology.pieces
    return {
        "path": str(result.path),
        "title": book.metadata.title,
        "bytes": result.path.stat().st_size,
        "parts": sum(1 for part in book.parts if part.title),
        "pieces": len(pieces),
        "words": sum(note.body.words for note in pieces),
        "pages": result.pages or None,
        "links": {
            "resolved": max(0, result.assembled.links - unresolved),
            "unresolved": unresolved,
        },
        "glossary": sum(len(group.entries) for group in book.glossary),
        "left_out": sum(not place for _, _, place in _left_out(result.draft)),
        "beside": [str(path) for path in result.beside],
        "preflight": [preflight_as_json(made) for made in result.reports],
        "problems": [as_json(problem) for problem in result.problems],
    }


def as_json(problem: Problem) -> dict[str, Any]:
    """A problem as JSON has it."""
    return {
        "code": problem.code,
        "severity": problem.severity.name.lower(),
        "path": problem.at.path,
        "line": problem.at.line or None,
        "column": problem.at.column or None,
        "message": problem.message,
        "hint": problem.hint or None,
    }


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    # Not by way of Rich: with thousands of problems it takes as long as a tenth of the book.
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_results(console: Console, results: Sequence[Result], shown: str) -> None:
    """One summary a book; what is wrong in the notes is said once, after the last."""
    for number, result in enumerate(results):
        if number:
            console.print()
        print_result(console, result)
    console.print()
    print_problems(console, in_order(p for r in results for p in r.problems), shown)


def print_result(console: Console, result: Result) -> None:
    """The summary at the end of a build."""
    facts = summary(result)
    links = facts["links"]
    rows = [
        ("Book", facts["title"]),
        ("Pieces", _pieces(facts)),
        ("Words", f"{facts['words']:,}"),
        ("Pages", f"{facts['pages']:,}" if facts["pages"] else ""),
        ("Links", f"{links['resolved']:,} resolved, {links['unresolved']:,} to notes not there"),
        ("Glossary", _counted(facts["glossary"], "entry", "entries")),
        ("Left out", _told(facts["left_out"])),
        ("File", f"{_near(result.path)} ({facts['bytes'] / 1024:,.0f} KiB)"),
    ]
    table = Table.grid(padding=(0, 2))
    rows += [("", _near(path)) for path in result.beside]
    for name, value in rows:
        if value:
            table.add_row(Text(name, style="dim"), Text(str(value), overflow="fold"))
    console.print(table)
    for made in result.reports:
        console.print()
        console.print(preflight_as_table(made))


def _pieces(facts: dict[str, Any]) -> str:
    parts = f" in {_counted(facts['parts'], 'part', 'parts')}" if facts["parts"] else ""
    return f"{facts['pieces']:,}{parts}"


def _told(left_out: int) -> str:
    notes = _counted(left_out, "note", "notes")
    return f"{notes}: `publisher plan` tells why" if notes else ""


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}" if number else ""


def _near(path: Path) -> str:
    """The path from here where that is shorter to read."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def print_problems(console: Console, problems: Sequence[Problem], shown: str) -> None:
    """The problems by kind, then the gravest in full; all of them on `--problems all`."""
    if not problems or shown == "none":
        return
    _print_kinds(console, problems)
    if shown == "all":
        chosen = list(problems)
    else:
        grave = [p for p in problems if p.severity is not Severity.NOTE]
        grave.sort(key=lambda problem: problem.severity)
        chosen = grave[:FIRST] or list(problems[: FIRST - 2])
    console.print()
    explained: set[str] = set()
    for problem in chosen:
        _print_problem(console, problem, explain=problem.hint not in explained)
        explained.add(problem.hint)
    rest = len(problems) - len(chosen)
    if rest:
        console.print(Text(f"… and {rest:,} more: add --problems all to see them", style="dim"))


def _print_kinds(console: Console, problems: Sequence[Problem]) -> None:
    kinds = Counter((p.severity, p.code) for p in problems)
    table = Table.grid(padding=(0, 2))
    for (severity, code), number in sorted(kinds.items(), key=lambda k: (k[0][0], -k[1], k[0][1])):
        name = Text(severity.name.lower(), style=_STYLES[severity])
        table.add_row(Text(f"{number:>6,}"), name, Text(code))
    console.print(table)


def _print_problem(console: Console, problem: Problem, *, explain: bool) -> None:
    """A problem's line, and its hint where none like it was printed yet."""
    line = Text(f"{problem.at}: ")
    line.append(f"{problem.severity.name.lower()}[{problem.code}]", _STYLES[problem.severity])
    line.append(f": {problem.message}")
    console.print(line, soft_wrap=True)
    if problem.hint and explain:
        console.print(Text(f"    hint: {problem.hint}", style="dim"), soft_wrap=True)


def plan_as_json(draft: Draft) -> dict[str, Any]:
    """The book as it will be, as JSON has it."""
    return {
        "title": draft.anthology.title,
        "language": draft.anthology.language,
        "by": draft.anthology.by,
        "parts": [
            {
                "title": section.title,
                "pieces": [
                    {
                        "title": note.title,
                        "path": note.path,
                        "authors": [a.name for a in draft.anthology.authors.of(note)],
                        "genre": note.properties.genre or None,
                        "more_genres": list(note.properties.more_genres),
                        "words": note.body.words,
                    }
                    for note in section.notes
                ],
            }
            for section in draft.anthology.sections
        ],
        "left_out": [
            {"path": path, "reason": reason, "place": place or None}
            for path, reason, place in _left_out(draft)
        ],
    }


def print_plan(console: Console, draft: Draft) -> None:
    """The parts and pieces in order with their words, then what is left out and why."""
    anthology = draft.anthology
    console.print(Text(anthology.title, style="bold"))
    words = sum(note.body.words for note in anthology.pieces)
    counted = _counted(len(anthology.pieces), "piece", "pieces")
    console.print(f"{counted}, {_counted(words, 'word', 'words') or 'no words'}", highlight=False)
    for section in anthology.sections:
        console.print()
        if section.title:
            console.print(Text(section.title, style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", min_width=7)
        for note in section.notes:
            names = ", ".join(a.name for a in anthology.authors.of(note))
            title = Text(note.title)
            if names and names != section.title:
                title.append(f"  {names}", style="dim")
            table.add_row(f"{note.body.words:,}", title)
        console.print(table)
    if anthology.left_out:
        console.print()
        console.print(Text(f"Left out ({len(anthology.left_out):,})", style="bold"))
        for path, reason, place in _left_out(draft):
            line = Text(f"  {path}: ")
            line.append(reason + (f" (in the {place})" if place else ""), style="dim")
            console.print(line, soft_wrap=True)


def _left_out(draft: Draft) -> list[tuple[str, str, str]]:
    """(path, why it is no piece, where the book has something of it all the same)."""
    places: dict[str, str] = {}
    if draft.plan.contributors:
        written = {a for note in draft.anthology.pieces for a in draft.anthology.authors.of(note)}
        places |= {author.note: "list of contributors" for author in written}
    if draft.plan.glossary:
        places |= {c.note.path: "glossary" for c in draft.concepts if c.note is not None}
    return [(o.path, o.reason, places.get(o.path, "")) for o in draft.anthology.left_out]


def glossary_as_json(book: Book) -> list[dict[str, Any]]:
    """The glossary's entries, as JSON has them."""
    return [
        {
            "term": entry.term,
            "group": group.title or None,
            "also": list(entry.also),
            "defined": bool(entry.definition),
            "places": len(entry.places),
        }
        for group in book.glossary
        for entry in group.entries
    ]


def print_glossary(console: Console, book: Book) -> None:
    """Each concept, how often it is discussed, and whether a note defines it."""
    for group in book.glossary:
        if group.title:
            console.print(Text(group.title, style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", min_width=5)
        for entry in group.entries:
            state = "" if entry.definition else "no note"
            table.add_row(f"{len(entry.places):,}", Text(entry.term), Text(state, style="dim"))
        console.print(table)
