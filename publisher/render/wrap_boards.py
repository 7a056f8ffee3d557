"""What lies on the patterned boards, and the pattern cleared around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from publisher.render.wrap_back import Panel
from publisher.render.wrap_sheet import Box, Sheet
from publisher.render.wrap_words import Label

LABEL_WIDE = 1060.0  # units of the label
MARGIN = 26.0  # units of plain ground around a label
TAB_UP, TAB_TALL, TAB_SIDES = 226.0, 96.0, 90.0
TAB_SPACING = 0.1  # em between the letters of the imprint
MOTIF = 22.0  # units of the pattern: no dot or floret reaches further from its middle
_MIDDLE = re.compile(r"M(-?[\d.]+) (-?[\d.]+)")


class Boards(Struct, frozen=True):
    """The front's label, and the imprint's tabs on front and back."""

    label: Box
    tabs: tuple[Box, ...]


def lay_boards(sheet: Sheet, label: Label, panel: Panel | None, code: Box | None) -> Boards:
    """The label in the middle of what the cloth leaves of the front, the tabs at its foot."""
    face, unit = sheet.front_face, label.unit
    middle = face.x + face.width / 2
    wide = LABEL_WIDE * unit
    box = Box(middle - wide / 2, sheet.front.y + label.top * unit, wide, label.tall * unit)
    if not label.publisher.lines:
        return Boards(box, ())
    back = sheet.back_face
    letters = len(label.publisher.lines[0])
    long = (label.publisher.width + spacing(label) * letters + TAB_SIDES) * unit
    middles = [middle]
    if code is not None:
        left, right = (code.right, back.right) if sheet.mirrored else (back.x, code.x)
        # A long imprint does not fit beside the barcode; the front has it.
        if long + 2 * sheet.safety <= right - left:
            middles.append((left + right) / 2)
    elif panel is not None:
        middles.append(back.x + back.width / 2)
    y = sheet.front.foot - TAB_UP * unit
    return Boards(box, tuple(Box(x - long / 2, y, long, TAB_TALL * unit) for x in middles))


def spacing(label: Label) -> float:
    """Units between the letters of the imprint."""
    return TAB_SPACING * label.publisher.size


def cleared(dots: str, taken: Iterator[Box], scale: float) -> str:
    """The pattern's dots without those that something would cut in two."""
    boxes = [
        (box.x * scale - MOTIF, box.y * scale - MOTIF, box.right * scale + MOTIF,
         box.foot * scale + MOTIF)
        for box in taken
    ]  # fmt: skip
    kept = []
    for path in re.split("(?=M)", dots):
        found = _MIDDLE.match(path)
        if found is None:
            continue
        x, y = float(found[1]), float(found[2])
        if not any(left < x < right and top < y < foot for left, top, right, foot in boxes):
            kept.append(path)
    return "".join(kept)


def taken_up(
    sheet: Sheet, boards: Boards, panel: Panel | None, code: Box | None, unit: float
) -> Iterator[Box]:
    """All that hides the pattern, with the plain ground around it."""
    yield sheet.cloth
    yield from boards.tabs
    margin = -MARGIN * unit
    for box in (boards.label, panel.box if panel else None, code):
        if box is not None:
            yield box.inset(margin, margin)
