"""Verse: stanzas, and lines that hang where they are turned over."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from lxml import etree

from publisher.book.tree import (
    EPUB,
    HEADINGS,
    Element,
    add_class,
    classes,
    lines_of,
    put_lines,
    words_of,
)

LONGEST_LINE: Final = 120  # letters; a paragraph without breaks that is longer is prose
LONGEST_HEAD: Final = 60  # letters of a title over a stanza
KEPT: Final = 16  # lines; a longer stanza may part over a page
LONGEST_MOTTO: Final = 300  # letters
MOST_MOTTOS: Final = 2
DEEPEST: Final = 12  # em; no line of verse stands further in
EVERY: Final = 5  # lines to a line's number, where a theme shows them
# How many em a blank at a line's start is: two typed blanks are a step of one.
_WIDTHS: Final = {"\u2003": 1.0, "\u2001": 1.0, "\u3000": 1.0, "\t": 2.0}
_BLANK: Final = 0.5
_NUMERAL: Final = re.compile(r"[(\[§]?\s?(?:[IVXLC]{1,7}|[ivxlc]{1,7}|\d{1,3})[.)\]]{0,2}")
_IN_POEM: Final = HEADINGS | {"hr"}
_TO: Final = frozenset("for to in für an pour à para a per voor aan dem der den".split())


def set_poem(body: Element) -> None:
    """A piece that is a poem: what it opens with, and its stanzas in one block."""
    set_motto(body)
    poem: Element | None = None
    count = 0
    for block in list(body):
        if _is_stanza(block):
            if poem is None:
                poem = _opened(block)
            poem.append(block)
            count = set_stanza(block, count)
        elif block.tag in _IN_POEM:
            if poem is None:
                poem = _opened(block)
            poem.append(block)
        else:
            poem = None
    for empty in [b for b in body if "poem" in classes(b) and b.find("p") is None]:
        _dissolve(empty)
    for block in body:
        if "poem" in classes(block):
            _mark_heads(block)


def set_insets(body: Element) -> None:
    """Verse within prose, as a callout holds it."""
    for poem in body.iter("div"):
        if "inset" in classes(poem):
            count = 0
            for block in list(poem):
                if _is_stanza(block):
                    count = set_stanza(block, count)
            _mark_heads(poem)


def _mark_heads(poem: Element) -> None:
    """Mark what stands over the next stanza: a numeral, or a title in bold or in capitals."""
    for stanza in poem:
        following = stanza.getnext()
        if (
            following is None
            or "stanza" not in classes(stanza)
            or "stanza" not in classes(following)
        ):
            continue
        words = words_of(stanza)
        if len(stanza) == 1 and (_NUMERAL.fullmatch(words) or _is_title(stanza[0], words)):
            add_class(stanza, "over")


def _is_title(line: Element, words: str) -> bool:
    if not words or len(words) > LONGEST_HEAD:
        return False
    bold = [child for child in line if child.tag in ("strong", "b")]
    is_bold = len(bold) == 1 and words_of(bold[0]) == words
    return is_bold or (words.isupper() and sum(map(str.isalpha, words)) > 1)


def set_stanza(stanza: Element, before: int = 0) -> int:
    """A paragraph's lines, each in an element; the number of the last one."""
    lines = lines_of(stanza)
    for line in lines:
        width = _without_indent(line)
        line.set("class", f"line in-{_step(width)}" if width else "line")
        if not words_of(line) and not len(line):
            line.text = "\u00a0"
            continue
        before += 1
        if before % EVERY == 0:
            add_class(line, "fifth")
            line.set("data-line", str(before))
    put_lines(stanza, lines)
    add_class(stanza, "stanza")
    if len(lines) > KEPT:
        add_class(stanza, "long")
    return before


def _is_stanza(block: Element) -> bool:
    if block.tag != "p" or classes(block):
        return False
    return block.find(".//br") is not None or len(words_of(block)) <= LONGEST_LINE


def _opened(block: Element) -> Element:
    poem = etree.Element("div")
    poem.set("class", "poem")
    poem.text = poem.tail = "\n"
    block.addprevious(poem)
    return poem


def _dissolve(poem: Element) -> None:
    """Headings and rules alone are no poem."""
    for block in list(poem):
        poem.addprevious(block)
    parent = poem.getparent()
    if parent is not None:
        parent.remove(poem)


def _step(width: float) -> int:
    return max(1, min(DEEPEST, round(width)))


def _without_indent(line: Element) -> float:
    """How far in a line stands, in em; its blanks are gone for that."""
    holder: Element | None = line
    while holder is not None and not holder.text and len(holder) and holder[0].tag != "br":
        if not isinstance(holder[0].tag, str) or "noteref" in classes(holder[0]):
            return 0.0
        holder = holder[0]
    text = (holder.text or "") if holder is not None else ""
    words = text.lstrip("".join(c for c in set(text) if _is_blank(c)))
    if holder is not None:
        holder.text = words
    return sum(_WIDTHS.get(c, _BLANK) for c in text[: len(text) - len(words)])


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Zs"


def set_motto(body: Element) -> None:
    """The quotation, or the words in italics, that a piece opens with, and a dedication."""
    mottos: list[Element] = []
    for block in list(body)[:-1]:
        if classes(block) or not (block.tag == "blockquote" or _is_italic(block)):
            break
        mottos.append(block)
    if len(mottos) > MOST_MOTTOS:
        return
    for block in mottos:
        words = words_of(block)
        first = words.split(" ", 1)[0].casefold()
        if block.tag == "blockquote":
            add_class(block, "epigraph")
            block.set(f"{{{EPUB}}}type", "epigraph")
            block.set("role", "doc-epigraph")
        elif len(words) <= LONGEST_LINE / 2 and first in _TO:
            add_class(block, "dedication")
        else:
            add_class(block, "epigraph")


def set_headnote(body: Element) -> None:
    """The paragraph in italics that says, before a piece of prose, where it comes from."""
    first = next(iter(body), None)
    following = first.getnext() if first is not None else None
    if first is None or following is None or following.tag != "p" or classes(first):
        return
    if _is_italic(first):
        add_class(first, "headnote")


def _is_italic(block: Element) -> bool:
    """A line, or some lines apart from what follows, all in italics but the calls of notes."""
    following = block.getnext()
    apart = following is not None and following.tag in _IN_POEM
    if block.tag != "p" or (block.find(".//br") is not None and not apart):
        return False
    if len(words_of(block)) > LONGEST_MOTTO or (block.text or "").strip():
        return False
    found = False
    for child in block:
        if (child.tail or "").strip():
            return False
        if child.tag in ("em", "i"):
            found = True
        elif child.tag != "br" and "noteref" not in classes(child):
            return False
    return found
