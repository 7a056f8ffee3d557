"""The ISBN as bars: EAN-13, and the EAN-5 beside it that tells the price."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from stdnum import isbn as registry

from publisher.isbn import check_digit

# Seven modules a digit: the widths of space, bar, space, bar (GS1 General Specifications, 5.2).
WIDTHS = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
# Which of the left half's digits are mirrored, by the first digit.
LEFT = "------ --x-xx --xx-x --xxx- -x--xx -xx--x -xxx-- -x-x-x -x-xx- -xx-x-".split()
# The same for the five of the price, by their checksum.
FIVE = "xx--- x-x-- x--x- x---x -xx-- --xx- ---xx -x-x- -x--x --x-x".split()

MODULE = 0.33 * 72 / 25.4  # points at full size
BARS = 22.85 * 72 / 25.4
SMALLEST, LARGEST = 0.8, 1.0  # of full size: below, tills may not read it
QUIET_LEFT, QUIET_RIGHT, QUIET_END, GAP = 11, 7, 5, 9  # modules
WIDE, FIVE_WIDE = 95, 47
GUARDS = frozenset((0, 2, 46, 48, 92, 94))
GUARD = 5.0  # modules the guards stand out below
DIGIT, OVER = 8.4, 7.6  # modules: the digits' size, and that of the line above the bars
MONO_WIDTH = 0.5  # em
CURRENCIES = {"GBP": "0", "£": "0", "AUD": "3", "NZD": "4", "USD": "5", "$": "5", "CAD": "6"}
_PRICE = re.compile(r"([A-Z$£]{1,3})? ?(\d{1,3})[.,](\d\d) ?([A-Z]{3})?")


class Rect(Struct, frozen=True):
    """A bar."""

    x: float
    y: float
    width: float
    height: float


class Line(Struct, frozen=True):
    """Figures centred on `x` upon the baseline `y`."""

    text: str
    x: float
    y: float
    size: float


class Barcode(Struct, frozen=True):
    """Bars and figures in points from the top left of the box, quiet zones included."""

    width: float
    height: float
    bars: tuple[Rect, ...]
    figures: tuple[Line, ...]


def is_ean(text: str) -> bool:
    """Whether these are thirteen digits, the last the one it should be."""
    plain = len(text) == 13 and text.isascii() and text.isdigit()
    return plain and check_digit(text[:12]) == text[12]


def price_code(price: str) -> str:
    """Five digits for the price: as given, or of `$19.99`, `GBP 9.50`; nothing if it is neither."""
    price = price.strip().upper().replace("US$", "$")
    if len(price) == 5 and price.isascii() and price.isdigit():
        return price
    found = _PRICE.fullmatch(price)
    if found is None:
        return ""
    currency = CURRENCIES.get(found[1] or found[4] or "", "")
    amount = int(found[2]) * 100 + int(found[3])
    # From 100 on the code says only that it is dear.
    return f"{currency}{min(amount, 9999):04d}" if currency else ""


def draw_barcode(isbn: str, price: str, most: tuple[float, float]) -> Barcode:
    """The code as large as full size and `most` (width, height) allow.

    `isbn` must satisfy `is_ean`; `price` is five digits or nothing. Where `most` is less
    than tills can read, the code is larger than `most`.
    """
    modules = QUIET_LEFT + WIDE + (GAP + FIVE_WIDE + QUIET_END if price else QUIET_RIGHT)
    above, below = OVER + 2.5, 10.0
    tall = (above + below) * MODULE + BARS
    size = min(LARGEST, most[0] / (modules * MODULE), most[1] / tall)
    x = MODULE * max(size, SMALLEST)
    deep = BARS / MODULE
    bars = list(_bars(_main(isbn), QUIET_LEFT, above, deep, GUARDS))
    foot = above + deep + GUARD + 2.2
    figures = [
        Line(f"ISBN {registry.format(isbn)}", modules / 2, OVER - 0.7, OVER),
        Line(isbn[0], QUIET_LEFT - 5.5, foot, DIGIT),
    ]
    figures += _figures(isbn[1:7], QUIET_LEFT + 3, foot)
    figures += _figures(isbn[7:], QUIET_LEFT + 50, foot)
    if price:
        left = QUIET_LEFT + WIDE + GAP
        bars += _bars(_five(price), left, above + DIGIT, deep - DIGIT + GUARD, frozenset())
        figures += _figures(price, left + 4, above + DIGIT - 1.6, 9)
    return Barcode(
        modules * x,
        tall / MODULE * x,
        tuple(Rect(bar.x * x, bar.y * x, bar.width * x, bar.height * x) for bar in bars),
        tuple(Line(line.text, line.x * x, line.y * x, line.size * x) for line in figures),
    )


def _main(isbn: str) -> str:
    """The modules of an EAN-13, a digit each: 1 is ink."""
    left = zip(isbn[1:7], LEFT[int(isbn[0])], strict=True)
    right = "".join(_digit(digit).translate(_NEGATIVE) for digit in isbn[7:])
    return f"101{''.join(_half(*pair) for pair in left)}01010{right}101"


def _five(price: str) -> str:
    values = [int(digit) for digit in price]
    checksum = (3 * sum(values[0::2]) + 9 * sum(values[1::2])) % 10
    pairs = zip(price, FIVE[checksum], strict=True)
    return "1011" + "01".join(_half(*pair) for pair in pairs)


def _half(digit: str, turned: str) -> str:
    return _digit(digit)[::-1].translate(_NEGATIVE) if turned == "x" else _digit(digit)


def _digit(digit: str) -> str:
    widths = (int(width) for width in WIDTHS[int(digit)])
    return "".join(ink * width for ink, width in zip("0101", widths, strict=True))


_NEGATIVE = str.maketrans("01", "10")


def _bars(
    modules: str, left: float, top: float, deep: float, guards: frozenset[int]
) -> Iterator[Rect]:
    """Neighbouring modules as one bar, so that no seam shows between them."""
    for run in re.finditer("1+", modules):
        tall = deep + (GUARD if run.start() in guards else 0)
        yield Rect(left + run.start(), top, len(run[0]), tall)


def _figures(digits: str, left: float, baseline: float, step: float = 7) -> list[Line]:
    return [
        Line(digit, left + step * place + 3.5, baseline, DIGIT)
        for place, digit in enumerate(digits)
    ]
