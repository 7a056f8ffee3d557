"""Cleaned HTML as a flow of blocks and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from lxml.html import HtmlElement

from publisher.problem import Severity
from publisher.vault.galley import Chunk, Image
from publisher.vault.html import BLOCKS, PHRASING, VOID, Tag, element_for, kept_attributes
from publisher.vault.inline_html import set_void
from publisher.vault.line import Display, Line
from publisher.vault.stick import Stick, joined

SIDES = frozenset({"left", "center", "right"})
_DEEPEST = 60
_INLINE = (frozenset(PHRASING) | {"a", "br", "wbr", "img", "input"}) - {"center", "legend"}
# Notion writes its callouts as `<aside>`.
_CLASSES = {"details": "details", "center": "center", "figure": "figure", "aside": "callout"}

Item: TypeAlias = "str | HtmlElement"


def container(name: str, attributes: dict[str, str]) -> tuple[str, str]:
    """Start and end tag of the element that stands for `<div>`, `<details>` and their like."""
    element = "blockquote" if name == "blockquote" else "div"
    kind = _CLASSES.get(name, "")
    if not kind and attributes.get("align", "").lower() in SIDES:
        kind = attributes["align"].lower()
    classes = f' class="{kind}"' if kind else ""
    return f"<{element}{classes}{kept_attributes(attributes)}>", f"</{element}>\n"


def items_of(node: HtmlElement) -> Iterator[Item]:
    """An element's content in order: texts and elements."""
    if node.text:
        yield node.text
    for child in node:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def is_block(item: Item) -> bool:
    """Blocks, and what holds one; but a link stays a link whatever it holds."""
    if isinstance(item, str) or item.tag == "a":
        return False
    if item.tag not in _INLINE:
        return True
    return any(isinstance(inner.tag, str) and inner.tag not in _INLINE for inner in item.iter())


def attributes_of(node: HtmlElement) -> dict[str, str]:
    """An element's attributes as a plain mapping."""
    return {str(name): str(value) for name, value in node.attrib.items()}


class Flow:
    """One cleaned piece of HTML, being set."""

    def __init__(
        self, stick: Stick, span: Sequence[int] | None, rules: Mapping[str, BlockRule]
    ) -> None:
        self.rules = rules
        self.stick = stick
        self.span = span
        self.deep = 0

    def flow(self, node: HtmlElement, *, bare: bool = False) -> None:
        """Blocks one after another; loose words between them become paragraphs.

        In a `bare` element, such as a cell, words alone need no paragraph.
        """
        items = list(items_of(node))
        if self.deep >= _DEEPEST:
            self.paragraph([node.text_content()])
            return
        self.deep += 1
        if bare and not any(map(is_block, items)):
            self.stick.chunks += self.words(items)
            self.deep -= 1
            return
        run: list[Item] = []
        for item in items:
            if isinstance(item, str) or not is_block(item):
                run.append(item)
                continue
            self.paragraph(run)
            run = []
            self.block(item)
        self.paragraph(run)
        self.deep -= 1

    def paragraph(self, items: Sequence[Item], tag: str = "p", attributes: str = "") -> None:
        """Words in an element of their own; nothing where there are none."""
        solid = [item for item in items if not isinstance(item, str) or item.strip()]
        if not solid:
            return
        first = solid[0]
        image = len(solid) == 1 and not isinstance(first, str) and first.tag == "img"
        chunks = self.words(solid if image else items, alone=image and tag == "p")
        if len(chunks) == 1 and isinstance(chunks[0], Image) and chunks[0].alone:
            self.stick.chunks += chunks
        elif any(not isinstance(chunk, str) or chunk.strip() for chunk in chunks):
            if isinstance(chunks[0], str):
                chunks[0] = chunks[0].lstrip()
            self.stick.chunks += (f"<{tag}{attributes}>", *chunks, f"</{tag}>\n")

    def words(self, items: Sequence[Item], *, alone: bool = False) -> list[Chunk]:
        """Phrasing content, finished."""
        line = Line(self.stick, self.span, splits=alone)
        for item in items:
            self.phrase(line, item)
        line.finish()
        return list(joined(piece for piece in line.pieces if not isinstance(piece, Display)))

    def phrase(self, line: Line, item: Item, depth: int = 0) -> None:
        """One text or element within a paragraph."""
        if isinstance(item, str):
            line.say(item)
            return
        if depth > _DEEPEST:
            line.say(item.text_content())
            return
        tag = Tag(item.tag, attributes_of(item))
        if tag.name in VOID:
            set_void(line, tag, f"<{tag.name}")
            return
        if tag.name == "a" and "href" in tag.attributes:
            line.open_address(
                tag.attributes["href"], tag.attributes["href"], kept_attributes(tag.attributes)
            )
            self.phrases(line, item, depth)
            line.close_link()
            return
        name = element_for(tag) if tag.name in _INLINE and not _lacks_ruby(item) else ""
        if name:
            line.element(f"<{name}{kept_attributes(tag.attributes)}>", f"</{name}>")
        elif tag.name in BLOCKS:
            line.say(" ")
        self.phrases(line, item, depth)
        if name:
            line.close(f"</{name}>")

    def phrases(self, line: Line, node: HtmlElement, depth: int) -> None:
        """All that an element holds, within a paragraph."""
        for item in items_of(node):
            self.phrase(line, item, depth + 1)

    def block(self, node: HtmlElement) -> None:
        """One block element, by its rule; what has none is a box of blocks."""
        name = node.tag
        if rule := self.rules.get(name):
            rule(self, node)
        elif name in _INLINE:
            self.flow(node)
        elif name in BLOCKS or name == "center":
            self.box(node)
        else:
            self.stick.report(
                "html-dropped",
                f"“<{name}>” has no place in a book; its words stay",
                self.stick.position(self.span),
                Severity.NOTE,
            )
            self.flow(node)

    def box(self, node: HtmlElement) -> None:
        """A block that holds blocks."""
        start, end = container(node.tag, attributes_of(node))
        self.stick.chunks.append(start)
        self.stick.depth += 1
        self.flow(node)
        self.stick.depth -= 1
        self.stick.chunks.append(end)


def _lacks_ruby(node: HtmlElement) -> bool:
    """Ruby without its parts, or a part of it without ruby."""
    if node.tag == "ruby":
        return node.find("rt") is None
    return node.tag in {"rt", "rp"} and (node.getparent().tag != "ruby")


BlockRule: TypeAlias = Callable[[Flow, HtmlElement], None]
