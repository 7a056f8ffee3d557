"""A line of plain type is painted in one go.

WeasyPrint asks Pango for each field of each glyph, and for each whether it is raised, missing, or
a picture. In most lines none is; there a glyph of a width always looks the same in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

_draw_first_line = drawing.draw_first_line
_INFO, _INT = ffi.sizeof("PangoGlyphInfo"), ffi.sizeof("gint")
_FIELDS = _INFO // _INT  # of a glyph: its number, its width, its offsets across and up, its kind
# Of a font's glyphs none has a number as high: these are nothing, or a letter that no font has.
_NONE = pango.PANGO_GLYPH_EMPTY
# Before, Pango told sizes wrong: https://gitlab.gnome.org/GNOME/pango/-/issues/530.
_SOUND = pango.pango_version() >= 14802


def draw_first_line(
    stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any
) -> Any:
    """Paint a line of text; what is not plain is painted as ever."""
    given = (stream, textbox, text_overflow, block_ellipsis, matrix)
    text, layout = textbox.text, textbox.pango_layout
    if text_overflow == "ellipsis" or block_ellipsis != "none" or not text.strip():
        return _draw_first_line(*given)
    if textbox.style["font_size"] < 1e-6:
        return _draw_first_line(*given)
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    first_line, _ = layout.get_first_line()
    runs = list(_runs(first_line))
    if not all(_is_plain(infos) for _, infos in runs):
        return _draw_first_line(*given)
    founts = [stream.add_font(item.item.analysis.font) for item, _ in runs]
    if any(_is_odd(font) for font, _ in founts):
        return _draw_first_line(*given)
    stream.set_text_matrix(*matrix.values)
    _show(stream, layout, runs, founts)
    return []


def _runs(line: Any) -> Iterator[tuple[Any, list[int]]]:
    """Each run of a line, with the fields of all its glyphs."""
    run = line.runs
    while run != ffi.NULL:
        item = run.data
        size = item.glyphs.num_glyphs * _INFO
        # All at once: to ask for one field after another takes ten times as long.
        yield item, memoryview(ffi.buffer(item.glyphs.glyphs, size)).cast("i").tolist()
        run = run.next


def _is_plain(infos: list[int]) -> bool:
    """Whether every glyph is one of its font, and stands where the one before it ends."""
    return (
        not any(infos[2::_FIELDS])
        and not any(infos[3::_FIELDS])
        and max(infos[::_FIELDS], default=0) < _NONE
    )


def _is_odd(font: Any) -> bool:
    return not _SOUND or bool(font.svg or font.png or font.colr or font.bitmap)


def _show(
    stream: Any, layout: Any, runs: list[tuple[Any, list[int]]], founts: list[tuple[Any, Any]]
) -> None:
    """Write the glyphs, and the font before those of another."""
    shown: list[str] = []
    before = None
    for (item, infos), (font, size) in zip(runs, founts, strict=True):
        used = item.item.analysis.font
        if used != before:
            before = used
            if any(shown):
                stream.show_text("".join(shown))
            shown = []
            stream.set_font_size(font.hash, size)
        known = vars(font).setdefault("pieces", {}).setdefault(size, {})
        pairs = list(zip(infos[::_FIELDS], infos[1::_FIELDS], strict=True))
        if not all(pair in known for pair in pairs):
            _learn(stream, layout, item, pairs, font, size, known)
        glyphs = f"<{''.join(map(known.__getitem__, pairs))}"
        shown.append(glyphs[:-1] if glyphs.endswith("<") else f"{glyphs}>")
    stream.show_text("".join(shown))


def _learn(
    stream: Any, layout: Any, item: Any, pairs: list[tuple[int, int]], font: Any, size: Any,
    known: dict[tuple[int, int], str],
) -> None:  # fmt: skip
    """How glyphs look in the file that had not been seen yet, and for what letters they stand."""
    said = layout.text.encode()
    for number, (glyph, width) in enumerate(pairs):
        if glyph not in font.to_unicode:
            start, end = _letters(item, number, len(pairs))
            font.to_unicode[glyph] = said[start:end].decode()
        if glyph not in font.widths:
            pango.pango_font_get_glyph_extents(
                item.item.analysis.font, glyph, stream.ink_rect, stream.logical_rect
            )
            own = stream.logical_rect.width
            font.widths[glyph] = round(own * 1000 * FROM_UNITS / size)
        kerning = font.widths[glyph] - width * 1000 * FROM_UNITS / size
        known[glyph, width] = f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def _letters(item: Any, number: int, count: int) -> tuple[int, int]:
    """Where the letters of a glyph are in the bytes of the line."""
    offset, length, clusters = item.item.offset, item.item.length, item.glyphs.log_clusters
    if item.item.analysis.level % 2:
        end = length if number == 0 else clusters[number - 1]
    else:
        end = length if number == count - 1 else clusters[number + 1]
    return offset + clusters[number], offset + end


def mend() -> None:
    """Put it in place."""
    drawing.draw_first_line = draw_first_line


LEANED_ON = (_draw_first_line,)
