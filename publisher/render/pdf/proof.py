"""A laid-out document is read as a proof: where things stand, what ran over the margin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes
from weasyprint.images import RasterImage
from weasyprint.layout.replaced import replacedbox_layout

from publisher.book.model import Book
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import POINTS, Placed
from publisher.render.pdf.listings import LINE
from publisher.render.pdf.pieces import first_sheets
from publisher.render.pdf.placements import coarser


def read_folios(document: Document, book: Book) -> Folios:
    """Where every anchor stands; the first sheet of the body carries folio 1."""
    leaves: dict[str, int] = {}
    ends: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for anchor in page.anchors:
            if leaves.setdefault(anchor, number) != number:
                ends[anchor] = number
    first = next(first_sheets(book), "")
    return Folios(leaves, leaves.get(first, 1) - 1, ends)


def wide_tables(document: Document) -> dict[str, float]:
    """The tables that run over the margin, and the share of their width there is room for."""
    found: dict[str, float] = {}
    for page in document.pages:
        sheet = page._page_box  # noqa: SLF001 - no public name leads to the boxes
        edges = sheet.content_box_x(), sheet.content_box_x() + sheet.width
        for table in _tables(sheet):
            left, width = table.border_box_x(), table.border_width()
            over = max(left + width - edges[1], edges[0] - left)
            name = table.element.get("id", "") if table.element is not None else ""
            if over > 1 and name and width > 0:
                room = max(0.1, (width - over) / width)
                found[name] = min(room, found.get(name, 1.0))
    return found


def turned_lines(document: Document) -> int:
    """How many lines of code are too long for the page, and go on below."""
    typed: dict[Any, int] = {}
    printed: Counter[Any] = Counter()
    for page in document.pages:
        for block in _blocks_of_code(page._page_box):  # noqa: SLF001
            source = "".join(block.element.itertext()).rstrip("\n")
            own = sum(element.get("class") == LINE for element in block.element.iter("span"))
            typed[block.element] = own or source.count("\n") + 1
            printed[block.element] += sum(map(_is_said, block.descendants()))
    return sum(max(0, printed[element] - lines) for element, lines in typed.items())


def _is_said(box: Any) -> bool:
    """Whether the box is a line with text: around a line's own element stand empty ones."""
    return isinstance(box, boxes.LineBox) and any(
        isinstance(below, boxes.TextBox) for below in box.descendants()
    )


def _blocks_of_code(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.BlockBox) and box.element_tag == "pre":
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _blocks_of_code(child)


def _tables(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TableBox):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _tables(child)


def placed_pictures(document: Document) -> tuple[Placed, ...]:
    """The book's pictures that stand on these pages, by name."""
    found: dict[str, Placed] = {}
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 - no public name leads there
            one = _placed(box) if isinstance(box, boxes.ReplacedBox) else None
            if one:
                found[one.name] = coarser(one, found.get(one.name, one))
    return tuple(found[name] for name in sorted(found))


def _placed(box: Any) -> Placed | None:
    if not isinstance(box.replacement, RasterImage) or box.element is None:
        return None
    wide, high, _, _ = replacedbox_layout(box)
    name = box.element.get("src", "")
    if wide <= 0 or high <= 0 or not name.startswith("images/"):
        return None
    return Placed(
        name,
        (box.replacement.width, box.replacement.height),
        round(wide * POINTS, 2),
        round(high * POINTS, 2),
    )
