"""Where every anchor stands in the printed book, and the page numbers printed there."""

from __future__ import annotations

from msgspec import Struct, field

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip

# After an anchor: not where its element begins but the last page that it goes on to.
LAST = "$"


class Folios(Struct, frozen=True):
    """The leaves anchors stand on, counted from 1; the first `front` carry roman folios.

    `ends` are the last leaves of what goes on from one to others.
    """

    leaves: dict[str, int] = field(default_factory=dict)
    front: int = 0
    ends: dict[str, int] = field(default_factory=dict)

    def of(self, anchor: str) -> str:
        """The folio where an anchor stands, or three digits' worth of room for it."""
        last = anchor.endswith(LAST)
        leaf = self.last(anchor.removesuffix(LAST)) if last else self.leaves.get(anchor)
        return "000" if not leaf else self.label(leaf)

    def last(self, anchor: str) -> int:
        """The last leaf of the element with that anchor; 0 where it is not known."""
        return self.ends.get(anchor, self.leaves.get(anchor, 0))

    def label(self, leaf: int) -> str:
        """The folio of a leaf: roman in the front matter, then arabic from 1."""
        return roman(leaf) if leaf <= self.front else str(leaf - self.front)

    def knows(self, anchor: str) -> bool:
        """Whether the anchor was met in a rendering."""
        return anchor in self.leaves

    def together(self, one: str, other: str) -> bool:
        """Whether both anchors lie open before the reader: on one page, or facing."""
        here, there = self.leaves.get(one), self.leaves.get(other)
        return here is not None and there is not None and here // 2 == there // 2


def roman(number: int) -> str:
    """A number in small roman numerals."""
    out = []
    for value, letters in ROMAN:
        times, number = divmod(number, value)
        out.append(letters * times)
    return "".join(out)
