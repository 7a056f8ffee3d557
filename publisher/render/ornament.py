"""Patterned papers for covers: which one a book gets follows from its title."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator

from msgspec import Struct


class Palette(Struct, frozen=True):
    """A ground, two tones printed on it, and the ink and paper of the label."""

    ground: str
    tone: str
    spark: str
    ink: str
    accent: str
    paper: str = "#f8f3e7"


class Paper(Struct, frozen=True):
    """A pattern as SVG path data: `lines` are stroked in the tone, `dots` filled.

    `lots` are numbers below 5040 for a theme that draws its own, drawn from the title too.
    """

    palette: Palette
    lines: str
    dots: str
    weight: float
    lots: tuple[int, ...] = ()


PALETTES = (
    Palette("#20344a", "#4d6c88", "#c9b27a", "#1b2836", "#8a6a2c"),
    Palette("#5b2226", "#9a5a54", "#e0bf92", "#3a1618", "#8c3a34"),
    Palette("#26402f", "#5c7d62", "#d3c48c", "#1c2e22", "#5b6f2d"),
    Palette("#b98a36", "#e2c27c", "#5f3f12", "#3d2a0d", "#96631a"),
    Palette("#46303f", "#86677d", "#d9b7a2", "#2d1f29", "#7d4764"),
    Palette("#1f4c4e", "#5b8b88", "#e2c690", "#143133", "#9a6a2f"),
    Palette("#a5532f", "#d79a72", "#4a2011", "#45200f", "#a5532f"),
    Palette("#d8cfbb", "#a69878", "#7d2f2a", "#2e2a22", "#7d2f2a", "#fdfaf2"),
    Palette("#b9c6c4", "#7f9896", "#27464a", "#20302f", "#35686a", "#fbfaf4"),
    Palette("#2b2b2f", "#66666c", "#c8a15a", "#202024", "#8f6a2a"),
)


class Chance:
    """Numbers that look drawn by lot and are the same whenever the seed is."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode("utf-8", "replace")
        self._drawn = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to one less than `limit`."""
        self._drawn += 1
        digest = hashlib.sha256(self._seed + self._drawn.to_bytes(4, "big")).digest()
        return int.from_bytes(digest[:6], "big") % limit


LOTS = 48


def paper(seed: str, width: int, height: int, palettes: tuple[Palette, ...] = PALETTES) -> Paper:
    """The paper for that seed, cut a little larger than `width` by `height`."""
    chance = Chance(seed)
    palette = palettes[chance.below(len(palettes))]
    pattern = PATTERNS[chance.below(len(PATTERNS))]
    size = (110, 130, 150)[chance.below(3)]
    lines, dots = pattern(chance, size, width, height)
    weight = (3.0, 4.0)[chance.below(2)]
    drawn = Chance(f"lots of {seed}")
    return Paper(palette, lines, dots, weight, tuple(drawn.below(5040) for _ in range(LOTS)))


def _scales(_chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """Overlapping fish scales, each of three arcs."""
    lines, dots = [], []
    for row, y in enumerate(_steps(height, size / 2)):
        for x in _steps(width, size):
            left = x + (size / 2 if row % 2 else 0)
            for share in (1.0, 0.68, 0.36):
                r = size / 2 * share
                lines.append(f"M{left - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 0 1 {2 * r:.1f} 0")
            dots.append(_dot(left, y - size * 0.07, 3.5))
    return "".join(lines), "".join(dots)


def _ribbons(chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """Truchet's tiles: quarter circles that join into wandering ribbons."""
    lines: list[str] = []
    dots: list[str] = []
    for y in _steps(height, size):
        for x in _steps(width, size):
            turned = chance.below(2)
            lines += (_quarters(x, y, size, size * r, turned) for r in (0.36, 0.5, 0.64))
            if chance.below(3) == 0:
                dots.append(_dot(x, y, 7))
    return "".join(lines), "".join(dots)


def _quarters(x: float, y: float, size: float, r: float, turned: int) -> str:
    if turned:
        return (
            f"M{x + r:.1f} {y:.1f}A{r:.1f} {r:.1f} 0 0 1 {x:.1f} {y + r:.1f}"
            f"M{x + size - r:.1f} {y + size:.1f}"
            f"A{r:.1f} {r:.1f} 0 0 1 {x + size:.1f} {y + size - r:.1f}"
        )
    return (
        f"M{x + size - r:.1f} {y:.1f}A{r:.1f} {r:.1f} 0 0 0 {x + size:.1f} {y + r:.1f}"
        f"M{x:.1f} {y + size - r:.1f}A{r:.1f} {r:.1f} 0 0 1 {x + r:.1f} {y + size:.1f}"
    )


def _lattice(chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """A harlequin's lozenges with a floret or a point in each."""
    lines, dots = [], []
    tall = size * (1.2 + 0.2 * chance.below(3))
    petals = 4 + 2 * chance.below(2)
    for row, y in enumerate(_steps(height, tall / 2)):
        for x in _steps(width, size):
            at = x + (size / 2 if row % 2 else 0)
            lines.append(
                f"M{at:.1f} {y - tall / 2:.1f}l{size / 2:.1f} {tall / 2:.1f}"
                f"l{-size / 2:.1f} {tall / 2:.1f}l{-size / 2:.1f} {-tall / 2:.1f}z"
            )
            dots.append(_floret(at, y, size * 0.13, petals) if row % 2 else _dot(at, y, 5))
    return "".join(lines), "".join(dots)


def _waves(chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """Long swells, close together, each a little out of step with the last."""
    lines: list[str] = []
    dots: list[str] = []
    swell = size * (0.16 + 0.04 * chance.below(3))
    drift = (0.35 + 0.15 * chance.below(3)) * (1 if chance.below(2) else -1)
    for row, y in enumerate(_steps(height, size / 4)):
        phase = row * drift
        points = [
            (x, y + swell * math.sin(x / size * 1.9 + phase)) for x in _steps(width, size / 8)
        ]
        lines.append("M" + "L".join(f"{x:.1f} {at:.1f}" for x, at in points))
        if row % 6 == 3:
            dots += (_dot(x, at, 5) for x, at in points[row % 7 :: 14])
    return "".join(lines), "".join(dots)


def _petals(chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """Interlaced circles, whose crossings make four-petalled flowers."""
    lines, dots = [], []
    r = size * 0.7071
    inner = 0.55 + 0.1 * chance.below(3)
    for y in _steps(height, size):
        for x in _steps(width, size):
            lines.append(_circle(x, y, r))
            lines.append(_circle(x, y, r * inner / 2))
            dots.append(_floret(x, y, size * 0.11, 4))
    return "".join(lines), "".join(dots)


def _stars(chance: Chance, size: int, width: int, height: int) -> tuple[str, str]:
    """Small stars of two kinds on a quiet grid."""
    lines, dots = [], []
    points = (6, 8)[chance.below(2)]
    for row, y in enumerate(_steps(height, size * 0.62)):
        for x in _steps(width, size):
            at = x + (size / 2 if row % 2 else 0)
            for ray in range(points):
                turn = 2 * math.pi * ray / points
                near, far = size * 0.09, size * (0.24 if ray % 2 == 0 else 0.17)
                lines.append(
                    f"M{at + near * math.sin(turn):.1f} {y - near * math.cos(turn):.1f}"
                    f"L{at + far * math.sin(turn):.1f} {y - far * math.cos(turn):.1f}"
                )
            dots.append(_dot(at, y, 5))
            dots.append(_dot(at + size / 2, y, 3))
    return "".join(lines), "".join(dots)


PATTERNS: tuple[Callable[[Chance, int, int, int], tuple[str, str]], ...] = (
    _scales,
    _ribbons,
    _lattice,
    _waves,
    _petals,
    _stars,
)


def _steps(length: float, step: float) -> Iterator[float]:
    """From a step before 0 to a step beyond the length, centred on it."""
    count = math.ceil(length / step) + 2
    start = (length - count * step) / 2
    for number in range(count + 1):
        yield start + number * step


def _dot(x: float, y: float, r: float) -> str:
    return _circle(x, y, r) + "z"


def _circle(x: float, y: float, r: float) -> str:
    arc = f"a{r:.1f} {r:.1f} 0 1 1"
    return f"M{x - r:.1f} {y:.1f}{arc} {2 * r:.1f} 0{arc} {-2 * r:.1f} 0"


def _floret(x: float, y: float, r: float, petals: int) -> str:
    out = []
    for petal in range(petals):
        turn = 2 * math.pi * petal / petals
        tip = (x + r * math.sin(turn), y - r * math.cos(turn))
        out.append(f"M{x:.1f} {y:.1f}")
        for side in (0.45, -0.45):
            bend = (x + r * 0.8 * math.sin(turn + side), y - r * 0.8 * math.cos(turn + side))
            end = tip if side > 0 else (x, y)
            out.append(f"Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
        out.append("z")
    return "".join(out)
