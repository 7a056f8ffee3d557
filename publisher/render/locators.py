"""Places become page numbers: each page once, pages in a row as a range, notes marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from publisher.book.model import Book, Locator, Place
from publisher.render.pdf.folios import LAST, Folios


class Spot(Struct, frozen=True):
    """An anchor to look up; with `until` all pages to the last one of that element."""

    anchor: str
    note: bool = False
    main: bool = False
    until: str = ""


class Run(Struct, frozen=True):
    """Pages in a row: `first` is the anchor its link leads to, `last` what gives its end.

    `last` is "" for a single page.
    """

    first: str
    last: str = ""
    note: bool = False
    main: bool = False


class _Leaf(Struct):
    anchor: str
    mark: str
    note: bool
    main: bool


def spots(places: Iterable[Place]) -> tuple[Spot, ...]:
    """What to look up for these places."""
    return tuple(
        Spot(p.anchor, p.note, p.main, p.until) if isinstance(p, Locator) else Spot(p.anchor)
        for p in places
    )


def runs(wanted: Iterable[Spot], folios: Folios) -> tuple[Run, ...]:
    """The pages of the spots, as they are printed.

    Pages that a text goes on over and pages that merely follow each other are one range;
    what is said in a note, and the main discussion, stand apart from the rest.
    """
    leaves: dict[int, _Leaf] = {}
    for spot in wanted:
        first = folios.leaves.get(spot.anchor)
        if first is None:
            continue
        last = max(folios.last(spot.until) if spot.until else first, first)
        for number in range(first, last + 1):
            mark = spot.anchor if number == first else _within(spot, number, last)
            leaf = leaves.setdefault(number, _Leaf(spot.anchor, mark, spot.note, spot.main))
            leaf.note = leaf.note and spot.note and not spot.main
            leaf.main = leaf.main or spot.main
            leaf.mark = leaf.mark or mark
    return tuple(_run([leaves[n] for n in pages]) for pages in _rows(leaves))


def _within(spot: Spot, number: int, last: int) -> str:
    """What names the folio of a page in the middle of a discussion: only its end has a name."""
    return spot.until + LAST if number == last else ""


def _rows(leaves: dict[int, _Leaf]) -> Iterator[list[int]]:
    row: list[int] = []
    for number in sorted(leaves):
        before = leaves[row[-1]] if row else None
        leaf = leaves[number]
        if (
            before is not None
            and number == row[-1] + 1
            and before.main == leaf.main
            and not (before.note or leaf.note)
        ):
            row.append(number)
            continue
        if row:
            yield row
        row = [number]
    if row:
        yield row


def _run(row: Sequence[_Leaf]) -> Run:
    first = row[0]
    # A row may begin in the middle of a longer one that its neighbours were cut from.
    last = row[-1].mark if len(row) > 1 else ""
    return Run(first.mark or first.anchor, last, first.note, first.main)


def in_words(run: Run, figures: Callable[[str], str], page_range: str, note_locator: str) -> str:
    """`12`, `12–14` or `12n`. Numbers are never cut short: `112–114`."""
    text = figures(run.first)
    if run.last:
        return page_range.format(first=text, last=figures(run.last))
    return note_locator.format(page=text) if run.note else text


def index_marks(book: Book) -> tuple[bool, bool]:
    """Whether the index marks main discussions, and notes: then it says so."""
    places = [place for entry in book.index for place in entry.places]
    return any(place.main for place in places), any(place.note for place in places)
