"""The printed pages, made by the press that prints the book, bound piece by piece."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from publisher.book.model import Book, Chapter
from publisher.cache import Cache, cache_folder, digest_of
from publisher.pipeline import Copy, Progress, asset_reader, collected, prepare
from publisher.presswork import in_theme, job_for
from publisher.preview import plate
from publisher.preview.ebook import OpenPlan, outline_of
from publisher.preview.entry import Entry
from publisher.preview.remark import Remark
from publisher.preview.spread import Side, Spreads
from publisher.problem import Problem
from publisher.render.page_starts import PageStart
from publisher.render.pdf.bindery import Bindery
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.faults import across_sheets
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.kit import kit_for
from publisher.render.pdf.lodge import open_up
from publisher.render.pdf.makeready import Makeready
from publisher.render.pdf.pieces import chapters
from publisher.render.pdf.press import PrintEdition, Printing
from publisher.render.pdf.references import printed
from publisher.render.pdf.store import Store
from publisher.render.prepress.interior import laid_out
from publisher.resolution import at_embeds, coarse_pictures
from publisher.wording import Wording


class Pressroom:
    """Prints the book anew, and keeps what binds its takes until the next time.

    Its crew stays, too, as long as books are printed with the same kit.
    """

    def __init__(self) -> None:
        if os.cpu_count() != 1:
            open_up()  # the vault is read before there is work for anybody
        self._crew: Crew | None = None
        self._printing: Printing | None = None
        self._folios = Folios()
        self._names: dict[str, str] = {}  # of sheets, by the anchors of their takes
        self._binders: dict[str, Callable[[], bytes]] = {}

    def print(self, open_plan: OpenPlan, progress: Progress, shown: str = "") -> Iterator[Spreads]:
        """Lay out what the cache does not hold. Raises SetupError where there is no book.

        Where much is to be laid out, the piece that is shown comes first: the other pages
        are as they were until all are made.
        """
        root, plan, found = open_plan()
        job = job_for(plan)
        copy = prepare(root, plan, progress, curly_quotes=True, cache=Cache(cache_folder()))
        problems = (*found, *copy.draft.problems, *copy.assembled.problems)
        if job is None:
            with self._layout(copy, "", progress) as (printing, bindery):
                if glance := self._glance(copy, printing, bindery, shown, problems):
                    yield glance
                edition = self._settle(copy, "", printing, bindery)
        else:
            job = in_theme(job, plan, copy.theme)
            edition = laid_out(lambda css: self._lay_out(copy, css, progress), job)[0]
        coarse = coarse_pictures(copy, edition.placed, job.printer if job else None)
        told = at_embeds(copy, edition.problems)
        yield self._whole(copy, edition, collected(problems, told, coarse))

    def bind(self, sheet: str) -> bytes:
        """A take as a file; nothing where it is no longer of the book."""
        binder = self._binders.get(sheet)
        return binder() if binder else b""

    @contextmanager
    def _layout(
        self, copy: Copy, extra_css: str, progress: Progress
    ) -> Iterator[tuple[Printing, Bindery]]:
        """The book made ready to be printed, and the bindery that takes what is."""
        book, theme = copy.assembled.book, copy.theme
        kit, given = kit_for(book.metadata.language, theme, extra_css)
        crew = self._crew_with(kit)
        proofs = self._printing.ready.proofs() if self._printing else {}
        with Store(Cache(cache_folder())) as store:
            printing = Printing(book, theme, copy.draft.words, crew, store)
            printing.make_ready(asset_reader(copy.draft.vault.root), progress, proofs)
            yield printing, Bindery(printing.ready, crew, store, given, printing.head)

    def _crew_with(self, kit: Kit) -> Crew:
        crew = Crew(kit, prompt=True, giving_way=True)
        if self._crew is None or self._crew.kit_name != crew.kit_name:
            if self._crew:  # what it still does is wanted no more, and need not be waited for
                self._crew.dismiss(wait=False)
            self._crew = crew
        return self._crew

    def close(self) -> None:
        """Send the crew home."""
        if self._crew:
            self._crew.dismiss()
            self._crew = None

    def _lay_out(self, copy: Copy, extra_css: str, progress: Progress) -> PrintEdition:
        with self._layout(copy, extra_css, progress) as (printing, bindery):
            return self._settle(copy, extra_css, printing, bindery)

    def _settle(
        self, copy: Copy, extra_css: str, printing: Printing, bindery: Bindery
    ) -> PrintEdition:
        folios = printing.settle()
        ready = printing.ready
        self._printing, self._folios = printing, folios
        names = tuple(_sheets(ready, folios, copy.draft.words))
        self._binders = {
            name: partial(bindery.bind_alone, number, folios) for number, name in enumerate(names)
        }
        anchors = (one.take.anchor for one in ready.standing)
        self._names = dict(zip(anchors, names, strict=True))
        pages = ready.starts()[-1] + ready.standing[-1].pages - 1
        css = copy.theme.print_css + extra_css
        problems = (*across_sheets(copy.theme, css), *printing.problems())
        starts, placed = ready.page_starts(folios), printing.placed()
        return PrintEdition(b"", pages, folios, problems, starts, placed)

    def _glance(
        self,
        copy: Copy,
        printing: Printing,
        bindery: Bindery,
        shown: str,
        problems: tuple[Problem, ...],
    ) -> Spreads | None:
        """The piece that is shown, set anew among what was there; None where it can wait."""
        crew = self._crew
        assert crew is not None  # noqa: S101 - it has made ready
        with crew.before_they_come():
            first = printing.ready.print_first(shown, printing.first) if shown else -1
            if first < 0:
                return None
            return self._first_spreads(copy, printing, bindery, first, problems)

    def _first_spreads(
        self,
        copy: Copy,
        printing: Printing,
        bindery: Bindery,
        first: int,
        problems: tuple[Problem, ...],
    ) -> Spreads:
        ready, folios = printing.ready, printing.ready.folios(printing.first)
        name = tuple(_sheets(ready, folios, copy.draft.words))[first]
        names = tuple(
            name if number == first else self._names.get(one.take.anchor, "")
            for number, one in enumerate(ready.standing)
        )
        pdf = bindery.bind_alone(first, folios)
        outline = outline_of(copy, pages_of(copy.assembled.book), collected(problems))
        sides = tuple(_sides(ready, folios, names, outline.entries, fresh=name))
        starts = ready.page_starts(folios)
        places = tuple(_place(remark, starts, folios, sides) for remark in outline.remarks)
        return Spreads(outline, sides, places, *plate.size(pdf), bound={name: pdf})

    def _whole(self, copy: Copy, edition: PrintEdition, problems: tuple[Problem, ...]) -> Spreads:
        printing, folios = self._printing, self._folios
        assert printing is not None  # noqa: S101 - laid out just now
        outline = outline_of(copy, pages_of(copy.assembled.book), problems)
        sides = tuple(_sides(printing.ready, folios, tuple(self._binders), outline.entries))
        places = tuple(_place(remark, edition.starts, folios, sides) for remark in outline.remarks)
        first = next(side.sheet for side in sides if side.sheet)
        return Spreads(outline, sides, places, *plate.size(self.bind(first)))


def pages_of(book: Book) -> Mapping[str, bytes]:
    """The text of each piece as a page of its own, by its anchor: enough to find a line in."""
    return {chapter.anchor: _page(chapter) for chapter in chapters(book)}


def _page(chapter: Chapter) -> bytes:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f'<h1>{chapter.title_xhtml}</h1><div class="body">{chapter.xhtml}</div></html>'
    ).encode()


def _sheets(ready: Makeready, folios: Folios, words: Wording) -> Iterator[str]:
    """A name for each take: of what is on it, where it lies, and the numbers printed there."""
    for start, one in zip(ready.starts(), ready.standing, strict=True):
        numbers = printed(one.take.markers, folios, words)
        yield digest_of(one.key, str(start), str(folios.front), *numbers)


def _sides(
    ready: Makeready,
    folios: Folios,
    sheets: tuple[str, ...],
    entries: tuple[Entry, ...],
    fresh: str = "",
) -> Iterator[Side]:
    """Every page; where one sheet alone is `fresh`, all others are stale."""
    known = {entry.key for entry in entries}
    leaf, entry = 1, entries[0].key
    for start, one, sheet in zip(ready.starts(), ready.standing, sheets, strict=True):
        while leaf < start:
            yield Side(folios.label(leaf), "", 0, entry)
            leaf += 1
        entry = one.take.anchor if one.take.anchor in known else entry
        for number in range(one.pages):
            blank = one.proof is not None and one.proof.sides[number].blank
            stale = fresh not in ("", sheet)
            yield Side(folios.label(leaf), "" if blank else sheet, number, entry, stale)
            leaf += 1


def _place(
    remark: Remark, starts: tuple[PageStart, ...], folios: Folios, sides: tuple[Side, ...]
) -> int:
    """The index of the page on which the remark's block begins, or its piece does."""
    leaf = folios.leaves.get(remark.entry, 0)
    for start in starts:
        if start.anchor == remark.entry and start.block >= 0 <= remark.body:
            leaf += (start.block, start.letters) <= (remark.body, 0)
    return leaf - 1 if 0 < leaf <= len(sides) else -1
