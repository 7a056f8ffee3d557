"""What a take leaves when it is printed alone: PDF objects that can stand in any file.

Nothing in it knows its number: every reference is counted from the take's own first
object, and becomes absolute when the takes are bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

# Numbers that mean the same in every take; a take's own objects are counted from OWN.
FONTS, ROOT, DOCUMENT, RESOURCES, OWN = 0, 1, 2, 3, 8
POINTS = 0.75  # in a CSS pixel
SEPARATOR = b"\n\xff\x00\n"
_TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|\b(\d+) 0 ([RS])\b", re.DOTALL)


class Relocatable(Struct, frozen=True):
    """PDF source with gaps for numbers; a number below zero counts structure parents."""

    source: bytes = b""
    numbers: tuple[int, ...] = ()

    def at(self, table: Sequence[int]) -> bytes:
        """The source where own object n stands at `table[n]`.

        A table ends with its structure parents, the first one last.
        """
        if not self.numbers:
            return self.source % ()
        return self.source % tuple(map(table.__getitem__, self.numbers))


def relocatable(pieces: Iterable[bytes], places: dict[int, int]) -> Relocatable:
    """The pieces as one source; `places` maps the numbers in it to a take's own.

    `7 0 R` is a reference, `7 0 S` the structure parent of that number.
    """
    numbers: list[int] = []

    def gap(found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        number = int(found[1])
        if found[2] == b"S":
            numbers.append(-1 - number)
            return b"%d"
        numbers.append(places[number])
        return b"%d 0 R"

    source = _TOKEN.sub(gap, SEPARATOR.join(pieces).replace(b"%", b"%%"))
    return Relocatable(source, tuple(numbers))


def parts(source: bytes) -> list[bytes]:
    """The pieces that were made relocatable together."""
    return source.split(SEPARATOR) if source else []


class Sort(Struct, frozen=True):
    """Figures in a page's content that print where `anchor` stands, and the ten codes.

    Each has its place in the packed content, and how much of the text is left from there on.
    """

    anchor: str
    places: tuple[tuple[int, int], ...]
    codes: tuple[bytes, ...]


class Leaf(Struct, frozen=True):
    """A page as printed: its dictionary and its packed content (`movable.py` where figures change)."""

    own: int
    dictionary: Relocatable
    content: bytes
    sorts: tuple[Sort, ...] = ()


class Flow(Struct, frozen=True):
    """A stream object: its own number, its dictionary, its bytes; a digest where shared."""

    own: int
    dictionary: Relocatable
    body: bytes
    digest: str = ""


class Impression(Struct, frozen=True):
    """All that the binder needs of a take."""

    count: int
    leaves: tuple[Leaf, ...]
    objects: Relocatable
    own: tuple[int, ...]
    flows: tuple[Flow, ...]
    states: tuple[tuple[str, bytes], ...]
    resources: Relocatable
    faces: tuple[dict[str, Any], ...]
    kids: Relocatable = Relocatable()
    parents: Relocatable = Relocatable()
    identities: tuple[tuple[bytes, int], ...] = ()
    names: tuple[bytes, ...] = ()
    destinations: Relocatable = Relocatable()
    linked: tuple[bytes, ...] = ()
    masks: Relocatable = Relocatable()  # states that are drawings themselves


class Bookmark(Struct, frozen=True):
    """A line of the outline, and where on its page it leads, in points from its foot."""

    level: int
    label: str
    x: float
    y: float
    state: str


class Side(Struct, frozen=True):
    """A page as the compositor sees it; `block` and `letters` say where its text begins."""

    name: str
    blank: bool
    anchors: tuple[str, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    block: int = -1
    letters: int = 0


class Placed(Struct, frozen=True):
    """A picture of pixels where it is printed coarsest: its size there, in points.

    `name` is the picture's in the book, `note` the path of the piece it stands in.
    """

    name: str
    pixels: tuple[int, int]
    width: float
    height: float
    note: str = ""

    @property
    def resolution(self) -> float:
        """Pixels to the inch, in the direction that has fewer."""
        wide, high = self.pixels
        return min(72 * wide / self.width, 72 * high / self.height)


class Proof(Struct, frozen=True):
    """What is read of a take before it is bound. `begins` is the break its sheet asks for."""

    sides: tuple[Side, ...]
    begins: str
    faces: tuple[str, ...]
    loose: bool = True  # its figures can be changed in the finished page
    missing: str = ""  # characters that no font has
    squeezed: int = 0  # tables set smaller to fit
    turned: int = 0  # lines of code too long for the page
    crowded: bool = False  # more in the margin than it has room for
    entries: int = 0  # of a list that goes on in another take; -1 where it has no full page
    full: bool = False  # no more of that list was looked at than fills its pages
    pictures: tuple[Placed, ...] = ()
