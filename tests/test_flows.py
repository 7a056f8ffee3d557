"""An index in several takes is the index that one take would have been."""

from __future__ import annotations

from pathlib import Path

import booksample
import pypdfium2  # type: ignore[import-untyped]
import pytest
import wholebook
from msgspec.structs import replace
from PIL import ImageChops

from publisher.book.model import Book, Chapter, IndexEntry, Locator, Part
from publisher.cache import Cache
from publisher.render.pdf import flows
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Proof, Side
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.readings import Readings
from publisher.render.pdf.references import Marker, figures
from publisher.render.pdf.shelfmarks import LOOKED_AT
from publisher.render.pdf.standing import Row, Standing, named
from publisher.render.pdf.takes import SEAM, Take, take_of, takes
from publisher.render.theme import load_theme
from publisher.wording import wording

WORDS = wording("en")
SENTENCE = "Tar keeps the rope, and rope keeps the ship. "
LETTERS = "ABCDEFGHIJKLM"


def chapters(count: int, more: str = "") -> tuple[Chapter, ...]:
    def chapter(number: int) -> Chapter:
        name, title = f"piece-{number}", f"Piece {number}"
        xhtml = f"<p>{SENTENCE * (9 * number)}{more if number == 2 else ''}</p>"
        return Chapter(name, title, title, xhtml, f"{title}.md")

    return tuple(map(chapter, range(1, count + 1)))


def entry(number: int, pieces: int, words: int = 1) -> IndexEntry:
    heading = " ".join(
        [f"{LETTERS[number // 20]}bout {number}", *["rope"] * (number % 7), "x " * words]
    )
    places = tuple(Locator("", "", f"piece-{1 + (number + n) % pieces}") for n in range(number % 4))
    return IndexEntry(f"index_{number}", heading.strip(), LETTERS[number // 20], places=places)


def book(entries: int = 180, pieces: int = 6, more: str = "") -> Book:
    return Book(
        booksample.METADATA,
        (Part("part", "The Part", chapters(pieces, more), 1),),
        (),
        index=tuple(entry(number, pieces) for number in range(entries)),
    )


def press(given: Book, theme: str = "classic", cache: Cache | None = None) -> PrintEdition:
    read = booksample.read_asset
    return print_book(given, load_theme(theme), WORDS, read, jobs=1, cache=cache)


def assert_same(ours: PrintEdition, theirs: PrintEdition) -> None:
    assert ours.folios == theirs.folios
    one, other = (pypdfium2.PdfDocument(edition.pdf) for edition in (ours, theirs))
    assert len(one) == len(other)
    for number in range(len(one)):
        texts = [pdf[number].get_textpage().get_text_bounded() for pdf in (one, other)]
        assert texts[0] == texts[1], f"leaf {number + 1}"
        pictures = [pdf[number].render(scale=0.6).to_pil() for pdf in (one, other)]
        assert ImageChops.difference(*pictures).getbbox() is None, f"leaf {number + 1}"


@pytest.mark.parametrize("theme", ["classic", "journal", "modern", "pocket"])
def test_it_equals_the_whole_book(theme: str, takes_printed: list[str]) -> None:
    given = book()
    whole = wholebook.print_book(given, load_theme(theme), WORDS, booksample.read_asset)
    assert_same(press(given, theme), whole)
    assert sum(anchor.startswith(("_index", "index_")) for anchor in takes_printed) > 1


def test_a_change_prints_the_pages_around_it(takes_printed: list[str], tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    press(book(), cache=cache)
    before = [anchor for anchor in takes_printed if anchor.startswith("index_")]
    takes_printed.clear()
    given = book()
    changed = replace(given.index[30], heading="Bout of rain")
    given = replace(given, index=(*given.index[:30], changed, *given.index[31:]))
    edition = press(given, cache=cache)
    assert takes_printed == ["_index"]
    assert edition == press(given)
    takes_printed.clear()
    # One more, and all that follow are pushed on; the ends of takes move with them.
    longer = replace(given, index=(entry(0, 6, 40), *given.index[1:]))
    assert press(longer, cache=cache) == press(longer)
    shorter = replace(given, index=given.index[:100])
    assert press(shorter, cache=cache) == press(shorter)
    assert before


@pytest.mark.parametrize(("behind", "seen"), [(0, True), (LOOKED_AT, False)])
def test_what_stands_behind_a_full_page_has_no_part_in_it(
    behind: int,
    seen: bool,
    takes_printed: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flows, "LETTERS", 5_000)  # more than a take keeps
    cache, given = Cache(tmp_path), book(240)
    press(given, cache=cache)
    second = next(anchor for anchor in takes_printed if anchor.startswith("index_"))
    number = int(second.removeprefix("index_")) + behind
    takes_printed.clear()
    changed = replace(given.index[number], heading=f"{given.index[number].heading}, rain")
    given = replace(given, index=(*given.index[:number], changed, *given.index[number + 1 :]))
    edition = press(given, cache=cache)
    assert second in takes_printed
    assert ("_index" in takes_printed) is seen
    assert edition == press(given)


@pytest.mark.parametrize("letters", [700, 3_000, 9_000])
def test_how_far_a_take_reaches_does_not_show(
    letters: int, takes_printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = press(book())
    takes_printed.clear()
    monkeypatch.setattr(flows, "LETTERS", letters)
    assert_same(press(book()), usual)
    # Where the first had no full page in so little, the others reach as far as it had to.
    listed = [anchor for anchor in takes_printed if anchor.startswith(("_index", "index_"))]
    assert [anchor for anchor in {*listed} if listed.count(anchor) > 1] == (
        ["_index"] if letters < 1_000 else []
    )


def test_a_book_that_has_not_changed_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, read = Cache(tmp_path), list[Take]()
    own = Readings._set

    def counted(readings: Readings, standing: Standing, *, loose: bool) -> tuple[str, ...]:
        read.append(standing.take)
        return own(readings, standing, loose=loose)

    monkeypatch.setattr(Readings, "_set", counted)
    press(book(), cache=cache)
    asking = [take.anchor for take in read if take.markers]
    assert sum(anchor.startswith(("_index", "index_")) for anchor in asking) > 1
    read.clear()
    press(book(), cache=cache)
    assert [take.anchor for take in read if take.markers] == []


def test_takes_without_an_anchor_have_names_of_their_own() -> None:
    sheets = [
        "<section>1.",
        '<section id="b">2.',
        "<section>3.",
        "<section>4.",
        '<section id="c">5.',
    ]
    text = "".join(f"{SEAM}{sheet}</section>" for sheet in sheets)
    given = map(Standing, takes([f"<html><body>{text}</body></html>"])[1])
    assert [name for name, _ in named(given)] == [" 1", "b", "b 1", "b 2", "c"]


def test_what_follows_a_list_keeps_its_name_wherever_the_list_goes_on() -> None:
    def names(second: str) -> list[str]:
        text = "".join(
            f"<!-- sheet --><section{name}>b</section>"
            for name in (' id="index"', f' id="{second}"', "")
        )
        standings = [*map(Standing, takes([f"<html><body>{text}</body></html>"])[1])]
        standings[1].at = 107  # the list goes on there
        return [name for name, _ in named(standings)]

    assert names("index_reed") == ["index", "index_reed", "index 1"]
    assert names("index_sedge") == ["index", "index_sedge", "index 1"]


def test_one_new_take_does_not_make_the_others_wait() -> None:
    text = "<!-- sheet --><section>b</section>" * 40
    row = Row(takes([f"<html><body>{text}</body></html>"])[1])
    proof = reading(False).proof
    for standing in row.standing[2:]:
        standing.proof = proof
    assert len([*row.stages(frozenset(), at_once=True)]) == 1
    assert len([*row.stages(frozenset(), at_once=False)]) == 3
    row.standing[2].proof = None
    assert len([*row.stages(frozenset(), at_once=True)]) == 3


def reading(loose: bool) -> Standing:
    take = takes(
        [f'<html><body>{SEAM}<section id="a"><p>On {figures("a", Folios())}', "</body></html>"]
    )[1][0]
    take = replace(take, facts=replace(take.facts, markers=(Marker("n", "a"),)))
    return Standing(take, proof=Proof((Side("", blank=False),), "recto", (), loose=loose))


def test_figures_that_could_not_be_changed_stay_fast() -> None:
    readings, one = Readings(WORDS), reading(loose=True)
    readings.turn(Folios({"a": 7}, 2), lasting=False)
    assert readings.of(one) == ('<span class="sorts" data-of="a">0</span>',)
    one.proof = reading(loose=False).proof
    fast = readings.of(one)
    assert fast == ('<span class="sorts">5</span>',)
    # There was nothing to be changed on the page, so nothing could go wrong with it.
    one.proof = reading(loose=True).proof
    readings.turn(Folios({"a": 7}, 2), lasting=True)
    assert readings.of(one) == fast


def test_an_entry_longer_than_a_take_stays_whole() -> None:
    given = book(40)
    endless = replace(given.index[3], heading="tar " * 4_000)
    given = replace(given, index=(*given.index[:3], endless, *given.index[4:]))
    whole = wholebook.print_book(given, load_theme("classic"), WORDS, booksample.read_asset)
    assert_same(press(given), whole)


def test_a_list_that_cannot_be_printed_is_plain_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.render.pdf import journeyman

    lay_out = journeyman._lay_out

    def failing(html: str, *rest: object) -> object:
        if "data-entry" in html:
            raise ValueError("no")
        return lay_out(html, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(journeyman, "_lay_out", failing)
    given = book()
    edition = press(given)
    pdf = pypdfium2.PdfDocument(edition.pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert all(text.count(f"bout {number}") == 1 for number in (100, 130, 160, 179))
    assert [problem.code for problem in edition.problems] == ["piece-failed"]


def test_takes_are_cut_between_entries() -> None:
    bits = "".join(f'<!-- goes on --><p id="e{n}">{"word " * 200}</p>' for n in range(30))
    section = f'<section class="index" id="i"><div id="d">{bits}</div></section>'
    _, (take,) = takes([f"<html><head></head><body><!-- sheet -->{section}</body></html>"])
    assert take.flow is not None
    assert take.cut
    assert 1 < take.flow.end(0) < 30
    assert {f"e{n}" for n in range(30)} <= take.names
    rest = take_of(take.flow, 28, take.depth)
    assert not rest.cut
    assert 'class="index goes-on"><div><p data-entry="0" id="e28">' in rest.html()
    assert rest.html().endswith("</p></div></section></body></html>")
