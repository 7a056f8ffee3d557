"""Which pages of a take are full, where the rest of its list goes on in another."""

from __future__ import annotations

from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes

from publisher.render.pdf.flows import ENTRY


def cut(document: Document) -> tuple[Document, int]:
    """The full pages of a take of which the rest goes on in another, and with which entry.

    The page after them begins with a whole entry; -1 where no page does.
    """
    met = -1
    end, entry = 0, -1
    for number, page in enumerate(document.pages):
        numbers = _entries(page._page_box)  # noqa: SLF001 - no public name leads to the boxes
        first = min(numbers, default=-1)
        if first > max(met, 0) and _begins(page._page_box, first):  # noqa: SLF001
            end, entry = number, first
        met = max(met, *numbers) if numbers else met
    return (document.copy(document.pages[:end]), entry) if end else (document, -1)


def _entries(box: Any) -> set[int]:
    found: set[int] = set()
    waiting = [box]
    while waiting:
        box = waiting.pop()
        element = getattr(box, "element", None)
        number = element.get(ENTRY) if element is not None and hasattr(element, "get") else None
        if number:
            found.add(int(number))
            continue
        waiting += [c for c in getattr(box, "children", ()) if not isinstance(c, boxes.TextBox)]
    return found


def _begins(box: Any, entry: int) -> bool:
    """Whether nothing stands before the entry on its page."""
    while box is not None:
        element = getattr(box, "element", None)
        if element is not None and hasattr(element, "get") and element.get(ENTRY) == str(entry):
            return True
        children = getattr(box, "children", ())
        box = next((c for c in children if not isinstance(c, boxes.MarginBox)), None)
    return False
