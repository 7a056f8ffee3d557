"""The printed pages as they lie open: what the preview says of each, and where problems fall."""

from __future__ import annotations

from msgspec import Struct, field

from publisher.preview.ebook import Outline


class Side(Struct, frozen=True):
    """A page: its folio, the take it is of and which of its pages; no take for a blank one.

    `sheet` names all that the page depends on: the same name is the same picture. What is
    `stale` is as it was before, until its turn comes.
    """

    label: str
    sheet: str
    number: int
    entry: str
    stale: bool = False


class Spreads(Struct, frozen=True):
    """A printed book's pages from its first recto on, their size, where its remarks fall.

    `places` are indices of pages, one a remark; -1 where it is on none. `bound` are the files
    of takes that are at hand.
    """

    outline: Outline
    sides: tuple[Side, ...]
    places: tuple[int, ...]
    width: float
    height: float
    bound: dict[str, bytes] = field(default_factory=dict)
