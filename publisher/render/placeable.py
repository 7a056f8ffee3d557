"""What the engine that lays out pages would leave out, made what it can place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from publisher.problem import Position, Problem, Severity
from publisher.render.drawing import SVG
from publisher.render.images import as_png

# WeasyPrint draws no picture within a drawing, next to none of the filters, and what a mask hides.
_UNDRAWN = re.compile(rb"<(?:\w+:)?image\b|\b(?:filter|mask)\s*[:=]\s*[\"']?\s*[\w-]+\(")
UNDRAWN = "it holds a picture, a filter or a mask"
_PLACED = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")

Draw = Callable[[bytes], bytes]


def is_undrawn(raw: bytes) -> bool:
    """Whether a drawing holds what would be left out."""
    return _UNDRAWN.search(raw) is not None


def placeable(raw: bytes, media_type: str, draw: Draw) -> tuple[str, bytes]:
    """The picture's type and bytes as they can be placed; `draw` makes a PNG of a drawing.

    Raises ValueError where there is no way.
    """
    if raw.startswith(_PLACED):
        return _turned(raw) if _is_deep_grey(raw) else (media_type, raw)
    if media_type == SVG:
        return ("image/png", draw(raw)) if is_undrawn(raw) else (media_type, raw)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return media_type, raw
    return _turned(raw)


def _is_deep_grey(raw: bytes) -> bool:
    """A PNG in greys of sixteen bits, which WeasyPrint takes for colours of eight."""
    return raw[12:16] == b"IHDR" and raw[24:26] == b"\x10\x00"


# It is asked for to know the picture by, and again for each take that shows it.
@lru_cache(maxsize=4)
def _turned(raw: bytes) -> tuple[str, bytes]:
    return "image/png", as_png(raw)


def flattened(path: str, why: str) -> Problem:
    """A drawing of which a picture was made."""
    return Problem(
        "drawing-flattened",
        f"the drawing “{path}” is printed as a picture: {why}",
        Position(path),
        Severity.NOTE,
    )


def unplaced(path: str, error: Exception) -> Problem:
    """A picture that cannot be shown, whatever it is turned into."""
    return Problem(
        "image-unreadable",
        f"the picture “{path}” cannot be printed: {error}",
        Position(path),
        hint="open it in an image editor and export it anew",
    )
