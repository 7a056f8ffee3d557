"""Texts are put by in a tray: a long book has more of them than memory should hold."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from weakref import finalize

from msgspec import Struct

IN_MEMORY = 4_000_000  # bytes; what a book of 400 pages comes to


class Tray:
    """Holds texts one after the other, in a file that goes when nobody needs it any more."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when let go
        self._end = 0
        finalize(self, self._file.close)

    def put(self, text: bytes) -> Slip:
        """Put a text by."""
        slip = Slip(self, self._end, len(text))
        self._file.seek(self._end)
        self._file.write(text)
        self._end += len(text)
        return slip

    def take(self, start: int, length: int) -> bytes:
        """The text at a place."""
        self._file.seek(start)
        return self._file.read(length)


class Slip(Struct, frozen=True):
    """Where in its tray a text lies."""

    tray: Tray
    start: int
    length: int

    def read(self) -> bytes:
        """The text."""
        return self.tray.take(self.start, self.length)
