"""How large pictures come to stand on the page, which only the layout knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes
from weasyprint.images import RasterImage
from weasyprint.layout.replaced import replacedbox_layout

from publisher.book.model import Book
from publisher.render.pdf.capture import POINTS
from publisher.render.pdf.impression import Placed, Proof
from publisher.render.pdf.proof import chapters


def placed_pictures(document: Document) -> tuple[Placed, ...]:
    """The book's pictures that stand on these pages, by name."""
    found: dict[str, Placed] = {}
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 - no public name leads there
            one = _placed(box) if isinstance(box, boxes.ReplacedBox) else None
            if one:
                found[one.name] = _coarser(one, found.get(one.name, one))
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


def _coarser(one: Placed, other: Placed) -> Placed:
    return min(other, one, key=lambda placed: placed.resolution)


def coarsest(book: Book, proofs: Mapping[str, Proof]) -> tuple[Placed, ...]:
    """Each picture once, where it is coarsest of all its places; the proofs by their anchors."""
    notes = {chapter.anchor: chapter.path for chapter in chapters(book)}
    found: dict[str, Placed] = {}
    for anchor, proof in proofs.items():
        for placed in proof.pictures:
            one = replace(placed, note=notes.get(anchor, ""))
            found[one.name] = _coarser(one, found.get(one.name, one))
    return tuple(found[name] for name in sorted(found))
