"""The contents go down to headings where that helps."""

from __future__ import annotations

import pytest
from booksample import BOOK
from msgspec.structs import replace

from publisher.book.model import Book, Chapter, Heading, Part
from publisher.render.contents import lists_headings


def book(*pieces: str) -> Book:
    chapters = tuple(
        Chapter(
            f"c{n}", f"Piece {n}", f"Piece {n}", "<p>Text.</p>", f"{n}.md",
            headings=tuple(Heading(f"c{n}-{m}", text, 2) for m, text in enumerate(said.split())),
        )
        for n, said in enumerate(pieces)
    )  # fmt: skip
    return replace(BOOK, parts=(Part("p", "", chapters),))


@pytest.mark.parametrize(
    ("pieces", "listed"),
    [
        (("Fog Rain", "Snow Hail"), True),
        (("Summary Quotations", "Summary Quotations"), False),
        (("Summary Fog Rain Snow", "Summary Hail Wind"), True),
        (("Summary Summary",), True),
        (("Fog", "Rain", "Snow", "Hail", "Wind", "Sun"), False),
        (("", ""), True),
    ],
)
def test_headings_are_listed_where_they_lead_somewhere(
    pieces: tuple[str, ...], listed: bool
) -> None:
    assert lists_headings(book(*pieces)) is listed
