"""The cover of a printed book: back, spine and front on one sheet, with its bleed."""

from __future__ import annotations

import unicodedata
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from publisher.book.model import Metadata
from publisher.printer import Bleed, Printer
from publisher.problem import Position, Problem, SetupError
from publisher.render.barcode import Barcode, draw_barcode, is_ean, price_code
from publisher.render.cover import regular
from publisher.render.ornament import paper as patterned
from publisher.render.prepress.geometry import PageGeometry
from publisher.render.prepress.profile import Profile
from publisher.render.prepress.ready import make_press_ready
from publisher.render.theme import Theme
from publisher.render.wrap_back import code_place, room_for
from publisher.render.wrap_boards import cleared, lay_boards, spacing, taken_up
from publisher.render.wrap_findings import find_problems
from publisher.render.wrap_guides import draw_guides
from publisher.render.wrap_inks import mix_inks
from publisher.render.wrap_press import Press
from publisher.render.wrap_sheet import Box, Sheet, lay_out
from publisher.render.wrap_words import (
    BAND,
    UNITS,
    set_label,
    set_spine,
    spine_end,
    spine_room,
)
from publisher.trim import Trim
from publisher.wording import Wording

CODE_MARGIN = 3.0  # points of white around the barcode's own quiet zones
PLAN = Position("anthology.toml")
_JOINED = frozenset(("AL", "R"))  # scripts whose letters spacing would tear apart


class Wrap(Struct, frozen=True):
    """A cover's two files, its size and the spine's width in points, and what went wrong.

    On both pages the lower left corner of the finished cover is the origin, as `geometry`
    says it. `barcode` is the box of the code, or of the printer's own, as (left, bottom,
    right, top), or nothing. `screen` tells whether the colours are sRGB.
    """

    pdf: bytes
    guides: bytes
    width: float
    height: float
    spine: float
    geometry: PageGeometry
    screen: bool
    barcode: tuple[float, float, float, float] | None = None
    problems: tuple[Problem, ...] = ()


def draw_wrap(  # noqa: PLR0913 - a cover leans on all of this
    about: Metadata,
    theme: Theme,
    words: Wording,
    printer: Printer,
    paper: str,
    pages: int,
    trim: Trim,
    *,
    isbn_price: str = "",
    profile: Profile | None = None,
    at: Position = PLAN,
) -> Wrap:
    """The cover for a book of that many pages; `at` is where its problems are said to be."""
    if printer.cover.kind == "none":
        raise SetupError(f"{printer.title} takes no cover on one sheet")
    about = replace(about, isbn=about.print_isbn or about.isbn)
    sheet = lay_out(printer, paper, pages, trim, mirrored=about.direction == "rtl")
    screen = printer.colour == "rgb" or (printer.flavour == "pdf" and profile is None)
    press = Press(about, theme, words)
    parts = _parts(press, sheet, UNITS / trim.width, _code(about, sheet, printer, isbn_price))
    palette = parts["paper"].palette
    parts["inks"] = mix_inks(palette, printer.ink_limit, profile, screen=screen)
    code_box = parts["code_box"]
    made = (sheet, parts["panel"], parts["spine"])
    pdf = press.print(parts, sheet, grey=screen)
    problems = find_problems(about, printer, isbn_price, made, "".join(press.missing), at)
    return Wrap(
        pdf=pdf,
        guides=press.print({**parts, "guides": draw_guides(sheet, code_box)}, sheet, grey=screen),
        width=sheet.width,
        height=sheet.height,
        spine=sheet.spine.width,
        geometry=_geometry(sheet),
        screen=screen,
        barcode=_from_below(code_box, sheet) if code_box else None,
        problems=problems,
    )


def _parts(
    press: Press, sheet: Sheet, scale: float, code: tuple[Barcode | None, Box | None]
) -> dict[str, Any]:
    """All that the template places, but for the inks; `scale` is the pattern's units a point."""
    about, face = press.about, regular(press.theme)
    units = (sheet.width * scale, sheet.height * scale)
    bars, code_box = code
    label = set_label(about, press.words, face, sheet)
    panel = press.panel(room_for(sheet, code_box), sheet.front.y + label.top * label.unit)
    boards = lay_boards(sheet, label, panel, code_box)
    joined = any(unicodedata.bidirectional(letter) in _JOINED for letter in about.publisher)
    size = (round(units[0]), round(units[1]))
    pattern = patterned(f"{about.title}\n{about.subtitle}", *size, press.theme.palettes)
    taken = taken_up(sheet, boards, panel, code_box, label.unit)
    return {
        "sheet": sheet,
        "paper": replace(pattern, dots=cleared(pattern.dots, taken, scale)),
        "units": units,
        "label": label,
        "panel": panel,
        "boards": boards,
        "spine": set_spine(about, face, sheet),
        "spine_room": spine_room(sheet),
        "band": spine_end(sheet) + BAND / 3,
        "code": bars,
        "code_box": code_box,
        "spacing": 0 if joined else spacing(label),
        "joined": joined,
        "guides": None,
    }


def finish_wrap(
    wrap: Wrap, about: Metadata, printer: Printer, profile: Profile | None = None
) -> tuple[bytes, tuple[Problem, ...]]:
    """The cover's PDF in the printer's flavour: a cover is in colour, and has no blank leaves."""
    colour = "rgb" if wrap.screen else "cmyk"
    cover = replace(printer, colour=colour, multiple=1, last_blank=False)
    return make_press_ready(
        wrap.pdf, cover, wrap.geometry, profile, title=about.title, modified=about.modified
    )


def _geometry(sheet: Sheet) -> PageGeometry:
    seen, turn = sheet.finished, sheet.turn
    trim = Trim("cover", seen.width, seen.height)
    return PageGeometry(trim, Bleed(turn, turn, turn, turn), *([sheet.safety] * 4))


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
    return code, code_place(sheet, wide, tall)


def _from_below(box: Box, sheet: Sheet) -> tuple[float, float, float, float]:
    """From the lower left corner of the finished cover, as PDF counts."""
    foot = sheet.height - sheet.turn
    return box.x - sheet.turn, foot - box.foot, box.right - sheet.turn, foot - box.y
