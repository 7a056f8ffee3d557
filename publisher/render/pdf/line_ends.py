"""Where a line may not end, and where it must, which WeasyPrint has no properties for.

It sets line after line and looks neither back nor ahead. Two things are known before a line is
set, though: how many lines before it ended in a hyphen, and whether there is room for another
line below it. So a word is kept whole in a fourth line after three broken ones, and in the last
line before the leaf is turned.

A line that came out longer than its column is set again, broken where it may not be. And one
that has too few spaces to fill it is left short: a hole at its end is smaller than four in it.
"""

from __future__ import annotations

from math import inf
from typing import Any

from msgspec import Struct
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, page

from publisher.render.pdf import fitting, letter_spacing
from publisher.render.pdf.founts import strut

LADDER = 3  # lines in a row that may end in a hyphen
_NARROW = 160  # pixels; in a narrower column a word must be broken where it can
_LETTER = 0.6  # of an em, more than a letter takes on average
_SLACK = 0.5  # pixels that nobody sees
_WIDEST = 0.65  # of an em, to be added to a space: it has some 3.6 times its width then
_WRAPPED = frozenset({"normal", "pre-wrap", "pre-line"})

HAIR = 0.3  # pixels; nobody sees that a line is longer by so much

_get_next_linebox = inline.get_next_linebox
_trailing_whitespace_size = inline.trailing_whitespace_size
_make_page = page.make_page
_can_break_inside = inline.can_break_inside
_justify_line = inline.justify_line


class _Line(Struct):
    """The line that is being set: its full width, and whether its last word is kept whole.

    `forced` is one that ran over, and is set again to break within any word.
    """

    measure: float = inf
    indent: float = 0.0
    whole: bool = False
    forced: bool = False


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
    kept = (_line.measure, _line.indent, _line.whole, _line.forced)
    width, indent = containing_block.width, linebox.text_indent
    _line.measure = width if isinstance(width, float | int) else inf
    _line.indent = indent if isinstance(indent, float | int) else 0.0
    _line.whole = _line.measure > _NARROW and (
        before >= LADDER or turns_after(context, linebox, position_y, bottom_space)
    )
    _line.forced = False
    given = (context, linebox, position_y, bottom_space, skip_stack, containing_block)
    absolute, fixed, first_letter, _ = rest
    placed = len(absolute), len(fixed)
    try:
        line, resume_at = _get_next_linebox(*given, *rest)
        # What floats would be placed twice.
        twice = not first_letter and placed == (len(absolute), len(fixed))
        if twice and (wide := _overrun(line)):
            _line.forced = True
            again = _get_next_linebox(*given, *rest)
            line, resume_at = again if _overrun(again[0]) < wide else (line, resume_at)
    finally:
        _line.measure, _line.indent, _line.whole, _line.forced = kept
    if line is not None and resume_at is not None:
        ladders[repr(resume_at)] = before + 1 if _broken(line) else 0
    return line, resume_at


def turns_after(context: Any, linebox: Any, position_y: float, bottom_space: float) -> bool:
    """Whether the leaf is turned after a line at that height."""
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


def _overrun(line: Any) -> float:
    """How far a line of text runs over; 0 where it fits, or nothing can be done about it."""
    room = _line.measure - max(0.0, _line.indent)
    if line is None or line.width <= room + _SLACK or line.style["white_space"] not in _WRAPPED:
        return 0.0
    leaves = [box for box in line.descendants() if not isinstance(box, boxes.InlineBox)]
    if not leaves or any(not box.is_in_normal_flow() for box in leaves):
        return 0.0
    last = leaves[-1]
    if isinstance(last, boxes.TextBox) and last.text[-1:].isspace():
        return 0.0  # blanks may stand in the margin
    left = min(box.position_x for box in leaves)
    right = max(box.position_x + box.width for box in leaves)
    return max(0.0, float(right - left - room) - _SLACK)


def breaking(text: str, style: Any, max_width: float | None, begins: bool) -> tuple[Any, bool]:
    """A text's style, and whether it begins its line: only then a word is broken anywhere.

    WeasyPrint takes what stands first in its element for it, and would cut a word in two after
    “a long <em>sentence with</em> ” where it could go to the next line.
    """
    if _line.forced and style["white_space"] in _WRAPPED:
        if style["overflow_wrap"] == "normal":
            style = style.copy()
            style["overflow_wrap"] = "anywhere"
        return style, True
    if style["overflow_wrap"] != "break-word" or max_width in (None, inf):
        return style, begins
    if (max_width or 0) >= _line.measure - _line.indent - _SLACK:
        return style, True  # even after what takes no room, such as an empty ::before
    if not begins:
        return style, False
    word = next(iter(text.split()), "")
    return style, float(len(word) * style["font_size"] * _LETTER) > _line.measure


def can_break_inside(box: Any) -> bool:
    """Whether a line that is too long could end within this box.

    WeasyPrint looks for places within each text; a `<wbr>` is one between two, and a line that
    had no other ran over the margin.
    """
    if _can_break_inside(box):
        return True
    if box.style["white_space"] not in _WRAPPED:
        return False
    if isinstance(box, boxes.TextBox):
        return _line.forced and len(box.text) > 1
    return any(child.element_tag == "wbr" for child in getattr(box, "children", ())[:-1])


def trailing_whitespace_size(context: Any, box: Any) -> float:
    """How much of a text that is too long for its line nobody would see there.

    Pango takes a text for one line that is too long for it by a tenth of a point. Unmended,
    WeasyPrint then goes back to the last break before that text, and the line is half empty.
    """
    return float(_trailing_whitespace_size(context, box)) + HAIR


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread the words of a line that has enough of them, or the ideographs of one without."""
    if letter_spacing.fill_squares(context, line, extra_width):
        return
    spaces = inline.count_expandable_spaces(line)
    if extra_width <= spaces * _WIDEST * line.style["font_size"]:
        _justify_line(context, line, extra_width)


def mend() -> None:
    """Put all in place, and what fits blocks to their lines."""
    fitting.mend()
    inline.justify_line = justify_line
    inline.trailing_whitespace_size = trailing_whitespace_size
    inline.get_next_linebox = get_next_linebox
    inline.can_break_inside = can_break_inside
    page.make_page = make_page


LEANED_ON = (
    *fitting.LEANED_ON,
    _get_next_linebox,
    _make_page,
    _can_break_inside,
    _trailing_whitespace_size,
    _justify_line,
    inline.text_align,
    inline._break_waiting_children,  # noqa: SLF001
    inline.iter_line_boxes,
    inline.split_inline_box,
    inline.split_text_box,
)
