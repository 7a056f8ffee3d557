"""Lines over a wrap that show where it is cut and folded, and what keeps clear of that."""

from __future__ import annotations

from msgspec import Struct

from publisher.render.wrap_sheet import Box, Sheet
from publisher.render.wrap_words import spine_end

CUT, FOLD, SAFE, CODE = "#e5007d", "#009fe3", "#00a651", "#f39200"

POINTS = 72.0


class Stroke(Struct, frozen=True):
    """A box drawn in a colour, broken where it is no edge of anything."""

    box: Box
    colour: str
    dashed: bool = False


class Tag(Struct, frozen=True):
    """A few words on a coloured ground, their left end at `x`."""

    text: str
    x: float
    y: float
    colour: str


class Guides(Struct, frozen=True):
    """What is drawn over the cover."""

    strokes: tuple[Stroke, ...]
    tags: tuple[Tag, ...]


def draw_guides(sheet: Sheet, code: Box | None) -> Guides:
    """The lines of a sheet, the barcode's around the one there is or else where one would be."""
    strokes = [Stroke(sheet.finished, CUT)]
    strokes += [Stroke(_edge(x, sheet), FOLD) for x in (sheet.spine.x, sheet.spine.right)]
    if sheet.hinge:
        hinges = (sheet.spine.x - sheet.hinge, sheet.spine.right + sheet.hinge)
        strokes += [Stroke(_edge(x, sheet), FOLD, dashed=True) for x in hinges]
    near = max(sheet.hinge, sheet.safety)
    for panel, on_left in ((sheet.back, not sheet.mirrored), (sheet.front, sheet.mirrored)):
        x = panel.x + (sheet.safety if on_left else near)
        wide = panel.width - sheet.safety - near
        safe = Box(x, panel.y + sheet.safety, wide, panel.height - 2 * sheet.safety)
        strokes.append(Stroke(safe, SAFE, dashed=True))
    spine = sheet.spine.inset(sheet.spine_safety, spine_end(sheet))
    if spine.width > 0:
        strokes.append(Stroke(spine, SAFE, dashed=True))
    strokes.append(Stroke(code or sheet.barcode, CODE, dashed=True))
    return Guides(tuple(strokes), tuple(_tags(sheet, code or sheet.barcode)))


def _edge(x: float, sheet: Sheet) -> Box:
    return Box(x, 0, 0, sheet.height)


def _tags(sheet: Sheet, code: Box) -> list[Tag]:
    inside = sheet.finished
    left, top = inside.x + sheet.safety + 4, inside.y + sheet.safety + 4
    outside = "wrap" if sheet.hinge else "bleed"
    across = f"{_inches(sheet.front.width)} × {_inches(sheet.front.height)} in"
    return [
        Tag(f"{outside} {_inches(sheet.turn)} in", left, 1.0, CUT),
        Tag("trim" if outside == "bleed" else "board", left, inside.y + 1.0, CUT),
        Tag(f"safe: {_inches(sheet.safety)} in", left, top, SAFE),
        Tag("front", sheet.front.x + sheet.front.width / 2 - 20, top, SAFE),
        Tag(across, sheet.front.x + sheet.front.width / 2 - 20, top + 10, SAFE),
        Tag("back", sheet.back.x + sheet.back.width / 2 - 10, top, SAFE),
        Tag(f"spine {_inches(sheet.spine.width, 4)} in", sheet.cloth.right + 3, 1.0, FOLD),
        Tag("barcode", code.x, code.y - 10.0, CODE),
        Tag(f"sheet {_inches(sheet.width)} × {_inches(sheet.height)} in", left + 120, 1.0, CUT),
    ]


def _inches(points: float, places: int = 3) -> str:
    return f"{points / POINTS:.{places}f}".rstrip("0").rstrip(".")
