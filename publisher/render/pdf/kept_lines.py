"""A line is painted as it was set, wider by what its spaces were given.

WeasyPrint sets each line of text three times: to see how wide it is, to note how much its spaces
grow by, and to paint it. What grows is a space and nothing else, so the glyphs stay what they were.
"""

from __future__ import annotations

import re
from copy import copy
from typing import Any

from weasyprint import css as cascade
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break

_deactivate = line_break.Layout.deactivate
_reactivate = line_break.Layout.reactivate
_add_word_spacing = inline.add_word_spacing
_ODD = re.compile(r"[\t\n\r\f\u0085\u2028\u2029]")


def deactivate(layout: Any) -> None:
    """Keep a line of plain text as it is set; others are set again to be painted."""
    style = layout.style
    layout.kept = (
        isinstance(style, cascade.ComputedStyle | cascade.AnonymousStyle)
        and style["letter_spacing"] == "normal"
        and not style["word_spacing"]
        and not _ODD.search(layout.text)
    )
    if not layout.kept:
        _deactivate(layout)


def reactivate(layout: Any, style: Any) -> None:
    """Have a line that can be painted: the one that was kept, if it is in that style."""
    if not is_kept(layout) or layout.style is not style:
        set_again(layout, style)


def is_kept(layout: Any) -> bool:
    """Whether the line is as it was set, its spaces not yet wider."""
    return bool(layout.__dict__.get("kept"))


def set_again(layout: Any, style: Any) -> None:
    """Set a line with its spaces as wide as they are to be."""
    layout.kept = False
    _reactivate(layout, style)


def add_word_spacing(context: Any, box: Any, justification_spacing: float, x_advance: float) -> Any:
    """Move a box, and widen the spaces of its text."""
    if not isinstance(box, boxes.TextBox) or not is_kept(box.pango_layout):
        return _add_word_spacing(context, box, justification_spacing, x_advance)
    box.justification_spacing = justification_spacing
    box.position_x += x_advance
    extra = justification_spacing * inline.count_expandable_spaces(box)
    if extra:
        # Where the line is set once more, other boxes have it as it was.
        box.pango_layout = copy(box.pango_layout)
        box.pango_layout.justification_spacing = justification_spacing
        box.width += extra
    return x_advance + extra


def mend() -> None:
    """Put all in place."""
    line_break.Layout.deactivate = deactivate
    line_break.Layout.reactivate = reactivate
    inline.add_word_spacing = add_word_spacing


LEANED_ON = (line_break.Layout, _add_word_spacing, inline.count_expandable_spaces)
