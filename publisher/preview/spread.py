"""The printed pages as they lie open: what the preview says of each, and where problems fall."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.preview.ebook import Outline


@dataclass(frozen=True, slots=True)
class Side:
    """A page: its folio, the take it is of and which of its pages; no take for a blank one.

    `sheet` names all that the page depends on: the same name is the same picture.
    """

    label: str
    sheet: str
    number: int
    entry: str


@dataclass(frozen=True, slots=True)
class Spreads:
    """A printed book's pages from its first recto on, their size, where its remarks fall.

    `places` are indices of pages, one a remark; -1 where it is on none.
    """

    outline: Outline
    sides: tuple[Side, ...]
    places: tuple[int, ...]
    width: float
    height: float
