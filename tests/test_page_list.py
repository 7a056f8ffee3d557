"""The EPUB knows the print edition's pages: marked, listed, and said in the package."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import booksample
import pypdfium2  # type: ignore[import-untyped]
import pytest
from conftest import ROOT
from epubs import complaints, make_epub
from lxml import etree
from msgspec.structs import replace
from test_ace import violations

from publisher.config import Plan
from publisher.pipeline import asset_reader, compose, draft_book
from publisher.render.page_starts import PageStart
from publisher.render.pages import epub_pages
from publisher.render.pdf.press import print_book
from publisher.render.theme import load_theme

XHTML = "{http://www.w3.org/1999/xhtml}"
STARTS = (
    PageStart("i", "_half-title"),
    PageStart("iii", "_title-page"),
    PageStart("v", "_contents"),
    PageStart("1", "on-keeping-a-lamp"),
    PageStart("2", "on-keeping-a-lamp", 2, 7),
    PageStart("3", "nowhere"),
    PageStart("13", "le-phare"),
    PageStart("20", "_glossary"),
    PageStart("21", "glossary-keeper"),
)
FOUND = ["i", "iii", "v", "1", "2", "13", "20", "21"]


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    about = replace(booksample.BOOK.metadata, print_isbn="9780306406157")
    book = replace(booksample.BOOK, metadata=about)
    return make_epub(book, tmp_path_factory.mktemp("pages") / "book.epub", STARTS)


def read(epub: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(epub) as book:
        return etree.fromstring(book.read(name))


def test_each_listed_page_has_its_mark(epub: Path) -> None:
    contents = read(epub, "EPUB/text/contents.xhtml")
    listed = next(nav for nav in contents.iter(f"{XHTML}nav") if nav.get("role") == "doc-pagelist")
    links = list(listed.iter(f"{XHTML}a"))
    assert [link.text for link in links] == FOUND
    for link in links:
        file, _, anchor = str(link.get("href")).partition("#")
        page = contents if not file else read(epub, f"EPUB/text/{file}")
        marks = [mark for mark in page.iter() if mark.get("id") == anchor]
        assert [mark.get("role") for mark in marks] == ["doc-pagebreak"]
        assert str(marks[0].get("aria-label")).endswith(f" {link.text}")


def test_the_package_names_the_print_edition(epub: Path) -> None:
    with zipfile.ZipFile(epub) as book:
        package = book.read("EPUB/content.opf").decode()
        ncx = book.read("EPUB/toc.ncx").decode()
    assert 'property="pageBreakSource">urn:isbn:9780306406157<' in package
    assert ">pageBreakMarkers<" in package
    assert ">pageNavigation<" in package
    assert ncx.count("<pageTarget") == len(FOUND)
    assert 'type="front"' in ncx


def test_no_pages_no_claims(tmp_path: Path) -> None:
    with zipfile.ZipFile(make_epub(booksample.BOOK, tmp_path / "b.epub")) as book:
        assert b"pageBreak" not in book.read("EPUB/content.opf")
        assert b"page-list" not in book.read("EPUB/text/contents.xhtml")


def test_checkers_have_nothing_to_say(epub: Path, tmp_path: Path) -> None:
    assert complaints(epub) == []
    assert violations(epub, tmp_path / "ace") == []


def test_marks_stand_where_the_printed_pages_begin() -> None:
    """What follows a mark is what the printed page begins with."""
    draft = draft_book(ROOT / "content", Plan(where=(("author", "Ottilie Marrack"),)))
    book, theme = compose(draft).book, load_theme("classic")
    printed = print_book(book, theme, draft.words, asset_reader(draft.vault.root))
    pages, problems = epub_pages(book, theme, draft.words, printed.starts)
    assert problems == ()
    text = b"".join(page.content for page in pages).decode()
    within = [start for start in printed.starts if start.block >= 0]
    assert len(within) >= 3
    pdf = pypdfium2.PdfDocument(printed.pdf)
    labels = [pdf.get_page_label(leaf) for leaf in range(len(pdf))]
    for start in within:
        _, _, after = text.partition(f'id="_page-{start.label}"')
        following = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", after.partition(">")[2][:600]))
        leaf = pdf[labels.index(start.label)].get_textpage().get_text_range()
        # The first word may be the rest of one that was parted: the next ones tell.
        wanted = "".join(following[1:4]).casefold()
        assert wanted in re.sub(r"[\W_]+", "", leaf).casefold(), (start, following[:5])
