"""The objects of a take as one run of bytes, folded apart and sewn into the file as they are.

What nobody moved since a book was last bound need not be folded again: numbers begin at round
ones, so that a few objects more in one gathering change no number in those behind it.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from itertools import accumulate, chain

from msgspec import Struct

TOGETHER = 200  # objects in an object stream
PACKING = 4  # of zlib's levels: half the time of the usual one, for a hundredth more of the file
FREE, PLAIN, PACKED = 0, 1, 2  # of objects, as the file's table has them


class Folded(Struct, frozen=True):
    """Objects written, and the rows of the file's table for all numbers from `first` on.

    Of a packed object the row says in which object stream it is and at which place, of a plain
    one nothing yet: `streams` has its number, counted from `first`, and its place in the body.
    """

    first: int
    body: bytes
    kinds: bytes
    places: array[int]
    indices: array[int]
    streams: tuple[tuple[int, int], ...]


class Gathering:
    """Numbers, collects and writes objects; a number may be given out before its object is."""

    def __init__(self, first: int, hand: Executor) -> None:
        """`hand` packs objects while more are made."""
        self.first, self._hand = first, hand
        self._count = 0
        self._numbers: list[int] = []  # of the sources that wait to be packed
        self._sources: list[bytes] = []
        # Stream after stream: its number, what its dictionary says, its body.
        self._streams: list[tuple[int, bytes, bytes | Future[bytes]]] = []
        self._packed: list[tuple[int, list[int]]] = []

    def number(self, count: int = 1) -> int:
        """The first of so many fresh numbers."""
        first = self.first + self._count
        self._count += count
        return first

    def add(self, number: int, source: bytes) -> None:
        """An object that is no stream."""
        self._numbers.append(number)
        self._sources.append(source)
        if len(self._numbers) >= TOGETHER:
            self._pack()

    def add_all(self, numbers: Iterable[int], sources: Iterable[bytes]) -> None:
        """Objects that are no streams, as if one were added after the other."""
        self._numbers += numbers
        self._sources += sources
        while len(self._numbers) >= TOGETHER:
            self._pack()

    def new(self, source: bytes) -> int:
        """An object under a fresh number."""
        number = self.number()
        self.add(number, source)
        return number

    def stream(self, number: int, dictionary: bytes, body: bytes) -> None:
        """A stream; its dictionary says its length already."""
        self._streams.append((number, dictionary, body))

    def packed(self, number: int, body: bytes) -> None:
        """A stream of packed bytes and nothing more to say of them."""
        self.stream(number, packed_as(body), body)

    def _pack(self) -> None:
        numbers, sources = self._numbers[:TOGETHER], self._sources[:TOGETHER]
        del self._numbers[:TOGETHER], self._sources[:TOGETHER]
        number = self.number()
        self._packed.append((number, numbers))
        # A long book has half a million of them: one format for all is what Python is fast at.
        offsets = accumulate((len(source) + 1 for source in sources), initial=0)
        index = tuple(chain.from_iterable(zip(numbers, offsets, strict=False)))
        head = b" ".join([b"%d %d"] * len(numbers)) % index + b"\n"
        said = b"/N %d/First %d" % (len(numbers), len(head))
        self._streams.append((number, said, self._hand.submit(_packed, head, sources)))

    def fold(self) -> Folded:
        """All objects as they will stand in the file."""
        if self._numbers:
            self._pack()
        kinds = bytearray(self._count)
        places, indices = array("Q", bytes(8 * self._count)), array("H", bytes(2 * self._count))
        for stream, numbers in self._packed:
            for index, number in enumerate(numbers):
                at = number - self.first
                kinds[at], places[at], indices[at] = PACKED, stream, index
        pieces: list[bytes] = []
        streams: list[tuple[int, int]] = []
        position = 0
        for number, said, coming in self._streams:
            body = coming if isinstance(coming, bytes) else coming.result()
            if body is not coming:
                said = b"<</Type/ObjStm%s/Filter/FlateDecode/Length %d>>" % (said, len(body))
            pieces += written(number, said, body)
            kinds[number - self.first] = PLAIN
            streams.append((number - self.first, position))
            position += sum(map(len, pieces[-3:]))
        made = b"".join(pieces)
        return Folded(self.first, made, bytes(kinds), places, indices, tuple(streams))


def packed_as(body: bytes) -> bytes:
    """The dictionary of a stream of packed bytes of which there is nothing more to say."""
    return b"<</Filter/FlateDecode/Length %d>>" % len(body)


def written(number: int, dictionary: bytes, body: bytes) -> tuple[bytes, bytes, bytes]:
    """A stream as it stands in the file: in three pieces, as the body may be long."""
    return b"%d 0 obj\n%s\nstream\n" % (number, dictionary), body, b"\nendstream\nendobj\n"


def _packed(head: bytes, sources: Sequence[bytes]) -> bytes:
    return zlib.compress(head + b"\n".join(sources), PACKING)
