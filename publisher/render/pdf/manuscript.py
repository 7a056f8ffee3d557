"""A take's text as a tree: where it is XML as well, a parser written in C reads it.

The engine's own parser is written in Python and mends whatever it is given, which takes twenty
times as long. What we write needs no mending, nor does a theme's template that closes its tags;
any other text is left to it, and so is whatever the two would not read alike.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError, fromstring

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from publisher.book.tree import HEADINGS
from publisher.render.pdf.formulas import SVG
from publisher.render.pdf.stock import BASE

DOCTYPE = "<!DOCTYPE html>"
BLANKS = " \t\n\f\r"  # to HTML; a hard space is a word
_EMPTY = re.compile(r"<(area|br|col|embed|hr|img|input|source|track|wbr)\b([^<>]*?)/?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
# Comments, sections and instructions; and numbers that HTML takes for other characters.
_OTHERWISE = re.compile(r"<[!?]|&#(?!(?:34|38|39|60|62|160);)")
_DRAWN = frozenset(
    SVG + name
    for name in (
        "svg", "title", "g", "path", "rect", "line", "circle", "ellipse", "polygon", "polyline",
    )
)  # fmt: skip
_TITLE = f"{SVG}title"
# Read by rules of their own, or at home outside the body.
_SPECIAL = frozenset({
    "base", "basefont", "bgsound", "body", "button", "datalist", "form", "frame", "frameset", "head",
    "html", "iframe", "image", "input", "keygen", "link", "listing", "math", "meta", "nobr",
    "noembed", "noframes", "noscript", "optgroup", "option", "plaintext", "rb", "rtc", "script",
    "select", "style", "svg", "template", "textarea", "title", "xmp",
})  # fmt: skip
# These end a paragraph that is open (HTML, 13.2.6.4.7).
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "header", "hgroup", "hr", "li", "main",
    "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "ul",
}) | HEADINGS  # fmt: skip
_NOT_IN = {"p": _BLOCKS, "a": frozenset({"a"})} | dict.fromkeys(HEADINGS, HEADINGS)
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
# What these hold beside them is put before the table, or has its missing parts put around it.
_ONLY_IN = {
    "table": frozenset({"caption", "colgroup"}) | _GROUPS,
    "colgroup": frozenset({"col"}),
    "tr": frozenset({"td", "th"}),
} | dict.fromkeys(_GROUPS, frozenset({"tr"}))
# Elsewhere these end others, or are left out.
_HOMES = {
    "caption": frozenset({"table"}),
    "colgroup": frozenset({"table"}),
    "col": frozenset({"colgroup"}),
    "tr": _GROUPS,
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "li": frozenset({"ul", "ol", "menu"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "rt": frozenset({"ruby"}),
    "rp": frozenset({"ruby"}),
} | dict.fromkeys(_GROUPS, frozenset({"table"}))


class Manuscript(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """The HTML of a take, which may open what is in stock."""

    def __init__(self, text: str, stock: URLFetcher) -> None:
        root = read(text)
        if root is None:
            super().__init__(string=text, base_url=BASE, url_fetcher=stock)
            return
        self.base_url, self.url_fetcher, self.media_type = BASE, stock, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def read(text: str) -> Element | None:
    """The tree of a document without a head; nothing where HTML's own rules would read another."""
    source = text.removeprefix(DOCTYPE)
    if _OTHERWISE.search(source):
        return None
    closed = _EMPTY.sub(r"<\1\2/>", source).replace("</wbr>", "")
    try:
        root = fromstring(_ENTITY.sub(_spelled, closed))  # noqa: S314 - it declares no entities
    except ParseError:
        return None
    if root.tag != "html" or [child.tag for child in root] != ["body"] or root.text or root[0].tail:
        return None
    if not (_is_named(root) and _is_named(root[0]) and all(map(_is_plain, root[0].iter()))):
        return None
    root.insert(0, Element("head"))
    return root


def _spelled(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _XML else html5.get(entity[1], entity[0])


def _is_named(element: Element) -> bool:
    """Whether its attributes have names that HTML leaves as they are."""
    return all(name.islower() and name[0] != "{" for name in element.attrib)


def _is_plain(element: Element) -> bool:
    """Whether HTML would find in an element what XML found, children's children aside."""
    tag = element.tag
    if tag in _DRAWN:
        # A drawing's title holds words alone: elements in it would be HTML.
        return all(child.tag in _DRAWN and tag != _TITLE for child in element)
    if tag == "pre" and element.text and element.text[0] == "\n":
        element.text = element.text[1:]
    only = _ONLY_IN.get(tag)
    if only is not None and _has_words(element):
        return False
    for child in element:
        name = child.tag
        if name[0] == "{":
            if name != f"{SVG}svg":
                return False
            continue
        home = _HOMES.get(name)
        if (
            name in _SPECIAL
            or not (name.islower() and _is_named(child))
            or (home is not None and tag not in home)
            or (only is not None and name not in only)
        ):
            return False
    never = _NOT_IN.get(tag)
    return never is None or not any(e.tag in never for e in element.iter() if e is not element)


def _has_words(element: Element) -> bool:
    """Whether text stands right in an element, between its children."""
    texts = (element.text, *(child.tail for child in element))
    return any(text and text.strip(BLANKS) for text in texts)


LEANED_ON = (HTML.__init__,)
