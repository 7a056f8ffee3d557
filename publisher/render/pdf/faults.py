"""What the press has to say of a book: what its author or its theme would want to know."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.book.model import Chapter
from publisher.problem import Position, Problem, Severity
from publisher.render.fallback import missing_in
from publisher.render.pdf.foliation import forbidden
from publisher.render.pdf.standing import Standing
from publisher.render.theme import Theme


def across_sheets(theme: Theme, css: str) -> Iterator[Problem]:
    """What the theme asks of a sheet that only the whole book could give."""
    for what, line, why in forbidden(css):
        yield Problem(
            code="theme-across-sheets",
            message=f"the theme “{theme.name}” asks for {what}: {why}",
            at=Position(f"themes/{theme.name}/print.css", line),
            hint="docs/print.md lists what a theme may ask for",
        )


def of_take(one: Standing, path: str, what: str) -> Iterator[Problem]:
    """What a take's proof shows."""
    proof = one.proof
    yield from missing_in(proof.missing if proof else "", what, path)
    if proof and proof.squeezed:
        yield Problem(
            code="table-set-smaller",
            message=f"{proof.squeezed} of the tables in {what} had to be set smaller to fit",
            at=Position(path),
            severity=Severity.NOTE,
        )
    if proof and proof.turned:
        yield Problem(
            code="code-turned-over",
            message=f"code in {what} is wider than the page: it turns over {proof.turned} times",
            at=Position(path),
            severity=Severity.NOTE,
            hint="break long lines of code where you would have them broken",
        )


def failed(what: str, path: str, reason: str) -> Problem:
    """A piece of which only the words could be printed."""
    return Problem(
        code="piece-failed",
        message=f"{what} could not be laid out, its words stand plain: {reason}",
        at=Position(path),
        severity=Severity.ERROR,
    )


def slipped(chapter: Chapter) -> Problem:
    """A piece whose notes would not all stay with their calls."""
    return Problem(
        code="footnote-slipped",
        message=f"the notes of “{chapter.title}” stand at its end:"
        " one of them would not stay on the page of its call",
        at=Position(chapter.path),
        severity=Severity.NOTE,
    )


def unsound(chapter: Chapter) -> Problem:
    """A piece whose form was guessed."""
    return Problem(
        code="unsound-markup",
        message=f"“{chapter.title}” holds markup that does not close; its form was guessed",
        at=Position(chapter.path),
        severity=Severity.ERROR,
        hint="look for raw HTML in the note",
    )
