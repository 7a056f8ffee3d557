"""In the bindery, settled takes get their folios and fonts and become one file."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from hashlib import sha256

from msgspec.structs import replace

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.pdf.binder import Binder
from publisher.render.pdf.bound_take import BoundTake, Place
from publisher.render.pdf.crew import Crew, Order, Outcome
from publisher.render.pdf.finished import Finished
from publisher.render.pdf.foliation import CHUNK, Foliation, Ink, chunks
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Bookmark, Impression
from publisher.render.pdf.jobs import CastJob, FolioJob, Papers, PapersJob
from publisher.render.pdf.makeready import Makeready, face_key
from publisher.render.pdf.standing import Standing
from publisher.render.pdf.store import Store
from publisher.render.pdf.tools import tools
from publisher.render.pdf.type_case import Cast, Merged

APART = 16  # takes, about, of which one stands apart
SHEETS_AT_HAND = 4  # of folios: neighbouring pages are of few kinds
Name = tuple[str, int]
Beside = Callable[[int, str], Ink | None]  # what is printed on a leaf, beside a page of that name


class Bindery:
    """Binds what was made ready."""

    def __init__(
        self, ready: Makeready, crew: Crew, store: Store, foliation: Foliation, head: str
    ) -> None:
        self._ready, self._crew, self._store = ready, crew, store
        self._foliation, self._head = foliation, head
        self._attributes = attributes(head)
        self._papers_key = digest_of("papers", tools(), head)
        self._faces: set[str] = set()

    def bind(self, folios: Folios, progress: Callable[[int, int], None]) -> tuple[Finished, int]:
        """The finished PDF, and how many pages it has."""
        standing, starts = self._ready.standing, self._ready.starts()
        beside = self._beside(standing, starts, folios)
        finished = Finished()
        bookmarks: list[Sequence[Bookmark]] = []
        with no_sweeping(), ThreadPoolExecutor(1, "publisher-keeping") as hand:
            binder = Binder(finished.file, folios)
            for number, (start, one) in enumerate(zip(starts, standing, strict=True)):
                padded = start > len(binder.bound.pages) + 1
                sides = one.sides
                bookmarks += [()] * padded + [side.bookmarks for side in sides]
                place = binder.place(padded=padded, apart=_stands_apart(one))
                inks = _by_page(beside, start, one)
                binder.add(self._bound(number, binder, place, inks, hand), inks)
                progress(number + 1, len(standing))
            made = sha256("".join(one.key for one in standing).encode()).hexdigest()
            cast = self._cast(binder.case.merged())
            binder.close(self._papers(), cast, bookmarks, made[:32].encode())
        return finished, len(binder.bound.pages)

    def _bound(
        self,
        number: int,
        binder: Binder,
        place: Place,
        inks: Sequence[Ink | None],
        hand: Executor,
    ) -> BoundTake:
        """A take as it was bound before where that is true still; what is new is kept."""
        one = self._ready.standing[number]
        key = digest_of("bound", tools(), one.key)
        kept = self._store.get(key)
        if kept is not None and one.proof and all(map(self._has, one.proof.faces)):
            take: BoundTake = pickle.loads(kept)  # noqa: S301 - sealed
            if binder.is_true(take, place, inks):
                self._store.used(one.key)
                return take
        take = binder.bind(self._impression(number, one), place, inks)
        hand.submit(self._store.put, key, pickle.dumps(take, protocol=5))
        return take

    def bind_alone(self, number: int, folios: Folios) -> bytes:
        """A file of one take, with the folios and page numbers that it has in the book."""
        one, start = self._ready.standing[number], self._ready.starts()[number]
        inks = _by_page(self._own_beside(one, start, folios), start, one)
        finished = Finished()
        binder = Binder(finished.file, folios)
        place = binder.place(padded=False)
        binder.add(binder.bind(self._impression(number, one), place, inks), inks)
        name = sha256(one.key.encode()).hexdigest()[:32].encode()
        bookmarks = [side.bookmarks for side in one.proof.sides] if one.proof else []
        binder.close(self._papers(), self._cast(binder.case.merged()), bookmarks, name)
        return finished.read()

    def _beside(
        self, standing: Sequence[Standing], starts: Sequence[int], folios: Folios
    ) -> Beside:
        """What is printed on the leaves of takes beside them."""
        wanted = self._wanted(standing, starts, folios)
        keys = {name: self._key(name) for name in wanted}
        sheets = self._sheets(keys)

        def ink(leaf: int, name: str) -> Ink | None:
            sheet = sheets(_sheet_of(leaf, name, folios))
            return sheet[(_number(leaf, folios) - 1) % CHUNK] if sheet else None

        return ink

    def _own_beside(self, one: Standing, start: int, folios: Folios) -> Beside:
        """The same for one take: of sheets that are still to be printed no more than its pages."""
        wanted = self._wanted([one], [start], folios)
        if all(self._store.has(self._key(name)) for name in wanted):
            return self._beside([one], [start], folios)
        pages = one.sides
        first, last = (_number(leaf, folios) for leaf in (start, start + len(pages) - 1))
        if first > last:  # figures begin anew within it
            return self._beside([one], [start], folios)
        inks: dict[str, tuple[Ink | None, ...]] = {}
        for name in dict.fromkeys(name for name, _ in wanted):
            job = replace(self._job((name, first)), count=last - first + 1)
            inks[name] = self._inks(self._crew.ask(job))

        def ink(leaf: int, name: str) -> Ink | None:
            return inks[name][_number(leaf, folios) - first] if name in inks else None

        return ink

    def _wanted(
        self, standing: Sequence[Standing], starts: Sequence[int], folios: Folios
    ) -> list[Name]:
        pages = (
            (side.name, _number(start + n, folios))
            for start, one in zip(starts, standing, strict=True)
            for n, side in enumerate(one.sides)
            if not side.blank
        )
        return chunks(pages, self._foliation)

    def _has(self, face: str) -> bool:
        if face not in self._faces and self._store.has(face_key(face)):
            self._faces.add(face)
        return face in self._faces

    def _impression(self, number: int, one: Standing) -> Impression:
        kept = self._store.get(one.key)
        if kept is None or not one.proof or not all(map(self._has, one.proof.faces)):
            self._ready.again(number)
            kept = self._store.need(one.key)
        impression: Impression = pickle.loads(kept)  # noqa: S301 - sealed
        return impression

    def _sheets(self, keys: Mapping[Name, str]) -> Callable[[Name], tuple[Ink | None, ...]]:
        """Print the sheets of folios that were never printed before."""
        for key, outcome in self._crew.run(self._orders(tuple(keys))):
            self.take_in(key, outcome)

        @lru_cache(maxsize=SHEETS_AT_HAND)
        def sheet(name: Name) -> tuple[Ink | None, ...]:
            if name not in keys:
                return ()
            kept = self._store.get(keys[name])
            if kept is None:
                self.take_in(keys[name], self._crew.ask(self._job(name)))
                kept = self._store.need(keys[name])
            inks: tuple[Ink | None, ...] = pickle.loads(kept)  # noqa: S301 - sealed
            return inks

        return sheet

    def ahead(self, folios: Folios) -> Sequence[Order]:
        """Orders for what is wanted beside takes, as far as these are printed."""
        return self._orders(self._wanted(self._ready.standing, self._ready.starts(), folios))

    def _orders(self, wanted: Sequence[Name]) -> list[Order]:
        orders = [Order(self._key(name), 4_000, partial(self._job, name)) for name in wanted]
        orders.append(Order(self._papers_key, 400, lambda: PapersJob(self._head)))
        return [order for order in orders if not self._store.has(order.name)]

    def take_in(self, key: str, outcome: Outcome) -> None:
        """Keep a sheet of folios, or the papers. Raises SetupError where there is none."""
        if key != self._papers_key:
            self._store.put(key, pickle.dumps(self._inks(outcome), protocol=5))
            return
        if not outcome.done:
            raise SetupError(f"the title and authors cannot be put into the PDF: {outcome.value}")
        self._store.put(key, pickle.dumps(outcome.value))

    def _inks(self, outcome: Outcome) -> tuple[Ink | None, ...]:
        """The folios of a sheet; the fonts they are printed in are kept."""
        if not outcome.done:
            raise SetupError(f"the folios cannot be printed: {outcome.value}")
        inks, files = outcome.value
        for name, body in files:
            if not self._store.has(face_key(name)):
                self._store.put(face_key(name), body)
        return tuple(inks)

    def _papers(self) -> Papers:
        kept = self._store.get(self._papers_key)
        if kept is None:
            self.take_in(self._papers_key, self._crew.ask(PapersJob(self._head)))
            kept = self._store.need(self._papers_key)
        papers: Papers = pickle.loads(kept)  # noqa: S301 - sealed
        return papers

    def _key(self, name: Name) -> str:
        alone = self._foliation.alone()
        parts = (self._crew.kit_name, name[0], str(name[1]), alone, self._attributes)
        return digest_of("folios", tools(), *parts)

    def _job(self, name: Name) -> FolioJob:
        return FolioJob(name[0], name[1], self._foliation.alone(), self._attributes, CHUNK)

    def _cast(self, faces: tuple[Merged, ...]) -> Cast:
        shown = repr([(f.file, sorted(f.record["to_unicode"].items())) for f in faces])
        widths = repr([sorted(f.record["widths"].items()) for f in faces])
        key = digest_of("cast", tools(), shown, widths)
        kept = self._store.get(key)
        if kept is None:
            files = {face.file: self._store.need(face_key(face.file)) for face in faces}
            outcome = self._crew.ask(CastJob(faces, tuple(sorted(files.items()))))
            if not outcome.done:
                raise SetupError(f"the fonts cannot be embedded: {outcome.value}")
            kept = outcome.value
            self._store.put(key, kept)
        cast: Cast = pickle.loads(kept)  # noqa: S301 - sealed
        return cast


@contextmanager
def no_sweeping() -> Iterator[None]:
    """Hold the collector back: a million objects come and go, and none holds on to another."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def attributes(head: str) -> str:
    """Language and direction, as the book's own document has them."""
    return head.partition("<html")[2].partition(">")[0].strip()


def _by_page(beside: Beside, start: int, one: Standing) -> list[Ink | None]:
    """What is beside each page of a take that begins on a leaf."""
    sides = enumerate(one.sides, start)
    return [None if side.blank else beside(leaf, side.name) for leaf, side in sides]


def _stands_apart(one: Standing) -> bool:
    """Whether the numbers of a take begin far enough behind others not to be moved by them.

    By its name: that stays what it is when others come and go.
    """
    anchor = one.take.anchor
    return bool(anchor) and int(digest_of(anchor)[:8], 16) % APART == 0


def _sheet_of(leaf: int, name: str, folios: Folios) -> Name:
    """The sheet of folios that a leaf's is printed on."""
    return name, (_number(leaf, folios) - 1) // CHUNK * CHUNK + 1


def _number(leaf: int, folios: Folios) -> int:
    return leaf if leaf <= folios.front else leaf - folios.front
