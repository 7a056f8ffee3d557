"""What a theme takes out of the text stands in the outer margin, beside its line.

CSS can float a thing to the left or the right, not to the outside of a leaf. So a theme takes
it out with `position: absolute` and names no edge; once the sides are known it is put in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from weasyprint import Document
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

EDGES = ("top", "right", "bottom", "left")
BETWEEN = 4.0  # CSS pixels from one to the next


class _Aside(Struct):
    """A box for the margin, and how far down it wants to stand."""

    box: Any
    top: float
    height: float


def set_side_notes(document: Document) -> bool:
    """Move them to the outer margin, none upon another; whether all found room there."""
    room = True
    for number, page in enumerate(document.pages):
        sheet = page._page_box  # noqa: SLF001 - no public name leads to the boxes
        asides = list(_asides(sheet, None))
        if not asides:
            continue
        top, foot = sheet.content_box_y(), sheet.content_box_y() + sheet.height
        room = _spread(asides, top, foot) and room
        for aside in asides:
            _place(aside, sheet)
        # A page reads where its links and anchors are when it is made.
        document.pages[number] = Page(sheet)
    return room


def _asides(box: Any, line: Any) -> Iterator[_Aside]:
    """The boxes for the margin in the order of the text, each on its line's baseline."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.MarginBox):
            continue
        if _is_taken_out(child):
            own = _first_line(child)
            top = child.border_box_y()
            if line is not None and own is not None:
                top += line.position_y + line.baseline - own.position_y - own.baseline
            yield _Aside(child, top, child.border_height())
            continue
        yield from _asides(child, child if isinstance(child, boxes.LineBox) else line)


def _is_taken_out(box: Any) -> bool:
    if box.style["position"] != "absolute" or getattr(box, "is_outside_marker", False):
        return False
    return all(box.style[edge] == "auto" for edge in EDGES)


def _first_line(box: Any) -> Any:
    if isinstance(box, boxes.LineBox):
        return box
    found = (_first_line(child) for child in getattr(box, "children", ()))
    return next((line for line in found if line is not None), None)


def _spread(asides: list[_Aside], top: float, foot: float) -> bool:
    """Push each below the one before, and up again where the page ends; whether all fit."""
    asides.sort(key=lambda aside: aside.top)
    above = top
    for aside in asides:
        aside.top = max(aside.top, above)
        above = aside.top + aside.height + BETWEEN
    below = foot
    for aside in reversed(asides):
        aside.top = min(aside.top, below - aside.height)
        below = aside.top - BETWEEN
    return asides[0].top >= top - BETWEEN


def _place(aside: _Aside, sheet: Any) -> None:
    """Against the text, in the outer margin; its own margins at the sides are the gap."""
    box = aside.box
    left = sheet.content_box_x() + sheet.width
    if _opens_left(sheet):
        left = sheet.content_box_x() - box.margin_width()
    box.translate(left - box.position_x, aside.top - box.border_box_y())


def _opens_left(sheet: Any) -> bool:
    """Whether the wider margin is on the left; of equal ones, the one away from the fold."""
    if abs(sheet.margin_left - sheet.margin_right) > 1:
        return bool(sheet.margin_left > sheet.margin_right)
    return bool(sheet.page_type.side == "left")
