"""How a word is read, which EPUB readers show above it: on paper it follows in brackets.

The engine knows no ruby, and would set the reading as if it were more of the text. Brackets are
what HTML has for such a case (`rp`: HTML Standard, 4.5.11).
"""

from __future__ import annotations

from lxml import etree

from publisher.book.tree import Element
from publisher.render.pdf.tree import words_of

_ASCII = "(", ")"
_FULL = "（", "）"


def bracket_readings(body: Element) -> None:
    """Put every reading into brackets, whether or not its author wrote some for such a case."""
    for ruby in body.iter("ruby"):
        etree.strip_elements(ruby, "rp", with_tail=False)
        for reading in list(ruby.iter("rt")):
            opening, closing = _ASCII if words_of(ruby).isascii() else _FULL
            reading.tag = "span"
            reading.text = opening + (reading.text or "")
            if len(reading):
                reading[-1].tail = (reading[-1].tail or "") + closing
            else:
                reading.text += closing
