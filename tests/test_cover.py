"""Covers: words that fit, patterns that follow from the title, a picture stores take."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from booksample import METADATA
from lxml import etree
from msgspec.structs import replace
from PIL import Image

from publisher.cache import Cache
from publisher.render import cover_faces
from publisher.render.cover import (
    HEIGHT,
    LEADING,
    MEASURE,
    NAME_SIZES,
    TALLEST,
    TITLE_SIZES,
    WIDTH,
    cover_svg,
    draw_cover,
    held,
    set_lines,
)
from publisher.render.filters import people_named
from publisher.render.ornament import PALETTES, PATTERNS, paper
from publisher.render.theme import load_theme
from publisher.wording import wording

CLASSIC = load_theme("classic")
ENGLISH = wording("en")
REGULAR = next(font for font in CLASSIC.fonts() if "Regular" in font.name)
SVG = {"s": "http://www.w3.org/2000/svg"}


def words_on(svg: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(svg).iterfind(".//s:text", SVG)]


def test_a_name_is_not_parted_where_it_fits_on_a_line() -> None:
    people = (("Gudrun Ólafsdóttir", ""), ("Dmitri Ólafsson", ""), ("Ada Lee", ""))
    names = people_named(held(people), wording("en"), 6)
    lines = set_lines(names, REGULAR, NAME_SIZES, 200).lines
    assert len(lines) > 1
    assert all(any(name in line for line in lines) for name, _ in people)
    endless = held((("Wilhelmina " * 12, ""),))
    assert len(set_lines(endless[0][0], REGULAR, NAME_SIZES, 900).lines) > 1


def test_the_cover_is_the_size_stores_take_and_small() -> None:
    drawn = draw_cover(METADATA, CLASSIC, ENGLISH)
    image = Image.open(io.BytesIO(drawn))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(drawn) < 400_000
    colours = image.convert("RGB").resize((150, 240)).getcolors(100_000)
    assert colours is not None
    assert len(colours) > 20


def test_the_same_book_has_the_same_cover() -> None:
    assert draw_cover(METADATA, CLASSIC, ENGLISH) == draw_cover(METADATA, CLASSIC, ENGLISH)


def test_a_cover_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def noted(svg: str, *given: Any) -> bytes:
        drawn.append(svg)
        return cover_faces.draw(svg, *given)

    monkeypatch.setattr("publisher.render.cover.draw", noted)
    cache = Cache(tmp_path / "cache")
    first = draw_cover(METADATA, CLASSIC, ENGLISH, cache)
    assert draw_cover(METADATA, CLASSIC, ENGLISH, cache) == first
    assert len(drawn) == 1
    other = replace(METADATA, title="Another Lamp")
    assert draw_cover(other, CLASSIC, ENGLISH, cache) != first
    folders = tmp_path / "mine", *CLASSIC.folders
    mine = replace(CLASSIC, folders=folders, names=("mine", *CLASSIC.names))
    (tmp_path / "mine" / "fonts").mkdir(parents=True)
    shutil.copy(REGULAR, tmp_path / "mine" / "fonts" / "Mine-Regular.ttf")
    draw_cover(METADATA, mine, ENGLISH, cache)
    assert len(drawn) == 3
    # What the system's fonts look like is nothing to go by.
    strange = replace(METADATA, title="The Lamp \u17a0")
    assert draw_cover(strange, CLASSIC, ENGLISH, cache) == draw_cover(
        strange, CLASSIC, ENGLISH, cache
    )
    assert len(drawn) == 5


def test_the_cover_says_what_book_it_is() -> None:
    said = " ".join(words_on(cover_svg(METADATA, CLASSIC, ENGLISH)))
    assert "The Harbour Lamp" in said
    assert "Essays, letters and verses from a small port" in said
    assert "Ada Quill, Bram van der Meer, Nour Haddad and Odile Brisson" in said
    assert "Edited by Tomas Reed" in said
    assert "Breakwater Press" in said


def test_a_crowd_is_not_named_on_the_cover() -> None:
    crowd = tuple((f"Author {n}", "") for n in range(40))
    edited = " ".join(words_on(cover_svg(replace(METADATA, authors=crowd), CLASSIC, ENGLISH)))
    assert "Author" not in edited
    unedited = replace(METADATA, authors=crowd, editors=())
    assert "and others" in " ".join(words_on(cover_svg(unedited, CLASSIC, ENGLISH)))


@pytest.mark.parametrize(
    "title",
    [
        "Fog",
        "The Class, the Party and the Leadership",
        "Why the Lamp Was Out: " + "a question put to every member of the Harbour Board " * 4,
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3,
        "港の灯台と忘れられた時計についての随筆集と書簡",
        "المصباح والبحر",
        "😀" * 50,
        "A\x00B\ud800C",
        "<b> & \"quotes\" 'too' ]]>",
    ],
)
def test_any_title_fits(title: str) -> None:
    about = replace(METADATA, title=title)
    texts = etree.fromstring(cover_svg(about, CLASSIC, ENGLISH)).findall(".//s:text", SVG)
    assert all(0 < float(t.get("y") or 0) < HEIGHT for t in texts)
    image = Image.open(io.BytesIO(draw_cover(about, CLASSIC, ENGLISH)))
    assert image.size == (WIDTH, HEIGHT)


def test_short_titles_are_large_and_long_ones_whole() -> None:
    assert set_lines("Fog", REGULAR, TITLE_SIZES, TALLEST).size == TITLE_SIZES[0]
    words = "Of the winter in which the lamp was lit by no one and yet was seen to burn"
    long = set_lines(words, REGULAR, TITLE_SIZES, TALLEST)
    assert " ".join(long.lines) == words
    assert long.height == len(long.lines) * long.size * LEADING <= TALLEST


def test_lines_are_even() -> None:
    lines = set_lines("Essays, letters and verses from a small port", REGULAR, (56,), 200).lines
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) < 8


def test_no_word_is_broken_while_a_smaller_size_would_hold_it() -> None:
    assert set_lines("Unzusammenhängendes", REGULAR, TITLE_SIZES, TALLEST, MEASURE).lines == (
        "Unzusammenhängendes",
    )


def test_papers_differ_and_repeat() -> None:
    papers = {seed: paper(seed, WIDTH, HEIGHT) for seed in map(str, range(120))}
    assert paper("7", WIDTH, HEIGHT) == papers["7"]
    assert len({p.palette for p in papers.values()}) == len(PALETTES)
    assert len({p.lines for p in papers.values()}) >= len(PATTERNS)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.ground)
def test_the_label_can_be_read(palette: object) -> None:
    ink, ground = (luminance(getattr(palette, name)) for name in ("ink", "paper"))
    assert (ground + 0.05) / (ink + 0.05) > 7


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
