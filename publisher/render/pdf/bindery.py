"""In the bindery, settled takes get their folios and fonts and become one file."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.pdf.binder import Binder
from publisher.render.pdf.bound_take import BoundTake, Place
from publisher.render.pdf.crew import Crew, Order, Outcome
from publisher.render.pdf.finished import Finished
from publisher.render.pdf.foliation import Foliation, Ink
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Bookmark, Impression
from publisher.render.pdf.jobs import CastJob, Papers, PapersJob
from publisher.render.pdf.makeready import Makeready, face_key
from publisher.render.pdf.paginator import Paginator, by_page
from publisher.render.pdf.standing import Standing
from publisher.render.pdf.store import Store
from publisher.render.pdf.tools import tools
from publisher.render.pdf.type_case import Cast, Merged

APART = 16  # takes, about, of which one stands apart


class Bindery:
    """Binds what was made ready."""

    def __init__(
        self, ready: Makeready, crew: Crew, store: Store, foliation: Foliation, head: str
    ) -> None:
        self._ready, self._crew, self._store = ready, crew, store
        self._head = head
        self._numbers = Paginator(crew, store, foliation, attributes(head))
        self._papers_key = digest_of("papers", tools(), head)
        self._faces: set[str] = set()

    def bind(self, folios: Folios, progress: Callable[[int, int], None]) -> tuple[Finished, int]:
        """The finished PDF, and how many pages it has."""
        standing, starts = self._ready.standing, self._ready.starts()
        beside = self._numbers.beside(standing, starts, folios)
        finished = Finished()
        bookmarks: list[Sequence[Bookmark]] = []
        with no_sweeping(), ThreadPoolExecutor(1, "publisher-keeping") as hand:
            binder = Binder(finished.file, folios)
            for number, (start, one) in enumerate(zip(starts, standing, strict=True)):
                padded = start > len(binder.bound.pages) + 1
                sides = one.sides
                bookmarks += [()] * padded + [side.bookmarks for side in sides]
                place = binder.place(padded=padded, apart=_stands_apart(one))
                inks = by_page(beside, start, one)
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
        inks = by_page(self._numbers.beside_one(one, start, folios), start, one)
        finished = Finished()
        binder = Binder(finished.file, folios)
        place = binder.place(padded=False)
        binder.add(binder.bind(self._impression(number, one), place, inks), inks)
        name = sha256(one.key.encode()).hexdigest()[:32].encode()
        bookmarks = [side.bookmarks for side in one.proof.sides] if one.proof else []
        binder.close(self._papers(), self._cast(binder.case.merged()), bookmarks, name)
        return finished.read()

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

    def ahead(self, folios: Folios) -> Sequence[Order]:
        """Orders for what is wanted beside takes, as far as these are printed."""
        papers = Order(self._papers_key, 400, lambda: PapersJob(self._head))
        wanted = self._numbers.ahead(self._ready.standing, self._ready.starts(), folios)
        return [*wanted, *([] if self._store.has(papers.name) else [papers])]

    def take_in(self, key: str, outcome: Outcome) -> None:
        """Keep a sheet of folios, or the papers. Raises SetupError where there is none."""
        if key != self._papers_key:
            self._numbers.take_in(key, outcome)
            return
        if not outcome.done:
            raise SetupError(f"the title and authors cannot be put into the PDF: {outcome.value}")
        self._store.put(key, pickle.dumps(outcome.value))

    def _papers(self) -> Papers:
        kept = self._store.get(self._papers_key)
        if kept is None:
            self.take_in(self._papers_key, self._crew.ask(PapersJob(self._head)))
            kept = self._store.need(self._papers_key)
        papers: Papers = pickle.loads(kept)  # noqa: S301 - sealed
        return papers

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


def _stands_apart(one: Standing) -> bool:
    """Whether the numbers of a take begin far enough behind others not to be moved by them.

    By its name: that stays what it is when others come and go.
    """
    anchor = one.take.anchor
    return bool(anchor) and int(digest_of(anchor)[:8], 16) % APART == 0
