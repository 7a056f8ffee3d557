"""A fragment of XHTML as a tree, and a tree as the HTML WeasyPrint reads."""

from __future__ import annotations

import re
from html import escape

from lxml import etree, html
from markupsafe import Markup

from publisher.book.tree import EPUB, Element

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse(xhtml: str) -> tuple[Element, bool]:
    """A fragment as a tree under one `div`, and whether it was well-formed."""
    source = CONTROL.sub("", xhtml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(f'<div xmlns:epub="{EPUB}">{source}</div>', parser), True
    except etree.XMLSyntaxError:
        loose = html.fragment_fromstring(source, create_parent="div")
        return etree.fromstring(html.tostring(loose, encoding="unicode", method="xml")), False


def to_html(body: Element) -> Markup:
    """What stands inside the `div`, as HTML; tags never close themselves."""
    etree.cleanup_namespaces(body)
    # What is EPUB's own means nothing on paper, and a colon is no name in HTML.
    for element in body.iter(etree.Element):
        for name in [n for n in element.attrib if str(n).startswith("{")]:
            del element.attrib[name]
    parts = [escape(body.text or "", quote=False)]
    parts += (etree.tostring(child, encoding="unicode", method="html") for child in body)
    return Markup("".join(parts))  # noqa: S704 - serialised from a parsed tree


def put_after(holder: Element, last: Element | None, text: str) -> None:
    """Let a text follow that child of the holder's, or open the holder where there is none."""
    if last is None:
        holder.text = text
    else:
        last.tail = text


def words_of(element: Element) -> str:
    """All the text below an element."""
    return "".join(str(text) for text in element.itertext())
