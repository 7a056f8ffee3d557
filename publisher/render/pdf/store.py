"""Where a build puts what is not in its hands: the cache, a folder of its own, or memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from publisher.cache import Cache
from publisher.problem import SetupError


class Store:
    """A cache from which nothing put in this build is lost before its end."""

    def __init__(self, cache: Cache | None) -> None:
        self._folder = None
        if cache is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="publisher-", ignore_cleanup_errors=True
            )
        self._cache = cache or Cache(Path(self._folder.name if self._folder else ""))
        self._memory: dict[str, bytes] = {}
        self._used: set[str] = set()
        self._added = 0  # bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._folder is None:
            if self._added:
                self._cache.tidy(self._used, self._added)
        else:
            self._folder.cleanup()

    def get(self, key: str) -> bytes | None:
        """What is kept under the key."""
        self._used.add(key)
        return self._memory.get(key) or self._cache.get(key)

    def used(self, key: str) -> None:
        """What is under the key is of this build, though nobody had to read it."""
        self._used.add(key)

    def need(self, key: str) -> bytes:
        """What was put under the key in this build."""
        kept = self.get(key)
        if kept is None:
            raise LostEntryError("the cache was cleared while a book was made: build it again")
        return kept

    def has(self, key: str) -> bool:
        """Whether something is kept under the key."""
        return key in self._memory or self._cache.has(key)

    def put(self, key: str, payload: bytes, *, keep: bool = True) -> None:
        """Keep the bytes, for this build alone if not `keep`."""
        self._used.add(key)
        self._added += len(payload)
        # A full disk costs memory, not the book.
        if not keep or not self._cache.put(key, payload):
            self._memory[key] = payload


class LostEntryError(SetupError):
    """Another process cleared the cache while it was in use."""
