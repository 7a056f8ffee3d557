"""A finished file that has no name yet: a long book's would be half of all memory it takes."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

PIECE = 1 << 20  # bytes that are in memory at a time


class Finished:
    """What was bound, on disk until it is put in its place; nothing is left of it then."""

    def __init__(self) -> None:
        self.file: IO[bytes] = TemporaryFile(prefix="publisher-", buffering=PIECE)  # noqa: SIM115
        weakref.finalize(self, self.file.close)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finished) and self.read() == other.read()

    def __hash__(self) -> int:
        return hash(self.read())

    def __len__(self) -> int:
        self.file.flush()
        return os.fstat(self.file.fileno()).st_size

    def read(self) -> bytes:
        """All of it."""
        return os.pread(self.file.fileno(), len(self), 0)

    def write_to(self, path: Path) -> None:
        """Copy it there. Raises OSError where that can't be."""
        with path.open("wb") as target:
            for start in range(0, len(self), PIECE):
                target.write(os.pread(self.file.fileno(), PIECE, start))
