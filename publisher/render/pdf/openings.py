"""How a piece begins, and whether it is verse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from publisher.book.tree import Element, add_class, classes
from publisher.render.pdf.tree import words_of

LEAD_WORDS = re.compile(r"\s*\S+(?:\s+\S+){0,3}(?=\s)")
LEAD_LETTERS = 24
TWO_LINES = 130  # letters; a shorter paragraph has no room beside a large letter
LONGEST_LINE = 70  # letters; prose with hard breaks has longer ones
MOST_BEFORE = 3  # blocks: mottos, a box; more are the text itself
LED = frozenset({"opens"})  # the only class that a paragraph with a lead may have
BEFORE = frozenset({"epigraph", "dedication", "headnote", "callout"})


def set_verse(body: Element) -> bool:
    """Mark the paragraphs that are stanzas; true where the piece is nothing but verse."""
    paragraphs = [p for p in body.iter("p") if "stanza" not in p.get("class", "")]
    stanzas = [p for p in paragraphs if _is_stanza(p)]
    for stanza in stanzas:
        add_class(stanza, "verse")
    only = bool(stanzas) and 2 * len(stanzas) >= len(paragraphs)
    if only:
        for paragraph in paragraphs:
            if "verse" not in paragraph.get("class", ""):
                add_class(paragraph, "verse")
    return only


def _is_stanza(paragraph: Element) -> bool:
    """Two breaks or more, and no line longer than verse has."""
    lines = list(_lines(paragraph))
    return len(lines) >= 3 and max(map(len, lines)) <= LONGEST_LINE


def _lines(paragraph: Element) -> Iterator[str]:
    line = paragraph.text or ""
    for child in paragraph.iter(etree.Element):
        if child is paragraph:
            continue
        if child.tag == "br":
            yield line
            line = ""
        else:
            line += child.text or ""
        line += child.tail or ""
    yield line


def _first_of(body: Element) -> Element | None:
    """The first block of the text itself."""
    for number, block in enumerate(b for b in body if isinstance(b.tag, str)):
        before = block.tag == "blockquote" or not BEFORE.isdisjoint(classes(block))
        if not before or number == MOST_BEFORE:
            return None if before else block
    return None


def set_opening(body: Element) -> None:
    """Small capitals for the first words of a piece, which a motto or a box may precede."""
    first = _first_of(body)
    if first is None or first.tag != "p" or LED.isdisjoint(classes(first) or LED):
        return
    add_class(first, "begins")
    if len(words_of(first)) < TWO_LINES:
        add_class(first, "brief")
    if not (first.text or "").strip():
        return
    found = LEAD_WORDS.match(first.text or "")
    words = found[0] if found else ""
    while len(words) > LEAD_LETTERS and " " in words.strip():
        words = words.rpartition(" ")[0]
    if not words.strip() or len(words) > LEAD_LETTERS:
        return
    rest = (first.text or "")[len(words) :]
    lead = etree.Element("span")
    lead.set("class", "lead-in")
    lead.text, lead.tail = words.lstrip(), rest
    first.text = None
    first.insert(0, lead)
