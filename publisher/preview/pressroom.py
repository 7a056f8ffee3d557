"""The printed pages, made by the press that prints the book, drawn one by one when looked at."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from unicodedata import normalize

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from publisher.book.model import Book, Chapter
from publisher.cache import Cache, cache_folder, digest_of
from publisher.pipeline import Copy, Progress, asset_reader, collected, prepare
from publisher.presswork import in_theme, job_for
from publisher.preview.ebook import OpenPlan, outline_of
from publisher.preview.entry import Entry
from publisher.preview.remark import Remark
from publisher.preview.spread import Side, Spreads
from publisher.render.page_starts import PageStart
from publisher.render.pdf.bindery import Bindery
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.foliation import foliation
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.journeyman import Kit
from publisher.render.pdf.makeready import Makeready
from publisher.render.pdf.press import PrintEdition, Printing, across_sheets
from publisher.render.pdf.proof import chapters
from publisher.render.pdf.references import printed
from publisher.render.pdf.store import Store
from publisher.render.pdf.supply import font_type, theme_fonts
from publisher.render.prepress.interior import laid_out
from publisher.wording import Wording

SCALE = 2.0  # pixels a point: sharp on a fine screen, small enough to draw at once
ENOUGH = 24  # letters by which a block is known on a page
AT_HAND = 12  # takes bound and not yet forgotten


class Pressroom:
    """Prints the book anew, and keeps what draws its pages until the next time."""

    def __init__(self) -> None:
        self._bindery: Bindery | None = None
        self._printing: Printing | None = None
        self._folios = Folios()
        self._takes: dict[str, int] = {}
        self._bound: dict[str, bytes] = {}

    def print(self, open_plan: OpenPlan, progress: Progress) -> Spreads:
        """Lay out what the cache does not hold. Raises SetupError where there is no book."""
        root, plan, found = open_plan()
        job = job_for(plan)
        copy = prepare(root, plan, progress, curly_quotes=True, cache=Cache(cache_folder()))
        if job is None:
            edition = self._lay_out(copy, "", progress)
        else:
            job = in_theme(job, plan, copy.theme)
            edition = laid_out(lambda css: self._lay_out(copy, css, progress), job)[0]
        printing, folios, words = self._printing, self._folios, copy.draft.words
        assert printing is not None  # noqa: S101 - laid out just now
        problems = collected(found, copy.draft.problems, copy.assembled.problems, edition.problems)
        outline = outline_of(copy, pages_of(copy.assembled.book), problems)
        sheets = tuple(_sheets(printing.ready, folios, words))
        self._takes = {name: number for number, name in enumerate(sheets)}
        sides = tuple(_sides(printing.ready, folios, sheets, outline.entries))
        places = tuple(_place(remark, edition.starts, folios, sides) for remark in outline.remarks)
        return Spreads(outline, sides, places, *self._size(sides))

    def draw(self, sheet: str, number: int) -> bytes:
        """A page as PNG; nothing where it is no longer of the book."""
        pdf = self._bind(sheet)
        if not pdf:
            return b""
        document = pdfium.PdfDocument(pdf)
        if number >= len(document):
            return b""
        page = document[number]
        page.set_cropbox(*page.get_trimbox())
        out = io.BytesIO()
        page.render(scale=SCALE).to_pil().save(out, "PNG", compress_level=1)
        return out.getvalue()

    def height(self, sheet: str, number: int, letters: str) -> float:
        """How far down the page a text begins that begins with these letters, 0 to 1."""
        pdf = self._bind(sheet)
        document = pdfium.PdfDocument(pdf) if pdf else ()
        if number >= len(document):
            return 0.0
        page = document[number]
        _, low, _, high = page.get_trimbox()
        text = page.get_textpage()
        signs = [(i, text.get_text_range(i, 1)) for i in range(text.count_chars())]
        spread = [(i, letter) for i, sign in signs for letter in _letters(sign)]
        at = "".join(letter for _, letter in spread).find("".join(_letters(letters))[:ENOUGH])
        if at < 0:
            return 0.0
        top: float = text.get_charbox(spread[at][0])[3]
        return max(0.0, min(1.0, float((high - top) / (high - low))))

    def _lay_out(self, copy: Copy, extra_css: str, progress: Progress) -> PrintEdition:
        theme, book = copy.theme, copy.assembled.book
        css = theme.print_css + extra_css
        given = foliation(css)
        fonts = tuple(
            (name, font_type(name), path.read_bytes()) for name, path in theme_fonts(theme).items()
        )
        kit = Kit(css, given.bare(), fonts)
        with Store(Cache(cache_folder())) as store, Crew(kit) as crew:
            printing = Printing(book, theme, copy.draft.words, crew, store)
            before = self._printing.ready.proofs() if self._printing else {}
            folios = printing.settle(asset_reader(copy.draft.vault.root), progress, before)
        self._printing, self._folios = printing, folios
        self._bindery = Bindery(printing.ready, crew, store, given)
        pages = printing.ready.starts()[-1] + printing.ready.standing[-1].pages - 1
        problems = (*across_sheets(theme, css), *printing.problems())
        return PrintEdition(b"", pages, folios, problems, printing.ready.page_starts(folios))

    def _bind(self, sheet: str) -> bytes:
        if sheet not in self._bound:
            number = self._takes.get(sheet)
            if number is None or self._bindery is None or self._printing is None:
                return b""
            while len(self._bound) >= AT_HAND:
                del self._bound[next(iter(self._bound))]
            head = self._printing.head
            self._bound[sheet] = self._bindery.bind_alone(number, self._folios, head)
        return self._bound[sheet]

    def _size(self, sides: tuple[Side, ...]) -> tuple[float, float]:
        first = next(side for side in sides if side.sheet)
        left, low, right, high = pdfium.PdfDocument(self._bind(first.sheet))[0].get_trimbox()
        return right - left, high - low


def _letters(text: str) -> Iterator[str]:
    """Letters and figures as they compare: without case, ligatures taken apart."""
    return (sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())


def pages_of(book: Book) -> Mapping[str, bytes]:
    """The text of each piece as a page of its own, by its anchor: enough to find a line in."""
    return {chapter.anchor: _page(chapter) for chapter in chapters(book)}


def _page(chapter: Chapter) -> bytes:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f'<h1>{chapter.title_xhtml}</h1><div class="body">{chapter.xhtml}</div></html>'
    ).encode()


def _sheets(ready: Makeready, folios: Folios, words: Wording) -> Iterator[str]:
    """A name for each take: of what is on it, where it lies, and the numbers printed there."""
    for start, one in zip(ready.starts(), ready.standing, strict=True):
        numbers = printed(one.take.markers, folios, words)
        yield digest_of(one.key, str(start), str(folios.front), *numbers)


def _sides(
    ready: Makeready, folios: Folios, sheets: tuple[str, ...], entries: tuple[Entry, ...]
) -> Iterator[Side]:
    known = {entry.key for entry in entries}
    leaf, entry = 1, entries[0].key
    for start, one, sheet in zip(ready.starts(), ready.standing, sheets, strict=True):
        while leaf < start:
            yield Side(folios.label(leaf), "", 0, entry)
            leaf += 1
        entry = one.take.anchor if one.take.anchor in known else entry
        for number, side in enumerate(one.proof.sides if one.proof else ()):
            yield Side(folios.label(leaf), "" if side.blank else sheet, number, entry)
            leaf += 1


def _place(
    remark: Remark, starts: tuple[PageStart, ...], folios: Folios, sides: tuple[Side, ...]
) -> int:
    """The index of the page on which the remark's block begins, or its piece does."""
    leaf = folios.leaves.get(remark.entry, 0)
    for start in starts:
        if start.anchor == remark.entry and start.block >= 0 <= remark.body:
            leaf += (start.block, start.letters) <= (remark.body, 0)
    return leaf - 1 if 0 < leaf <= len(sides) else -1
