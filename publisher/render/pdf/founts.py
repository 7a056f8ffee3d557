"""A style's fount is got ready once, and every line in it is set from that.

WeasyPrint tells Pango anew for each line of text, each try at one and each line it paints which
language, direction, font and features the text has.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from weasyprint import css as cascade
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango

_setup = line_break.Layout.setup
_font_style_cache_key = line_break._font_style_cache_key  # noqa: SLF001
_strut = line_break.strut
_LENGTHS = ("ascent", "underline_position", "strikethrough_position", "underline_thickness",
            "strikethrough_thickness")  # fmt: skip


# WeasyPrint asks for neither.
ffi.cdef("""
PangoContext * pango_layout_get_context (PangoLayout *layout);
PangoAttrList * pango_attr_list_copy (PangoAttrList *list);
""")


class Fount(Struct, frozen=True):
    """What all lines of a style have in common, in Pango's words.

    `first` is the line that was begun with it: while it is held, so is its `context`.
    """

    first: Any
    context: Any
    language: Any
    description: Any
    attributes: Any  # the font's features; none where it has no special ones
    lengths: tuple[float | None, ...]


def setup(layout: Any, style: Any) -> None:
    """Begin a line in a style."""
    if not isinstance(style, cascade.ComputedStyle | cascade.AnonymousStyle):
        _setup(layout, style)  # a drawing's, which changes
        return
    known = vars(style)
    fount: Fount | None = known.get("fount")
    if fount is None:
        _setup(layout, style)
        known["fount"] = _fount(layout)
        return
    layout.style, layout.language, layout.first_line_direction = style, fount.language, 0
    begun = layout.layout = ffi.gc(pango.pango_layout_new(fount.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(begun, False)
    pango.pango_layout_set_font_description(begun, fount.description)
    for name, length in zip(_LENGTHS, fount.lengths, strict=True):
        setattr(layout, name, length)
    if fount.attributes is not None:
        pango.pango_layout_set_attributes(begun, _copy(fount.attributes))


def _fount(layout: Any) -> Fount:
    first = layout.layout
    attributes = pango.pango_layout_get_attributes(first)
    return Fount(
        first,
        pango.pango_layout_get_context(first),
        layout.language,
        line_break.get_font_description(layout.style),
        # A line's own spacing goes into its attributes: each has to have its own.
        None if attributes == ffi.NULL else _copy(attributes),
        tuple(getattr(layout, name, None) for name in _LENGTHS),
    )


def _copy(attributes: Any) -> Any:
    return ffi.gc(pango.pango_attr_list_copy(attributes), pango.pango_attr_list_unref)


def font_key(style: Any, include_size: bool = False) -> str:
    """What the engine keeps the heights of a font under."""
    known = vars(style)
    keys = known.get("font_keys")
    if keys is None:
        keys = known["font_keys"] = {}
    if include_size not in keys:
        keys[include_size] = _font_style_cache_key(style, include_size)
    return str(keys[include_size])


def strut(style: Any) -> tuple[float, float]:
    """The height of a style's lines, and their base line from the top."""
    known = vars(style)
    if "strut" not in known:
        known["strut"] = _strut(style)
    height, baseline = known["strut"]
    return height, baseline


def mend() -> None:
    """Put all in place."""
    line_break.Layout.setup = setup
    inline.strut = strut
    line_break._font_style_cache_key = font_key  # noqa: SLF001


LEANED_ON = (line_break.Layout, _font_style_cache_key, _strut)
