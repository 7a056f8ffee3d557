"""The sheets go through the press until every page number in them is true."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from publisher.book.model import Book, Chapter
from publisher.problem import Position, Problem, Severity
from publisher.render.pdf.finishing import finish, keep_own_links
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.mending import mend
from publisher.render.pdf.proof import chapters, read_folios, slipped_notes, wide_tables
from publisher.render.pdf.references import print_references
from publisher.render.pdf.sheets import Correction, Forme, set_book
from publisher.render.pdf.supply import BASE, AssetFile, Supply
from publisher.render.theme import Theme
from publisher.wording import Wording

PROOFS = 5  # renderings until the numbers must stand
RESOLUTION = 300  # dots per inch at the placed size
VARIANT = "pdf/ua-1"


@dataclass(frozen=True, slots=True)
class PrintEdition:
    """A finished PDF, how many pages it has, where its anchors stand, what went wrong."""

    pdf: bytes
    pages: int
    folios: Folios
    problems: tuple[Problem, ...] = ()


def print_book(
    book: Book, theme: Theme, words: Wording, asset_file: AssetFile, *, extra_css: str = ""
) -> PrintEdition:
    """Render the book, read where everything stands, and render again with the numbers.

    `extra_css` comes after the theme's own: a printer's page size and colours.
    """
    theme = replace(theme, print_css=theme.print_css + extra_css)
    supply = Supply(book, theme, asset_file)
    folios, correction = Folios(), Correction()
    forme = set_book(book, theme, words)
    with _quiet():
        proofs = 0
        while True:
            proofs += 1
            html = print_references(forme.html, folios, words)
            document = _render(html, theme, supply)
            found = read_folios(document, book)
            if proofs == PROOFS:
                break
            wanted = _correct(correction, document, book, found, forme)
            if wanted == correction and found.leaves == folios.leaves:
                break
            if wanted != correction:
                forme = set_book(book, theme, words, wanted)
            folios, correction = found, wanted
            del document  # a proof weighs some megabytes a page: never hold two
            gc.collect()
        keep_own_links(document)
        pdf = document.write_pdf(
            finisher=lambda made_from, made: finish(made_from, made, found),
            pdf_variant=VARIANT,
            pdf_identifier=sha256(html.encode()).digest()[:16],
            dpi=RESOLUTION,
        )
    return PrintEdition(pdf, len(document.pages), found, tuple(_problems(book, forme, correction)))


def write_pdf(book: Book, theme: Theme, words: Wording, asset_file: AssetFile) -> bytes:
    """The book's PDF alone."""
    return print_book(book, theme, words, asset_file).pdf


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold WeasyPrint's log and the collector back, and make room for deep nesting."""
    log = logging.getLogger("weasyprint")
    level, thresholds, depth = log.level, gc.get_threshold(), sys.getrecursionlimit()
    log.setLevel(logging.CRITICAL)
    gc.set_threshold(200_000, 20, 100)
    # Each block within a block costs WeasyPrint a dozen calls within calls.
    sys.setrecursionlimit(max(depth, 8_000))
    try:
        yield
    finally:
        log.setLevel(level)
        gc.set_threshold(*thresholds)
        sys.setrecursionlimit(depth)


def _render(html: str, theme: Theme, supply: Supply) -> Document:
    mend()
    fonts = FontConfiguration()
    css = CSS(string=theme.print_css, base_url=BASE, url_fetcher=supply, font_config=fonts)
    return HTML(string=html, base_url=BASE, url_fetcher=supply).render(
        font_config=fonts, stylesheets=[css], pdf_variant=VARIANT, dpi=RESOLUTION
    )


def _correct(
    correction: Correction, document: Document, book: Book, found: Folios, forme: Forme
) -> Correction:
    """What the next proof has to do otherwise; a correction once made stays."""
    slipped = slipped_notes(book, found) & forme.at_foot
    tables = dict(correction.tables)
    for name, room in wide_tables(document).items():
        tables[name] = tables.get(name, 1.0) * room
    return Correction(correction.end_notes | slipped, tuple(sorted(tables.items())))


def _problems(book: Book, forme: Forme, correction: Correction) -> Iterator[Problem]:
    for chapter in chapters(book):
        if chapter.anchor in correction.end_notes:
            yield _slipped(chapter)
        if chapter.anchor in forme.unsound:
            yield _unsound(chapter)


def _slipped(chapter: Chapter) -> Problem:
    return Problem(
        code="footnote-slipped",
        message=f"the notes of “{chapter.title}” stand at its end:"
        " one of them would not stay on the page of its call",
        at=Position(chapter.path),
        severity=Severity.NOTE,
    )


def _unsound(chapter: Chapter) -> Problem:
    return Problem(
        code="unsound-markup",
        message=f"“{chapter.title}” holds markup that does not close; its form was guessed",
        at=Position(chapter.path),
        severity=Severity.ERROR,
        hint="look for raw HTML in the note",
    )
