"""A row of a formula is measured once, however deep it lies, and only for what grows with it.

To know how far its brackets reach, ziamath 0.13 sets each row twice, and so every row within it
four times, and so on: a fraction in a bracket in a root takes as long as a page of text. Most rows
have no brackets.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, tostring

import ziamath.operators
import ziamath.styles
from ziamath.nodes.moperator import Moperator
from ziamath.nodes.mrow import Mrow

KEPT = 5_000  # rows
# Brackets, bars, arrows: what is as high, or as wide, as what stands beside it.
GROWING = frozenset(
    name
    for (name, _), given in ziamath.operators.operators.items()
    if given.get("stretchy", "false") != "false"
)
_get_height_nostretch = Mrow._get_height_nostretch  # noqa: SLF001
_asdict = ziamath.styles.asdict
_heights: dict[Any, tuple[float, float]] = {}


def height(row: Any, line: list[Element], **given: Any) -> tuple[float, float]:
    """The lowest and the highest point of a row without what grows with it; nobody else asks."""
    if not any(map(_grows, line)):
        return 0.0, 0.0
    above = row.parent
    key = (
        tuple(tostring(child) for child in line),
        repr((row.style, row.size, row.glyphsize, row.mtag, getattr(above, "mtag", ""))),
        repr(sorted(given.items())),
    )
    if key not in _heights:
        if len(_heights) >= KEPT:
            _heights.clear()
        _heights[key] = _get_height_nostretch(row, line, **given)
    return _heights[key]


def _grows(element: Element) -> bool:
    """Whether it is, or holds, what grows with the row around it."""
    return any(
        "stretchy" in one.attrib or (one.text or "").strip() in GROWING for one in element.iter()
    )


def mend() -> None:
    """Put it in place; and a style is looked at as it is, not copied to its depths each time."""
    setattr(Mrow, "_get_height_nostretch", height)  # noqa: B010 - mypy knows it for a method
    setattr(ziamath.styles, "asdict", vars)  # noqa: B010


LEANED_ON = (Mrow, Moperator, ziamath.styles.parse_style)
