"""Where everything lies on the sheet that wraps a book: back, spine and front in a row."""

from __future__ import annotations

from msgspec import Struct

from publisher.printer import Printer, spine_width
from publisher.trim import Trim

# The cloth of the spine laps over onto the boards, so that a fold which falls beside
# its place, as they do by up to a sixteenth of an inch, does not show.
LAP = 15.0
LEAST_LAP = 5.0
APART = 3.0  # points of paper between the cloth and a barcode's box
HINGE_CLEAR = 9.0
CAP_AND_TAIL = 0.95  # em, from a capital's head to a tail's foot
SMALLEST_SPINE = 7.0  # points of type


class Box(Struct, frozen=True):
    """A rectangle in points from the sheet's top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def foot(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inset(self, across: float, down: float) -> Box:
        """The box within it, that far from each side."""
        return Box(self.x + across, self.y + down, self.width - 2 * across, self.height - 2 * down)


class Sheet(Struct, frozen=True):
    """The whole sheet.

    `turn` is what lies outside the finished cover: bleed, or what turns over the boards.
    `front` and `back` are the panels beside the spine, `front_face` and `back_face` what
    of them the cloth leaves uncovered. `barcode` is the printer's place for it. `spine_type`
    is the largest type the spine takes, 0 where it must stay bare.
    """

    width: float
    height: float
    turn: float
    safety: float
    hinge: float
    spine: Box
    front: Box
    back: Box
    cloth: Box
    front_face: Box
    back_face: Box
    barcode: Box
    spine_safety: float
    spine_type: float
    mirrored: bool = False

    @property
    def finished(self) -> Box:
        """The cover as it will be seen: what is left after trimming or turning in."""
        return Box(0, 0, self.width, self.height).inset(self.turn, self.turn)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The panels and the spine."""
        return self.back, self.spine, self.front


def lay_out(
    printer: Printer, paper: str, pages: int, trim: Trim, *, mirrored: bool = False
) -> Sheet:
    """The sheet for a book of that many pages; `mirrored` for one that is read from the right."""
    rules = printer.cover
    case = rules.kind == "case"
    turn = rules.wrap + rules.bleed if case else rules.bleed
    hinge = rules.hinge if case else 0.0
    wide = trim.width + (rules.overhang[0] if case else 0)
    tall = trim.height + (rules.overhang[1] if case else 0)
    thick = spine_width(printer, paper, pages)
    left = Box(turn, turn, wide, tall)
    spine = Box(left.right, turn, thick, tall)
    right = Box(spine.right, turn, wide, tall)
    clear = max(rules.barcode_edge, hinge + HINGE_CLEAR if hinge else 0)
    lap = hinge + max(LEAST_LAP, min(LAP, clear - hinge - APART))
    cloth = Box(spine.x - lap, 0, thick + 2 * lap, tall + 2 * turn)
    left_face = Box(turn, turn, wide - lap, tall)
    right_face = Box(cloth.right, turn, wide - lap, tall)
    across, down = rules.barcode
    y = left.foot - rules.barcode_edge - down
    x = spine.right + clear if mirrored else spine.x - clear - across
    return Sheet(
        width=2 * (wide + turn) + thick,
        height=tall + 2 * turn,
        turn=turn,
        safety=rules.safety,
        hinge=hinge,
        spine=spine,
        front=left if mirrored else right,
        back=right if mirrored else left,
        cloth=cloth,
        front_face=left_face if mirrored else right_face,
        back_face=right_face if mirrored else left_face,
        barcode=Box(x, y, across, down),
        spine_safety=rules.spine_safety,
        spine_type=_spine_type(printer, thick, pages),
        mirrored=mirrored,
    )


def _spine_type(printer: Printer, thick: float, pages: int) -> float:
    if pages < printer.spine_text_pages or thick < printer.least_spine_text:
        return 0.0
    size = (thick - 2 * printer.cover.spine_safety) / CAP_AND_TAIL
    # On a thick book a line as large as there is room for would shout.
    return min(size, 15.5 + 0.22 * thick) if size >= SMALLEST_SPINE else 0.0
