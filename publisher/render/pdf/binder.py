"""Takes are bound: their objects get numbers, their pages folios, the book its trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import pydyf

from publisher.render.pdf.bookmarks import Line, outline
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import (
    DOCUMENT,
    FONTS,
    OWN,
    RESOURCES,
    ROOT,
    Bookmark,
    Flow,
    Impression,
    Leaf,
    Sort,
    parts,
)
from publisher.render.pdf.jobs import Papers
from publisher.render.pdf.movable import change
from publisher.render.pdf.type_case import Cast, FontCase
from publisher.render.pdf.writer import Writer, name_tree, number_tree, references


def contents_of(impression: Impression, folios: Folios) -> list[bytes]:
    """What each page shows, packed, the changeable figures set to the pages they name."""
    return [_content(leaf, folios) for leaf in impression.leaves]


def _content(leaf: Leaf, folios: Folios) -> bytes:
    if not leaf.sorts:
        return leaf.content
    return change(leaf.content, _figures(leaf.sorts, folios))


def _figures(sorts: Iterable[Sort], folios: Folios) -> Iterator[tuple[int, int, bytes]]:
    for sort in sorts:
        # A number that has become shorter since its place was measured fills it.
        figures = folios.of(sort.anchor).rjust(len(sort.places), "0")
        for (place, rest), figure in zip(sort.places, figures, strict=False):
            yield place, rest, sort.codes[int(figure)]


@dataclass(slots=True)
class Bound:
    """What has been bound so far, for the trees that are written last."""

    pages: list[int]
    subtrees: list[int]
    kids: list[bytes]
    parents: list[tuple[int, bytes]]
    names: dict[bytes, bytes]
    linked: dict[bytes, int]
    identities: list[tuple[bytes, bytes]]
    pictures: dict[str, int]
    next_parent: int = 0


class Binder:
    """Binds takes as they come; no more than one is in memory."""

    def __init__(
        self, file: IO[bytes], folios: Folios, ink: Callable[[int, str], Ink | None]
    ) -> None:
        self.writer = Writer(file)
        self.folios, self.ink = folios, ink
        self.case = FontCase()
        self.catalog, self.pages, self.root, self.document, self.fonts = (
            self.writer.number() for _ in range(5)
        )
        self.bound = Bound([], [], [], [], {}, {}, [], {})

    def bind(
        self,
        impression: Impression,
        contents: Sequence[bytes],
        names: Sequence[str | None],
        *,
        padded: bool,
    ) -> None:
        """Add a take and its pages' contents; `names` are the pages', None for blank ones."""
        writer, bound = self.writer, self.bound
        self.case.add(impression.faces)
        parents = bound.next_parent
        table = self._numbers(impression, parents)
        node = writer.number()
        inks = [
            None if name is None else self.ink(len(bound.pages) + padded + n + 1, name)
            for n, name in enumerate(names)
        ]
        self._objects(impression, table)
        self._resources(impression, table, inks)
        kids = []
        if padded:
            kids.append(self._blank(impression.leaves[0], node, table))
        sides = zip(impression.leaves, contents, inks, strict=True)
        for number, (leaf, content, ink) in enumerate(sides):
            self._page(leaf, content, ink, (node, table, parents + number))
            kids.append(table[leaf.own])
        bound.pages += kids
        bound.subtrees.append(node)
        pages = (self.pages, len(kids), references(kids))
        writer.add(node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % pages)
        self._trees(impression, table, parents, kids[-1])

    def _numbers(self, impression: Impression, parents: int) -> list[int]:
        """Where each own number stands in the file; a picture bound before stands there.

        Structure parents follow, counted from the end: they have numbers below nought.
        """
        base = self.writer.number(impression.count - OWN)
        table = [0] * OWN + list(range(base, base + impression.count - OWN))
        table[FONTS], table[ROOT], table[DOCUMENT] = self.fonts, self.root, self.document
        table[RESOURCES] = self.writer.number()
        for flow in impression.flows:
            if flow.digest:
                table[flow.own] = self.bound.pictures.get(flow.digest, table[flow.own])
        count = len(parts(impression.parents.source))
        return table + list(range(parents + count - 1, parents - 1, -1))

    def _objects(self, impression: Impression, table: list[int]) -> None:
        numbers = map(table.__getitem__, impression.own)
        self.writer.add_all(numbers, parts(impression.objects.at(table)))
        self._flows(impression.flows, table)

    def _flows(self, flows: Iterable[Flow], table: list[int]) -> None:
        for flow in flows:
            if flow.digest and flow.digest in self.bound.pictures:
                continue
            if flow.digest:
                self.bound.pictures[flow.digest] = table[flow.own]
            self.writer.stream(table[flow.own], flow.dictionary.at(table), flow.body)

    def _resources(
        self,
        impression: Impression,
        table: list[int],
        inks: Sequence[Ink | None],
    ) -> None:
        states = dict(impression.states)
        for ink in inks:
            if ink is not None:
                states |= dict(ink.states)
        listed = b"".join(b"/%s %s" % (k.encode(), v) for k, v in sorted(states.items()))
        rest = impression.resources.at(table)
        source = b"<<%s/ExtGState<<%s>>/Font %d 0 R>>" % (rest, listed, self.fonts)
        self.writer.add(table[RESOURCES], source)

    def _page(
        self, leaf: Leaf, content: bytes, ink: Ink | None, place: tuple[int, list[int], int]
    ) -> None:
        node, table, parent = place
        contents = [self.writer.number()]
        self.writer.packed(contents[0], content)
        if ink is not None:
            self.case.add(ink.faces)
            contents.append(self.writer.number())
            self.writer.packed(contents[1], ink.content)
        source = b"<<%s/Parent %d 0 R/StructParents %d/Resources %d 0 R/Contents[%s]>>" % (
            leaf.dictionary.at(table),
            node,
            parent,
            table[RESOURCES],
            references(contents),
        )
        self.writer.add(table[leaf.own], source)

    def _blank(self, leaf: Leaf, node: int, table: list[int]) -> int:
        """An empty page as large as the one after it."""
        boxes = [
            piece
            for piece in leaf.dictionary.source.replace(b"/", b"\x00/").split(b"\x00")
            if piece.startswith((b"/MediaBox", b"/TrimBox", b"/BleedBox"))
        ]
        kept = (b"".join(boxes) % (), node, table[RESOURCES])
        return self.writer.new(b"<</Type/Page%s/Parent %d 0 R/Resources %d 0 R>>" % kept)

    def _trees(self, impression: Impression, table: list[int], parents: int, last: int) -> None:
        bound = self.bound
        held = parts(impression.parents.at(table))
        bound.parents += [(parents + n, value) for n, value in enumerate(held)]
        bound.next_parent = parents + len(held)
        bound.kids.append(impression.kids.at(table))
        places = parts(impression.destinations.at(table))
        for name, place in zip(impression.names, places, strict=True):
            bound.names.setdefault(name, place)
        for name in impression.linked:
            bound.linked.setdefault(name, last)
        bound.identities += [(name, b"%d 0 R" % table[own]) for name, own in impression.identities]

    def close(self, papers: Papers, bookmarks: Sequence[Sequence[Bookmark]], name: bytes) -> None:
        """Write the trees and the end. The fonts must have been added."""
        writer, bound = self.writer, self.bound
        for link, page in bound.linked.items():
            # What is not on paper has no place: a link to it stays where it is.
            bound.names.setdefault(link, b"[%d 0 R /XYZ 0 0 0]" % page)
        parents = writer.new(number_tree(writer, bound.parents))
        bound.parents.clear()  # they are much of what is in memory now
        identities = writer.new(name_tree(writer, sorted(bound.identities)))
        root = (parents, bound.next_parent, self.document, identities)
        writer.add(
            self.root,
            b"<</Type/StructTreeRoot/ParentTree %d 0 R/ParentTreeNextKey %d/K[%d 0 R]"
            b"/IDTree %d 0 R>>" % root,
        )
        document = (self.root, b" ".join(bound.kids))
        writer.add(self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % document)
        pages = (len(bound.pages), references(bound.subtrees))
        writer.add(self.pages, b"<</Type/Pages/Count %d/Kids[%s]>>" % pages)
        names = writer.new(name_tree(writer, sorted(bound.names.items())))
        metadata = writer.number()
        head = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(papers.metadata)
        writer.stream(metadata, head, papers.metadata)
        outline = self._outline(bookmarks)
        writer.add(
            self.catalog,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
            b"/ViewerPreferences<</DisplayDocTitle true>>/Lang %s/Metadata %d 0 R%s"
            b"/Names<</Dests %d 0 R>>/PageLabels<</Nums[%s]>>>>"
            % (
                self.pages, self.root, papers.language, metadata, outline, names, self._labels()
            ),
        )  # fmt: skip
        writer.close(self.catalog, writer.new(papers.information), name)

    def add_fonts(self, cast: Cast) -> None:
        """The fonts of all that was bound."""
        base = self.writer.number(cast.count - OWN)
        table = [0] * OWN + list(range(base, base + cast.count - OWN))
        table[FONTS] = self.fonts
        self.writer.add_all(map(table.__getitem__, cast.own), parts(cast.objects.at(table)))
        self._flows(cast.flows, table)

    def _labels(self) -> bytes:
        front = self.folios.front
        return b"0<</S/r>>%d<</S/D>>" % front if front else b"0<</S/D>>"

    def _outline(self, bookmarks: Sequence[Sequence[Bookmark]]) -> bytes:
        top = outline(bookmarks)
        if not top:
            return b""
        root = self.writer.number()
        first, last, count = self._lines(top, root)
        ends = (first, last, count)
        self.writer.add(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends)
        return b"/Outlines %d 0 R" % root

    def _lines(self, lines: Sequence[Line], parent: int) -> tuple[int, int, int]:
        """Lines of the outline and those below them: first, last, how many are open."""
        numbers = [self.writer.number() for _ in lines]
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
                ends = self._lines(line.below, numbers[index])
                open_ = ends[2] if mark.state != "closed" else -ends[2]
                source += b"/First %d 0 R/Last %d 0 R/Count %d" % (*ends[:2], open_)
                shown += max(open_, 0)
            self.writer.add(numbers[index], source + b">>")
            shown += 1
        return numbers[0], numbers[-1], shown
