"""A displayed formula within a paragraph stands on a line of its own, as it does on screens."""

from __future__ import annotations

import re

from lxml import etree

from publisher.book.tree import Element
from publisher.render.pdf.formulas import MATH

# It ends the formula's sentence, and would else begin the next line.
_STOP = re.compile(r"[,.;:!?…]*")


def part_at_displays(body: Element) -> None:
    """Part every paragraph at the formulas displayed in it; what follows them goes on."""
    for math in list(body.iter(MATH)):
        paragraph = math.getparent()
        if math.get("display") == "block" and paragraph is not None and paragraph.tag == "p":
            _part(paragraph, math)


def _part(paragraph: Element, math: Element) -> None:
    holder = paragraph.getparent()
    if holder is None:
        return
    tail, math.tail = math.tail or "", None
    stop = _STOP.match(tail)
    end = stop.end() if stop else 0
    rest = _like(paragraph, "p", "resumes")
    rest.text = tail[end:].lstrip()
    rest.extend(list(paragraph)[paragraph.index(math) + 1 :])
    shown = _like(paragraph, "div", "math")
    shown.append(math)
    math.tail = tail[:end] or None
    _drop_break(rest)
    place = holder.index(paragraph) + 1
    holder.insert(place, shown)
    if rest.text or len(rest):
        holder.insert(place + 1, rest)
    if not _end(paragraph):
        if paragraph.get("id"):
            shown.set("id", paragraph.get("id", ""))
        holder.remove(paragraph)


def _like(paragraph: Element, tag: str, name: str) -> Element:
    """An element that counts to the same block, in its language."""
    made = etree.Element(tag)
    for key, value in paragraph.attrib.items():
        made.set(key, value)
    made.set("class", name)
    made.attrib.pop("id", "")
    return made


def _drop_break(rest: Element) -> None:
    """Take away a break that the formula has made needless."""
    if not rest.text and len(rest) and rest[0].tag == "br":
        rest.text = (rest[0].tail or "").lstrip()
        rest.remove(rest[0])


def _end(paragraph: Element) -> bool:
    """Trim what stands before the formula; whether anything does."""
    while len(paragraph) and paragraph[-1].tag == "br" and not (paragraph[-1].tail or "").strip():
        paragraph.remove(paragraph[-1])
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "").rstrip()
        return True
    paragraph.text = (paragraph.text or "").rstrip()
    return bool(paragraph.text)
