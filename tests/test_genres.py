"""What a genre is set as: the words we know, the book's own, and what themes add."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from booksample import BOOK, LAMP
from msgspec.structs import replace

from publisher.book.model import Book, Byline, Part, Reviewed
from publisher.book.shape import Facts, shape
from publisher.cli import main
from publisher.config import parse_plan
from publisher.genres import Genres, is_verse, own_genres
from publisher.problem import SetupError
from publisher.render.pages import epub_pages
from publisher.render.pdf.sheets import print_html
from publisher.render.theme import load_theme
from publisher.vault.properties import Rating, Source
from publisher.wording import wording

ROOT = Path(__file__).parent.parent
CLASSIC = load_theme("classic")
ENGLISH = wording("en")
MANUAL = (ROOT / "docs" / "themes.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "design"),
    [
        ("poem", "verse"),
        ("Gedicht", "verse"),
        ("POÉSIE", "verse"),
        ("lettre", "letter"),
        ("Brief", "letter"),
        ("Gespräch", "interview"),
        ("Rezension", "review"),
        ("book-review", "review"),
        ("Short_Story", "story"),
        ("aforismos", "aphorisms"),
        ("essay", "essay"),
        ("political", "essay"),
        ("", "essay"),
        ("verse drama", "essay"),
    ],
)
def test_words_we_know(typed: str, design: str) -> None:
    assert Genres().design(typed) == design


def test_the_books_own_words_come_first_and_the_themes_next() -> None:
    genres = Genres((("Ghazal", "verse"), ("letter", "essay")), ("recipe",))
    assert genres.design("ghazal") == "verse"
    assert genres.design("Letter") == "essay"
    assert genres.design("Recipe") == "recipe"
    assert genres.design("lettre") == "letter"


def test_callouts_of_verse() -> None:
    assert is_verse("Poem")
    assert is_verse("gedicht")
    assert not is_verse("note")


def test_the_table_of_a_plan() -> None:
    plan, problems = parse_plan('[genres]\nghazal = "verse"\nBrief = "Gedicht"\n', "a.toml")
    assert problems == ()
    assert plan.genres == (
        ("ghazal", "verse", "a.toml:2:1"),
        ("Brief", "Gedicht", "a.toml:3:1"),
    )
    assert own_genres(plan.genres) == (("ghazal", "verse"), ("Brief", "verse"))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("vers3", "did you mean verse?"),
        ("xyzzy", "there are essay, verse, letter, interview, review, story, aphorisms or recipe"),
    ],
)
def test_a_target_that_nobody_knows(target: str, said: str) -> None:
    plan, _ = parse_plan(f'[genres]\nsaga = "{target}"', "a.toml")
    whole = f"a.toml:2:1: [genres] saga is set as “{target}”, which is no genre; {said}"
    with pytest.raises(SetupError, match=re.escape(whole)):
        own_genres(plan.genres, ("recipe",))


@pytest.mark.parametrize("text", ["genres = 1", "[genres]\nsaga = 1", '[genres]\nsaga = ""'])
def test_a_table_that_is_none(text: str) -> None:
    with pytest.raises(SetupError, match=r"a\.toml:\d:1: "):
        parse_plan(text, "a.toml")


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["publisher", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_a_theme_adds_a_genre_with_one_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter = MANUAL.split("\n## A genre of your own\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    for name, text in blocks:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    for name, genre in (("Soup", "recipe"), ("Suppe", "Rezept"), ("On Soup", "essay")):
        note = f"---\nauthor: Ann Lee\ngenre: {genre}\n---\nStir.\n"
        (tmp_path / f"{name}.md").write_text(note, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "theme", "check", "kitchen", "--strict") == 0
    assert run(monkeypatch, "check") == 0
    assert run(monkeypatch, "build", "ebook", "--output", "b.epub") == 0
    assert run(monkeypatch, "build", "print", "--output", "b.pdf") == 0
    with zipfile.ZipFile("b.epub") as book:
        pages = [book.read(n).decode() for n in book.namelist() if "/piece-" in n]
    recipes = [page for page in pages if "A recipe by Ann Lee" in page]
    assert len(recipes) == 2
    assert all('class="piece genre-recipe"' in page for page in recipes)
    (tmp_path / "anthology.toml").write_text(blocks[0][1].replace("recipe", "recipes"), "utf-8")
    capsys.readouterr()
    assert run(monkeypatch, "build", "ebook", "--output", "b.epub") == 2
    assert "did you mean recipe?" in capsys.readouterr().err


# ---- What the templates draw ----


def drawn(**changes: Any) -> tuple[str, str]:
    """A piece's page in the EPUB, and the book's print HTML."""
    bare = replace(LAMP, sources=(), rating=None, headings=(), footnotes=(), xhtml="<p>Text.</p>")
    piece = replace(bare, **({"bylines": ()} | changes))
    book = Book(BOOK.metadata, (Part("p", "", (piece,)),))
    pages, problems = epub_pages(book, CLASSIC, ENGLISH)
    assert problems == ()
    page = next(page for page in pages if page.chapter)
    assert ("svg" in page.properties) == (b"<svg" in page.content)
    return page.content.decode(), print_html(book, CLASSIC, ENGLISH)


def test_names_stay_whole_on_paper() -> None:
    names = tuple((name, name) for name in ("Ada & Quill", "Bo Moor", "A" * 40))
    book = Book(replace(BOOK.metadata, authors=names), ())
    front = print_html(book, CLASSIC, ENGLISH)
    whole = '<span class="whole-name">{}</span>'
    assert whole.format("Ada &amp; Quill") + ", " + whole.format("Bo Moor") in front
    assert f" and {'A' * 40}</p>" in front


def test_a_title_that_runs_to_the_left_leaves_its_author_after_it() -> None:
    bylines = (Byline("Nour Haddad"),)
    html = drawn(title="مطبعة", language="ar", direction="rtl", bylines=bylines)[1]
    title = '<span class="title" lang="ar" dir="rtl">مطبعة</span> <span class="by">'
    assert title in html
    assert '<p class="dateline"><span lang="en" dir="ltr">' in html


def test_a_review_has_a_box_of_facts() -> None:
    of = Reviewed("Tides & Times", "Ben Moor", "", "Quay Press", "1931")
    for page in drawn(design="review", reviewed=of, rating=Rating("A-", 0.925)):
        box = page[page.index('<div class="facts">') : page.index("Text.")]
        names = ["Tides &amp; Times", "Author", "Ben Moor", "Publisher", "Quay Press", "Year"]
        assert [n for n in names if n in box] == names
        assert "1931" in box
        assert re.search(r"Rating</span>\s+A-", box)
        assert "Translator" not in box
        assert "<svg" not in box


def test_a_review_of_which_nothing_is_known_has_none() -> None:
    for page in drawn(design="review", reviewed=Reviewed()):
        assert '"facts"' not in page
    for page in drawn(design="essay", sources=(Source("Somewhere"),), rating=Rating("A", 1.0)):
        assert '"facts"' not in page


def test_stars_are_drawn_for_their_faces_have_none() -> None:
    for page in drawn(design="review", reviewed=Reviewed(), rating=Rating("★★★½☆", 0.7)):
        assert page.count("<path transform") == 6
        assert page.count("fill=") - page.count('fill="none"') == 4
        assert "<title>3.5 / 5</title>" in page
        assert "★" not in page


def test_a_letter_says_once_when_it_was_written() -> None:
    own = '<p class="letter-dateline">Pier, 3 May</p>'
    for page in drawn(design="letter", place="Bergen"):
        assert len(re.findall("August 1931", page)) == 1
        assert re.search(r'<p class="letter-dateline">Bergen, .*August 1931', page)
    for page in drawn(design="letter", place="Bergen", xhtml=own):
        assert "August 1931" not in page
        assert "Bergen" not in page
    for page in drawn(design="essay", place="Bergen"):
        assert "August 1931" in page


def test_a_poem_is_marked_to_be_centred_on_paper() -> None:
    poem = '<div class="poem"><p class="stanza">{}</p></div>'
    lines = '<span class="line">a</span><br/><span class="line">b</span>'
    assert 'class="poem centred"' in drawn(design="verse", xhtml=poem.format(lines))[1]
    assert 'class="poem"' in drawn(design="verse", xhtml=poem.format("a"))[1]


def test_a_short_paragraph_has_no_large_letter_on_paper() -> None:
    assert '<p class="begins brief"' in re.sub(
        r' data-b="\d+"', "", drawn(xhtml="<p>Too short.</p>")[1]
    )
    assert 'brief"' not in drawn(xhtml=f"<p>{'Long enough. ' * 20}</p>")[1]


@pytest.mark.parametrize(
    ("before", "led"),
    [
        ("", True),
        ("<blockquote><p>A motto.</p></blockquote>", True),
        ("<p><em>Where this was read aloud</em></p>", True),
        ('<aside class="callout"><p>In short.</p></aside>', True),
        ("<blockquote><p>One.</p></blockquote>" * 4, False),
        ("<ul><li>A list.</li></ul>", False),
    ],
)
def test_the_first_words_lead_in_after_a_motto_too(before: str, led: bool) -> None:
    xhtml = shape(f"{before}<p>{'Long enough. ' * 20}</p>", Facts("essay")) or ""
    assert ('class="lead-in">Long enough.' in drawn(xhtml=xhtml)[1]) is led


@pytest.mark.parametrize(
    ("first", "marked"),
    [
        ("<p><em>Read to the upper school.</em></p>", True),
        ('<p id="a"><i>Read.</i></p>', True),
        ("<p><em>Read</em> to the school.</p>", False),
        ("<p>Read <em>to the school.</em></p>", False),
        (f"<p><em>{'Read. ' * 80}</em></p>", False),
    ],
)
def test_a_note_in_italics_before_an_essay(first: str, marked: bool) -> None:
    assert ("headnote" in (shape(f"{first}<p>The text.</p>", Facts("essay")) or "")) is marked
    assert "headnote" not in (shape(f"{first}<ul><li>A list.</li></ul>", Facts("essay")) or "")
