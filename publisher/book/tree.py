"""A chapter's XHTML as a tree, and a tree as the XHTML of a chapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's public name for it is a factory

EPUB = "http://www.idpf.org/2007/ops"
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Stands for a break: no text of a book holds it.
_END = "\0"
_OPEN, _CLOSE = f'<b xmlns:epub="{EPUB}">', "</b>"


def parse_body(xhtml: str) -> Element:
    """The blocks of a chapter under one element that is none of them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(f"{_OPEN}{xhtml}{_CLOSE}", parser)


def is_well_formed(xhtml: str) -> bool:
    """The fragment parses as XML."""
    try:
        parse_body(xhtml)
    except etree.XMLSyntaxError:
        return False
    return True


def written(body: Element) -> str:
    """What `parse_body` was given, as it has become."""
    text = etree.tostring(body, encoding="unicode")
    return text.partition(">")[2].removesuffix(_CLOSE) if text.endswith(_CLOSE) else ""


def words_of(element: Element) -> str:
    """The words of an element as read, blanks single; what calls a note is none."""
    return " ".join(lines_said(element))


def lines_said(element: Element) -> list[str]:
    """The same, a line each as the author broke them; lines without words are left out."""
    lines = (" ".join(line.split()) for line in "".join(_texts(element)).split(_END))
    return [line for line in lines if line]


def _texts(element: Element) -> Iterator[str]:
    if "noteref" not in classes(element):
        yield element.text or ""
        for child in element:
            if child.tag == "br":
                yield _END
            elif isinstance(child.tag, str):
                yield from _texts(child)
            yield child.tail or ""


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return (element.get("class") or "").split()


def add_class(element: Element, name: str) -> None:
    """One class more, after those it has."""
    element.set("class", " ".join((*classes(element), name)))


def lines_of(paragraph: Element) -> list[Element]:
    """The lines of a paragraph, each in a `span` of its own; what spans several is divided.

    The paragraph is left empty, with what follows it.
    """
    tail = paragraph.tail
    lines = _divided(paragraph)
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.text, paragraph.tail = None, tail
    for line in lines:
        line.tag = "span"
        for name in list(line.attrib):
            del line.attrib[name]
    return lines


def _divided(element: Element) -> list[Element]:
    """The element, once for each of its lines; only the first keeps its id."""
    pieces = [_like(element)]
    pieces[0].text = element.text
    for child in list(element):
        tail, child.tail = child.tail, None
        if child.tag == "br":
            pieces.append(_like(element))
            tail = (tail or "").removeprefix("\n")
        elif isinstance(child.tag, str) and child.find(".//br") is not None:
            first, *rest = _divided(child)
            pieces[-1].append(first)
            for part in rest:
                pieces.append(_like(element))
                pieces[-1].append(part)
        else:
            pieces[-1].append(child)
        _say(pieces[-1], tail or "")
    for piece in pieces[1:]:
        piece.attrib.pop("id", "")
    return pieces


def _like(element: Element) -> Element:
    copy = etree.Element(element.tag, nsmap={"epub": EPUB})
    for name, value in element.attrib.items():
        copy.set(name, value)
    return copy


def _say(element: Element, text: str) -> None:
    """Text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def put_lines(paragraph: Element, lines: list[Element]) -> None:
    """The lines back in their paragraph, a break between two for readers without a style."""
    for number, line in enumerate(lines):
        if number:
            paragraph.append(_break())
        paragraph.append(line)


def _break() -> Element:
    found = etree.Element("br")
    found.tail = "\n"
    return found
