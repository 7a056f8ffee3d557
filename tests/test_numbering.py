"""Folios that follow from others are what the press would have printed."""

from __future__ import annotations

import zlib

import pytest
from msgspec.structs import replace

from publisher.render.pdf import journeyman
from publisher.render.pdf.foliation import CHUNK, Ink, foliation
from publisher.render.pdf.jobs import FolioJob, Kit
from publisher.render.pdf.numbering import Inks, Name, origins, pattern_of, to_print
from publisher.render.pdf.supply import font_type, theme_fonts
from publisher.render.theme import load_theme

TABULAR = "@page { @bottom-center { content: counter(page); font-variant-numeric: tabular-nums } }"
WORDS = '@page { @bottom-center { content: "page " counter(page) } }'
NONE = "@page { @bottom-center { content: none; color: attr(x) } }"


def printed(css: str, firsts: list[int]) -> list[Inks]:
    """Sheets as a worker prints them."""
    theme = load_theme("classic")
    fonts = tuple(
        (name, font_type(path.name), path.read_bytes())
        for name, path in sorted(theme_fonts(theme).items())
    )
    kit = Kit(theme.print_css + css, "", fonts)
    alone = foliation(kit.css).alone()
    job = FolioJob("", 1, alone, 'lang="en"', CHUNK)
    return [
        journeyman.DUTIES[FolioJob](replace(job, first=first), kit)[0]  # as a worker does
        for first in firsts
    ]


def shown(ink: Ink | None) -> tuple[bytes, object, object] | None:
    return (zlib.decompress(ink.content), ink.states, ink.faces) if ink else None


def learn(css: str, name: Name) -> tuple[Inks, Inks]:
    """A sheet as it follows from others, and as it is printed."""
    sources = origins(name)
    *sheets, theirs = printed(css, [*(first for _, first in sources), name[1]])
    pattern = pattern_of(sources, sheets, len(str(name[1])))
    return (pattern.sheet(name[1]) if pattern else ()), theirs


@pytest.mark.parametrize("first", [225, 961, 1025, 4001])
def test_what_follows_is_what_is_printed(first: int) -> None:
    ours, theirs = learn(TABULAR, ("", first))
    assert [ink.content for ink in ours if ink] == [ink.content for ink in theirs if ink]
    assert list(map(shown, ours)) == list(map(shown, theirs))
    assert len({ink.content for ink in ours if ink}) == CHUNK


def test_pages_without_a_folio_follow_too() -> None:
    ours, theirs = learn(NONE, ("", 225))
    assert list(ours) == list(theirs) == [None] * CHUNK


def test_folios_with_words_are_printed() -> None:
    assert learn(WORDS, ("", 225))[0] == ()


def sheets(run: str, *, narrow: str = "") -> list[Inks]:
    """Made-up sheets: figures from the middle, where `narrow` ones stand further right."""

    def ink(number: int) -> Ink:
        codes = "".join(f"<00{ord(figure):02x}>{run}" for figure in str(number))
        place = 10 + 5 * (number % 2) + sum(str(number).count(figure) for figure in narrow)
        text = f"BT\n{place} 0 Td\n[{codes}] TJ\nET"
        return Ink(zlib.compress(text.encode()), (), ())

    return [tuple(map(ink, range(first, first + CHUNK))) for _, first in origins(("", 225))]


def test_figures_of_several_widths_are_printed() -> None:
    name = ("", 225)
    assert pattern_of(origins(name), sheets("0"), 3) is not None
    assert pattern_of(origins(name), sheets("0", narrow="1"), 3) is None
    assert pattern_of(origins(name), sheets("0", narrow="8"), 3) is None
    assert pattern_of(origins(name), sheets("-12"), 3) is None


def test_few_sheets_of_a_long_book_are_printed() -> None:
    wanted = [("", first) for first in range(1, 7_000, CHUNK)]
    asked = to_print(wanted, lambda _: False)
    assert [first for _, first in asked] == [1, 33, 65, 97, 129, 161, 193, 993]
    have = {*asked, *wanted[:200]}
    assert to_print(wanted, have.__contains__) == []


def test_a_few_pages_of_a_kind_are_printed_as_they_are() -> None:
    wanted = [("part", 33), ("part", 353), ("part", 641)]
    assert to_print(wanted, lambda _: False) == wanted
    many = [("part", first) for first in range(353, 800, CHUNK)]
    assert [first for _, first in to_print(many, lambda _: False)] == [97, 129, 161, 193]


def test_where_the_count_of_figures_changes_sheets_are_printed() -> None:
    assert origins(("", 193)) == origins(("", 993)) == origins(("", 9_985)) == ()
    assert [first for _, first in origins(("", 1_025))] == [97, 129, 161, 193, 993]
