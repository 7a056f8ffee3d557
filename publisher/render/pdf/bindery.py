"""In the bindery, settled takes get their folios and fonts and become one file."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from hashlib import sha256

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.pdf.binder import Binder, contents_of
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

SHEETS_AT_HAND = 4  # of folios: neighbouring pages are of few kinds
Name = tuple[str, int]


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
        ink = self._ink(standing, starts, folios)
        finished = Finished()
        with no_sweeping():
            binder = Binder(finished.file, folios, ink)
            bookmarks: list[Sequence[Bookmark]] = []
            fetched = self._fetched(standing)
            for number, (start, one) in enumerate(zip(starts, standing, strict=True)):
                padded = start > len(binder.bound.pages) + 1
                sides = one.proof.sides if one.proof else ()
                bookmarks += [()] * padded + [side.bookmarks for side in sides]
                names = [None if side.blank else side.name for side in sides]
                impression = self._impression(number, one, next(fetched))
                binder.bind(impression, contents_of(impression, folios), names, padded=padded)
                progress(number + 1, len(standing))
            binder.add_fonts(self._cast(binder.case.merged()))
            made = sha256("".join(one.key for one in standing).encode()).hexdigest()
            binder.close(self._papers(), bookmarks, made[:32].encode())
        return finished, len(binder.bound.pages)

    def bind_alone(self, number: int, folios: Folios) -> bytes:
        """A file of one take, with the folios and page numbers that it has in the book."""
        one, start = self._ready.standing[number], self._ready.starts()[number]
        ink = self._own_ink(one, start, folios)
        finished = Finished()
        binder = Binder(finished.file, folios, lambda leaf, name: ink(leaf + start - 1, name))
        sides = one.proof.sides if one.proof else ()
        names = [None if side.blank else side.name for side in sides]
        impression = self._impression(number, one, self._store.get(one.key))
        binder.bind(impression, contents_of(impression, folios), names, padded=False)
        binder.add_fonts(self._cast(binder.case.merged()))
        name = sha256(one.key.encode()).hexdigest()[:32].encode()
        binder.close(self._papers(), [side.bookmarks for side in sides], name)
        return finished.read()

    def _ink(
        self, standing: Sequence[Standing], starts: Sequence[int], folios: Folios
    ) -> Callable[[int, str], Ink | None]:
        """What is printed on a leaf beside its take, of the kind of page named."""
        sheets = self._sheets(self._wanted(standing, starts, folios))

        def ink(leaf: int, name: str) -> Ink | None:
            number = _number(leaf, folios)
            sheet = sheets((name, (number - 1) // CHUNK * CHUNK + 1))
            return sheet[(number - 1) % CHUNK] if sheet else None

        return ink

    def _own_ink(
        self, one: Standing, start: int, folios: Folios
    ) -> Callable[[int, str], Ink | None]:
        """The same for one take: of sheets that are still to be printed no more than its pages."""
        wanted = self._wanted([one], [start], folios)
        if all(self._store.has(self._key(name)) for name in wanted):
            return self._ink([one], [start], folios)
        pages = one.proof.sides if one.proof else ()
        first, last = (_number(leaf, folios) for leaf in (start, start + len(pages) - 1))
        if first > last:  # figures begin anew within it
            return self._ink([one], [start], folios)
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
            for n, side in enumerate(one.proof.sides if one.proof else ())
            if not side.blank
        )
        return chunks(pages, self._foliation)

    def _has(self, face: str) -> bool:
        if face not in self._faces and self._store.has(face_key(face)):
            self._faces.add(face)
        return face in self._faces

    def _fetched(self, standing: Sequence[Standing]) -> Iterator[bytes | None]:
        """What is kept of each take; the next is fetched while one is bound."""
        keys = [one.key for one in standing]
        with ThreadPoolExecutor(1, "publisher-fetching") as hand:
            coming = hand.submit(self._store.get, keys[0])
            for key in keys[1:]:
                kept, coming = coming.result(), hand.submit(self._store.get, key)
                yield kept
            yield coming.result()

    def _impression(self, number: int, one: Standing, kept: bytes | None) -> Impression:
        if kept is None or not one.proof or not all(map(self._has, one.proof.faces)):
            self._ready.again(number)
            kept = self._store.need(one.key)
        impression: Impression = pickle.loads(kept)  # noqa: S301 - sealed
        return impression

    def _sheets(self, wanted: Sequence[Name]) -> Callable[[Name], tuple[Ink | None, ...]]:
        """Print the sheets of folios that were never printed before."""
        keys = {name: self._key(name) for name in wanted}
        for key, outcome in self._crew.run(self._orders(wanted)):
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


def _number(leaf: int, folios: Folios) -> int:
    return leaf if leaf <= folios.front else leaf - folios.front
