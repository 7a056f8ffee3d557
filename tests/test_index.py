"""Index: which pages an entry names, when a book has one, and how both editions show it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import booksample
import pytest
from epubs import complaints, make_epub
from lxml import etree
from msgspec.structs import replace

from publisher.book.model import IndexEntry, Locator
from publisher.config import Plan, parse_plan
from publisher.pipeline import compose, draft_book
from publisher.problem import SetupError
from publisher.render.leaves import GLOSSARY_FILE, leaves
from publisher.render.locators import Spot, in_words, runs
from publisher.render.pages import epub_pages
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.references import locator_mark, print_references
from publisher.render.pdf.sheets import print_html
from publisher.render.theme import load_theme
from publisher.wording import languages, wording

WORDS = wording("en")
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
LAMP = ("On Keeping a Lamp", "on-keeping-a-lamp")
INDEX = (
    IndexEntry(
        "index_keeper", "Keeper", "K",
        places=(Locator(LAMP[0], "", LAMP[1], main=True, until=LAMP[1]),
                Locator("Letter from the Pier", "", "letter-from-the-pier", note=True)),
        see_also=(("Lamp, The", "index_lamp"),),
    ),
    IndexEntry("index_lamp", "Lamp, The", "L", by="Ada Quill", is_title=True,
               places=(Locator(LAMP[0], "", LAMP[1]),)),
    IndexEntry("index_warden", "Warden", "W", see=(("Keeper", "index_keeper"),)),
)  # fmt: skip


def folios(places: dict[str, int], ends: dict[str, int] | None = None, front: int = 0) -> Folios:
    return Folios(places, front, ends or {})


@pytest.mark.parametrize(
    ("spots", "printed"),
    [
        ("a3", "3"),
        ("a3 b3", "3"),
        ("b7 a3", "3, 7"),
        ("a3 b4 c5 d8", "3–5, 8"),
        ("a112 b113 c114", "112–114"),
        ("a3n", "3n"),
        ("a3n b3", "3"),
        ("a3 b4n c5n", "3, 4n, 5n"),
        ("a3 b4m-6 c7", "3, *4–6*, 7"),
        ("a5 b4m-6", "*4–6*"),
        ("a4m-6 b7m-8", "*4–8*"),
        ("a4m-4", "*4*"),
        ("a4m-6 b5m-9", "*4–9*"),
        ("a0", ""),
    ],
)
def test_pages_are_named_once_and_rows_of_them_as_ranges(spots: str, printed: str) -> None:
    """`a3` is an anchor on page 3, `n` a note, `m-6` a main discussion up to page 6."""
    leaves, ends, wanted = {}, {}, []
    for text in spots.split():
        anchor, (page, _, last) = text[0], text[1:].partition("-")
        number = int(page.rstrip("nm"))
        if number:
            leaves[anchor] = number
        if last and int(last) > number:
            ends[anchor] = int(last)
        wanted.append(Spot(anchor, "n" in page, "m" in page, anchor if last else ""))
    known = folios(leaves, ends)
    found = [
        ("*{}*" if run.main else "{}").format(in_words(run, known.of, "{first}–{last}", "{page}n"))
        for run in runs(wanted, known)
    ]
    assert ", ".join(found) == printed


def test_links_lead_to_the_page_that_is_named() -> None:
    known = folios({"a": 3, "b": 4, "c": 9}, {"c": 11}, front=2)
    places = (Locator("", "", "a"), Locator("", "", "b"), Locator("", "", "c", True, True, "c"))
    printed = print_references(locator_mark(places), known, WORDS)
    tree = etree.fromstring(f"<p>{printed}</p>")
    assert "".join(map(str, tree.itertext())) == "1–2, 7–9"
    assert [a.get("href") for a in tree.iter("a")] == ["#a", "#c"]
    assert [s.get("data-of") for s in tree.iter("span")] == ["a", "b", "c", "c$"]


def test_every_language_says_how_pages_are_named() -> None:
    for language in languages():
        words = wording(language)
        assert words.page_range.format(first=1, last=2) != words.page_range
        assert words.note_locator.format(page=1) != words.note_locator
        assert all((words.index, words.index_main, words.index_notes))


def vault(root: Path, pieces: int, concepts: int) -> Path:
    for number in range(pieces):
        names = " ".join(f"[[Thing {n}]]" for n in range(number, concepts, pieces))
        (root / f"P{number}.md").write_text(f"---\nauthor: Ann Lee\n---\nOf {names}.\n")
    return root


@pytest.mark.parametrize(
    ("pieces", "concepts", "show", "has"),
    [
        (6, 24, "auto", True),
        (5, 24, "auto", False),
        (6, 23, "auto", False),
        (1, 1, "true", True),
        (6, 24, "false", False),
    ],
)
def test_a_book_large_enough_has_one(
    tmp_path: Path, pieces: int, concepts: int, show: str, has: bool
) -> None:
    draft = draft_book(vault(tmp_path, pieces, concepts), Plan(index=show))
    assert bool(compose(draft).book.index) is has


@pytest.mark.parametrize(
    ("typed", "index"),
    [("true", "true"), ("false", "false"), ('"auto"', "auto"), ('"true"', "true")],
)
def test_the_plan_says_whether(typed: str, index: str) -> None:
    assert parse_plan(f"[index]\nshow = {typed}\n", "a.toml")[0].index == index


@pytest.mark.parametrize("typed", ['"maybe"', "3", "[]"])
def test_the_plan_is_checked(typed: str) -> None:
    with pytest.raises(SetupError, match=r"a\.toml:2:\d+: \[index\] show"):
        parse_plan(f"[index]\nshow = {typed}\n", "a.toml")


def pages(paged: bool) -> dict[str, etree._Element]:
    book = replace(booksample.BOOK, index=INDEX)
    known = folios({LAMP[1]: 3, "letter-from-the-pier": 9}, {LAMP[1]: 5}) if paged else None
    made, problems = epub_pages(book, load_theme("classic"), WORDS, (), known)
    assert problems == ()
    return {page.id: etree.fromstring(page.content) for page in made}


def said(page: etree._Element) -> list[str]:
    return [" ".join("".join(map(str, li.itertext())).split()) for li in page.iter(f"{XHTML}li")]


def test_the_epub_names_printed_pages_where_they_are_known() -> None:
    assert said(pages(True)["index"]) == [
        "Keeper, 3–5, 9n. See also Lamp, The",
        "Lamp, The (Ada Quill), 3",
        "Warden. See Keeper",
    ]


def test_the_epub_names_pieces_where_pages_are_not_known() -> None:
    page = pages(False)["index"]
    assert said(page)[0] == "Keeper: On Keeping a Lamp; Letter from the Pier. See also Lamp, The"
    assert said(page)[1] == "Lamp, The (Ada Quill)"
    section = page.find(f".//{XHTML}section")
    assert section is not None
    assert section.get("role") == "doc-index"
    assert section.get(f"{EPUB}type") == "index"
    links = [a.get("href") for a in page.iter(f"{XHTML}a")]
    assert "index.xhtml#index_keeper" in links or "#index_keeper" in links


def test_the_glossary_of_the_epub_knows_printed_pages() -> None:
    book = booksample.BOOK
    entry = next(e for g in book.glossary for e in g.entries if e.places)
    known = folios({entry.places[0].anchor: 17})
    made, _ = epub_pages(book, load_theme("classic"), WORDS, (), known)
    glossary = next(page for page in made if page.id == "glossary")
    assert b"(p. 17)" in glossary.content


def test_a_long_index_is_many_files() -> None:
    one = INDEX[1]
    many = tuple(
        replace(one, anchor=f"index_{n}", heading=f"Lamp {n}", letter="LMN"[n // 1000])
        for n in range(3000)
    )
    found = [
        leaf
        for leaf in leaves(replace(booksample.BOOK, index=many), WORDS)
        if leaf.template == "index"
    ]
    kept = [entry for leaf in found for letter in leaf.fields["letters"] for entry in letter]
    assert tuple(kept) == many
    assert len(found) == -(-3000 * 500 // GLOSSARY_FILE) or len(found) > 2


def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    epub = make_epub(replace(booksample.BOOK, index=INDEX), tmp_path / "book.epub")
    assert complaints(epub) == []
    with zipfile.ZipFile(epub) as archive:
        contents = archive.read("EPUB/text/contents.xhtml").decode()
    assert 'epub:type="index" href="index.xhtml"' in contents


def test_the_printed_index_stands_last_and_in_the_contents() -> None:
    html = print_html(replace(booksample.BOOK, index=INDEX), load_theme("classic"), WORDS)
    assert html.index('id="_sources"') < html.index('id="_index"') < html.index('class="colophon"')
    assert html.index('href="#_index"') < html.index('id="_index"')
    assert '<p class="letter">W</p>' in html
    assert 'id="_index"' not in print_html(booksample.BOOK, load_theme("classic"), WORDS)


def test_pieces_of_one_title_are_told_apart(tmp_path: Path) -> None:
    for folder in ("North", "Deep/South"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "Bridge.md").write_text("A bridge of stone.")
    (tmp_path / "Ford.md").write_text(
        "Not [[North/Bridge]], [[Deep/South/Bridge]] nor [[Wade]]; none but [[Ford|this]]."
    )
    plan, _ = parse_plan("[index]\nshow = true", "anthology.toml")
    entries = compose(draft_book(tmp_path, plan)).book.index
    assert {(entry.heading, entry.by) for entry in entries if entry.is_title} == {
        ("Bridge", "North"),
        ("Bridge", "South"),
    }
