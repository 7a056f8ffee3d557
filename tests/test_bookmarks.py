"""The outline of a book is the one that WeasyPrint would have made of it."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from weasyprint.anchors import make_page_bookmark_tree
from weasyprint.matrix import Matrix

from publisher.render.pdf.bookmarks import Line, outline
from publisher.render.pdf.impression import Bookmark

LEVELS = [
    [],
    [[1]],
    [[], [1, 2, 2], [1], [], [2, 3]],
    [[1, 4], [2, 6, 5], [3]],  # levels are skipped, and some of them come after all
    [[3], [2], [1]],
    [[2, 4, 3], [1, 6], [6, 2]],
    [[1, 3, 4, 2], [4, 1]],
]


def pages_of(levels: list[list[int]]) -> list[list[Bookmark]]:
    names = iter(range(1_000))
    return [
        [Bookmark(level, f"{next(names)}", level * 3.5, 7, "open") for level in page]
        for page in levels
    ]


def theirs(pages: list[list[Bookmark]]) -> list[Any]:
    """As WeasyPrint makes it: (label, (page, x, y), those below, state)."""
    top: list[Any] = []
    levels, skipped, before = [top], list[int](), 0
    for number, marks in enumerate(pages):
        page = SimpleNamespace(bookmarks=[(m.level, m.label, (m.x, m.y), m.state) for m in marks])
        before = make_page_bookmark_tree(page, skipped, levels, before, number, Matrix())
    return top


def ours(lines: list[Line]) -> list[Any]:
    return [
        (line.mark.label, (line.page, line.mark.x, line.mark.y), ours(line.below), line.mark.state)
        for line in lines
    ]


@pytest.mark.parametrize("levels", LEVELS)
def test_the_outline_is_that_of_the_engine(levels: list[list[int]]) -> None:
    pages = pages_of(levels)
    assert ours(outline(pages)) == theirs(pages)


def test_so_it_is_whatever_the_order_of_levels() -> None:
    chance = Random(65)
    for _ in range(300):
        pages = pages_of([[chance.randint(1, 6) for _ in range(4)] for _ in range(3)])
        assert ours(outline(pages)) == theirs(pages)
