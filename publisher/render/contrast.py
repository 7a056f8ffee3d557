"""Whether text can be told from what it stands on: WCAG's contrast, read out of a style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from msgspec import Struct
from tinycss2.color5 import parse_color  # type: ignore[import-untyped]

# https://www.w3.org/TR/WCAG22/#contrast-minimum: level AA, and what is large enough for less.
WANTED, WANTED_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 18.0, 14.0  # points
TEXT_SIZE = {"print": 11.0, "epub": 12.0}  # of an em, where the sheet does not say
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54}
# Ornaments are no text: what they say can be missed.
_ORNAMENT = re.compile(r"(?:hr|\.ornament|\.leader)\b[^,]*")
_PAGE = re.compile(r"(?:html|body|:root)")
Colour = tuple[float, float, float, float]
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)


class Faint(Struct, frozen=True):
    """A rule whose text is hard to read: its colours as the sheet has them, and its line."""

    text: str
    ground: str
    ratio: float
    wanted: float
    line: int

    def __str__(self) -> str:
        on = f" on {self.ground}" if self.ground else " on the page"
        # Down, never up: 4.49 is not enough and must not be shown as 4.5.
        shown = int(self.ratio * 10) / 10
        return (
            f"{self.text or 'the text'}{on} has a contrast of {shown}:1; "
            f"text of this size wants {self.wanted:g}:1"
        )


def colour_of(text: str) -> Colour | None:
    """A colour as red, green, blue and alpha from 0 to 1; nothing for what is none."""
    found = parse_color(text)
    if found is None or isinstance(found, str):
        return None
    if found.space == "device-cmyk":
        cyan, magenta, yellow, black = found.coordinates
        red, green, blue = ((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))
        return red, green, blue, found.alpha
    red, green, blue = (min(max(part or 0.0, 0.0), 1.0) for part in found.to("srgb").coordinates)
    return red, green, blue, found.alpha


def over(front: Colour, back: Colour) -> Colour:
    """What is seen of a colour that lies on another."""
    alpha = front[3]
    red, green, blue = (
        f * alpha + b * (1 - alpha) for f, b in zip(front[:3], back[:3], strict=True)
    )
    return red, green, blue, 1.0


def contrast(one: Colour, other: Colour) -> float:
    """From 1 for the same colour to 21 for black on white."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def faint(css: str, medium: str, page: str = "") -> Iterator[Faint]:
    """The rules of a settled sheet whose text wants more contrast.

    `page` is the whole sheet, where the rules are only a part of it: there the page's own
    colours are looked for.
    """
    rules = list(_rules(tinycss2.parse_stylesheet(css, True, True)))
    wide = list(_rules(tinycss2.parse_stylesheet(page, True, True))) if page else rules
    ground, ink, size = WHITE, BLACK, TEXT_SIZE[medium]
    for selector, said, _ in wide:
        if all(_PAGE.fullmatch(part.strip()) for part in selector.split(",")):
            ground = over(colour_of(said.get("ground", "")) or ground, WHITE)
            ink = colour_of(said.get("color", "")) or ink
    for selector, said, line in rules:
        if found := _judged(selector, said, (ground, ink, size), line):
            yield found


def _judged(
    selector: str, said: dict[str, str], page: tuple[Colour, Colour, float], line: int
) -> Faint | None:
    ground, ink, size = page
    text, back = colour_of(said.get("color", "")), colour_of(said.get("ground", ""))
    if text is None and back is None:
        return None
    if selector and all(_ORNAMENT.search(part) for part in selector.split(",")):
        return None
    under = over(back, ground) if back else ground
    ratio = contrast(over(text or ink, under), under)
    wanted = WANTED_LARGE if _large(said, size) else WANTED
    if ratio >= wanted:
        return None
    return Faint(
        said.get("color", "") if text else "", said.get("ground", "") if back else "",
        ratio, wanted, line,
    )  # fmt: skip


def _large(said: dict[str, str], em: float) -> bool:
    found = re.match(r"([\d.]+)(pt|px|in|mm|cm|em|rem|%)", said.get("font-size", ""))
    if not found:
        return False
    number, unit = float(found[1]), found[2]
    points = number * (_POINTS[unit] if unit in _POINTS else em * (0.01 if unit == "%" else 1.0))
    bold = said.get("font-weight", "") in ("bold", "700", "800", "900")
    return points >= (LARGE_BOLD if bold else LARGE)


def _rules(nodes: Iterable[Any]) -> Iterator[tuple[str, dict[str, str], int]]:
    """Each block's selector, what it says of colours and sizes, and its line."""
    for node in nodes:
        if node.type == "qualified-rule" or (node.type == "at-rule" and node.content is not None):
            inner = tinycss2.parse_blocks_contents(node.content, True, True)
            own = tinycss2.serialize(node.prelude).strip() if node.type == "qualified-rule" else ""
            if said := _said(inner):
                yield own, said, node.source_line
            yield from _rules(inner)


def _said(inner: Iterable[Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    for node in inner:
        if node.type != "declaration":
            continue
        value = tinycss2.serialize(node.value).strip()
        if node.lower_name in ("background", "background-color"):
            said["ground"] = value
        elif node.lower_name in ("color", "font-size", "font-weight"):
            said[node.lower_name] = value
    return said
