"""Pages are bound into files: links find them, and each is known to be sound XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lxml import etree, html
from msgspec import Struct

from publisher.render.harmless import harm_in_page

XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
SVG = "{http://www.w3.org/2000/svg}"

# Quotation marks are escaped in text and in values, so this only ever meets attributes.
_HREF = re.compile(r'(\s)href="#([^"]*)"')
_ID = re.compile(r'\sid="([\w.-]+)"')
_SOURCE = re.compile(r'\ssrc="(images/[\w./-]+)"')
_IMAGE = re.compile(r'(\ssrc=")(?=images/)')
# What XML 1.0 cannot hold at all, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Proof(Struct, frozen=True):
    """A page's XHTML read back: the ids in it and what a package must say of it."""

    xhtml: str
    ids: tuple[str, ...]
    math: bool = False
    drawings: bool = False
    images: int = 0
    unnamed: int = 0  # images without words of their author's
    harm: str = ""  # what acts or fetches, as nothing in a book may


def proof(xhtml: str) -> Proof:
    """Raises `etree.XMLSyntaxError` where the page is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(xhtml.encode(), parser)
    images = root.findall(f".//{XHTML}img")
    return Proof(
        xhtml,
        tuple(str(i) for element in root.iter() if (i := element.get("id")) is not None),
        math=root.find(f".//{MATHML}math") is not None,
        drawings=root.find(f".//{SVG}svg") is not None,
        images=len(images),
        harm=harm_in_page(root.iter()),
        unnamed=sum(1 for i in images if not i.get("alt") or i.get("class") == "unnamed"),
    )


def plain(xhtml: str) -> str:
    """A broken fragment as bare paragraphs; its words, anchors and images are all there."""
    text = "".join(map(str, html.fromstring(f"<div>{NOT_XML.sub('', xhtml)}</div>").itertext()))
    lines = (line.strip() for line in text.splitlines())
    anchors = "".join(
        f'<span id="{anchor}"></span>' for anchor in dict.fromkeys(_ID.findall(xhtml))
    )
    images = "".join(f'<img src="{source}" alt=""/>' for source in _SOURCE.findall(xhtml))
    words = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f"<p>{anchors}{images}</p>{words}" if anchors or images else words


def bind(page: str, files: Mapping[str, str]) -> tuple[str, list[str]]:
    """The page with each `#anchor` leading to its file, and the anchors no file has."""
    lost: list[str] = []

    def locate(match: re.Match[str]) -> str:
        place = files.get(match[2])
        if place is None:
            lost.append(match[2])
            return ""
        return f'{match[1]}href="{place}"'

    return _IMAGE.sub(r"\1../", _HREF.sub(locate, page)), lost
