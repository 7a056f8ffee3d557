"""Addresses of mail are never hyphenated: a stroke more is another address.

They may break before their sign and their points, as the Chicago Manual has it (17th edition, 7.46).
"""

from __future__ import annotations

import re

from lxml import etree

from publisher.book.tree import Element

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_BREAK = re.compile(r"(?<=.)(?=[@.])")
_ITS_OWN = frozenset({"pre", "code", "kbd", "samp", "math", "svg"})
STYLE = "hyphens:manual"


def keep_addresses(body: Element) -> None:
    """Put every address of mail into an element of its own, which no rule for words touches."""
    for element in list(body.iter(etree.Element)):
        if "@" in (element.text or "") and element.tag not in _ITS_OWN:
            element.text, marked = _parted(element.text or "")
            for place, span in enumerate(marked):
                element.insert(place, span)
        parent = element.getparent()
        if parent is not None and "@" in (element.tail or "") and parent.tag not in _ITS_OWN:
            element.tail, marked = _parted(element.tail or "")
            place = parent.index(element) + 1
            for number, span in enumerate(marked):
                parent.insert(place + number, span)


def _parted(text: str) -> tuple[str, list[Element]]:
    """The text up to the first address, and each with what follows it."""
    made: list[Element] = []
    first, end = text, 0
    for found in _MAIL.finditer(text):
        between = text[end : found.start()]
        if made:
            made[-1].tail = between
        else:
            first = between
        span = etree.Element("span", style=STYLE)
        span.text, *pieces = _BREAK.split(found[0])
        for piece in pieces:
            etree.SubElement(span, "wbr").tail = piece
        made.append(span)
        end = found.end()
    if made:
        made[-1].tail = text[end:]
    return first, made
