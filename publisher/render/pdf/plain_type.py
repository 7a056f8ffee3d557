"""A line of plain type is painted in one go.

WeasyPrint asks Pango for each field of each glyph, and for each whether it is raised, missing, or
a picture. In most lines none is; there a glyph of a width always looks the same in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango

from publisher.render.pdf import kept_lines

_draw_first_line = drawing.draw_first_line
_INT = ffi.sizeof("gint")
_FIELDS = (
    ffi.sizeof("PangoGlyphInfo") // _INT
)  # of a glyph: its number, its width, its offsets across and up, its kind
_SPACES = re.compile(b" |\xc2\xa0")
# Of a font's glyphs none has a number as high: these are nothing, or a letter that no font has.
_NONE = pango.PANGO_GLYPH_EMPTY
# Before, Pango told sizes wrong: https://gitlab.gnome.org/GNOME/pango/-/issues/530.
_SOUND = pango.pango_version() >= 14802


def draw_first_line(
    stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any
) -> Any:
    """Paint a line of text; what is not plain is painted as ever."""
    plain = text_overflow != "ellipsis" and block_ellipsis == "none" and bool(textbox.text.strip())
    if plain and textbox.style["font_size"] >= 1e-6:
        runs = list(_runs(_first_line(textbox.pango_layout), _wider(textbox.pango_layout)))
        if all(_is_plain(infos) for _, infos in runs):
            founts = [stream.add_font(item.item.analysis.font) for item, _ in runs]
            if not any(_is_odd(font) for font, _ in founts):
                stream.set_text_matrix(*matrix.values)
                _show(stream, textbox.pango_layout, runs, founts)
                return []
    if kept_lines.is_kept(textbox.pango_layout):
        kept_lines.set_again(textbox.pango_layout, textbox.style)
    return _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)


def _first_line(layout: Any) -> Any:
    if not kept_lines.is_kept(layout):  # a kept one has but one line, and is not to be set again
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    return layout.get_first_line()[0]


def _wider(layout: Any) -> tuple[frozenset[int], int]:
    """At which bytes of a kept line its spaces are, and what each grows by."""
    more = int(layout.justification_spacing * TO_UNITS) if kept_lines.is_kept(layout) else 0
    found = _SPACES.finditer(layout.text.encode()) if more else ()
    return frozenset(space.start() for space in found), more


def _runs(line: Any, wider: tuple[frozenset[int], int]) -> Iterator[tuple[Any, list[int]]]:
    """Each run of a line, with the fields of all its glyphs; of some spaces the width is more."""
    spaces, more = wider
    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data, run.data.glyphs
        # All at once: to ask for one field after another takes ten times as long.
        infos = _numbers(glyphs.glyphs, glyphs.num_glyphs * _FIELDS)
        if more:
            offset = item.item.offset
            clusters = _numbers(glyphs.log_clusters, glyphs.num_glyphs)
            for number, cluster in enumerate(clusters):
                if offset + cluster in spaces:
                    infos[number * _FIELDS + 1] += more
        yield item, infos
        run = run.next


def _numbers(pointer: Any, count: int) -> list[int]:
    return memoryview(ffi.buffer(pointer, count * _INT)).cast("i").tolist()


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
        if (glyph, width) in known:
            continue
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
