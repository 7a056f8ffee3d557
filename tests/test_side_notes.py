"""What a theme takes out of the text stands in the outer margin, beside its line."""

from __future__ import annotations

import itertools

import booksample
import pypdfium2  # type: ignore[import-untyped]
import pytest
from test_pdf import SENTENCE, book_of, piece, prose

from publisher.book.model import Book, Footnote
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.theme import load_theme
from publisher.wording import wording

MODERN = load_theme("modern")
INSIDE, OUTSIDE, WIDE = 54.0, 143.0, 481.68
NOTE = "A note of few words, but of enough to take three lines of the margin or four."

Word = tuple[float, float, float, float]


def press(book: Book, tokens: tuple[tuple[str, str], ...] = ()) -> PrintEdition:
    theme = load_theme("modern", tokens=tokens)
    return print_book(book, theme, wording("en"), booksample.read_asset)


def places(pdf: bytes, words: str) -> list[tuple[int, Word]]:
    """Where the words stand: leaf from 1, and the box from the page's lower left."""
    found = []
    for leaf, sheet in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text = sheet.get_textpage()
        search = text.search(words)
        while hit := search.get_next():
            boxes = [text.get_charbox(n) for n in range(hit[0], hit[0] + hit[1])]
            left, bottom, right, top = zip(*boxes, strict=True)
            found.append((leaf, (min(left), min(bottom), max(right), max(top))))
    return found


def linked(number: int) -> str:
    return f'<p>{SENTENCE * 3} See <a href="#far">the far one</a>, in line {number}. {SENTENCE}</p>'


def noted(count: int, words: str = NOTE) -> Book:
    calls = "".join(
        f'<p>Call {n}<a class="noteref" id="c{n}" href="#n{n}">{n}</a>. {SENTENCE * 2}</p>'
        for n in range(1, count + 1)
    )
    notes = tuple(Footnote(f"n{n}", f"c{n}", n, f"<p>{words}</p>") for n in range(1, count + 1))
    return book_of(piece("noted", calls, footnotes=notes))


@pytest.fixture(scope="module")
def referring() -> PrintEdition:
    sections = "".join(f"<h2>Section {n}</h2>{linked(n) * 3}" for n in range(16))
    return press(book_of(piece("near", sections), piece("far", prose(400))))


def test_page_references_stand_outside_on_either_side(referring: PrintEdition) -> None:
    found = places(referring.pdf, "→")
    assert {leaf % 2 for leaf, _ in found} == {0, 1}
    for leaf, (left, _, right, _) in found:
        if leaf % 2:
            assert WIDE - OUTSIDE < left < right < WIDE - 20
        else:
            assert 20 < left < right < OUTSIDE


def test_references_of_indented_paragraphs_stand_with_the_others(referring: PrintEdition) -> None:
    early = f'<p>See <a href="#far">the far one</a>. {SENTENCE * 3}</p>'
    sections = "".join(f"<h2>Section {n}</h2><p>{SENTENCE}</p>{early * 3}" for n in range(16))
    made = press(book_of(piece("near", f"{linked(1)}{sections}"), piece("far", prose(400))))
    one, other = (
        {round(left) for leaf, (left, *_) in places(pdf, "→") if leaf % 2}
        for pdf in (made.pdf, referring.pdf)
    )
    assert one == other


def test_a_reference_is_on_the_line_of_its_link(referring: PrintEdition) -> None:
    baselines = {(leaf, round(box[1])) for leaf, box in places(referring.pdf, "far one")}
    marks = places(referring.pdf, "p. ")
    assert marks
    for leaf, box in marks:
        # Smaller type, but one baseline: a p hangs below it less deep than an f stands on it.
        assert any(leaf == on and abs(box[1] - base) < 3.5 for on, base in baselines)


def test_on_a_screen_all_stand_on_the_side_that_is_wide() -> None:
    theme = load_theme("modern")
    book = book_of(piece("near", linked(1) * 30), piece("gap", prose(200)), piece("far", prose(9)))
    screen = theme.sheet("screen.css", "print")
    made = print_book(book, theme, wording("en"), booksample.read_asset, extra_css=screen)
    found = places(made.pdf, "→")
    assert found
    assert all(WIDE - OUTSIDE < left < right < WIDE for _, (left, _, right, _) in found)


def test_brackets_go_with_the_references(referring: PrintEdition) -> None:
    text = pypdfium2.PdfDocument(referring.pdf)[5].get_textpage().get_text_bounded()
    assert "the far one, in line" in " ".join(text.split())
    classic = press(
        book_of(piece("near", linked(1)), piece("gap", prose(200)), piece("far", prose(9))),
        (("margin-notes", "false"),),
    )
    assert places(classic.pdf, "(p. ")
    assert not places(classic.pdf, "→")


def test_brief_notes_stand_in_the_margin_one_below_the_other() -> None:
    made = press(noted(12))
    found = places(made.pdf, "A note of few")
    assert len(found) == 12
    for leaf, (left, _, right, _) in found:
        assert left > WIDE - OUTSIDE if leaf % 2 else right < OUTSIDE
    for _, group in itertools.groupby(found, key=lambda one: one[0]):
        tops = [box[3] for _, box in group]
        # Three lines of type at the least lie between the heads of two notes.
        assert all(above - below > 30 for above, below in itertools.pairwise(tops))
    leaves = {name: leaf for name, leaf in made.folios.leaves.items() if name[0] in "cn"}
    assert all(leaves[f"c{n}"] == leaves[f"n{n}"] for n in range(1, 13))


def test_a_note_is_whole_at_the_foot_of_a_page() -> None:
    """The last line's note is pushed up and not continued overleaf."""
    for sentences in range(20, 44, 4):
        call = '<p>Last<a class="noteref" id="c1" href="#n1">1</a>.</p>'
        note = Footnote("n1", "c1", 1, f"<p>{NOTE} And so it ends.</p>")
        body = prose(sentences) + call + prose(30)
        made = press(book_of(piece("noted", body, footnotes=(note,))))
        (first,), (last,) = places(made.pdf, "A note of"), places(made.pdf, "it ends.")
        assert first[0] == last[0]
        assert last[1][1] > 85


def test_too_many_notes_for_a_margin_close_the_piece() -> None:
    words = " ".join(["Every one of these notes is a long one, as brief notes go."] * 4)
    calls = "".join(f'word<a class="noteref" id="c{n}" href="#n{n}">{n}</a> ' for n in range(1, 13))
    notes = tuple(Footnote(f"n{n}", f"c{n}", n, f"<p>{words}</p>") for n in range(1, 13))
    made = press(book_of(piece("noted", f"<p>{calls}</p>", footnotes=notes)))
    assert [problem.code for problem in made.problems] == ["footnote-slipped"]
    for leaf, (left, _, _, _) in places(made.pdf, "Every one"):
        assert left >= (INSIDE - 1 if leaf % 2 else OUTSIDE - 1)


def test_long_notes_stay_at_the_foot() -> None:
    made = press(noted(1, f"{SENTENCE * 5}The long one."))
    ((leaf, (left, _, _, _)),) = places(made.pdf, "The long one.")
    assert left >= INSIDE - 1 if leaf % 2 else left >= OUTSIDE - 1
