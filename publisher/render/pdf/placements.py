"""How large pictures come to stand on the page, of all their places where they are coarsest."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from publisher.book.model import Book
from publisher.render.pdf.impression import Placed, Proof
from publisher.render.pdf.pieces import chapters


def coarser(one: Placed, other: Placed) -> Placed:
    """The one with fewer pixels to the inch."""
    return min(other, one, key=lambda placed: placed.resolution)


def coarsest(book: Book, proofs: Mapping[str, Proof]) -> tuple[Placed, ...]:
    """Each picture once, where it is coarsest of all its places; the proofs by their anchors."""
    notes = {chapter.anchor: chapter.path for chapter in chapters(book)}
    found: dict[str, Placed] = {}
    for anchor, proof in proofs.items():
        for placed in proof.pictures:
            one = replace(placed, note=notes.get(anchor, ""))
            found[one.name] = coarser(one, found.get(one.name, one))
    return tuple(found[name] for name in sorted(found))
