"""Pictures that are too coarse for paper, told where the notes show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from publisher.book.pictures import images_of
from publisher.pipeline import Copy
from publisher.printer import Printer, load_printer
from publisher.problem import Position, Problem, Severity
from publisher.render.pdf.impression import Placed
from publisher.render.pdf.supply import picture_name
from publisher.render.preflight.finding import COARSE, Verdict, coarseness


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
    shelf = copy.draft.catalogue
    own = shelf.notes.get(one.note)
    for note in (*([own] if own else []), *shelf.notes.values()):
        found = [
            image
            for image in images_of(note)
            if (asset := shelf.find_asset(image.source, note.path)) and asset.path == path
        ]
        if found:
            return max(found, key=lambda image: image.width or one.pixels[0]).at
    return Position(path)
