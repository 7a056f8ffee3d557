"""An EPUB's chapters as they were rendered: kept while nothing that a page is made of has changed.

A piece's template sees the whole book, and could print anything of it. Whether it looked is
noted while it is filled: a page is kept only where it looked at its own piece alone. With the
same templates and the same piece it will not look elsewhere the next time.
"""

from __future__ import annotations

import pickle
import zlib

from publisher.book.model import Book
from publisher.cache import Cache, digest_of
from publisher.provenance import provenance
from publisher.render.binding import Proof
from publisher.render.leaves import Leaf
from publisher.render.theme import Theme
from publisher.render.theme_sandbox import Sandbox
from publisher.wording import Wording


class KeptPages:
    """Chapters rendered before, in a cache."""

    def __init__(
        self, cache: Cache, environment: Sandbox, book: Book, theme: Theme, words: Wording
    ) -> None:
        self._cache, self._environment = cache, environment
        environment.watched = book
        self._base = digest_of(
            "page", provenance(), *_sources(theme), repr(theme.wishes), repr(words),
            repr(book.metadata),
        )  # fmt: skip

    def find(self, leaf: Leaf) -> Proof | None:
        """The chapter's page; nothing where it is to be rendered."""
        self._environment.asked = False
        kept = self._cache.get(self._key(leaf)) if leaf.chapter else None
        if kept is None:
            return None
        sheet: Proof = pickle.loads(zlib.decompress(kept))  # noqa: S301 - sealed
        return sheet

    def keep(self, leaf: Leaf, sheet: Proof) -> None:
        """Keep a chapter's page, if nothing but the chapter was looked at for it."""
        if leaf.chapter and not self._environment.asked:
            self._cache.put(self._key(leaf), zlib.compress(pickle.dumps(sheet, protocol=5), 1))

    def _key(self, leaf: Leaf) -> str:
        return digest_of(self._base, repr(leaf))


def _sources(theme: Theme) -> list[str]:
    """The texts of all that a template may be made of."""
    return [
        f"{path.name}\0{path.read_text('utf-8', 'replace')}"
        for folder in theme.folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".j2", ".toml"} and path.is_file()
    ]
