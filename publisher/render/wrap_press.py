"""The theme's template goes through WeasyPrint and becomes one page with its bleed."""

from __future__ import annotations

import math
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pydyf
from jinja2 import TemplateError
from weasyprint import CSS, HTML, Document

from publisher.book.model import Book, BookAsset, Metadata
from publisher.problem import SetupError
from publisher.render.cover import LEADING, line_setter, regular, set_lines
from publisher.render.fallback import with_fallback
from publisher.render.pdf.font_files import font_configuration
from publisher.render.pdf.mending import noting_missing
from publisher.render.pdf.stock import BASE
from publisher.render.pdf.stockroom import Supply
from publisher.render.theme import Theme
from publisher.render.wrap_back import Blurb, Hand, Panel, set_panel
from publisher.render.wrap_sheet import Box, Sheet
from publisher.render.wrap_words import hidden_names
from publisher.wording import Wording

TEMPLATE, STYLE = "wrap.html.j2", "wrap.css"
POINT = 0.75  # of WeasyPrint's pixels


class Press:
    """Turns the theme's template into pages for one book."""

    def __init__(self, about: Metadata, theme: Theme, words: Wording) -> None:
        self.about = about
        self.words = words
        self._supply = Supply(Book(about, ()), theme, _no_asset)
        self.theme = theme
        self.missing: dict[str, None] = {}  # characters that no font has
        self._fonts = font_configuration()
        self._css = CSS(
            string=_sheet(theme, about.language),
            base_url=BASE,
            url_fetcher=self._supply,
            font_config=self._fonts,
        )
        self._template = _found(theme, TEMPLATE)

    def print(self, parts: dict[str, Any], sheet: Sheet, *, grey: bool) -> bytes:
        """One page of the sheet's size, boxes set; with `grey`, black as grey instead of ink."""
        html = self._html("wrap", parts)
        seen = sheet.finished
        page = f"@page {{ size: {seen.width}pt {seen.height}pt; bleed: {sheet.turn}pt }}"
        document = self._render(html, page)
        if len(document.pages) != 1:
            raise SetupError(f"the theme's {TEMPLATE} does not fit on one page")

        def finish(_: Document, pdf: pydyf.PDF) -> None:
            _set_boxes(pdf)
            if grey:
                _black_as_grey(pdf)

        name = sha256(html.encode()).digest()[:16]
        with noting_missing() as missing:
            made = bytes(document.write_pdf(finisher=finish, pdf_identifier=name))
        self.missing |= missing
        return made

    def panel(self, room: Box, top: float) -> Panel | None:
        """The back's words, measured as they will be set."""
        about = self.about
        series = about.series
        if series and about.series_index:
            series = self.words.series.format(series=series, index=about.series_index)
        return set_panel(
            (about.description, series, hidden_names(about)),
            room,
            top,
            Hand(self._measure, self._lines),
        )

    def _lines(self, text: str, ems: float) -> tuple[str, ...]:
        return set_lines(text, regular(self.theme), (1000,), math.inf, ems * 1000).lines

    def _measure(self, blurb: Blurb, width: float) -> float:
        html = self._html("blurb", {"blurb": blurb, "inks": None})
        document = self._render(html, f"@page {{ size: {width}pt 20000pt }}")
        body = document.pages[0]._page_box.children[0].children[0]  # noqa: SLF001 - no public way
        return float(body.height) * POINT

    def _html(self, what: str, parts: dict[str, Any]) -> str:
        try:
            return (
                self.theme.environment()
                .at(self._template)
                .render(
                    what=what,
                    about=self.about,
                    words=self.words,
                    leading=LEADING,
                    lines=line_setter(self.theme),
                    **parts,
                )
            )
        except TemplateError as error:
            raise SetupError(f"the theme's {TEMPLATE} cannot be filled: {error}") from error

    def _render(self, html: str, page: str) -> Document:
        source = HTML(string=html, base_url=BASE, url_fetcher=self._supply)
        return source.render(
            font_config=self._fonts, stylesheets=[self._css, CSS(string=page, base_url=BASE)]
        )


def _no_asset(asset: BookAsset) -> bytes:
    raise ValueError(f"a cover has no {asset.name}")


def _found(theme: Theme, name: str) -> Path:
    path = theme.find(name)
    if path is None:
        raise SetupError(f"the theme “{theme.name}” has no {name}")
    return path


def _sheet(theme: Theme, language: str) -> str:
    css = theme.sheet(STYLE, "print")
    if not css:
        raise SetupError(f"the theme “{theme.name}” has no {STYLE}")
    return with_fallback(css, "", language)


def _set_boxes(pdf: pydyf.PDF) -> None:
    """WeasyPrint's own bleed goes no further than 10 points, a case's turn-in does."""
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/Page":
            thing["BleedBox"] = pydyf.Array(thing["MediaBox"])


_CMYK_BLACK = re.compile(rb"^/DeviceCMYK (cs|CS)$")


def _black_as_grey(pdf: pydyf.PDF) -> None:
    """Where all is RGB, black alone is said in grey: it is the same in every reading."""
    for thing in pdf.objects:
        if not isinstance(thing, pydyf.Stream):
            continue
        for index, operator in enumerate(thing.stream[:-1]):
            found = _CMYK_BLACK.match(operator) if isinstance(operator, bytes) else None
            if found and thing.stream[index + 1].split() in _BLACKS:
                thing.stream[index] = b""
                thing.stream[index + 1] = b"0 g" if found[1] == b"cs" else b"0 G"


_BLACKS = ([b"0", b"0", b"0", b"1", b"scn"], [b"0", b"0", b"0", b"1", b"SCN"])
