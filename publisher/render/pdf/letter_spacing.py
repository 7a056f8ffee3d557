"""A loose line is relieved by a hair between its letters, where words alone can't fill it.

A compositor does so where no other break is left: up to a fiftieth of the size nobody sees it,
while each hole between two words is smaller by a third.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from publisher.render.pdf.line_places import leaves

LOOSE = 0.18  # of an em, added to a space: what is more goes between the letters
MOST = 0.018  # of an em, between two letters
MOST_OF_SQUARE = 0.15  # of an em, between two ideographs: two squares in a line of fifteen
# Scripts whose letters stand apart; Arabic's are joined, ideographs fill their squares.
_APART = re.compile(r"[\u0000-\u058f\u10a0-\u10ff\u1e00-\u206f\u2190-\u22ff]*")
_FIRST_SQUARE = "\u2e80"
_SQUARE = re.compile(
    "[\u2e80-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)

_split_text_box = inline.split_text_box


def relieve(context: Any, line: Any, extra: float, spaces: int) -> None:
    """Take from the `extra` pixels of a line what its `spaces` should not have to fill."""
    size = line.style["font_size"]
    much = extra - LOOSE * size * spaces
    if not spaces or much <= 0:
        return
    texts = [box.text for box in leaves(line) if isinstance(box, boxes.TextBox)]
    if all(map(_APART.fullmatch, texts)):
        _spread(context, line, min(MOST * size, much / sum(map(len, texts))), 0.0)


def fill_squares(context: Any, line: Any, extra: float) -> bool:
    """Fill a line of ideographs, which has no spaces between words, by its letters; whether it did.

    A sign that may begin or end no line leaves a square free at the edge (JLReq 3.8.4, CLReq 3.2).
    """
    texts = "".join(box.text for box in leaves(line) if isinstance(box, boxes.TextBox))
    if extra <= 0 or max(texts, default="") < _FIRST_SQUARE:  # most lines of most books
        return False
    squares = sum(1 for _ in _SQUARE.finditer(texts))
    if squares * 2 <= len(texts):
        return False
    each = extra / max(len(texts) - 1, 1)  # what is behind the last one nobody sees
    if each <= MOST_OF_SQUARE * line.style["font_size"]:
        _spread(context, line, each, 0.0)
    return True


def _spread(context: Any, box: Any, each: float, advance: float) -> float:
    """Move a box by `advance` and widen its text; how far what follows is to be moved."""
    if not isinstance(box, boxes.LineBox | boxes.InlineBox | boxes.TextBox) or _is_folio(box):
        box.translate(advance, 0)
        return advance
    box.position_x += advance
    wide = box.width
    if isinstance(box, boxes.TextBox):
        style = box.style.copy()
        spacing = style["letter_spacing"]
        style["letter_spacing"] = each + (0.0 if spacing == "normal" else spacing)
        box.style = style
        made, _, _ = _split_text_box(context, box, None, 0)
        if made is not None:
            box.width, box.pango_layout = made.width, made.pango_layout
    else:
        moved = advance
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _spread(context, child, each, moved)
        box.width += moved - advance
    return advance + float(box.width - wide)


def _is_folio(box: Any) -> bool:
    """Whether it is a page number: its figures keep their width, for others may take their place."""
    element = box.element if isinstance(box, boxes.TextBox) else None
    return element is not None and "sorts" in element.get("class", "").split()


LEANED_ON = (_split_text_box, inline.add_word_spacing)
