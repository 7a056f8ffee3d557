"""A sheet of folios: a light document of empty pages, of which the numbers alone are kept."""

from __future__ import annotations

import zlib

from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from publisher.problem import SetupError
from publisher.render.pdf.capture import capture
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.impression import Impression
from publisher.render.pdf.jobs import FolioJob
from publisher.render.pdf.manuscript import Manuscript
from publisher.render.pdf.stock import Stock


def sheet_html(job: FolioJob) -> str:
    """A light document: an empty page a folio, sides as in the book."""
    side = ("verso", "recto")[job.first % 2]
    pages = "".join(
        f'<div style="break-before:{("verso", "recto")[number % 2]};height:0"></div>'
        for number in range(job.first, job.first + job.count)
    )
    inner = f'<div style="page:{job.name}">{pages}</div>' if job.name else pages
    return (
        f'<html {job.attributes} style="break-before:{side}"><body style="margin:0">'
        f"{inner}</body></html>"
    )


def folio_css(first: int) -> str:
    """CSS that begins a sheet's numbers."""
    return f"@page :first {{ counter-reset: page {first} !important }}"


def print_folios(
    job: FolioJob, fonts: FontConfiguration, css: CSS, dpi: int
) -> tuple[tuple[Ink | None, ...], tuple[tuple[str, bytes], ...]]:
    """The ink of every folio on a sheet, and the files of the faces it is printed in."""
    html = Manuscript(sheet_html(job), Stock({}))
    numbers = CSS(string=folio_css(job.first), font_config=fonts)
    document = html.render(font_config=fonts, stylesheets=[css, numbers], pdf_tags=True, dpi=dpi)
    for page in document.pages:
        sheet = page._page_box  # noqa: SLF001 - no public name leads to the boxes
        sheet.background = sheet.canvas_background = None
    _, impression, files = capture(document, 0, "", dpi)
    if len(impression.leaves) != job.count:
        raise SetupError("the theme's style sheet puts more than a folio on an empty page")
    return _inks(impression), tuple(files.items())


def _inks(impression: Impression) -> tuple[Ink | None, ...]:
    odd = any(name.startswith("s") for name, _ in impression.states)
    if impression.flows or impression.masks.source or odd:
        raise SetupError("the theme's style sheet has pictures beside the folio")
    return tuple(
        Ink(leaf.content, impression.states, impression.faces) if _shows(leaf.content) else None
        for leaf in impression.leaves
    )


def _shows(content: bytes) -> bool:
    whole = zlib.decompress(content)
    return any(operator in whole for operator in (b" TJ", b" re\n", b" l\n"))
