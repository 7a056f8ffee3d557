"""What the structure tree says a page's marked content is."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

DEEPEST = 200
ROLES = {
    "Table": "table", "TR": "table", "TD": "table", "TH": "table", "Code": "code",
    "H": "head", "H1": "head", "H2": "head", "H3": "head", "H4": "head", "H5": "head",
    "H6": "head", "Lbl": "mark", "Note": "note", "FENote": "note", "Caption": "caption",
    "TOC": "contents", "TOCI": "contents", "Figure": "figure", "Formula": "figure",
}  # fmt: skip
BLOCKS = frozenset({*ROLES, "P", "LI", "LBody", "BlockQuote", "Div", "Sect", "Art", "Part"})
INLINE = frozenset({"Figure", "Formula"})
Held = dict[int, tuple[str, int]]


def read_tags(page: Any) -> Held:
    """For each marked content its role, and the number of the block it belongs to."""
    tree = pdfium_c.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    held: Held = {}
    try:
        count = pdfium_c.FPDF_StructTree_CountChildren(tree)
        tops = [pdfium_c.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count)]
        _walk([(top, "", -1, 0) for top in reversed(tops) if top], held)
    finally:
        pdfium_c.FPDF_StructTree_Close(tree)
    return held


def _walk(waiting: list[tuple[Any, str, int, int]], held: Held) -> None:
    blocks = 0
    while waiting:
        element, role, block, depth = waiting.pop()
        name = _type(element)
        # What stands in a table belongs to it, whatever else it is.
        role = role if role in {"table", "code", "head", "note"} else ROLES.get(name, role)
        if name in BLOCKS and name not in INLINE:
            block, blocks = blocks, blocks + 1
        children = []
        for index in range(pdfium_c.FPDF_StructElement_CountChildren(element)):
            mark = pdfium_c.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mark >= 0:
                held[mark] = (role, block)
                continue
            child = pdfium_c.FPDF_StructElement_GetChildAtIndex(element, index)
            if child and depth < DEEPEST:
                children.append((child, role, block, depth + 1))
        waiting += reversed(children)


def _type(element: Any) -> str:
    room = ctypes.create_string_buffer(64)
    length = pdfium_c.FPDF_StructElement_GetType(element, room, 64)
    return room.raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
