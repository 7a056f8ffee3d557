"""The ten figures of a style, if they are of one width and stand apart from their neighbours."""

from __future__ import annotations

from typing import Any

from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

# Every figure after every other: kerning between any two would show.
PAIRS = "00102030405060708091121314151617181922324252627282933435363738394454647484955657585966768697787988990"
STYLE = (
    "font_family", "font_size", "font_style", "font_weight", "font_stretch", "lang", "direction",
    "font_variation_settings", "font_language_override", "letter_spacing", "font_kerning",
    "font_variant_ligatures", "font_variant_position", "font_variant_caps",
    "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian",
    "font_feature_settings",
)  # fmt: skip


def figure_codes(stream: Any, style: Any) -> tuple[bytes, ...]:
    """The codes of 0 to 9 as a content stream has them, or nothing; they join the subset."""
    layout = Layout(style)
    layout.set_text(PAIRS)
    line, _ = layout.get_first_line()
    found: dict[str, int] = {}
    widths: set[int] = set()
    fonts: dict[Any, Any] = {}
    texts = iter(PAIRS)
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        fonts[item.item.analysis.font] = None
        for glyph in item.glyphs.glyphs[0 : item.glyphs.num_glyphs]:
            figure, shape = next(texts, ""), glyph.geometry
            moved = shape.x_offset or shape.y_offset
            if (
                moved
                or glyph.glyph >= 2**16
                or found.setdefault(figure, glyph.glyph) != glyph.glyph
            ):
                return ()
            widths.add(shape.width)
    if len(fonts) != 1 or len(widths) != 1 or len(set(found.values())) != 10:
        return ()
    return _registered(stream, next(iter(fonts)), found)


def _registered(stream: Any, pango_font: Any, found: dict[str, int]) -> tuple[bytes, ...]:
    font, size = stream.add_font(pango_font)
    if font.bitmap or font.png or font.svg or font.colr:
        return ()
    for figure, glyph in found.items():
        font.to_unicode.setdefault(glyph, figure)
        if glyph not in font.widths:
            ink, logical = stream.ink_rect, stream.logical_rect
            pango.pango_font_get_glyph_extents(pango_font, glyph, ink, logical)
            font.widths[glyph] = round(logical.width * 1000 * FROM_UNITS / size)
    if len({font.widths[glyph] for glyph in found.values()}) != 1:
        return ()
    return tuple(f"{found[figure]:04x}".encode() for figure in "0123456789")
