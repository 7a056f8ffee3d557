"""A PDF file written as it comes: objects leave memory two hundred at a time.

They are packed by another hand while more are made, and written in the order in which they came.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate, chain, islice
from typing import IO

TOGETHER = 200  # objects in an object stream
PACKING = 4  # of zlib's levels: half the time of the usual one, for a hundredth more of the file
AHEAD = 32  # object streams being packed: they come in bursts
ROWS = 1 << 16  # of the table of objects, made at a time
BRANCH = 256  # entries in a leaf of a name or number tree
_FREE, _PLAIN, _PACKED = 0, 1, 2


class Writer:
    """Numbers, collects and writes objects; a number may be given out before its object is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._position = 0
        self._kinds = bytearray([_FREE])
        self._places = array("Q", [0])
        self._indices = array("H", [65535])
        self._numbers: list[int] = []  # of the sources that wait to be packed
        self._sources: list[bytes] = []
        self._hand = ThreadPoolExecutor(1, "publisher-packing")
        self._packing: deque[tuple[int, bytes, Future[bytes]]] = deque()
        self._write(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")

    def number(self, count: int = 1) -> int:
        """The first of so many fresh numbers."""
        first = len(self._kinds)
        self._kinds.extend(bytes(count))
        self._places.extend([0] * count)
        self._indices.extend([0] * count)
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
        self._kinds[number], self._places[number] = _PLAIN, self._position
        self._write(b"%d 0 obj\n%s\nstream\n" % (number, dictionary))
        self._write(body)
        self._write(b"\nendstream\nendobj\n")

    def packed(self, number: int, body: bytes) -> None:
        """A stream of packed bytes and nothing more to say of them."""
        self.stream(number, b"<</Filter/FlateDecode/Length %d>>" % len(body), body)

    def close(self, catalog: int, information: int, identifier: bytes) -> None:
        """The table of all objects, and the end."""
        self._pack()
        self._write_packed(0)
        self._hand.shutdown()
        number = self.number()
        start = self._position
        self._kinds[number], self._places[number] = _PLAIN, start
        width = max(3, (start.bit_length() + 7) // 8)
        packer = zlib.compressobj(2)
        # The table of a long book is ten megabytes: a part of it at a time is enough.
        parts = range(0, len(self._kinds), ROWS)
        body = b"".join(packer.compress(self._rows(width, first)) for first in parts)
        body += packer.flush()
        self.stream(
            number,
            b"<</Type/XRef/Size %d/W[1 %d 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
            b"/Filter/FlateDecode/Length %d>>"
            % (len(self._kinds), width, catalog, information, identifier, identifier, len(body)),
            body,
        )
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

    def _pack(self) -> None:
        numbers, sources = self._numbers[:TOGETHER], self._sources[:TOGETHER]
        if not numbers:
            return
        del self._numbers[:TOGETHER], self._sources[:TOGETHER]
        number = self.number()
        for place, own in enumerate(numbers):
            self._kinds[own], self._places[own], self._indices[own] = _PACKED, number, place
        # A long book has half a million of them: one format for all is what Python is fast at.
        offsets = accumulate((len(source) + 1 for source in sources), initial=0)
        index = tuple(chain.from_iterable(zip(numbers, offsets, strict=False)))
        head = b" ".join([b"%d %d"] * len(numbers)) % index + b"\n"
        said = b"/N %d/First %d" % (len(numbers), len(head))
        coming = self._hand.submit(_packed, head, sources)
        self._packing.append((number, said, coming))
        self._write_packed(AHEAD)

    def _write_packed(self, left: int) -> None:
        """Write what was packed first, until so many are left."""
        while len(self._packing) > left:
            number, said, coming = self._packing.popleft()
            body = coming.result()
            dictionary = b"<</Type/ObjStm%s/Filter/FlateDecode/Length %d>>" % (said, len(body))
            self.stream(number, dictionary, body)

    def _write(self, raw: bytes) -> None:
        self._file.write(raw)
        self._position += len(raw)


def _packed(head: bytes, sources: Sequence[bytes]) -> bytes:
    return zlib.compress(head + b"\n".join(sources), PACKING)


def name_tree(writer: Writer, entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A tree over names, which are in order; the source of its root."""
    return _tree(writer, ((b"<%s>" % name.hex().encode(), v) for name, v in entries), b"Names")


def number_tree(writer: Writer, entries: Iterable[tuple[int, bytes]]) -> bytes:
    """A tree over numbers, which are in order; the source of its root."""
    return _tree(writer, ((b"%d" % number, value) for number, value in entries), b"Nums")


def _tree(writer: Writer, entries: Iterator[tuple[bytes, bytes]], kind: bytes) -> bytes:
    kids = []
    while some := tuple(islice(entries, BRANCH)):
        pairs = b" ".join(key + b" " + value for key, value in some)
        limits = b"%s %s" % (some[0][0], some[-1][0])
        kids.append(writer.new(b"<</Limits[%s]/%s[%s]>>" % (limits, kind, pairs)))
    return b"<</Kids[%s]>>" % references(kids)


def references(numbers: Iterable[int]) -> bytes:
    """References to objects, in a row."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
