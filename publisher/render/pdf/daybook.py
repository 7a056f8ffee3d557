"""What the press learned when it last had a book: one entry to read in place of a thousand."""

from __future__ import annotations

import pickle
from typing import Generic, TypeVar

from publisher.cache import digest_of
from publisher.render.pdf.store import Store
from publisher.render.pdf.tools import tools

Learned = TypeVar("Learned")


class Daybook(Generic[Learned]):
    """What was learned of a book, by name. It may be lost: all of it can be learned again."""

    def __init__(self, store: Store, *about: str) -> None:
        """`about` are the kind of things learned and the book."""
        self._store, self._key = store, digest_of("daybook", tools(), *about)
        kept = store.get(self._key)
        self.learned: dict[str, Learned] = pickle.loads(kept) if kept else {}  # noqa: S301 - sealed

    def write(self, learned: dict[str, Learned]) -> None:
        """Keep this in the place of what was learned before."""
        if learned != self.learned:
            self._store.put(self._key, pickle.dumps(learned, protocol=5))
            self.learned = learned
