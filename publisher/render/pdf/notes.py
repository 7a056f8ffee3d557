"""Footnotes at the foot of the page: a note's text moves to the place of its call."""

from __future__ import annotations

from lxml import etree

from publisher.book.model import Chapter, Footnote
from publisher.book.tree import Element
from publisher.render.pdf.tree import words_of

# Blocks that become spans shown as blocks: a `<p>` may hold nothing but phrases.
AS_SPAN = frozenset({"p", "ul", "ol", "li", "blockquote"})
TOO_MUCH = frozenset({"table", "pre", "figure", "img", "div", "aside", "details", "hr", "dl"})
LONGEST = 1_800  # characters; a longer note would crowd the text off its page
BRIEF = 280  # characters of a note that a theme may set in the margin


def stands_at_foot(chapter: Chapter, bodies: list[Element]) -> bool:
    """Whether all notes of a piece can stand at the foot: else they close the piece."""
    for note in bodies:
        if any(element.tag in TOO_MUCH for element in note.iterdescendants()):
            return False
        if len(words_of(note)) > LONGEST:
            return False
    return bool(chapter.footnotes)


def place_notes(body: Element, notes: dict[str, tuple[Footnote, Element]]) -> None:
    """Put each note's text at its first call; later calls stay as raised numbers."""
    placed: set[str] = set()
    for call in [a for a in body.iter("a") if a.get("class") == "noteref"]:
        anchor = call.get("href", "")[1:]
        parent = call.getparent()
        if parent is None or anchor not in notes:
            continue
        note, text = notes[anchor]
        if anchor in placed or call.get("id") != note.call:
            continue
        placed.add(anchor)
        span = etree.Element("span")
        brief = len(text) <= 1 and len(words_of(text)) <= BRIEF
        span.set("class", "call brief" if brief else "call")
        span.set("data-number", str(note.number))
        span.set("id", note.call)
        span.append(_as_phrases(text, note, brief=brief))
        span.tail = call.tail
        parent.replace(call, span)


def _as_phrases(text: Element, note: Footnote, *, brief: bool) -> Element:
    """A note's blocks as nested spans, under the classes their names become."""
    for number, element in enumerate(text.iter()):
        if element.tag == "br" or element.tag in AS_SPAN:
            _close_up(element)
        if element.tag in AS_SPAN:
            classes = [f"n-{element.tag}", element.get("class", "")]
            element.set("class", " ".join(filter(None, classes)))
            element.tag = "span"
        if number > 0 and element.tag == "a" and element.get("class") == "backlink":
            element.text = ""
    text.tag = "span"
    text.set("class", "footnote brief" if brief else "footnote")
    text.set("id", note.anchor)
    text.set("data-number", str(note.number))
    return text


def _close_up(element: Element) -> None:
    """Take the blanks from before and after a line's end.

    At the foot of a page WeasyPrint gives a blank between two blocks, or after a break, a line
    of its own.
    """
    element.tail = (element.tail or "").lstrip()
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "").rstrip()
    elif parent is not None:
        parent.text = (parent.text or "").rstrip()
