"""The front cover: a label on patterned paper, drawn by the theme, then made a picture."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateError
from msgspec import Struct
from PIL import Image, ImageFont

from publisher.book.model import Metadata
from publisher.cache import Cache, digest_of
from publisher.problem import SetupError
from publisher.provenance import provenance, versions
from publisher.render.cover_faces import draw, files_for
from publisher.render.filters import people_named
from publisher.render.harmless import harm_in_drawing
from publisher.render.ornament import paper
from publisher.render.theme import Theme
from publisher.wording import Wording

WIDTH, HEIGHT = 1500, 2400
# What the title may take of the label's width and height.
MEASURE, TALLEST = 860, 880
TITLE_SIZES = (170, 152, 136, 122, 110, 98, 88, 78, 70, 62, 56, 50, 44, 38, 32)
SUBTITLE_SIZES = (56, 50, 44, 40, 36, 32, 28)
NAME_SIZES = (50, 46, 42, 38, 34, 30)
IMPRINT_SIZES = (42, 38, 34, 30, 26, 22, 18)
LEADING = 1.1
STEP = 0.93  # from a size to the next smaller one
NAMES = 4
LONGEST = 320
HELD = "\u00a0"  # between words that no line parts


class Setting(Struct, frozen=True):
    """Words broken into lines, at the size in which they fit."""

    lines: tuple[str, ...]
    size: int
    width: float = 0.0  # of the longest line, about

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last."""
        return len(self.lines) * self.size * LEADING


def draw_cover(about: Metadata, theme: Theme, words: Wording, cache: Cache | None = None) -> bytes:
    """The cover as a PNG of 1500 by 2400, which every store takes; kept where there is a cache."""
    svg = cover_svg(about, theme, words)
    key = cover_key(svg, theme, about.language) if cache else ""
    if cache and key and (kept := cache.get(key)):
        return kept
    made = _drawn_cover(svg, theme, about.language)
    if cache and key:
        cache.put(key, made)
    return made


def cover_key(svg: str, theme: Theme, language: str) -> str:
    """All that a cover depends on; "" where that is the system's fonts, which nobody knows."""
    files = files_for(svg, theme, language)
    if not files:
        return ""
    drawers = versions(("resvg-py", "pillow"))
    return digest_of("cover", provenance(), *drawers, svg, *(file.read_bytes() for file in files))


def _drawn_cover(svg: str, theme: Theme, language: str) -> bytes:
    if file := harm_in_drawing(svg):
        raise SetupError(f"the theme's cover.svg.j2 shows “{file}”: a cover reads no file")
    try:
        drawn = draw(svg, WIDTH, HEIGHT, theme, language)
    except ValueError as error:  # of the engine, which names the place in what was filled in
        where = theme.find("cover.svg.j2")
        raise SetupError(f"{where}: the cover is no drawing: {error}") from error
    with Image.open(io.BytesIO(drawn)) as image:
        flat = image.convert("RGB").quantize(96, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def cover_svg(about: Metadata, theme: Theme, words: Wording) -> str:
    """The theme's `cover.svg.j2` with its words set in lines that fit."""
    template = theme.find("cover.svg.j2")
    if template is None:
        raise SetupError(f"the theme “{theme.name}” has no cover.svg.j2")
    face = regular(theme)
    try:
        return (
            theme.environment()
            .at(template)
            .render(
                width=WIDTH,
                height=HEIGHT,
                about=about,
                words=words,
                paper=paper(f"{about.title}\n{about.subtitle}", WIDTH, HEIGHT, theme.palettes),
                leading=LEADING,
                lines=line_setter(theme),
                title=set_lines(about.title, face, TITLE_SIZES, TALLEST),
                subtitle=set_lines(about.subtitle, face, SUBTITLE_SIZES, 230),
                people=people_lines(about, words, face),
                publisher=set_lines(about.publisher, face, IMPRINT_SIZES, 50),
            )
        )
    except TemplateError as error:
        raise SetupError(f"the theme's cover.svg.j2 cannot be filled: {error}") from error


def regular(theme: Theme) -> Path | None:
    """The face that lines are measured with."""
    return next((font for font in theme.fonts() if "Regular" in font.name), None)


def line_setter(theme: Theme) -> Callable[..., Setting]:
    """What a theme's template sets its own lines with: in which face, how large, how wide."""
    faces = {font.stem: font for font in theme.fonts()}

    def lines(
        text: str,
        face: str = "",
        largest: float = TITLE_SIZES[0],
        smallest: float = TITLE_SIZES[-1],
        measure: float = MEASURE,
        tallest: float = TALLEST,
    ) -> Setting:
        sizes = [int(largest)]
        while (size := int(sizes[-1] * STEP)) >= smallest:
            sizes.append(size)
        return set_lines(text, faces.get(face, regular(theme)), tuple(sizes), tallest, measure)

    return lines


def set_lines(
    text: str, face: Path | None, sizes: tuple[int, ...], tallest: float, measure: float = MEASURE
) -> Setting:
    """Set in the largest size that neither breaks a word nor grows too tall, lines even.

    Words that are `held` stand on one line where any size lets them.
    """
    text = _short(text)
    if not text:
        return Setting((), sizes[-1])
    pieces = [(part, _width(part, face)) for part in _parts(text)]
    for size in sizes:
        measured = [(part, width * size) for part, width in pieces]
        if max(width for _, width in measured) > measure:
            continue
        lines = _even(measured, measure)
        if len(lines) * size * LEADING <= tallest:
            width = max(_width(line, face) for line in lines)
            return Setting(tuple(line.replace(HELD, " ") for line in lines), size, width * size)
    if HELD in text:
        return set_lines(text.replace(HELD, " "), face, sizes, tallest, measure)
    size = sizes[-1]
    letters = [(letter, _width(letter, face) * size) for letter in text]
    return Setting(tuple(_fill(letters, measure)), size, measure)


def people_lines(
    about: Metadata, words: Wording, face: Path | None
) -> tuple[tuple[str, Setting], ...]:
    """The lines under the title: few authors by name, then who edited them."""
    lines = []
    if about.authors and (len(about.authors) <= NAMES or not about.editors):
        names = people_named(held(about.authors), words, NAMES)
        lines.append(("authors", set_lines(names, face, NAME_SIZES, 200)))
    if about.editors:
        names = f"{words.edited_by} {people_named(held(about.editors), words, NAMES)}"
        lines.append(("editors", set_lines(names, face, NAME_SIZES[1:], 160)))
    return tuple(lines)


def held(people: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """People whose names are not parted by the end of a line."""
    return tuple((name.replace(" ", HELD), file_as) for name, file_as in people)


def _short(text: str) -> str:
    text = "".join(c for c in text if c.isprintable() or c == HELD)
    text = " ".join(filter(None, text.split(" ")))
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _parts(text: str) -> Iterator[str]:
    """What must stay on one line: words with the space after them, or single ideographs."""
    word = ""
    for letter in text:
        if _wide(letter):
            if word:
                yield word
            word = ""
            yield letter
        else:
            word += letter
            if letter in " -–—":
                yield word
                word = ""
    if word:
        yield word


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in {"W", "F"}


def _drawn(letter: str) -> bool:
    """Whether the theme's own fonts may be trusted to have the letter."""
    return letter < "\u0530" or "\u1e00" <= letter < "\u20d0" or letter in "№™−"


def _width(text: str, face: Path | None) -> float:
    """About how many ems wide the text is, the space at its end not counted."""
    text = text.replace(HELD, " ").rstrip(" ")
    ours = "".join(filter(_drawn, text))
    others = sum(1.0 if _wide(c) else 0.62 for c in text if not _drawn(c))
    if face is None:
        return 0.55 * len(ours) + others
    return _font(face).getlength(ours) / 1000 + others


@lru_cache(maxsize=8)
def _font(face: Path) -> ImageFont.FreeTypeFont:
    # The basic layout: whether libraqm is installed must not change a line's breaks.
    return ImageFont.truetype(face, 1000, layout_engine=ImageFont.Layout.BASIC)


def _even(parts: list[tuple[str, float]], measure: float) -> list[str]:
    """As few lines as can be, and the longest of them as short as can be."""
    fewest = len(_fill(parts, measure))
    low, high = max(width for _, width in parts), measure
    for _ in range(12):
        middle = (low + high) / 2
        if len(_fill(parts, middle)) <= fewest:
            high = middle
        else:
            low = middle
    return _fill(parts, high)


def _fill(parts: list[tuple[str, float]], measure: float) -> list[str]:
    lines: list[str] = []
    line, filled = "", 0.0
    for part, width in parts:
        # A quarter em or so stands between words; the space's own width is near enough.
        if line and filled + width > measure:
            lines.append(line.strip())
            line, filled = "", 0.0
        line += part
        filled += width + (0.25 * width / max(len(part), 1) * 2 if part.endswith(" ") else 0)
    return [*lines, line.strip()] if line.strip() else lines
