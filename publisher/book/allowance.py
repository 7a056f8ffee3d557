"""How much a book may grow by embeds, so that a ring of notes can't fill memory."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from publisher.vault.galley import Chunk

# Four million words: more than any book is printed with.
_BOOK = 24_000_000
# What one chapter may show again that it has shown before.
_AGAIN = 200_000
# An embed costs its frame, and a chunk its tags, also where they hold little text.
_FRAME = 500
_CHUNK = 50


class Allowance(Struct):
    """Characters that embeds may still add to the book."""

    left: int = _BOOK

    def chapter(self) -> ChapterAllowance:
        """A chapter's share: as much as there is, but little of it twice."""
        return ChapterAllowance(self)


class ChapterAllowance(Struct):
    """What embeds may still add to one chapter."""

    book: Allowance
    again: int = _AGAIN
    shown: set[object] = field(default_factory=set)

    def grants(self, key: object, passage: Sequence[Chunk]) -> bool:
        """Whether the passage may be set here; if so, it is counted."""
        size = _FRAME + sum(len(c) if isinstance(c, str) else _CHUNK for c in passage)
        if size > self.book.left or (key in self.shown and size > self.again):
            return False
        self.book.left -= size
        if key in self.shown:
            self.again -= size
        self.shown.add(key)
        return True
