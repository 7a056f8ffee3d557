"""The outline of a sign in a formula is worked out once, however often it is drawn.

A formula is drawn from the outlines of its signs. To read one takes WeasyPrint as long as to
set a line of text, and the same formulas come back in a text, its quotations and the glossary.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from weasyprint import svg as drawings

KEPT = 2_000  # outlines, of a kilobyte or two each
_path = drawings.TAGS["path"]
_color = drawings.color
_read_once = lru_cache(maxsize=256)(_color)
_Outline = tuple[tuple[Any, ...], tuple[Any, ...]]
_kept: dict[tuple[Any, ...], _Outline] = {}


def path(svg: Any, node: Any, font_size: float) -> None:
    """Draw a path node."""
    operators, vertices = svg.stream.stream, node.vertices
    key = (node.get("d", ""), font_size, svg.inner_width, svg.inner_height)
    known = _kept.get(key)
    if known is None:
        before, corners = len(operators), len(vertices)
        _path(svg, node, font_size)
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = tuple(operators[before:]), tuple(vertices)[corners:]
        return
    operators.extend(known[0])
    vertices.extend(known[1])


def mend() -> None:
    """Put it in place; and a colour is read once, though each sign of a formula names it."""
    drawings.TAGS["path"] = path
    drawings.color = _read_once


LEANED_ON = (_path, drawings.SVG.draw_node, _color)
