"""The outlines in a formula are read quickly, and once, however often it is drawn.

A formula is drawn from the outlines of its signs. To read one takes WeasyPrint as long as to
set a line of text, and the same formulas come back in a text, its quotations and the glossary.
The corners of an outline are noted for markers alone, which no formula has.
"""

from __future__ import annotations

import re
from copy import copy
from functools import lru_cache
from typing import Any

from weasyprint import svg as drawings

KEPT = 2_000  # outlines, of a kilobyte or two each
_path = drawings.TAGS["path"]
_color = drawings.color
_read_once = lru_cache(maxsize=256)(_color)
_NUMBER = r" -?\d+(?:\.\d+)?"
# Every part of it goes from where it is told to through points that are named, and is closed.
_SIMPLE = re.compile(
    rf"(?:M(?:{_NUMBER}){{2}}"
    rf"(?: L(?:{_NUMBER}){{2}}| Q(?:{_NUMBER}){{4}}| C(?:{_NUMBER}){{6}})+ Z ?)+"
)
_STEP = re.compile(r"([MLQCZ])([^MLQCZ]*)")
_kept: dict[tuple[Any, ...], tuple[Any, ...]] = {}


def path(svg: Any, node: Any, font_size: float) -> None:
    """Draw a path node."""
    if any(name.startswith("marker") for name in node.attrib):
        _path(svg, node, font_size)
        return
    operators = svg.stream.stream
    key = (node.get("d", ""), font_size, svg.inner_width, svg.inner_height)
    known = _kept.get(key)
    if known is None:
        before = len(operators)
        if not _plain(svg.stream, node.get("d", "").strip()):
            _path(svg, node, font_size)
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = tuple(operators[before:])
        return
    operators.extend(known)


def _plain(stream: Any, outline: str) -> bool:
    """Draw a path of nothing but lines and curves from point to point; whether it is one."""
    if not _SIMPLE.fullmatch(outline):
        return False
    strokes = {"M": stream.move_to, "L": stream.line_to, "C": stream.curve_to}
    x, y = 0.0, 0.0
    stream.move_to(x, y)
    for letter, numbers in _STEP.findall(outline):
        given = [float(number) for number in numbers.split()]
        if letter == "Q":
            near, high, x1, y1 = given
            third = (near * 2 / 3 + x / 3, high * 2 / 3 + y / 3)
            stream.curve_to(*third, near * 2 / 3 + x1 / 3, high * 2 / 3 + y1 / 3, x1, y1)
        elif letter == "Z":
            stream.close()
            continue
        else:
            strokes[letter](*given)
        x, y = given[-2:]
    return True


def color(name: str) -> Any:
    """A colour of one's own: who draws with it makes it as see-through as the shape is."""
    return copy(_read_once(name))


def mend() -> None:
    """Put it in place; and a colour is read once, though each sign of a formula names it."""
    drawings.TAGS["path"] = path
    drawings.color = color


LEANED_ON = (_path, drawings.SVG.draw_node, _color)
