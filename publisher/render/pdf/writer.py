"""A PDF file written gathering by gathering, with the table of all objects at its end."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import IO

from msgspec import Struct

from publisher.render.pdf.gathering import FREE, PLAIN, Folded, Gathering, packed_as, written

STEP = 64  # at a multiple of it the numbers of a gathering begin
STRIDE = 4_096  # and those of one that stands apart
ROWS = 1 << 16  # of the table of objects, made at a time
BRANCH = 256  # entries in a leaf of a name or number tree, and leaves on a branch


class Writer:
    """Gives gatherings their numbers, and writes them in the order in which they are sewn."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._position = 0
        self._kinds = bytearray([FREE])
        self._places = array("Q", [0])
        self._indices = array("H", [65535])
        self._hand = ThreadPoolExecutor(1, "publisher-packing")
        self._write(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")

    def begin(self, room: int = 0, *, apart: bool = False) -> Gathering:
        """A gathering behind those that were sewn; others may be sewn before one with `room`."""
        first = self.first(apart=apart)
        self._reach(first + room)
        return Gathering(first, self._hand)

    def first(self, *, apart: bool = False) -> int:
        """The first number of the next gathering, which may stand `apart` from those before."""
        end = len(self._kinds)
        return end + -end % (STRIDE if apart else STEP) if end > 1 else end

    def sew(self, folded: Folded) -> None:
        """Write a gathering, which nothing can be added to any more."""
        first, count = folded.first, len(folded.kinds)
        self._reach(first + count)
        self._kinds[first : first + count] = folded.kinds
        self._places[first : first + count] = folded.places
        self._indices[first : first + count] = folded.indices
        for at, place in folded.streams:
            self._places[first + at] = self._position + place
        self._write(folded.body)

    def packed(self, number: int, body: bytes) -> None:
        """A stream of packed bytes, under a number that a gathering left free."""
        self._kinds[number], self._places[number] = PLAIN, self._position
        self._write_stream(number, packed_as(body), body)

    def _reach(self, end: int) -> None:
        more = max(0, end - len(self._kinds))
        self._kinds.extend(bytes(more))
        self._places.frombytes(bytes(8 * more))
        self._indices.frombytes(bytes(2 * more))

    def close(self, catalog: int, information: int, identifier: bytes) -> None:
        """The table of all objects, and the end."""
        self._hand.shutdown()
        number = len(self._kinds)
        self._reach(number + 1)
        start = self._position
        self._kinds[number], self._places[number] = PLAIN, start
        width = max(3, (start.bit_length() + 7) // 8)
        packer = zlib.compressobj(2)
        # The table of a long book is ten megabytes: a part of it at a time is enough.
        parts = range(0, len(self._kinds), ROWS)
        body = b"".join(packer.compress(self._rows(width, first)) for first in parts)
        body += packer.flush()
        said = b"<</Type/XRef/Size %d/W[1 %d 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
            number + 1, width, catalog, information, identifier, identifier
        )  # fmt: skip
        said += b"/Filter/FlateDecode/Length %d>>" % len(body)
        self._write_stream(number, said, body)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _rows(self, width: int, first: int) -> bytes:
        """Rows of the table: a byte of kind, `width` of place, two of index, big end first."""
        step, part = 1 + width + 2, slice(first, first + ROWS)
        kinds = self._kinds[part]
        rows = bytearray(step * len(kinds))
        rows[0::step] = kinds
        for column, size, kept, given in (
            (1, 8, width, self._places),
            (1 + width, 2, 2, self._indices),
        ):
            numbers = given[part]
            if sys.byteorder == "little":
                numbers.byteswap()
            raw = numbers.tobytes()
            for byte in range(kept):
                rows[column + byte :: step] = raw[size - kept + byte :: size]
        return bytes(rows)

    def _write_stream(self, number: int, dictionary: bytes, body: bytes) -> None:
        for piece in written(number, dictionary, body):
            self._write(piece)

    def _write(self, raw: bytes) -> None:
        self._file.write(raw)
        self._position += len(raw)


class Branch(Struct, frozen=True):
    """A node of a name or number tree, and the first and last key below it."""

    low: bytes
    high: bytes
    node: int


def leaf(into: Gathering, kind: bytes, entries: Sequence[tuple[bytes, bytes]]) -> Branch:
    """A leaf of a tree: keys, in order, with their values; there is one at least."""
    low, high = entries[0][0], entries[-1][0]
    pairs = b" ".join(key + b" " + value for key, value in entries)
    return Branch(low, high, into.new(b"<</Limits[%s %s]/%s[%s]>>" % (low, high, kind, pairs)))


def leaves(
    into: Gathering, kind: bytes, entries: Iterable[tuple[bytes, bytes]]
) -> Iterator[Branch]:
    """As many leaves as the entries need."""
    rest = iter(entries)
    while some := tuple(islice(rest, BRANCH)):
        yield leaf(into, kind, some)


def tree(into: Gathering, branches: Iterable[Branch]) -> bytes:
    """The source of a tree's root, over branches in the order of their keys."""
    level = list(branches)
    while len(level) > BRANCH:
        level = [_over(into, level[at : at + BRANCH]) for at in range(0, len(level), BRANCH)]
    return b"<</Kids[%s]>>" % references(branch.node for branch in level)


def _over(into: Gathering, below: Sequence[Branch]) -> Branch:
    low, high, kids = below[0].low, below[-1].high, references(one.node for one in below)
    return Branch(low, high, into.new(b"<</Limits[%s %s]/Kids[%s]>>" % (low, high, kids)))


def named(name: bytes) -> bytes:
    """A name as a key."""
    return b"<%s>" % name.hex().encode()


def references(numbers: Iterable[int]) -> bytes:
    """References to objects, in a row."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
