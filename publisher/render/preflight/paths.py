"""Where a path lies that is drawn, to tell a cutter's marks from what is on the page."""

from __future__ import annotations

from typing import Any

from publisher.render.preflight.colour import Ink
from publisher.render.preflight.leaves import Box

Matrix = tuple[float, float, float, float, float, float]
DRAWN = ("m", "l", "c", "v", "y", "re")
ENDED = "n"
_SLACK = 0.5  # points: a mark may begin where the bleed ends, and has a width


class Path:
    """How far the path reaches that is being drawn, in the page's own points."""

    def __init__(self, kept: Box) -> None:
        self._kept = kept
        self._across: list[float] = []
        self._up: list[float] = []

    def draw(self, name: str, operands: Any, matrix: Matrix) -> None:
        """A segment more; a curve lies between its points."""
        numbers = [float(value) for value in operands]
        if name == "re":
            x, y, width, height = numbers
            numbers = [x, y, x + width, y, x, y + height, x + width, y + height]
        a, b, c, d, e, f = matrix
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            self._across.append(a * x + c * y + e)
            self._up.append(b * x + d * y + f)

    def end(self, stroke: float) -> bool:
        """Whether all of it, with half of that stroke round it, lay outside; then a new one begins."""
        across, up, kept, room = self._across, self._up, self._kept, stroke / 2 - _SLACK
        self._across, self._up = [], []
        return bool(across) and (
            max(across) + room <= kept.left
            or min(across) - room >= kept.right
            or max(up) + room <= kept.bottom
            or min(up) - room >= kept.top
        )


def on_all_plates(inks: tuple[Ink, ...]) -> bool:
    """Whether that is the registration colour, in which marks are drawn."""
    return bool(inks) and all(ink.space.colorants == ("All",) for ink in inks)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The inner transformation, then the outer."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
