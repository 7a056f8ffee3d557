"""The bookmarks of pages become the outline of a book: lines, and below them other lines."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from publisher.render.pdf.impression import Bookmark


class Line(Struct, frozen=True):
    """A line of the outline, where it leads, and those below it; pages are counted from 0."""

    page: int
    mark: Bookmark
    below: list[Line] = field(default_factory=list)


def outline(pages: Iterable[Iterable[Bookmark]]) -> list[Line]:
    """The lines that stand below no other.

    A line stands below the last one of a higher level, however many levels lie between.
    """
    top: list[Line] = []
    above: list[Line] = []
    for page, marks in enumerate(pages):
        for mark in marks:
            while above and above[-1].mark.level >= mark.level:
                above.pop()
            line = Line(page, mark)
            (above[-1].below if above else top).append(line)
            above.append(line)
    return top
