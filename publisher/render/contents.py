"""What the contents list below the titles of the pieces."""

from __future__ import annotations

from publisher.book.model import Book

FEW_PIECES = 6  # fewer have room for their headings
LEVEL = 2  # of the headings that are listed


def lists_headings(book: Book) -> bool:
    """Whether the contents go down to the pieces' own headings.

    They do in a book of few pieces, but for one whose pieces all have the same: “Summary” and
    “Quotations” under each title lead nobody anywhere.
    """
    pieces = [chapter for part in book.parts for chapter in part.chapters]
    said = [
        heading.text for chapter in pieces for heading in chapter.headings if heading.level == LEVEL
    ]
    is_alike = len(pieces) > 1 and len(set(said)) * 2 <= len(said) > 0
    return len(pieces) < FEW_PIECES and not is_alike
