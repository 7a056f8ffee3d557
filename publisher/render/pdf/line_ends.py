"""Where a line may not end, which WeasyPrint has no properties for.

It sets line after line and looks neither back nor ahead. Two things are known before a line is
set, though: how many lines before it ended in a hyphen, and whether there is room for another
line below it. So a word is kept whole in a fourth line after three broken ones, and in the last
line before the leaf is turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, page
from weasyprint.text.line_break import strut

LADDER = 3  # lines in a row that may end in a hyphen
_NARROW = 160  # pixels; in a narrower column a word must be broken where it can
_LETTER = 0.6  # of an em, more than a letter takes on average

_get_next_linebox = inline.get_next_linebox
_make_page = page.make_page


@dataclass(slots=True)
class _Line:
    """The line that is being set: its full width, and whether its last word is kept whole."""

    measure: float = inf
    indent: float = 0.0
    whole: bool = False


_line = _Line()
_recto = False


def make_page(context: Any, root_box: Any, page_type: Any, *rest: Any) -> Any:
    """Note whether the leaf is turned after this page."""
    global _recto  # noqa: PLW0603 - the engine hands on nothing that could carry it
    outer = "left" if root_box.style["direction"] == "rtl" else "right"
    _recto = page_type.side == outer
    return _make_page(context, root_box, page_type, *rest)


def get_next_linebox(
    context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any,
    containing_block: Any, *rest: Any,
) -> Any:  # fmt: skip
    """Set a line, knowing how those before it ended and whether it is the page's last."""
    ladders: dict[str, int] = linebox.__dict__.setdefault("ladders", {})
    before = ladders.get(repr(skip_stack), 0)
    kept = (_line.measure, _line.indent, _line.whole)
    width, indent = containing_block.width, linebox.text_indent
    _line.measure = width if isinstance(width, float | int) else inf
    _line.indent = indent if isinstance(indent, float | int) else 0.0
    _line.whole = _line.measure > _NARROW and (
        before >= LADDER or _turns_after(context, linebox, position_y, bottom_space)
    )
    given = (context, linebox, position_y, bottom_space, skip_stack, containing_block)
    try:
        line, resume_at = _get_next_linebox(*given, *rest)
    finally:
        _line.measure, _line.indent, _line.whole = kept
    if line is not None and resume_at is not None:
        ladders[repr(resume_at)] = before + 1 if _broken(line) else 0
    return line, resume_at


def _turns_after(context: Any, linebox: Any, position_y: float, bottom_space: float) -> bool:
    if not _recto or context.in_column:
        return False
    height, _ = strut(linebox.style)
    return bool(context.overflows_page(bottom_space, position_y + 2 * height))


def _broken(line: Any) -> bool:
    """Whether the line ends in a hyphen that is not the author's."""
    box = line
    while isinstance(box, boxes.ParentBox) and box.children:
        box = box.children[-1]
    return isinstance(box, boxes.TextBox) and box.text.endswith(box.style["hyphenate_character"])


def unbroken(style: Any) -> Any | None:
    """The style without hyphens, where the line's last word is to be kept whole."""
    if not _line.whole or style["hyphens"] != "auto":
        return None
    plain = style.copy()
    plain["hyphens"] = "manual"
    return plain


def begins_line(text: str, style: Any, max_width: float | None) -> bool:
    """Whether a text that stands first in its element begins the line, too.

    WeasyPrint takes the one for the other, and would cut a word in two after “a long
    <em>sentence with</em> ” where it could go to the next line.
    """
    if style["overflow_wrap"] != "break-word" or max_width in (None, inf):
        return True
    if (max_width or 0) >= _line.measure - _line.indent - 0.5:
        return True
    word = next(iter(text.split()), "")
    return float(len(word) * style["font_size"] * _LETTER) > _line.measure


def mend() -> None:
    """Put both in place."""
    inline.get_next_linebox = get_next_linebox
    page.make_page = make_page


LEANED_ON = (_get_next_linebox, _make_page, inline.iter_line_boxes, inline.split_text_box)
