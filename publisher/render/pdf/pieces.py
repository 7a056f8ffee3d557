"""The pieces of a book in their order, and where they and their notes come to stand."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.book.model import Book, Chapter
from publisher.render.pdf.folios import Folios


def first_sheets(book: Book) -> Iterator[str]:
    """What the body may begin with, in order."""
    for part in book.parts:
        if part.title:
            yield part.anchor
        yield from (chapter.anchor for chapter in part.chapters)


def chapters(book: Book) -> Iterator[Chapter]:
    """Every piece in order."""
    for part in book.parts:
        yield from part.chapters


def slipped_notes(book: Book, folios: Folios) -> frozenset[str]:
    """The pieces with a footnote that does not stand on the page of its call."""
    return frozenset(
        chapter.anchor
        for chapter in chapters(book)
        for note in chapter.footnotes
        if folios.leaves.get(note.anchor) != folios.leaves.get(note.call)
    )
