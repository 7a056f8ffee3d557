"""Takes are bound: their objects get numbers, their pages folios, the book its trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import pydyf
from msgspec import Struct

from publisher.render.pdf.bookmarks import Line, outline
from publisher.render.pdf.bound_take import (
    PARENTS_APART,
    BoundTake,
    Place,
    TakeBinder,
    Volume,
    add_flows,
    states_of,
)
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.gathering import Gathering
from publisher.render.pdf.impression import FONTS, OWN, Bookmark, Impression, parts
from publisher.render.pdf.jobs import Papers
from publisher.render.pdf.type_case import Cast, FontCase
from publisher.render.pdf.writer import Branch, Writer, leaves, named, references, tree

HEAD = 63  # numbers, for what a reader looks at first


class Bound(Struct):
    """What has been bound so far, for the trees that are written last."""

    pages: list[int]
    subtrees: list[int]
    kids: list[bytes]
    parents: list[Branch]
    names: dict[bytes, bytes]
    linked: dict[bytes, int]
    identities: list[Branch]
    pictures: dict[str, int]
    next_parent: int = 0


class Binder:
    """Binds takes as they come; no more than one is in memory."""

    def __init__(self, file: IO[bytes], folios: Folios) -> None:
        self.writer = Writer(file)
        self.folios = folios
        self.case = FontCase()
        self._head = self.writer.begin(HEAD)
        self.catalog, self.pages, self.root, self.document, self.fonts = (
            self._head.number() for _ in range(5)
        )
        self.bound = Bound([], [], [], [], {}, {}, [], {})

    def place(self, *, padded: bool, apart: bool = False) -> Place:
        """Where the next take goes."""
        parents = self.bound.next_parent
        parents += -parents % PARENTS_APART if apart else 0
        return Place(self.writer.first(apart=apart), parents, padded, apart)

    def is_true(self, take: BoundTake, place: Place, inks: Sequence[Ink | None]) -> bool:
        """Whether a take would be bound there, with that beside it, just as it was before."""
        pictures = self.bound.pictures
        return (
            take.place == place
            and list(map(bool, take.beside)) == [ink is not None for ink in inks]
            and take.states == states_of(inks)
            and all(pictures.get(digest) == number for digest, number in take.lent)
            and not any(digest in pictures for digest, _ in take.pictures)
        )

    def add(self, take: BoundTake, inks: Sequence[Ink | None]) -> None:
        """Sew a take to those before it; `inks` are what is beside each page, None for blank ones."""
        bound = self.bound
        self.writer.sew(take.folded)
        for shown in take.shown:
            self.writer.packed(shown.number, shown.at(self.folios))
        self.case.add(take.faces)
        for number, ink in zip(take.beside, inks, strict=True):
            if ink is not None:
                self.writer.packed(number, ink.content)
                self.case.add(ink.faces)
        bound.pages += take.pages
        bound.subtrees.append(take.node)
        bound.kids.append(take.kids)
        bound.next_parent = take.next_parent
        bound.parents += [take.parents] if take.parents else []
        bound.identities += [take.identities] if take.identities else []
        bound.pictures |= take.pictures
        for name, place in take.names:
            bound.names.setdefault(name, place)
        for name in take.linked:
            bound.linked.setdefault(name, take.pages[-1])

    def bind(self, impression: Impression, place: Place, inks: Sequence[Ink | None]) -> BoundTake:
        """A take in its place; what is beside each page, None for blank ones."""
        shared = (self.pages, self.root, self.document, self.fonts)
        volume = Volume(*shared, self.bound.pictures)
        into = self.writer.begin(apart=place.apart)
        return TakeBinder(into, volume, impression, place).bind(inks)

    def close(
        self,
        papers: Papers,
        cast: Cast,
        bookmarks: Sequence[Sequence[Bookmark]],
        name: bytes,
    ) -> None:
        """Write the fonts, the trees and the end."""
        bound, into, head = self.bound, self.writer.begin(), self._head
        for link, page in bound.linked.items():
            # What is not on paper has no place: a link to it stays where it is.
            bound.names.setdefault(link, b"[%d 0 R /XYZ 0 0 0]" % page)
        self._fonts(into, cast)
        self._structure(into)
        pages = (len(bound.pages), references(bound.subtrees))
        head.add(self.pages, b"<</Type/Pages/Count %d/Kids[%s]>>" % pages)
        entries = ((named(anchor), place) for anchor, place in sorted(bound.names.items()))
        names = into.new(tree(into, leaves(into, b"Names", entries)))
        metadata = into.number()
        said = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(papers.metadata)
        into.stream(metadata, said, papers.metadata)
        outline = self._outline(into, bookmarks)
        head.add(
            self.catalog,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
            b"/ViewerPreferences<</DisplayDocTitle true>>/Lang %s/Metadata %d 0 R%s"
            b"/Names<</Dests %d 0 R>>/PageLabels<</Nums[%s]>>>>"
            % (
                self.pages, self.root, papers.language, metadata, outline, names, self._labels()
            ),
        )  # fmt: skip
        information = into.new(papers.information)
        self.writer.sew(into.fold())
        self.writer.sew(head.fold())
        self.writer.close(self.catalog, information, name)

    def _structure(self, into: Gathering) -> None:
        bound, head = self.bound, self._head
        parents = into.new(tree(into, bound.parents))
        identities = into.new(tree(into, sorted(bound.identities, key=lambda one: one.low)))
        root = (parents, bound.next_parent, self.document, identities)
        head.add(
            self.root,
            b"<</Type/StructTreeRoot/ParentTree %d 0 R/ParentTreeNextKey %d/K[%d 0 R]"
            b"/IDTree %d 0 R>>" % root,
        )
        document = (self.root, b" ".join(bound.kids))
        head.add(self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % document)

    def _fonts(self, into: Gathering, cast: Cast) -> None:
        base = into.number(cast.count - OWN)
        table = [0] * OWN + list(range(base, base + cast.count - OWN))
        table[FONTS] = self.fonts
        numbers = map(table.__getitem__, cast.own)
        for number, source in zip(numbers, parts(cast.objects.at(table)), strict=True):
            (self._head if number == self.fonts else into).add(number, source)
        add_flows(into, cast.flows, table)

    def _labels(self) -> bytes:
        front = self.folios.front
        return b"0<</S/r>>%d<</S/D>>" % front if front else b"0<</S/D>>"

    def _outline(self, into: Gathering, bookmarks: Sequence[Sequence[Bookmark]]) -> bytes:
        top = outline(bookmarks)
        if not top:
            return b""
        root = into.number()
        first, last, count = self._lines(into, top, root)
        ends = (first, last, count)
        into.add(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends)
        return b"/Outlines %d 0 R" % root

    def _lines(self, into: Gathering, lines: Sequence[Line], parent: int) -> tuple[int, int, int]:
        """Lines of the outline and those below them: first, last, how many are open."""
        numbers = [into.number() for _ in lines]
        shown = 0
        for index, line in enumerate(lines):
            mark = line.mark
            x, y = (pydyf._to_bytes(float(length)) for length in (mark.x, mark.y))  # noqa: SLF001
            place = (self.bound.pages[line.page], x, y)
            source = b"<</Title %s/Parent %d 0 R" % (pydyf.String(mark.label).data, parent)
            source += b"/Dest[%d 0 R/XYZ %s %s 0]" % place
            if index:
                source += b"/Prev %d 0 R" % numbers[index - 1]
            if index + 1 < len(numbers):
                source += b"/Next %d 0 R" % numbers[index + 1]
            if line.below:
                ends = self._lines(into, line.below, numbers[index])
                open_ = ends[2] if mark.state != "closed" else -ends[2]
                source += b"/First %d 0 R/Last %d 0 R/Count %d" % (*ends[:2], open_)
                shown += max(open_, 0)
            into.add(numbers[index], source + b">>")
            shown += 1
        return numbers[0], numbers[-1], shown
