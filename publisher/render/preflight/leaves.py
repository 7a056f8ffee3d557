"""The boxes of every page, as the file declares them or as the printer's sizes suggest."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

import pikepdf
from msgspec import Struct

from publisher.printer import Bleed
from publisher.trim import Trim

NEAR = 0.75  # points that a trim may be off and still be taken
_NAMES = ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox")


class Box(Struct, frozen=True):
    """A rectangle of a page in points, its corners in order."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From edge to edge."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From foot to head."""
        return self.top - self.bottom

    def holds(self, other: Box, slack: float = 0.01) -> bool:
        """Whether the other lies inside."""
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def meet(self, other: Box) -> Box:
        """What both have in common."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def grown(self, bleed: Bleed, *, inside_left: bool) -> Box:
        """With a bleed round it, the bind on the side given."""
        left, right = bleed.inside, bleed.outside
        if not inside_left:
            left, right = right, left
        return Box(
            self.left - left, self.bottom - bleed.bottom, self.right + right, self.top + bleed.top
        )


class Leaf(Struct, frozen=True):
    """One page's boxes; `declared` names those that the file itself has."""

    number: int
    media: Box
    crop: Box
    trim: Box
    bleed: Box
    declared: frozenset[str]
    turned: int
    unit: float
    inside_left: bool

    @property
    def plain(self) -> bool:
        """Whether the page can be measured as it stands: not turned, not scaled, not empty."""
        sides = (self.trim.width, self.trim.height, self.crop.width, self.crop.height)
        return not self.turned and self.unit == 1 and min(sides) > 1


def read_leaves(pdf: pikepdf.Pdf, trim: Trim, bleed: Bleed) -> tuple[Leaf, ...]:
    """Every page's boxes; a missing TrimBox is read from the sizes a printer knows."""
    leftwards = _reads_leftwards(pdf)
    return tuple(
        _leaf(page, number, trim, bleed, inside_left=(number % 2 == 1) != leftwards)
        for number, page in enumerate(pdf.pages, 1)
    )


def _reads_leftwards(pdf: pikepdf.Pdf) -> bool:
    habits = pdf.Root.get("/ViewerPreferences")
    return isinstance(habits, pikepdf.Dictionary) and habits.get("/Direction") == "/R2L"


def _leaf(page: pikepdf.Page, number: int, trim: Trim, bleed: Bleed, *, inside_left: bool) -> Leaf:
    found = {name: _box(_inherited(page.obj, f"/{name}")) for name in _NAMES}
    declared = frozenset(name for name, box in found.items() if box)
    media = found["MediaBox"] or Box(0, 0, 0, 0)
    crop = (found["CropBox"] or media).meet(media)
    cut = found["TrimBox"] or found["ArtBox"] or _guessed(crop, trim, bleed, inside_left)
    return Leaf(
        number,
        media,
        crop,
        cut,
        found["BleedBox"] or crop,
        declared,
        int(_number(_inherited(page.obj, "/Rotate"))) % 360,
        _number(page.obj.get("/UserUnit")) or 1.0,
        inside_left,
    )


def _guessed(sheet: Box, trim: Trim, bleed: Bleed, inside_left: bool) -> Box:
    """The trim within a sheet that has the bleed on the printer's sides, or the sheet itself."""
    round_it = Box(0, 0, trim.width, trim.height).grown(bleed, inside_left=inside_left)
    if abs(sheet.width - round_it.width) > NEAR or abs(sheet.height - round_it.height) > NEAR:
        return sheet
    left, bottom = sheet.left - round_it.left, sheet.bottom - round_it.bottom
    return Box(left, bottom, left + trim.width, bottom + trim.height)


def _inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """The page's own entry, or for the boxes and the turn that allow it, its parents'."""
    if key in page or key not in ("/MediaBox", "/CropBox", "/Rotate"):
        return page.get(key)
    for _ in range(50):
        parent = page.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        page = parent
        if key in page:
            return page.get(key)
    return None


def _box(value: object) -> Box | None:
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    numbers = [_number(part) for part in value]
    return Box(*_sorted(numbers[0], numbers[2], numbers[1], numbers[3]))


def _sorted(x1: float, x2: float, y1: float, y2: float) -> Iterable[float]:
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
    return number if isfinite(number) else 0.0
