"""Barcodes: module by module against the standard, and read back by a reader."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from publisher.render.barcode import (
    MODULE,
    SMALLEST,
    Barcode,
    draw_barcode,
    is_ean,
    price_code,
)

ROOM = (144.0, 86.4)  # 2 × 1.2 inches


def printed(code: Barcode, dots: float = 600 / 72) -> Image.Image:
    image = Image.new("L", (round(code.width * dots), round(code.height * dots)), 255)
    draw = ImageDraw.Draw(image)
    for bar in code.bars:
        right, foot = (bar.x + bar.width) * dots - 1, (bar.y + bar.height) * dots - 1
        draw.rectangle((round(bar.x * dots), round(bar.y * dots), round(right), round(foot)), 0)
    return image


def read(image: Image.Image) -> tuple[str, str]:
    found = zxingcpp.read_barcodes(image, ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read)
    # A line through the top of the bars misses the price, which begins lower down.
    text = max((one.text for one in found), key=len)
    return text[:13], text[13:]


@pytest.mark.parametrize(
    ("isbn", "price"),
    [
        ("9780306406157", ""),
        ("9780306406157", "51999"),
        ("9789295055124", "90000"),
        ("9791090636071", "01250"),
        ("9781861972712", "34567"),
        # Every first digit, and every checksum of the price: each has a pattern of its own.
        *((f"{first}12345678901", f"5{first}{first}48") for first in range(10)),
    ],
)
def test_a_reader_reads_it(isbn: str, price: str) -> None:
    if len(isbn) == 12:
        isbn = next(isbn + last for last in "0123456789" if is_ean(isbn + last))
    assert read(printed(draw_barcode(isbn, price, ROOM))) == (isbn, price)


def test_it_fills_the_room_and_no_more() -> None:
    for price in ("", "51999"):
        code = draw_barcode("9780306406157", price, ROOM)
        assert code.width <= ROOM[0]
        assert code.height <= ROOM[1]
        assert max(bar.x + bar.width for bar in code.bars) < code.width
        assert max(line.y for line in code.figures) < code.height
        assert min(line.y - line.size * 0.7 for line in code.figures) > 0


def test_quiet_zones_stay_white() -> None:
    code = draw_barcode("9780306406157", "", ROOM)
    module = min(bar.width for bar in code.bars)
    assert min(bar.x for bar in code.bars) == pytest.approx(11 * module)
    assert code.width - max(bar.x + bar.width for bar in code.bars) == pytest.approx(7 * module)


def test_it_is_never_smaller_than_tills_can_read() -> None:
    code = draw_barcode("9780306406157", "51999", (50, 30))
    assert min(bar.width for bar in code.bars) == pytest.approx(MODULE * SMALLEST)


def test_the_figures_say_the_number() -> None:
    figures = [line.text for line in draw_barcode("9780306406157", "51999", ROOM).figures]
    assert figures[0] == "ISBN 978-0-306-40615-7"
    assert "".join(figures[1:]) == "978030640615751999"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("9780306406157", True),
        ("9780306406158", False),
        ("978030640615", False),
        ("97803064061٥7", False),
        ("", False),
    ],
)
def test_the_check_digit_is_checked(text: str, right: bool) -> None:
    assert is_ean(text) is right


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("51999", "51999"),
        ("$19.99", "51999"),
        ("US$ 19.99", "51999"),
        ("19,99 CAD", "61999"),
        ("GBP 9.50", "00950"),
        ("$120.00", "59999"),
        ("19.99", ""),
        ("EUR 12.00", ""),
        ("free", ""),
        ("", ""),
    ],
)
def test_prices_become_five_digits(price: str, code: str) -> None:
    assert price_code(price) == code
