"""The sheets go through the press until every page number in them is true."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256

from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint import CSS

from publisher.book.model import Book, Chapter
from publisher.problem import Position, Problem, Severity
from publisher.render.pdf.finishing import finish, keep_own_links, leaves_of
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.mending import mend
from publisher.render.pdf.references import print_references
from publisher.render.pdf.sheets import set_book
from publisher.render.pdf.supply import BASE, AssetFile, Supply
from publisher.render.theme import Theme
from publisher.wording import Wording

PROOFS = 4  # renderings until the numbers must stand
RESOLUTION = 300  # dots per inch at the placed size


@dataclass(frozen=True, slots=True)
class PrintEdition:
    """A finished PDF, how many pages it has, where its anchors stand, what went wrong."""

    pdf: bytes
    pages: int
    folios: Folios
    problems: tuple[Problem, ...] = ()


def print_book(book: Book, theme: Theme, words: Wording, asset_file: AssetFile) -> PrintEdition:
    """Render the book, read where everything stands, and render again with the numbers."""
    end_notes: frozenset[str] = frozenset()
    folios = Folios()
    supply = Supply(book, theme, asset_file)
    forme = set_book(book, theme, words)
    for _ in range(PROOFS):
        html = print_references(forme.html, folios, words)
        document = _render(html, theme, supply)
        found = read_folios(document, book)
        slipped = slipped_notes(book, found) & forme.at_foot
        if slipped:
            end_notes |= slipped
            forme = set_book(book, theme, words, end_notes)
        elif found.leaves == folios.leaves:
            break
        folios = found
    keep_own_links(document)
    pdf = document.write_pdf(
        finisher=lambda _, made: finish(made, found),
        pdf_variant="pdf/ua-1",
        pdf_identifier=sha256(html.encode()).digest()[:16],
        dpi=RESOLUTION,
    )
    problems = tuple(_slipped(chapter) for chapter in _chapters(book) if chapter.anchor in end_notes)
    return PrintEdition(pdf, len(document.pages), found, problems)


def write_pdf(book: Book, theme: Theme, words: Wording, asset_file: AssetFile) -> bytes:
    """The book's PDF alone."""
    return print_book(book, theme, words, asset_file).pdf


def _render(html: str, theme: Theme, supply: Supply) -> Document:
    mend()
    fonts = FontConfiguration()
    css = CSS(string=theme.print_css, base_url=BASE, url_fetcher=supply, font_config=fonts)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    return HTML(string=html, base_url=BASE, url_fetcher=supply).render(
        font_config=fonts, stylesheets=[css], pdf_variant="pdf/ua-1", dpi=RESOLUTION
    )


def read_folios(document: Document, book: Book) -> Folios:
    """Where every anchor stands; the first sheet of the body carries folio 1."""
    leaves = leaves_of(document)
    starts = [part.anchor if part.title else part.chapters[0].anchor
              for part in book.parts if part.title or part.chapters]  # fmt: skip
    front = leaves.get(starts[0], 1) - 1 if starts else len(document.pages)
    return Folios(leaves, front)


def slipped_notes(book: Book, folios: Folios) -> frozenset[str]:
    """The pieces with a footnote that does not stand on the page of its call."""
    return frozenset(
        chapter.anchor
        for chapter in _chapters(book)
        for note in chapter.footnotes
        if folios.leaves.get(note.anchor) != folios.leaves.get(note.call)
    )


def _chapters(book: Book) -> list[Chapter]:
    return [chapter for part in book.parts for chapter in part.chapters]


def _slipped(chapter: Chapter) -> Problem:
    return Problem(
        code="footnote-slipped",
        message=f"the notes of “{chapter.title}” stand at its end:"
        " one of them would not stay on the page of its call",
        at=Position(chapter.path),
        severity=Severity.NOTE,
    )
