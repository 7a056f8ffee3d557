"""What WeasyPrint works out again for every box and line is worked out once for a style.

Boxes share their styles: the lines of a paragraph, and all paragraphs that no rule sets apart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import NoneType
from typing import Any

import tinyhtml5.inputstream as markup  # type: ignore[import-untyped]
from weasyprint import css as cascade
from weasyprint import svg
from weasyprint.css import functions
from weasyprint.css.properties import Dimension
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, table
from weasyprint.layout import float as floating
from weasyprint.svg import defs as drawn_defs
from weasyprint.svg import text as drawn_text
from weasyprint.svg import utils as drawing
from weasyprint.text import fonts, line_break

_resolve_percentages = percent.resolve_percentages
_check_math = functions.check_math
_size = drawing.size
size = lru_cache(maxsize=4_096)(_size)  # a drawing's few lengths are read for each of its lines
_get_font_description = fonts.get_font_description
_USERS = (absolute, block, column, floating, grid, inline, page, percent, table)
_SIZES = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in ("left", "right", "top", "bottom")),
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
LENGTHS = frozenset({*_SIZES, *_BORDERS})
_SET = frozenset(_SIZES)  # borders of what no element stands for are none
_initial: dict[str, Any] = {}  # the lengths of all boxes that no element stands for
_PLAIN = frozenset({str, int, float, NoneType, Dimension, list, dict, bool})


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Give a box its lengths; those of a style without percentages are the same in any holder."""
    known = vars(box.style)
    lengths = known.get("lengths")
    if lengths is None:
        lengths = known["lengths"] = _lengths(box.style)
    if lengths:
        vars(box).update(lengths)
    else:
        _resolve_percentages(box, containing_block)


def _lengths(style: Any) -> dict[str, Any]:
    """The lengths as they are used; none where one depends on where the box stands."""
    if style["box_sizing"] == "border-box" or style["border_collapse"] == "collapse":
        return {}
    untouched = type(style) is cascade.AnonymousStyle and _SET.isdisjoint(style)
    if untouched and _initial:
        return _initial
    found: dict[str, Any] = {}
    for name in _SIZES:
        value = style[name]
        if isinstance(value, Dimension):
            if value.unit != "px":
                return {}
            found[name] = value.value
        elif value == "auto":
            found[name] = 0 if name in {"min_width", "min_height"} else value
        else:
            return {}
    found |= {name: style[name] for name in _BORDERS}
    if untouched:
        _initial.update(found)
    return found


def check_math(token: Any) -> Any:
    """Whether a value is a sum that CSS is to work out: hardly one in a thousand is."""
    kind = type(token)
    if kind in _PLAIN:
        return None
    if kind is tuple:
        return any(type(item) not in _PLAIN and check_math(item) for item in token)
    return _check_math(token)


def get_font_description(style: Any) -> Any:
    """The font that a style asks for, in Pango's words."""
    if not isinstance(style, cascade.ComputedStyle | cascade.AnonymousStyle):
        return _get_font_description(style)  # a drawing's, which changes
    known = vars(style)
    if "font_description" not in known:
        known["font_description"] = _get_font_description(style)
    return known["font_description"]


class _Patterns(dict[Any, Any]):
    """The parser's patterns, by the characters they stop at: it forgets each it has made."""

    def __missing__(self, key: tuple[Any, bool]) -> re.Pattern[str]:
        characters, opposite = key
        signs = "".join(f"\\x{ord(character):02x}" for character in characters)
        made = self[key] = re.compile(f"[{signs}]+" if opposite else f"[^{signs}]+")
        return made


def mend() -> None:
    """Put all in place."""
    for user in _USERS:
        if hasattr(user, "resolve_percentages"):
            user.resolve_percentages = resolve_percentages
    functions.check_math = cascade.check_math = percent.check_math = check_math
    line_break.get_font_description = get_font_description
    markup.characters_until_regex = _Patterns()
    for user in (drawing, drawn_text, drawn_defs, svg):
        user.size = size


LEANED_ON = (
    _resolve_percentages,
    percent.percentage,
    _get_font_description,
    _check_math,
    _size,
    cascade.ComputedStyle,
    cascade.Style,
    markup.HTMLUnicodeInputStream.chars_until,
)
