"""Blocks fitted to their lines, for which WeasyPrint has no properties.

A poem with automatic margins is as wide as its longest line and stands in the middle; a title's
lines are as even as they can be without one more of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.inline import iter_line_boxes
from weasyprint.layout.preferred import max_content_width, min_content_width

from publisher.book.tree import HEADINGS

FITTED = "centred"
KEPT = "kept"
TITLES = frozenset({"title", "subtitle", "authors", "epigraph", "dedication"})
MOST_LINES = 8  # no title has more, and a text that is centred is not evened beyond
HALVINGS = 7  # of what a line is shorter than the measure, until it is near enough

_block_container_layout = block.block_container_layout


def block_container_layout(context: Any, box: Any, *rest: Any, **named: Any) -> Any:
    """Lay out a block, fitted to its lines first if it is one of those."""
    if _is_fitted(box):
        _centre(context, box)
    elif _is_evened(context, box):
        _free(context, box)
        _even(context, box)
    return _block_container_layout(context, box, *rest, **named)


def classes(box: Any) -> frozenset[str]:
    """The classes of the element that a box was made for."""
    element = getattr(box, "element", None)
    return frozenset((element.get("class") or "").split()) if element is not None else frozenset()


def _is_fitted(box: Any) -> bool:
    style = box.style
    automatic = style["margin_left"] == style["margin_right"] == style["width"] == "auto"
    return automatic and FITTED in classes(box)


def _centre(context: Any, box: Any) -> None:
    """Half of what the longest line leaves goes before the block; its headings do not count."""
    if not hasattr(box, "longest"):
        lines = (child for child in box.children if child.element_tag not in HEADINGS)
        box.longest = max((max_content_width(context, line) for line in lines), default=inf)
    room = (box.width - box.longest) / 2
    # Less than an em would look like an error.
    if box.style["font_size"] <= room < inf:
        side = "margin_right" if box.style["direction"] == "rtl" else "margin_left"
        box.width -= room
        setattr(box, side, getattr(box, side) + room)


def _is_evened(context: Any, box: Any) -> bool:
    if context.excluded_shapes or len(box.children) != 1:
        return False
    line = box.children[0]
    if not isinstance(line, boxes.LineBox) or not isinstance(box.width, int | float):
        return False
    if box.style["hyphens"] == "auto":
        return False
    displayed = box.element_tag in HEADINGS or bool(TITLES & classes(box))
    if not displayed and box.style["text_align_all"] != "center":
        return False
    return all(isinstance(child, boxes.TextBox | boxes.InlineBox) for child in _below(line))


def _below(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        yield child
        yield from _below(child)


def _even(context: Any, box: Any) -> None:
    """Set the lines in the narrowest measure that needs no more of them."""
    full = box.width
    count = _count(context, box, full)
    if not 1 < count <= MOST_LINES:
        return
    # Never so narrow that a word would have to be broken for it.
    low, high = max(full / 2, min_content_width(context, box.children[0])), full
    if low >= high:
        return
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _count(context, box, middle) == count else (middle, high)
    spare = full - high
    box.width = high
    for side, share in _sides(box.style):
        setattr(box, side, getattr(box, side) + spare * share)


def _sides(style: Any) -> tuple[tuple[str, float], ...]:
    """Where the room goes that the lines do not want, so that they stay in their place."""
    align = style["text_align_all"]
    if align == "center":
        return (("padding_left", 0.5), ("padding_right", 0.5))
    at_right = (align == "right") or ((align == "end") != (style["direction"] == "rtl"))
    if align == "left" or not at_right:
        return (("padding_right", 1.0),)
    return (("padding_left", 1.0),)


def _free(context: Any, box: Any) -> None:
    """Let groups of words break where keeping them whole would take one line more."""
    kept = [child for child in _below(box) if KEPT in classes(child)]
    if not kept:
        return
    held, styles = _count(context, box, box.width), [child.style for child in kept]
    for child in kept:
        child.style = child.style.copy()
        child.style["white_space"] = "normal"
    if _count(context, box, box.width) == held:
        for child, style in zip(kept, styles, strict=True):
            child.style = style


def _count(context: Any, box: Any, width: float) -> int:
    """How many lines the block has in that measure."""
    kept, box.width = box.width, width
    given = (context, box.children[0].copy(), box.content_box_y(), -inf, None, box)
    try:
        return sum(1 for _ in iter_line_boxes(*given, [], [], None, None))
    finally:
        box.width = kept


def mend() -> None:
    """Put it in place."""
    block.block_container_layout = block_container_layout


LEANED_ON = (
    _block_container_layout,
    iter_line_boxes,
    max_content_width,
    min_content_width,
    block.block_box_layout,
)
