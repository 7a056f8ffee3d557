"""The size of a finished page, as printers name it."""

from __future__ import annotations

import re

from msgspec import Struct

from publisher.presets import points
from publisher.problem import SetupError

NEAR = 0.75  # points by which two trims may differ and still be the same
_TRIM = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)x(\d{1,4}(?:\.\d{1,4})?)(in|mm|cm|pt)")
_SHEETS = {
    "a3": "297x420mm", "a4": "210x297mm", "a5": "148x210mm", "a6": "105x148mm",
    "b5": "176x250mm", "b6": "125x176mm",
}  # fmt: skip


class Trim(Struct, frozen=True):
    """The size of the finished page, in points; the name is as it was written: `6x9in`."""

    name: str
    width: float
    height: float

    def like(self, other: Trim) -> bool:
        """Whether a printer would take the one for the other."""
        return abs(self.width - other.width) < NEAR and abs(self.height - other.height) < NEAR

    def distance(self, other: Trim) -> float:
        """How far two trims are apart."""
        return abs(self.width - other.width) + abs(self.height - other.height)

    def between(self, small: Trim, large: Trim) -> bool:
        """Whether it is no smaller than the one and no larger than the other, either way."""
        wide = small.width - NEAR < self.width < large.width + NEAR
        return wide and small.height - NEAR < self.height < large.height + NEAR


def trim_of(text: str) -> Trim:
    """A trim as it is written: `6x9in`, `148x210mm`, `5.5 x 8.5 in`, or A4, A5, B5 and the like."""
    name = re.sub(r"\s", "", text.casefold().replace("×", "x"))
    name = {"letter": "8.5x11in", **_SHEETS}.get(name, name)
    found = _TRIM.fullmatch(name)
    if not found or not (float(found[1]) and float(found[2])):
        raise SetupError(f"“{text}” is no trim; write width and height, such as 6x9in or 148x210mm")
    width, height = (points(f"{found[side]}{found[3]}") or 0.0 for side in (1, 2))
    return Trim(name, width, height)
