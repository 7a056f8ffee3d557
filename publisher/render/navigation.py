"""The old reading systems' way in: an NCX and a guide, read off the contents page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

from publisher.book.model import Metadata
from publisher.render.binding import NOT_XML
from publisher.render.pages import Page

XHTML = {"h": "http://www.w3.org/1999/xhtml", "epub": "http://www.idpf.org/2007/ops"}
NCX = "http://www.daisy.org/z3986/2005/ncx/"
# Kindle shows two levels and muddles what lies deeper.
DEPTH = 2
_GUIDE = (("cover", "cover"), ("toc", "toc"), ("bodymatter", "text"))


def ncx(contents: Page, about: Metadata) -> bytes:
    """The contents as an NCX of at most two levels."""
    root = etree.Element(f"{{{NCX}}}ncx", {"version": "2005-1"}, nsmap={None: NCX})  # type: ignore[dict-item]  # no default in the stubs
    root.set("{http://www.w3.org/XML/1998/namespace}lang", about.language)
    head = etree.SubElement(root, f"{{{NCX}}}head")
    pages = [link for ol in _nav(contents, "page-list") for link in ol.iterfind("h:li/h:a", XHTML)]
    numbers = [int(word) for word in map(_words, pages) if word.isdecimal()]
    for name, value in (
        ("dtb:uid", about.identifier),
        ("dtb:depth", str(DEPTH)),
        ("dtb:totalPageCount", str(len(pages))),
        ("dtb:maxPageNumber", str(max(numbers, default=0))),
    ):
        etree.SubElement(head, f"{{{NCX}}}meta", {"name": name, "content": value})
    title = etree.SubElement(root, f"{{{NCX}}}docTitle")
    etree.SubElement(title, f"{{{NCX}}}text").text = NOT_XML.sub("", about.title)
    points = etree.SubElement(root, f"{{{NCX}}}navMap")
    for ol in _nav(contents, "toc"):
        _points(ol, points, count(1), DEPTH)
    if pages:
        _page_list(root, pages, next(iter(_headings(contents))))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _headings(contents: Page) -> Iterator[str]:
    root = etree.fromstring(contents.content)
    for nav in root.iterfind(".//h:nav[@epub:type='page-list']", XHTML):
        yield str(nav.get("aria-label"))


def _page_list(root: etree._Element, pages: list[etree._Element], title: str) -> None:
    """The print edition's pages; roman ones are front matter."""
    listed = etree.SubElement(root, f"{{{NCX}}}pageList")
    label = etree.SubElement(listed, f"{{{NCX}}}navLabel")
    etree.SubElement(label, f"{{{NCX}}}text").text = title
    for number, link in enumerate(pages, 1):
        word = _words(link)
        kind = "normal" if word.isdecimal() else "front"
        target = etree.SubElement(
            listed, f"{{{NCX}}}pageTarget", {"id": f"page-{number}", "type": kind}
        )
        if word.isdecimal():
            target.set("value", word)
        name = etree.SubElement(target, f"{{{NCX}}}navLabel")
        etree.SubElement(name, f"{{{NCX}}}text").text = word
        etree.SubElement(target, f"{{{NCX}}}content", {"src": _place(link)})


def guide(contents: Page) -> list[dict[str, str]]:
    """The landmarks that Kindle looks for: cover, contents, where reading begins."""
    found = {
        str(link.get("{http://www.idpf.org/2007/ops}type")): link
        for ol in _nav(contents, "landmarks")
        for link in ol.iterfind("h:li/h:a", XHTML)
    }
    return [
        {"type": kind, "title": _words(found[mark]), "href": _place(found[mark])}
        for mark, kind in _GUIDE
        if mark in found
    ]


def _nav(contents: Page, kind: str) -> list[etree._Element]:
    root = etree.fromstring(contents.content)
    return list(root.iterfind(f".//h:nav[@epub:type='{kind}']/h:ol", XHTML))


def _points(ol: etree._Element, parent: etree._Element, numbers: Iterator[int], depth: int) -> None:
    for item in ol.iterfind("h:li", XHTML):
        link = item.find("h:a", XHTML)
        if link is None:
            continue
        point = etree.SubElement(parent, f"{{{NCX}}}navPoint", {"id": f"point-{next(numbers)}"})
        label = etree.SubElement(point, f"{{{NCX}}}navLabel")
        etree.SubElement(label, f"{{{NCX}}}text").text = _words(link)
        etree.SubElement(point, f"{{{NCX}}}content", {"src": _place(link)})
        below = item.find("h:ol", XHTML)
        if below is not None and depth > 1:
            _points(below, point, numbers, depth - 1)


def _words(link: etree._Element) -> str:
    return " ".join("".join(map(str, link.itertext())).split())


def _place(link: etree._Element) -> str:
    return f"text/{link.get('href')}"
