"""Where the print edition's pages begin, marked in the text that both editions share.

A place is a block of a chapter's body and a number of letters in it: blocks and letters are
the same on paper and on a screen, whatever becomes of lines, hyphens and blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree
from msgspec import Struct

Element = etree._Element  # noqa: SLF001 - lxml gives its type no public name

EPUB = "http://www.idpf.org/2007/ops"
# What holds lines of text; a block within a block counts for itself.
BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 li td th dt dd pre caption figcaption div".split())
# Letters that stand in one edition only: a note's number, a formula's source.
_APART = frozenset("math svg script style".split())


class PageStart(Struct, frozen=True):
    """The page called `label` begins in the element `anchor`.

    With `block` -1 it begins with that element; else in that block of its text, from 0,
    after so many letters.
    """

    label: str
    anchor: str
    block: int = -1
    letters: int = 0


def blocks_of(body: Element) -> list[Element]:
    """A text's blocks in reading order, those without letters of their own left out."""
    return [e for e in body.iter() if tag(e) in BLOCKS and any(letters_of(e))]


def tag(element: Element) -> str:
    """An element's name without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def letters_of(block: Element) -> Iterator[int]:
    """How many letters each run of a block's own text has."""
    return (sum(map(str.isalnum, text)) for _, _, text in _runs(block))


def _runs(block: Element) -> Iterator[tuple[Element, str, str]]:
    """The text that is a block's own: (element, "text" or "tail", the characters)."""
    if block.text:
        yield block, "text", block.text
    for child in block:
        if not _is_apart(child):
            yield from _runs(child)
        if child.tail:
            yield child, "tail", child.tail


def _is_apart(element: Element) -> bool:
    name = tag(element)
    return (
        not name
        or name in _APART
        or name in BLOCKS
        or "noteref" in (element.get("class") or "").split()
    )


def mark_pages(page: Element, starts: Iterable[PageStart], label: str = "{}") -> list[PageStart]:
    """Put a page break where each page begins; returns those whose place was found.

    EPUB Accessibility 1.1, 3.3.2: markers carry the page's number as their name.
    """
    found: list[PageStart] = []
    texts: dict[str, list[Element]] = {}
    homes = {str(e.get("id")): e for e in page.iter() if e.get("id")}
    for start in starts:
        home = homes.get(start.anchor)
        if home is None:
            continue
        marker = _marker(page, start, label)
        if start.block < 0:
            _put_before(home, marker)
        else:
            if start.anchor not in texts:
                texts[start.anchor] = blocks_of(_text(home))
            if start.block >= len(texts[start.anchor]):
                continue
            _put_within(texts[start.anchor][start.block], start.letters, marker)
        found.append(start)
    return found


def _text(home: Element) -> Element:
    """A piece's body, without its header and notes."""
    return next((e for e in home.iter() if "body" in (e.get("class") or "").split()), home)


def _marker(page: Element, start: PageStart, label: str) -> Element:
    space = page.tag.partition("}")[0] + "}" if page.tag.startswith("{") else ""
    marker = etree.Element(f"{space}span")
    marker.set(f"{{{EPUB}}}type", "pagebreak")
    marker.set("role", "doc-pagebreak")
    marker.set("id", f"_page-{start.label}")
    marker.set("aria-label", label.format(start.label))
    return marker


def _put_before(home: Element, marker: Element) -> None:
    """First within a section, before a nav, else in the first line: lists take no spans."""
    name = tag(home)
    parent = home.getparent()
    if name == "nav" and parent is not None:
        parent.insert(parent.index(home), marker)
        return
    if name == "section":
        marker.tail, home.text = home.text, None
        home.insert(0, marker)
        return
    target = next((e for e in home.iter() if tag(e) in ("dt", "p", "dd", "li")), home)
    marker.tail, target.text = target.text, None
    target.insert(0, marker)


def _put_within(block: Element, letters: int, marker: Element) -> None:
    """After so many letters; a word cut by the page's end stays whole before the marker."""
    left = letters
    last: tuple[Element, str, str] | None = None
    for element, slot, text in _runs(block):
        own = sum(map(str.isalnum, text))
        if left > own or (left == own and left):
            left -= own
            last = (element, slot, text)
            continue
        _insert(element, slot, text, _after(text, left), marker)
        return
    if last is not None:
        _insert(*last, len(last[2]), marker)


def _after(text: str, letters: int) -> int:
    """The index of the word that follows so many letters, and any word they end within."""
    index = 0
    while index < len(text) and letters:
        letters -= text[index].isalnum()
        index += 1
    if index and text[index - 1].isalnum():
        while index < len(text) and not text[index].isspace():
            index += 1
    while index < len(text) and text[index].isspace():
        index += 1
    return index


def _insert(element: Element, slot: str, text: str, index: int, marker: Element) -> None:
    marker.tail = text[index:]
    if slot == "text":
        element.text = text[:index]
        element.insert(0, marker)
        return
    element.tail = text[:index]
    parent = element.getparent()
    if parent is not None:
        parent.insert(parent.index(element) + 1, marker)
