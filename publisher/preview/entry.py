"""The contents of a book as the preview lists them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from publisher.book.model import Book
from publisher.render.leaves import Leaf, leaves
from publisher.wording import Wording


class Entry(Struct, frozen=True):
    """A line of the contents; `key` names the same page from one build to the next.

    `kind` is front, part, piece or back; `page` is its file in the EPUB, `path` its note.
    """

    key: str
    title: str
    kind: str
    page: str
    path: str = ""
    byline: str = ""
    language: str = ""


def entries_of(book: Book, words: Wording) -> tuple[Entry, ...]:
    """A line for every page of the book, in reading order."""
    return tuple(_entries(leaves(book, words)))


def _entries(every: Iterable[Leaf]) -> Iterable[Entry]:
    for leaf in every:
        names = ", ".join(byline.name for byline in leaf.chapter.bylines) if leaf.chapter else ""
        # A glossary may be several pages; only the first has an anchor of its own.
        yield Entry(
            leaf.anchor or leaf.name,
            _title(leaf),
            _kind(leaf),
            f"text/{leaf.name}.xhtml",
            leaf.path,
            names,
            leaf.language,
        )


def _title(leaf: Leaf) -> str:
    """The page's title; what has but the book's own is called by what it is."""
    if leaf.template in ("half-title", "title-page"):
        return leaf.template.replace("-", " ").capitalize()
    return leaf.title


def _kind(leaf: Leaf) -> str:
    if leaf.template in ("part", "piece"):
        return leaf.template
    return "front" if leaf.matter == "frontmatter" else "back"
