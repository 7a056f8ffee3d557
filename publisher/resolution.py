"""What is said of pictures on paper, such as that one is too coarse, told where notes show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from msgspec.structs import replace

from publisher.book.pictures import images_of
from publisher.pipeline import Copy
from publisher.printer import Printer, load_printer
from publisher.problem import Position, Problem, Severity
from publisher.render.pdf.impression import Placed
from publisher.render.pdf.supply import picture_name
from publisher.render.preflight.finding import COARSE, Verdict, coarseness
from publisher.vault.galley import Image

_OF_PICTURES = frozenset({"drawing-flattened", "picture-unprintable", "image-unreadable"})


def coarse_pictures(
    copy: Copy, placed: Sequence[Placed], printer: Printer | None
) -> Iterator[Problem]:
    """What the printer says of each picture; without one, of what no printer would take."""
    paths = {picture_name(asset): asset.path for asset in copy.assembled.book.assets}
    rules = printer or load_printer("6x9")
    for one in placed:
        said = coarseness(one.resolution, rules)
        if one.name in paths and said is not None and (printer or said is Verdict.REFUSAL):
            refused = printer and said is Verdict.REFUSAL
            yield _coarse(
                one,
                paths[one.name],
                _embed(copy, one, paths[one.name]),
                rules,
                printer.title if printer else "a printer",
                Severity.ERROR if refused else Severity.WARNING,
            )


def at_embeds(copy: Copy, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, those of what became of a picture where it is first embedded."""
    paths = {asset.path for asset in copy.assembled.book.assets}
    for problem in problems:
        path = problem.at.path
        if problem.code in _OF_PICTURES and path in paths:
            found = list(_embeds(copy, path))
            yield replace(problem, at=found[0].at) if found else problem
        else:
            yield problem


def _coarse(
    one: Placed, path: str, at: Position, rules: Printer, who: str, severity: Severity
) -> Problem:
    least, best = rules.image_dpi
    wide, high = (ceil(length / 72 * best) for length in (one.width, one.height))
    return Problem(
        COARSE,
        f"the picture “{path}” is printed {one.width / 72:.2f} × {one.height / 72:.2f} in,"
        f" with {one.resolution:.0f} pixels to the inch; {who} wants {least} at the least",
        at,
        severity,
        hint=f"print it smaller, or from an original of {wide:,} × {high:,} pixels",
    )


def _embed(copy: Copy, one: Placed, path: str) -> Position:
    """Where the picture is embedded widest: in the piece itself, else in what it embeds."""
    found = list(_embeds(copy, path, one.note))
    return (
        max(found, key=lambda image: image.width or one.pixels[0]).at if found else Position(path)
    )


def _embeds(copy: Copy, path: str, piece: str = "") -> Iterator[Image]:
    """Where one note embeds a picture: the piece, where it is known and does so, else the first."""
    shelf = copy.draft.catalogue
    own = shelf.notes.get(piece)
    pieces = (shelf.notes[p] for p in _pieces(copy) if p in shelf.notes)
    for note in (*([own] if own else []), *pieces, *shelf.notes.values()):
        found = [
            image
            for image in images_of(note)
            if (asset := shelf.find_asset(image.source, note.path)) and asset.path == path
        ]
        if found:
            yield from found
            return


def _pieces(copy: Copy) -> Iterator[str]:
    """What is in the book comes before a draft that shows the same picture."""
    return (chapter.path for part in copy.assembled.book.parts for chapter in part.chapters)
