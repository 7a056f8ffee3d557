"""Pages: what stands on each, where links lead, and what becomes of broken markup."""

from __future__ import annotations

from typing import Any

import pytest
from booksample import BOOK, LAMP, large_book, single_piece
from lxml import etree
from msgspec.structs import replace

from publisher.book.model import Book, Byline, GlossaryEntry, GlossaryGroup, Part, Place
from publisher.problem import SetupError, Severity
from publisher.render.filters import dated, iso_date, numeral, people_named
from publisher.render.leaves import GLOSSARY_FILE
from publisher.render.pages import Page, epub_pages
from publisher.render.theme import load_theme
from publisher.vault.properties import Day, Rating
from publisher.wording import wording

H = {"h": "http://www.w3.org/1999/xhtml", "epub": "http://www.idpf.org/2007/ops"}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CLASSIC = load_theme("classic")
ENGLISH = wording("en")


def pages_of(book: Book) -> dict[str, Page]:
    pages, problems = epub_pages(book, CLASSIC, ENGLISH)
    assert problems == ()
    return {page.id: page for page in pages}


def tree(page: Page) -> etree._Element:
    return etree.fromstring(page.content)


def found(page: Page, path: str) -> list[str]:
    """The attributes an XPath leads to."""
    values = tree(page).xpath(path, namespaces=H)
    assert isinstance(values, list)
    return [str(value) for value in values]


def book_of(**changes: Any) -> Book:
    """A book of one bare piece."""
    bare = replace(LAMP, bylines=(), headings=(), footnotes=(), xhtml="<p>Text.</p>")
    return Book(BOOK.metadata, (Part("p", "", (replace(bare, **changes),)),))


def text(page: Page) -> str:
    return " ".join("".join(map(str, tree(page).itertext())).split())


@pytest.fixture(scope="module")
def sample() -> dict[str, Page]:
    return pages_of(BOOK)


def test_the_book_is_in_order(sample: dict[str, Page]) -> None:
    assert list(sample) == [
        "cover", "half-title", "title-page", "copyright", "contents",
        "part-1", "piece-1", "piece-2", "piece-3",
        "part-2", "piece-4", "piece-5", "piece-6",
        "glossary", "contributors", "sources", "colophon",
    ]  # fmt: skip
    assert [name for name, page in sample.items() if not page.linear] == ["cover"]


def test_every_link_within_the_book_arrives(sample: dict[str, Page]) -> None:
    ids = {page.name.removeprefix("text/"): set(found(page, "//@id")) for page in sample.values()}
    links = 0
    for page in sample.values():
        here = page.name.removeprefix("text/")
        for href in found(page, "//h:a/@href"):
            if "://" not in href:
                file, _, anchor = href.partition("#")
                assert not anchor or anchor in ids[file or here], (here, href)
                links += 1
    assert links > 60


def test_a_link_to_a_piece_has_no_fragment(sample: dict[str, Page]) -> None:
    """Kobo shows short targets of a fragment in a popup, and whole pieces can be short."""
    hrefs = found(sample["piece-1"], "//h:a/@href")
    assert "piece-2.xhtml" in hrefs


def test_a_heading_link_keeps_its_fragment(sample: dict[str, Page]) -> None:
    hrefs = found(sample["piece-2"], "//h:a/@href")
    assert "piece-1.xhtml#lamp-fog" in hrefs


def test_language_and_direction_are_the_pieces_own(sample: dict[str, Page]) -> None:
    root = tree(sample["piece-5"])
    assert (root.get("lang"), root.get(XML_LANG), root.get("dir")) == ("ar", "ar", "rtl")
    assert tree(sample["piece-4"]).get("lang") == "fr"
    assert tree(sample["glossary"]).get("lang") == "en"


def test_our_words_on_a_foreign_page_are_marked() -> None:
    page = pages_of(book_of(language="fr", xhtml="<p>Bonsoir.</p>"))["piece-1"]
    label = tree(page).find(".//h:p[@class='credit']/h:span", H)
    assert label is not None
    assert (label.get("lang"), label.text) == ("en", "Source")


def test_roles_and_types(sample: dict[str, Page]) -> None:
    for name, kind, role in (
        ("piece-1", "chapter", "doc-chapter"),
        ("part-1", "part", "doc-part"),
        ("glossary", "glossary", "doc-glossary"),
        ("colophon", "colophon", "doc-colophon"),
        ("contributors", "contributors", None),
        ("sources", "acknowledgments", "doc-acknowledgments"),
    ):
        section = tree(sample[name]).find("h:body/h:section", H)
        assert section is not None
        assert (section.get(EPUB_TYPE), section.get("role")) == (kind, role)


def test_a_footnote_leads_back_to_its_call(sample: dict[str, Page]) -> None:
    notes = tree(sample["piece-1"]).findall(".//h:aside[@role='doc-footnote']", H)
    back = [note.find("h:p/h:a[@role='doc-backlink']", H) for note in notes]
    assert [link.get("href") for link in back if link is not None] == [
        "piece-1.xhtml#lamp-note-1-call",
        "piece-1.xhtml#lamp-note-2-call",
    ]


def test_properties_are_told_from_the_page_itself(sample: dict[str, Page]) -> None:
    assert sample["piece-1"].properties == ("mathml",)
    assert sample["contents"].properties == ("nav",)
    assert sample["piece-2"].properties == ()


def test_the_contents_name_authors_unless_their_part_does() -> None:
    book = book_of(bylines=(Byline("Ada Quill"),))
    assert "On Keeping a Lamp · Ada Quill" in text(pages_of(book)["contents"])
    own = replace(book, parts=(replace(book.parts[0], title="Ada Quill"),))
    assert "On Keeping a Lamp ·" not in text(pages_of(own)["contents"])


def test_few_pieces_show_their_headings_in_the_contents() -> None:
    book = book_of(
        headings=LAMP.headings,
        xhtml='<h2 id="lamp-the-wick">The wick</h2><h3 id="lamp-trimming">Trimming</h3>'
        '<h2 id="lamp-the-price">The price of oil</h2>',
    )
    contents = pages_of(book)["contents"]
    assert "The wick" in text(contents)
    assert "Trimming" not in text(contents)


def test_landmarks_are_of_one_kind_each(sample: dict[str, Page]) -> None:
    kinds = found(sample["contents"], "//h:nav[@epub:type='landmarks']//h:a/@epub:type")
    assert len(set(kinds)) == len(kinds)
    assert {"cover", "toc", "bodymatter", "glossary"} <= set(kinds)


def test_a_book_of_one_untitled_part_has_no_part_page() -> None:
    assert list(pages_of(single_piece())) == [
        "cover", "half-title", "title-page", "copyright", "contents", "piece-1", "colophon",
    ]  # fmt: skip


def test_three_thousand_pieces_stand_in_order() -> None:
    pages = pages_of(large_book(3000))
    assert "piece-0001" in pages
    assert "piece-3000" in pages
    assert sum(page.kind == "part" for page in pages.values()) == 30


def test_ratings_are_private_unless_the_theme_shows_them() -> None:
    book = book_of(rating=Rating("★★★★½", 0.9))
    assert "★" not in text(pages_of(book)["piece-1"])
    pages, _ = epub_pages(book, replace(CLASSIC, show_rating=True), ENGLISH)
    assert any("★★★★½" in text(page) for page in pages)


def long_glossary(count: int) -> Book:
    entries = tuple(
        GlossaryEntry(
            f"term-{n}", f"Term {n}", "T", definition=f"<p>{'Words & more. ' * 20}</p>".replace("&", "&amp;"),
            places=(Place("Three Lines", "", "three-lines-for-a-bell"),),
            see_also=((f"Term {(n + 1) % count}", f"term-{(n + 1) % count}"),),
        )
        for n in range(count)
    )  # fmt: skip
    groups = (
        GlossaryGroup("people", "People", entries[:10]),
        GlossaryGroup("rest", "Rest", entries[10:], lettered=True),
    )
    return replace(single_piece(), glossary=groups)


def test_a_long_glossary_is_several_files_and_loses_nothing() -> None:
    pages = pages_of(long_glossary(2000))
    glossary = [page for page in pages.values() if page.kind == "glossary"]
    assert len(glossary) > 3
    assert all(len(page.content) < GLOSSARY_FILE * 1.2 for page in glossary)
    terms = [t for page in glossary for t in found(page, "//h:dl/h:div/@id")]
    assert terms == [f"term-{n}" for n in range(2000)]
    headings = [h for page in glossary for h in found(page, "//h:h2/@id")]
    assert headings == ["people", "rest"]


def test_broken_markup_is_reported_and_its_words_stay() -> None:
    book = book_of(
        xhtml='<p id="a">Fog &amp; <em>light<p><img src="images/lamp.png" alt=""/> <a href="#a">up</a>'
    )
    pages, problems = epub_pages(book, CLASSIC, ENGLISH)
    assert [(p.code, p.severity, p.at.path) for p in problems] == [
        ("unsound-markup", Severity.ERROR, "Essays/On Keeping a Lamp.md")
    ]
    page = next(page for page in pages if page.kind == "piece")
    assert "Fog & light" in text(page)
    assert b'<img src="../images/lamp.png"' in page.content
    assert b'id="a"' in page.content


def test_a_link_to_nowhere_is_words_and_a_problem() -> None:
    book = book_of(xhtml='<p><a href="#nowhere">Gone</a></p>')
    pages, problems = epub_pages(book, CLASSIC, ENGLISH)
    assert [p.code for p in problems] == ["anchor-missing"]
    assert any(b"<a>Gone</a>" in page.content for page in pages)


def test_text_that_looks_like_a_link_is_text() -> None:
    page = pages_of(book_of(xhtml="<p>Write href=&quot;#x&quot; here.</p>"))["piece-1"]
    assert 'Write href="#x" here.' in text(page)


def test_titles_are_escaped_and_controls_do_not_break_pages() -> None:
    odd = replace(BOOK.metadata, title='<b> & "x"\x0c', subtitle="\ud800")
    pages, problems = epub_pages(replace(single_piece(), metadata=odd), CLASSIC, ENGLISH)
    assert problems == ()
    assert '<b> & "x"' in text(next(page for page in pages if page.kind == "title-page"))


def test_a_theme_cannot_reach_python() -> None:
    environment = CLASSIC.environment()
    with pytest.raises(Exception, match="unsafe"):
        environment.from_string("{{ ''.__class__.__mro__ }}").render()


def test_an_unknown_theme_names_its_nearest() -> None:
    with pytest.raises(SetupError, match=r"no theme “clasic”; did you mean “classic”\?"):
        load_theme("clasic")
    with pytest.raises(SetupError):
        load_theme("../themes/classic")


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX"), (1990, "MCMXC")],
)
def test_parts_are_counted_as_in_books(number: int, expected: str) -> None:
    assert numeral(number) == expected


def test_dates_are_as_precise_as_known() -> None:
    assert dated(Day(1931), ENGLISH) == "1931"
    assert dated(Day(1931, 8), ENGLISH) == "August 1931"
    assert dated(Day(1931, 8, 2), ENGLISH) == "2 August 1931"
    assert dated(Day(1931, 13, 2), ENGLISH) == "1931"
    assert iso_date("2026-01-05", ENGLISH) == "5 January 2026"
    assert iso_date("Spring 2026", ENGLISH) == "Spring 2026"


def test_of_a_crowd_the_first_are_named() -> None:
    crowd = tuple((f"A{n}", "") for n in range(9))
    assert people_named(crowd[:3], ENGLISH) == "A0, A1 and A2"
    assert people_named(crowd, ENGLISH) == "A0, A1, A2, A3 and others"
