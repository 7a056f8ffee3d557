"""Where a displayed title may turn over: not after a word that only leads to the next."""

from __future__ import annotations

import re

from lxml import etree

from publisher.book.tree import Element
from publisher.render.pdf.tree import put_after

# “and the Leadership”: articles, prepositions and conjunctions are short in most languages.
LED = re.compile(r"(?<![^\s(“‘«„])(?:[^\W\d_]{1,3} ){1,3}[^\W\d_][^\s-]{0,15}(?![^\s])")
# A title that fits on a line however it is set has nowhere to turn.
ONE_LINE = 24  # letters
INLINE = ("em", "strong", "i", "b", "mark", "span")


def keep_groups(title: Element) -> None:
    """Let a title turn over before “and the”, never after it."""
    if sum(len(str(text)) for text in title.itertext()) > ONE_LINE:
        for element in list(title.iter("div", *INLINE)):
            _keep(element)


def _keep(element: Element) -> None:
    """Wrap each such group of words of an element's own text and of what follows its children."""
    for child in reversed(element):
        text, child.tail = str(child.tail or ""), None
        _fill(element, element.index(child) + 1, text, before=child)
    text, element.text = str(element.text or ""), None
    _fill(element, 0, text, before=None)


def _fill(element: Element, place: int, text: str, *, before: Element | None) -> None:
    past = 0
    last = before
    for found in LED.finditer(text):
        put_after(element, last, text[past : found.start()])
        last = etree.Element("span")
        last.set("class", "kept")
        last.text = found.group()
        element.insert(place, last)
        place, past = place + 1, found.end()
    put_after(element, last, text[past:])
