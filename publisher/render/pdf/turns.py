"""Where in the text each page of a laid-out take begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes

from publisher.render.pdf.blocks import BLOCK

# What stands on paper alone: it counts no letters.
_OURS = frozenset({"joins", "page-reference", "noteref", "footnote"})


def turns(document: Document) -> list[tuple[int, int]]:
    """For each page the block that its text begins in, and how many letters went before.

    (-1, 0) where a page has no numbered block.
    """
    met: dict[int, int] = {}
    heads: dict[int, int] = {}
    found: list[tuple[int, int]] = []
    for number, page in enumerate(document.pages):
        begins: tuple[int, int] | None = None
        sheet = page._page_box  # noqa: SLF001 - no public name leads to the boxes
        for block, text in _texts(sheet, -1, number, heads):
            before = met.get(block, 0)
            begins = begins or (block, before)
            met[block] = before + sum(map(str.isalnum, text))
        found.append(begins or (-1, 0))
    return found


def _texts(top: Any, number: int, page: int, heads: dict[int, int]) -> Iterator[tuple[int, str]]:
    """The text of a page's body in order, each run with its block's number.

    `heads` are those of tables, with the page they stand on first: where a table goes on they
    are printed again, and the page begins below them.
    """
    waiting = [(top, number)]
    while waiting:
        box, block = waiting.pop()
        if isinstance(box, boxes.MarginBox | boxes.FootnoteAreaBox):
            continue
        if isinstance(box, boxes.TextBox):
            if block >= 0:
                yield block, box.text
            continue
        element = getattr(box, "element", None)
        if element is not None and hasattr(element, "get"):
            if _OURS & set((element.get("class") or "").split()) or "::" in str(box.element_tag):
                continue
            repeats = getattr(box, "is_header", False) or getattr(box, "is_footer", False)
            if repeats and heads.setdefault(id(element), page) != page:
                continue
            given = element.get(BLOCK)
            block = int(given) if given else block
        children = getattr(box, "children", ())
        waiting.extend((child, block) for child in reversed(children))
