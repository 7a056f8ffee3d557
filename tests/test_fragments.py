"""A book printed in takes is the book printed whole, however it came about."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from shutil import which
from typing import Any

import booksample
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import verapdf
import wholebook
from msgspec.structs import replace
from PIL import ImageChops
from weasyprint.formatting_structure import boxes

from publisher.book.model import Book, Chapter, Footnote, IndexEntry, Locator, Part, Place
from publisher.cache import Cache
from publisher.problem import Severity
from publisher.render.pdf import crew, journeyman, stint
from publisher.render.pdf.crew import Crew, Order
from publisher.render.pdf.foliation import Foliation, foliation, forbidden
from publisher.render.pdf.jobs import Kit, SheetJob
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.sheets import set_book
from publisher.render.pdf.takes import plain, takes
from publisher.render.theme import load_theme
from publisher.wording import wording

WORDS = wording("en")
THEME = load_theme("classic")
SENTENCE = "The tide came in as it had the day before, and nobody was much surprised by it. "
SCALE = 1.2


def long_book(pieces: int = 14, sentences: int = 95) -> Book:
    """Pieces that point at each other, with notes, tables, pictures and a glossary."""
    chapters = []
    for number in range(pieces):
        name, other = f"piece-{number}", f"piece-{(number * 5 + 3) % pieces}"
        anchor = f"{name}-note"
        xhtml = (
            f'<p>Begin at <a href="#{other}">another piece</a>, or at <a href="#{other}--mid">its'
            f" middle</a>.{booksample.call(anchor, 1)} {SENTENCE * (sentences // 3)}</p>"
            f'<h2 id="{name}--mid">Middle {number}</h2><p><span id="{name}-m"></span>'
            f"{SENTENCE * (sentences // 2 + number)}</p>"
            "<table><thead><tr><th>What</th><th>How much</th></tr></thead><tbody><tr><td>oil</td>"
            f"<td>{number}</td></tr></tbody></table>"
            '<figure><img src="images/lamp.png" alt="A lamp"/></figure>'
            f'<ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul><p>See <a href="#{name}--mid">'
            f"above</a>. {SENTENCE * 9}</p>"
        )
        note = Footnote(anchor, f"{anchor}-call", 1, f"<p>Note {number}. {SENTENCE}</p>")
        title = f"Piece {number}"
        ends = (f"{name}--mid",) if number % 4 == 0 else ()
        chapters.append(
            Chapter(name, title, title, xhtml, f"{title}.md", footnotes=(note,), ends=ends)
        )
    entries = tuple(
        replace(entry, places=tuple(Place(c.title, "", f"{c.anchor}-m") for c in chapters[n::3]))
        for n, entry in enumerate(booksample.GLOSSARY[1].entries)
    )
    groups = (replace(booksample.GLOSSARY[1], entries=entries),)
    half = pieces // 2
    parts = (
        Part("part-one", "The First Part", tuple(chapters[:half]), 1),
        Part("part-two", "The Second Part", tuple(chapters[half:]), 2),
    )
    return Book(
        booksample.METADATA, parts, groups, assets=booksample.BOOK.assets, index=index_of(chapters)
    )


def index_of(chapters: list[Chapter]) -> tuple[IndexEntry, ...]:
    """An entry a piece: where it begins, a section of some to its end, a note of the next."""
    return tuple(
        IndexEntry(
            f"index_{n}",
            f"Entry {n}",
            "ABCD"[n // 4],
            places=(
                Locator("", "", f"{c.anchor}-m"),
                Locator("", "", f"{c.anchor}--mid", False, True, f"{c.anchor}--mid--end"),
                Locator("", "", chapters[n - 1].footnotes[0].anchor, note=True),
                Locator("", "", chapters[n - 2].anchor, main=True, until=chapters[n - 2].anchor),
            ),
            see_also=((f"Entry {n - 1}", f"index_{n - 1}"),) if n else (),
        )
        for n, c in enumerate(chapters)
    )


BOOK = long_book()


def press(book: Book, **options: Any) -> PrintEdition:
    return print_book(book, THEME, WORDS, booksample.read_asset, **options)


@pytest.fixture(scope="module")
def edition() -> PrintEdition:
    return press(BOOK, jobs=1)


@pytest.fixture(scope="module")
def whole() -> PrintEdition:
    return wholebook.print_book(BOOK, THEME, WORDS, booksample.read_asset)


@pytest.fixture
def real_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the book, as with a long one."""
    monkeypatch.setattr(crew, "WORTH_WORKERS", 0)


def opened(edition: PrintEdition) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(edition.pdf))


def links(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Any]]:
    """The page of each link, and where it leads: an address, or page and place."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    places = names(pdf)
    for number, page in enumerate(pdf.pages):
        for note in page.get("/Annots", ()):
            if "/Dest" in note:
                page_of, _, x, y, _ = places[str(note.Dest)]
                yield number, (pages[page_of.objgen], round(float(x), 1), round(float(y), 1))
            else:
                yield number, str(note.A.URI)


def names(pdf: pikepdf.Pdf) -> dict[str, Any]:
    tree = pdf.Root.Names.Dests
    if "/Names" in tree:  # WeasyPrint's own is flat
        flat = list(tree.Names)
        return {str(flat[n]): flat[n + 1] for n in range(0, len(flat), 2)}
    return {str(name): place for name, place in pikepdf.NameTree(tree).items()}


def outline(pdf: pikepdf.Pdf) -> list[Any]:
    def lines(items: Any) -> list[Any]:
        return [(item.title, lines(item.children)) for item in items]

    with pdf.open_outline() as found:
        return lines(found.root)


def test_it_is_long_enough_to_tell(edition: PrintEdition) -> None:
    assert edition.pages >= 60
    assert not edition.problems


def test_text_and_pixels_equal_the_whole_book(edition: PrintEdition, whole: PrintEdition) -> None:
    ours, theirs = (pypdfium2.PdfDocument(one.pdf) for one in (edition, whole))
    assert len(ours) == len(theirs)
    for number in range(len(ours)):
        pages = ours[number], theirs[number]
        texts = [page.get_textpage().get_text_bounded() for page in pages]
        assert texts[0] == texts[1], f"leaf {number + 1}"
        pictures = [page.render(scale=SCALE).to_pil() for page in pages]
        assert ImageChops.difference(*pictures).getbbox() is None, f"leaf {number + 1}"


def test_links_outline_labels_and_folios_equal(edition: PrintEdition, whole: PrintEdition) -> None:
    assert edition.folios == whole.folios
    with opened(edition) as ours, opened(whole) as theirs:
        assert list(links(ours)) == list(links(theirs))
        assert outline(ours) == outline(theirs)
        assert [p.label for p in ours.pages] == [p.label for p in theirs.pages]
        assert ours.docinfo == theirs.docinfo
        assert str(ours.Root.Lang) == str(theirs.Root.Lang)


def structure(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    found = []
    waiting = [(pdf.Root.StructTreeRoot.K[0], "")]
    while waiting:
        element, above = waiting.pop()
        kind = str(element.S)
        found.append((above, kind))
        kids: Any = element.get("/K", [])
        waiting += [
            (kid, kind)
            for kid in (kids if isinstance(kids, pikepdf.Array) else [kids])
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        ]
    return sorted(found)


def test_the_structure_equals_and_knows_its_way_back(
    edition: PrintEdition, whole: PrintEdition
) -> None:
    with opened(edition) as ours, opened(whole) as theirs:
        assert structure(ours) == structure(theirs)
        root = ours.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        identities = {bytes(name) for name in walk_names(root.IDTree)}
        for page in ours.pages:
            if "/StructParents" not in page:
                continue
            held = parents[int(page.StructParents)]
            content = b"".join(stream.read_bytes() for stream in page.Contents)
            marks = {int(n) for n in re.findall(rb"/MCID (\d+)", content)}
            assert marks == set(range(len(held)))
            assert all(element.Pg.objgen == page.objgen for element in held)
            for note in page.get("/Annots", ()):
                assert any(
                    kid.get("/Obj") is not None and kid.Obj.objgen == note.objgen
                    for kid in parents[int(note.StructParent)].K
                    if isinstance(kid, pikepdf.Dictionary)
                )
        headers = {
            bytes(name)
            for thing in ours.objects
            if isinstance(thing, pikepdf.Dictionary) and "/A" in thing
            for name in (thing.A.get("/Headers", []) if "/Headers" in thing.A else [])
        }
        assert headers
        assert headers <= identities


def walk_names(tree: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in tree.get("/Kids", ()):
        yield from walk_names(kid)
    yield from list(tree.get("/Names", ()))[::2]


def test_fonts_and_pictures_are_stored_once(edition: PrintEdition) -> None:
    with opened(edition) as pdf:
        fonts = [t for t in pdf.objects if isinstance(t, pikepdf.Dictionary) and "/FontName" in t]
        assert len({str(font.FontName) for font in fonts}) == len(fonts)
        pictures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]
        assert len(pictures) == 1


def test_one_worker_equals_two_and_a_cache(
    edition: PrintEdition, tmp_path: Path, real_workers: None
) -> None:
    cache = Cache(tmp_path)
    told: list[tuple[str, int, int]] = []
    first = press(BOOK, jobs=2, cache=cache, progress=lambda *done: told.append(done))
    assert first.pdf == edition.pdf
    assert {stage for stage, _, _ in told} == {"print", "bind"}
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = press(BOOK, jobs=2, cache=cache)
    assert again == first
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert before == after


def edited(words: int) -> Book:
    def change(chapter: Chapter) -> Chapter:
        if chapter.anchor != "piece-3":
            return chapter
        return replace(chapter, xhtml=f"<p>{SENTENCE * words}</p>{chapter.xhtml}")

    parts = tuple(
        replace(part, chapters=tuple(change(chapter) for chapter in part.chapters))
        for part in BOOK.parts
    )
    return replace(BOOK, parts=parts)


@pytest.mark.parametrize("words", [1, 100])
def test_incremental_equals_clean(edition: PrintEdition, tmp_path: Path, words: int) -> None:
    cache = Cache(tmp_path)
    press(BOOK, jobs=1, cache=cache)
    # The shorter edit moves no page, the longer one all that follow.
    incremental = press(edited(words), jobs=1, cache=cache)
    assert (incremental.pages == edition.pages) == (words == 1)
    assert incremental.pdf == press(edited(words), jobs=1).pdf
    assert incremental.pdf != edition.pdf


def test_a_damaged_or_cleared_cache_costs_time_alone(edition: PrintEdition, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    press(BOOK, jobs=1, cache=cache)
    for number, path in enumerate(sorted(p for p in tmp_path.rglob("*") if p.is_file())):
        if number % 3 == 0:
            path.write_bytes(path.read_bytes()[:-1])
        elif number % 3 == 1:
            path.unlink()
    assert press(BOOK, jobs=1, cache=cache).pdf == edition.pdf


def test_any_executor_will_do(edition: PrintEdition) -> None:
    with ThreadPoolExecutor(1) as executor:
        assert press(BOOK, executor=executor).pdf == edition.pdf


class Faithless(Executor):
    """Loses every third job, and never says it will."""

    def __init__(self) -> None:
        self.count = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.count += 1
        future: Future[Any] = Future()
        if self.count % 3:
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(RuntimeError("the worker left"))
        return future


def test_a_lost_job_is_done_again() -> None:
    executor = Faithless()
    assert press(booksample.BOOK, executor=executor).pdf == press(booksample.BOOK).pdf
    assert executor.count > 10


def test_a_worker_killed_in_the_middle(edition: PrintEdition, real_workers: None) -> None:
    killed: list[int] = []

    def kill_one(stage: str, done: int, _of: int) -> None:
        workers = [child for child in multiprocessing.active_children() if child.pid]
        if stage == "print" and done > 4 and workers and not killed:
            killed.append(workers[0].pid or 0)
            workers[0].kill()

    assert press(BOOK, jobs=2, progress=kill_one).pdf == edition.pdf
    assert killed


class Deadly:
    """A job that ends any process that unpacks it."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return os._exit, (1,)


def test_a_job_that_kills_every_worker_fails_alone() -> None:
    job: Any = Deadly()
    harmless = SheetJob(BOOK.parts[0].chapters[0], frozenset())
    with Crew(Kit("", "", ()), jobs=2) as hands:
        orders = [Order(n, 100_000 - n, lambda: harmless) for n in range(6)]
        outcomes = dict(hands.run([*orders, Order(9, 200_000, lambda: job)]))
    assert [outcomes.pop(9).done] == [False]
    assert len(outcomes) == 6
    assert all(outcome.done for outcome in outcomes.values())


def test_a_job_that_comes_alone_kills_nobody_here() -> None:
    job: Any = Deadly()
    with Crew(Kit("", "", ()), jobs=2, prompt=True) as hands:
        assert hands.ask(job).done is False
        assert hands.ask(SheetJob(BOOK.parts[0].chapters[0], frozenset())).done


def one_piece(xhtml: str) -> Book:
    return Book(
        booksample.METADATA, (Part("p", "", (Chapter("one", "One", "One", xhtml, "One.md"),)),)
    )


def text_of(edition: PrintEdition) -> str:
    document = pypdfium2.PdfDocument(edition.pdf)
    return " ".join("".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_a_piece_that_fails_is_named_and_stands_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = journeyman._lay_out

    def fail(html: str, job: Any, ready: Any) -> Any:
        if "<em>" in html:
            raise ZeroDivisionError("no such luck")
        return layout(html, job, ready)

    monkeypatch.setattr(journeyman, "_lay_out", fail)
    edition = press(one_piece('<p>Some <em>odd</em> words &amp; more.</p><p id="x">Last.</p>'))
    assert [(p.code, p.severity, p.at.path) for p in edition.problems] == [
        ("piece-failed", Severity.ERROR, "One.md")
    ]
    assert "Some odd words & more. Last." in text_of(edition)
    assert "x" in edition.folios.leaves


def test_laid_out_pages_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(sweep: int) -> int:
        monkeypatch.setattr(stint, "SWEEP", sweep)
        gc.collect()
        press(one_piece("<p>Some words.</p>"), jobs=1)
        return sum(type(thing) is boxes.PageBox for thing in gc.get_objects())

    gc.disable()
    try:
        # A page may last until the next one is laid out.
        assert left(0) <= 2 < left(10**9)
    finally:
        gc.enable()


def test_a_chapter_that_cannot_be_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("not today")

    monkeypatch.setattr(stint, "set_sheet", fail)
    edition = press(one_piece("<p>Some <em>odd</em> words.</p>"))
    assert [(p.code, p.at.path) for p in edition.problems] == [("piece-failed", "One.md")]
    assert "Some odd words." in text_of(edition)


def test_a_character_no_font_has_is_named_and_replaced(tmp_path: Path) -> None:
    letter = "\U0001f00a\u0378"  # the second is no character at all
    edition = press(one_piece(f'<p id="{letter}">So{letter}so.</p>'))
    problems = [p for p in edition.problems if p.code == "glyph-missing"]
    assert "U+0378" in problems[-1].message
    assert problems[-1].at.path == "One.md"
    assert letter in edition.folios.leaves
    broken = judged(edition, tmp_path)
    assert broken == ""


def judged(edition: PrintEdition, folder: Path) -> str:
    """The rules of PDF/UA-1 that veraPDF finds broken, or nothing where it is not there."""
    path = folder / "book.pdf"
    path.write_bytes(edition.pdf)
    if not verapdf.available():
        return ""
    command = [sys.executable, verapdf.__file__, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def test_lists_of_every_kind_are_lists_to_all(tmp_path: Path) -> None:
    deep = "<ul><li>" * 9 + "deep" + "</li></ul>" * 9
    xhtml = (
        f"{deep}<ul class='tasks'><li class='task'>bare</li><li><p>a</p><ul><li>b</li></ul>c</li>"
        "</ul><ol><li></li><li><img src='images/lamp.png' alt='A lamp'/></li></ol>"
        "<dl><dt>term</dt><dd>said <ul><li>x</li></ul></dd></dl>"
    )
    book = replace(one_piece(xhtml), assets=booksample.BOOK.assets)
    assert judged(press(book), tmp_path) == ""


def test_the_bound_file_is_sound(edition: PrintEdition, tmp_path: Path) -> None:
    assert judged(edition, tmp_path) == ""
    if which("qpdf"):
        path = tmp_path / "sound.pdf"
        path.write_bytes(edition.pdf)
        done = subprocess.run(
            ["qpdf", "--check", path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_theme_without_seams_is_one_take() -> None:
    head = '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head>'
    given, found = takes([f"{head}<body>\n<section id='a'>Words.</section></body></html>"])
    assert given.startswith("<!DOCTYPE html>")
    assert len(found) == 1
    assert "<section id='a'>Words.</section></body></html>" in found[0].html()


def test_takes_stand_in_the_elements_around_them() -> None:
    text = (
        '<html lang="en"><head><meta charset="utf-8"></head><body><div class="front">'
        '<!-- sheet --><section id="a">A<br><section>inner</section></section></div>'
        '<main><!-- sheet --><section id="b">B</section><!-- sheet --><section id="c">C</section>'
        "</main></body></html>"
    )
    found = takes([text])[1]
    assert [take.anchor for take in found] == ["a", "b", "c"]
    assert '<body><div class="front"><section id="a">' in found[0].html()
    assert '<body><main><section id="b">B</section></main></body></html>' in found[1].html()
    assert plain(found[0]).html().count("<section") == 1


def test_folios_are_found_on_their_edges() -> None:
    found = foliation(
        "@page { @top-left { content: string(a) } }"
        "@page body:left, back { @bottom-left { content: counter(page) } }"
    )
    assert found.edges == ("bottom",)
    assert found.names == {"body", "back"}
    assert foliation(THEME.print_css).edges == ("bottom",)
    assert not list(forbidden(THEME.print_css))


def test_rules_for_pages_are_found_wherever_they_stand() -> None:
    css = """/* @page { @top-left { content: counter(page) } } */
    p::before { content: "@page { @left-top { content: counter(page) } }" }
    @media print { @page { @right-top { content: counter(page) } } }
    @charset "utf-8"; @page; @PAGE front:right {
      size: 6in 9in; /* } */
      @bottom-left { content: "}" counter(pages) } }
    p { color: red } @page { @top-left { content: element(head) } """
    assert foliation(css) == Foliation(("bottom",), frozenset({"front"}))
    assert [(what, line) for what, line, _ in forbidden(css)] == [
        ("counter(pages)", 4),
        ("running elements", 7),
    ]


def test_long_contents_and_glossaries_are_many_takes() -> None:
    entry = booksample.GLOSSARY[1].entries[1]
    entries = tuple(
        replace(entry, anchor=f"g-{letter}-{n}", term=f"{letter}{n}", sort_letter=letter)
        for letter in "ABC"
        for n in range(70)
    )
    group = replace(booksample.GLOSSARY[1], entries=entries)
    # Parts of a hundred pieces: two of them fill a sheet of the contents.
    book = replace(booksample.large_book(300), glossary=(group,))
    forme = set_book(book, THEME, WORDS)
    anchors = [take.anchor for take in takes([forme.html])[1]]
    assert sum(anchor.startswith("g-") for anchor in anchors) == 2
    assert anchors.index("part-1") == 3 + 2
    assert forme.html.count("<section") == forme.html.count("</section>")


def test_a_book_in_one_take_is_right_too(monkeypatch: pytest.MonkeyPatch) -> None:
    parted = press(booksample.BOOK)
    monkeypatch.setattr("publisher.render.pdf.takes.SEAM", "<!-- no such seam -->")
    edition = press(booksample.BOOK)
    assert edition.folios == parted.folios
    texts = [
        [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(one.pdf)]
        for one in (edition, parted)
    ]
    assert texts[0] == texts[1]


def test_a_theme_that_asks_too_much_is_told() -> None:
    css = "@page body { @left-middle { content: counter(pages) } }"
    edition = press(booksample.single_piece(), extra_css=css)
    assert [problem.code for problem in edition.problems] == ["theme-across-sheets"]
    assert "counter(pages)" in edition.problems[0].message


@pytest.mark.parametrize(
    ("css", "what"),
    [
        (
            "@page { @top-left { content: string(a) ' ' counter(page) } }",
            "string() on the top edge",
        ),
        ("@page { @top-left { content: counter(pages) } }", "counter(pages)"),
        ("@page :first { @top-left { content: none } }", "@page :first"),
        ("p::after { content: target-counter(attr(href), page) }", "target-counter"),
        ("@page { @top-left { content: element(head) } }", "running elements"),
    ],
)
def test_what_a_theme_may_not_ask(css: str, what: str) -> None:
    assert [found for found, _, _ in forbidden(css)] == [what]
