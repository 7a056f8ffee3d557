"""The whole book as one document: what takes printed apart and bound must look like."""

from __future__ import annotations

import gc
from hashlib import sha256

from msgspec.structs import replace
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from publisher.book.model import Book
from publisher.render.fallback import with_fallback
from publisher.render.pdf.finishing import finish, keep_own_links
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.levelling import level_pages
from publisher.render.pdf.mending import mend
from publisher.render.pdf.pieces import slipped_notes
from publisher.render.pdf.press import PrintEdition
from publisher.render.pdf.proof import read_folios, wide_tables
from publisher.render.pdf.references import print_references
from publisher.render.pdf.sheets import Correction, Forme, set_book
from publisher.render.pdf.stint import quiet
from publisher.render.pdf.stock import BASE
from publisher.render.pdf.stockroom import Supply
from publisher.render.pdf.supply import AssetFile
from publisher.render.theme import Theme
from publisher.wording import Wording

PROOFS = 5  # renderings until the numbers must stand
RESOLUTION = 300  # dots per inch at the placed size
VARIANT = "pdf/ua-1"


def print_book(
    book: Book, theme: Theme, words: Wording, asset_file: AssetFile, *, extra_css: str = ""
) -> PrintEdition:
    """Render the book, read where everything stands, and render again with the numbers.

    `extra_css` comes after the theme's own: a printer's page size and colours.
    """
    chain = theme.values("print")["body-family"]
    css = with_fallback(theme.print_css + extra_css, chain, book.metadata.language)
    theme = replace(theme, print_css=css)
    supply = Supply(book, theme, asset_file)
    folios, correction = Folios(), Correction()
    forme = set_book(book, theme, words)
    with quiet():
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
        level_pages(document)
        keep_own_links(document)
        pdf = document.write_pdf(
            finisher=lambda made_from, made: finish(made_from, made, found),
            pdf_variant=VARIANT,
            pdf_identifier=sha256(html.encode()).digest()[:16],
            dpi=RESOLUTION,
        )
    return PrintEdition(pdf, len(document.pages), found)


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
