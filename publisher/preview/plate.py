"""A printed page as a picture, and where on it a text begins."""

from __future__ import annotations

import io
from collections.abc import Iterator
from unicodedata import normalize

import pypdfium2 as pdfium  # type: ignore[import-untyped]

SCALE = 2.0  # pixels a point: sharp on a fine screen, small enough to draw at once
ENOUGH = 24  # letters by which a block is known on a page


def draw(pdf: bytes, number: int) -> bytes:
    """A page as PNG; nothing where there is none of that number."""
    document = pdfium.PdfDocument(pdf)
    if number >= len(document):
        return b""
    page = document[number]
    page.set_cropbox(*page.get_trimbox())
    drawn = page.render(scale=SCALE).to_pil()
    red, green, blue = (drawn.getchannel(band).tobytes() for band in "RGB")
    out = io.BytesIO()
    # Most pages are black on white, and a third of the bytes takes a third of the time.
    (drawn.convert("L") if red == green == blue else drawn).save(out, "PNG", compress_level=1)
    return out.getvalue()


def size(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page when it is trimmed, in points."""
    left, low, right, high = pdfium.PdfDocument(pdf)[0].get_trimbox()
    return right - left, high - low


def height(pdf: bytes, number: int, letters: str) -> float:
    """How far down the page a text begins that begins with these letters, 0 to 1."""
    document = pdfium.PdfDocument(pdf)
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


def _letters(text: str) -> Iterator[str]:
    """Letters and figures as they compare: without case, ligatures taken apart."""
    return (sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())
