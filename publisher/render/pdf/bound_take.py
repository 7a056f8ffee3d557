"""A take is bound: its objects get numbers, its pages folios and the figures they show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.gathering import Folded, Gathering
from publisher.render.pdf.impression import (
    DOCUMENT,
    FONTS,
    OWN,
    RESOURCES,
    ROOT,
    Flow,
    Impression,
    Leaf,
    Sort,
    parts,
)
from publisher.render.pdf.movable import change
from publisher.render.pdf.writer import Branch, leaf, named, references

PARENTS = 16  # at a multiple of it the structure parents of a take begin
PARENTS_APART = 512  # and those of one that stands apart


States = tuple[tuple[str, bytes], ...]


class Place(Struct, frozen=True):
    """Where a take is bound: its first numbers, and whether a blank page is before it.

    One that stands `apart` stays there where those before it have some objects more.
    """

    first: int
    parents: int
    padded: bool
    apart: bool = False


class Shown(Struct, frozen=True):
    """The content of a page that shows figures which change; its number in the file."""

    number: int
    content: bytes
    sorts: tuple[Sort, ...]

    def at(self, folios: Folios) -> bytes:
        """The content with the pages that the figures name."""
        return change(self.content, _figures(self.sorts, folios))


class BoundTake(Struct, frozen=True):
    """A take as it is in the file, and what the book's trees are to know of it.

    It is the same wherever its place is, and pictures that others brought are where they were
    `lent` from. What its pages have `beside` them, of which it needs the `states`, and what is
    `shown` with figures that change are written each time; their numbers are kept for them, 0
    for a page that has nothing beside it.
    """

    place: Place
    folded: Folded
    shown: tuple[Shown, ...]
    beside: tuple[int, ...]
    states: States
    lent: tuple[tuple[str, int], ...]
    pictures: tuple[tuple[str, int], ...]
    pages: tuple[int, ...]
    node: int
    kids: bytes
    next_parent: int
    parents: Branch | None
    identities: Branch | None
    names: tuple[tuple[bytes, bytes], ...]
    linked: tuple[bytes, ...]
    faces: tuple[dict[str, Any], ...]


class Volume(Struct, frozen=True):
    """What a take has in common with the others of its book: objects by their numbers."""

    pages: int
    root: int
    document: int
    fonts: int
    pictures: Mapping[str, int]  # those bound so far


class TakeBinder:
    """Binds one take in its place."""

    def __init__(
        self, into: Gathering, volume: Volume, impression: Impression, place: Place
    ) -> None:
        self._into, self._volume, self._place = into, volume, place
        self._impression = impression
        self._table = self._numbers()

    def bind(self, inks: Sequence[Ink | None]) -> BoundTake:
        """The take; `inks` are what is beside each page, None for blank ones."""
        into, table, one, place = self._into, self._table, self._impression, self._place
        node = into.number()
        lent = self._objects()
        states = states_of(inks)
        self._resources(states)
        blank = [self._blank(node)] if place.padded else []
        shown, beside = self._pages(node, inks)
        kids = [*blank, *(table[side.own] for side in one.leaves)]
        pages = (self._volume.pages, len(kids), references(kids))
        into.add(node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % pages)
        held = parts(one.parents.at(table))
        end = place.parents + len(held)
        pictures = tuple((flow.digest, table[flow.own]) for flow in one.flows if flow.digest)
        return BoundTake(
            place,
            shown=shown,
            beside=beside,
            states=states,
            lent=tuple(picture for picture in pictures if picture[0] in lent),
            pictures=tuple(picture for picture in pictures if picture[0] not in lent),
            pages=tuple(kids),
            node=node,
            kids=one.kids.at(table),
            next_parent=end + -end % PARENTS,
            parents=_leaf(
                into, b"Nums", ((b"%d" % n, v) for n, v in enumerate(held, place.parents))
            ),
            identities=_leaf(
                into,
                b"Names",
                sorted((named(name), b"%d 0 R" % table[own]) for name, own in one.identities),
            ),
            names=tuple(zip(one.names, parts(one.destinations.at(table)), strict=True)),
            linked=one.linked,
            faces=one.faces,
            folded=into.fold(),
        )

    def _numbers(self) -> list[int]:
        """Where each own number stands in the file; a picture bound before stands there.

        Structure parents follow, counted from the end: they have numbers below nought.
        """
        one, volume, parents = self._impression, self._volume, self._place.parents
        base = self._into.number(one.count - OWN)
        table = [0] * OWN + list(range(base, base + one.count - OWN))
        table[FONTS], table[ROOT], table[DOCUMENT] = volume.fonts, volume.root, volume.document
        table[RESOURCES] = self._into.number()
        for flow in one.flows:
            if flow.digest:
                table[flow.own] = volume.pictures.get(flow.digest, table[flow.own])
        count = len(parts(one.parents.source))
        return table + list(range(parents + count - 1, parents - 1, -1))

    def _objects(self) -> frozenset[str]:
        """Write what the pages are made of; the pictures that were bound before."""
        one, known = self._impression, self._volume.pictures
        numbers = map(self._table.__getitem__, one.own)
        self._into.add_all(numbers, parts(one.objects.at(self._table)))
        add_flows(self._into, (f for f in one.flows if f.digest not in known), self._table)
        return frozenset(flow.digest for flow in one.flows if flow.digest in known)

    def _resources(self, beside: States) -> None:
        states = sorted((dict(self._impression.states) | dict(beside)).items())
        listed = b"".join(b"/%s %s" % (k.encode(), v) for k, v in states)
        listed += b"".join(parts(self._impression.masks.at(self._table)))
        rest = self._impression.resources.at(self._table)
        source = b"<<%s/ExtGState<<%s>>/Font %d 0 R>>" % (rest, listed, self._volume.fonts)
        self._into.add(self._table[RESOURCES], source)

    def _pages(
        self, node: int, inks: Sequence[Ink | None]
    ) -> tuple[tuple[Shown, ...], tuple[int, ...]]:
        """Write the pages; what they show that changes, and the numbers of what is beside them."""
        into, parents = self._into, self._place.parents
        shown: list[Shown] = []
        beside: list[int] = []
        for parent, (side, ink) in enumerate(
            zip(self._impression.leaves, inks, strict=True), parents
        ):
            content = into.number()
            beside.append(into.number() if ink else 0)
            if side.sorts:
                shown.append(Shown(content, side.content, side.sorts))
            else:
                into.packed(content, side.content)
            self._page(side, [content, beside[-1]] if ink else [content], (node, parent))
        return tuple(shown), tuple(beside)

    def _page(self, side: Leaf, contents: Sequence[int], place: tuple[int, int]) -> None:
        node, parent = place
        source = b"<<%s/Parent %d 0 R/StructParents %d/Resources %d 0 R/Contents[%s]>>" % (
            side.dictionary.at(self._table),
            node,
            parent,
            self._table[RESOURCES],
            references(contents),
        )
        self._into.add(self._table[side.own], source)

    def _blank(self, node: int) -> int:
        """An empty page as large as the one after it."""
        source = self._impression.leaves[0].dictionary.source
        boxes = [
            piece
            for piece in source.replace(b"/", b"\x00/").split(b"\x00")
            if piece.startswith((b"/MediaBox", b"/TrimBox", b"/BleedBox"))
        ]
        kept = (b"".join(boxes) % (), node, self._table[RESOURCES])
        return self._into.new(b"<</Type/Page%s/Parent %d 0 R/Resources %d 0 R>>" % kept)


def _leaf(into: Gathering, kind: bytes, entries: Iterable[tuple[bytes, bytes]]) -> Branch | None:
    listed = tuple(entries)
    return leaf(into, kind, listed) if listed else None


def states_of(inks: Iterable[Ink | None]) -> States:
    """What the pages' resources need for what is beside them."""
    return tuple(sorted(dict(state for ink in inks if ink for state in ink.states).items()))


def _figures(sorts: Iterable[Sort], folios: Folios) -> Iterator[tuple[int, int, bytes]]:
    for sort in sorts:
        # A number that has become shorter since its place was measured fills it.
        figures = folios.of(sort.anchor).rjust(len(sort.places), "0")
        for (place, rest), figure in zip(sort.places, figures, strict=False):
            yield place, rest, sort.codes[int(figure)]


def add_flows(into: Gathering, flows: Iterable[Flow], table: list[int]) -> None:
    """Write streams as they are."""
    for flow in flows:
        into.stream(table[flow.own], flow.dictionary.at(table), flow.body)
