"""The cover of a printed book: back, spine and front on one sheet, with its bleed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pydyf
from jinja2 import TemplateError
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from publisher.book.model import Book, BookAsset, Metadata
from publisher.printer import Printer, Trim
from publisher.problem import Position, Problem, SetupError, Severity
from publisher.render.barcode import Barcode, draw_barcode, is_ean, price_code
from publisher.render.cover import LEADING
from publisher.render.ornament import paper as patterned
from publisher.render.pdf.supply import BASE, Supply
from publisher.render.theme import Theme
from publisher.render.wrap_back import Blurb, Panel, room_for, set_panel
from publisher.render.wrap_guides import draw_guides
from publisher.render.wrap_inks import Inks, mix_inks
from publisher.render.wrap_sheet import Box, Sheet, lay_out
from publisher.render.wrap_words import (
    UNITS,
    hidden_names,
    set_label,
    set_spine,
    spine_room,
)
from publisher.wording import Wording

TEMPLATE, STYLE = "wrap.html.j2", "wrap.css"
POINT = 0.75  # of WeasyPrint's pixels
CODE_MARGIN = 3.0  # points of white around the barcode's own quiet zones
PLAN = Position("anthology.toml")


@dataclass(frozen=True, slots=True)
class Wrap:
    """A cover's two files, its size and the spine's width in points, and what went wrong.

    `trim` is the finished cover as (left, bottom, right, top) on the page, `barcode` where
    the code stands or would be printed, or nothing.
    """

    pdf: bytes
    guides: bytes
    width: float
    height: float
    spine: float
    trim: tuple[float, float, float, float]
    barcode: tuple[float, float, float, float] | None = None
    problems: tuple[Problem, ...] = ()


def draw_wrap(
    about: Metadata,
    theme: Theme,
    words: Wording,
    printer: Printer,
    paper: str,
    pages: int,
    trim: Trim,
    *,
    isbn_price: str = "",
    profile: Path | bytes | None = None,
    at: Position = PLAN,
) -> Wrap:
    """The cover for a book of that many pages; `profile` is a CMYK profile for its colours."""
    sheet = lay_out(printer, paper, pages, trim, mirrored=about.direction == "rtl")
    screen = printer.colour == "rgb"
    pattern = patterned(
        f"{about.title}\n{about.subtitle}", *(round(n) for n in _units(sheet, trim))
    )
    inks = mix_inks(pattern.palette, screen=screen, limit=printer.ink_limit, profile=profile)
    code, code_box = _code(about, sheet, printer, isbn_price)
    press = _Press(about, theme, words)
    face = next((font for font in theme.fonts() if "Regular" in font.name), None)
    panel = press.panel(room_for(sheet, code=code_box is not None), sheet)
    spine = set_spine(about, face, sheet)
    parts: dict[str, Any] = {
        "sheet": sheet,
        "inks": inks,
        "paper": pattern,
        "units": _units(sheet, trim),
        "label": set_label(about, words, face, sheet),
        "panel": panel,
        "spine": spine,
        "spine_room": spine_room(sheet),
        "code": code,
        "code_box": code_box,
        "guides": None,
    }
    pdf = press.print(parts, sheet, grey=screen)
    ends = max(sheet.safety, 9.0)
    guides = press.print({**parts, "guides": draw_guides(sheet, ends)}, sheet, grey=screen)
    problems = _problems(about, sheet, printer, isbn_price, at)
    if panel is not None and panel.blurb.cut:
        problems = (*problems, _cut(about, panel, at))
    if spine is not None and spine.title != " ".join(about.title.split()):
        problems = (*problems, _spine_cut(spine.title, at))
    return Wrap(
        pdf=pdf,
        guides=guides,
        width=sheet.width,
        height=sheet.height,
        spine=sheet.spine.width,
        trim=_from_below(sheet.finished, sheet),
        barcode=_from_below(code_box, sheet) if code_box else None,
        problems=tuple(problems),
    )


class _Press:
    """Turns the theme's template into pages for one book."""

    def __init__(self, about: Metadata, theme: Theme, words: Wording) -> None:
        self._about = about
        self._words = words
        self._supply = Supply(Book(about, ()), theme, _no_asset)
        self._theme = theme
        self._css = _text(theme, STYLE)
        self._source = _text(theme, TEMPLATE)

    def print(self, parts: dict[str, Any], sheet: Sheet, *, grey: bool) -> bytes:
        """One page of the sheet's size, boxes set; with `grey`, black as grey instead of ink."""
        html = self._html("wrap", parts)
        document = self._render(html, f"@page {{ size: {sheet.width}pt {sheet.height}pt }}")
        if len(document.pages) != 1:
            raise SetupError(f"the theme's {TEMPLATE} does not fit on one page")

        def finish(_: Document, pdf: pydyf.PDF) -> None:
            _set_boxes(pdf, sheet)
            if grey:
                _black_as_grey(pdf)

        return bytes(
            document.write_pdf(
                finisher=finish, pdf_identifier=sha256(html.encode()).digest()[:16]
            )
        )

    def panel(self, room: Box, sheet: Sheet) -> Panel | None:
        """The back's words, measured as they will be set."""
        about = self._about
        series = about.series
        if series and about.series_index:
            series = self._words.series.format(series=series, index=about.series_index)
        return set_panel(about.description, series, hidden_names(about), room, self._measure)

    def _measure(self, blurb: Blurb, width: float) -> float:
        html = self._html("blurb", {"blurb": blurb, "inks": None})
        document = self._render(html, f"@page {{ size: {width}pt 20000pt }}")
        body = document.pages[0]._page_box.children[0].children[0]  # noqa: SLF001 - no public way
        return float(body.height) * POINT

    def _html(self, what: str, parts: dict[str, Any]) -> str:
        try:
            return (
                self._theme.environment()
                .from_string(self._source)
                .render(what=what, about=self._about, words=self._words, leading=LEADING, **parts)
            )
        except TemplateError as error:
            raise SetupError(f"the theme's {TEMPLATE} cannot be filled: {error}") from error

    def _render(self, html: str, page: str) -> Document:
        fonts = FontConfiguration()
        sheets = [
            CSS(string=text, base_url=BASE, url_fetcher=self._supply, font_config=fonts)
            for text in (self._css, page)
        ]
        source = HTML(string=html, base_url=BASE, url_fetcher=self._supply)
        return source.render(font_config=fonts, stylesheets=sheets)


def _no_asset(asset: BookAsset) -> bytes:
    raise ValueError(f"a cover has no {asset.name}")


def _text(theme: Theme, name: str) -> str:
    path = theme.find(name)
    if path is None:
        raise SetupError(f"the theme “{theme.name}” has no {name}")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SetupError(f"the theme's {name} cannot be read: {error}") from error


def _units(sheet: Sheet, trim: Trim) -> tuple[float, float]:
    """The sheet in the units of the EPUB's cover, so that its pattern is as large."""
    scale = UNITS / trim.width
    return sheet.width * scale, sheet.height * scale


def _code(
    about: Metadata, sheet: Sheet, printer: Printer, price: str
) -> tuple[Barcode | None, Box | None]:
    """The bars and the white box they stand in; the box alone where the printer adds bars."""
    place = sheet.barcode
    if not is_ean(about.isbn):
        return None, place if printer.cover.prints_barcode and not about.isbn else None
    room = place.inset(CODE_MARGIN, CODE_MARGIN)
    # An add-on for the price needs the width down to its own quiet zones.
    code = draw_barcode(about.isbn, price_code(price), (place.width, room.height))
    wide = max(code.width, min(code.width + 2 * CODE_MARGIN, place.width))
    tall = code.height + 2 * CODE_MARGIN
    x = place.x if sheet.mirrored else place.right - wide
    return code, Box(x, place.foot - tall, wide, tall)


def _from_below(box: Box, sheet: Sheet) -> tuple[float, float, float, float]:
    return box.x, sheet.height - box.foot, box.right, sheet.height - box.y


def _set_boxes(pdf: pydyf.PDF, sheet: Sheet) -> None:
    """WeasyPrint's own bleed goes no further than 10 points, a case's turn-in does."""
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/Page":
            thing["TrimBox"] = pydyf.Array(_from_below(sheet.finished, sheet))
            thing["BleedBox"] = pydyf.Array([0, 0, sheet.width, sheet.height])


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


def _problems(
    about: Metadata, sheet: Sheet, printer: Printer, price: str, at: Position
) -> tuple[Problem, ...]:
    return tuple(
        Problem(code, message, at, severity, hint)
        for code, message, severity, hint in _findings(about, sheet, printer, price)
    )


def _findings(
    about: Metadata, sheet: Sheet, printer: Printer, price: str
) -> Iterator[tuple[str, str, Severity, str]]:
    if about.isbn and not is_ean(about.isbn):
        yield (
            "isbn-check-digit",
            f"the ISBN {about.isbn} is not valid; the cover has no barcode",
            Severity.WARNING,
            "compare it with the letter it came in",
        )
    if price and not price_code(price):
        yield (
            "isbn-price",
            f"“{price}” is no price a barcode can tell; it has none",
            Severity.WARNING,
            "write five digits such as 51999, or a price such as $19.99",
        )
    if printer.cover.by_template:
        yield (
            "cover-by-template",
            f"{printer.title} decides a cover's measures by a template of its own",
            Severity.NOTE,
            f"its spine must be {sheet.spine.width / 72:.3f} in,"
            f" its sheet {sheet.width / 72:.3f} × {sheet.height / 72:.3f} in",
        )


def _cut(about: Metadata, panel: Panel, at: Position) -> Problem:
    kept = sum(map(len, panel.blurb.paragraphs))
    return Problem(
        "blurb-cut",
        f"the description does not fit on the back of the cover: of {len(about.description)}"
        f" letters the first {kept} stand there",
        at,
        hint="shorten the description",
    )


def _spine_cut(title: str, at: Position) -> Problem:
    return Problem(
        "spine-title-cut",
        f"the title is too long for the spine, where it is “{title}”",
        at,
        Severity.NOTE,
    )
