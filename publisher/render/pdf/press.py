"""A book goes through the press in takes, and leaves it bound."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from itertools import chain, islice
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from publisher.book.model import Book
from publisher.cache import Cache, digest_of
from publisher.problem import Problem
from publisher.render.page_starts import PageStart
from publisher.render.pdf.bindery import Bindery
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.daybook import Daybook
from publisher.render.pdf.faults import across_sheets, failed, of_take, slipped, unsound
from publisher.render.pdf.finished import Finished
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Placed
from publisher.render.pdf.kit import kit_for
from publisher.render.pdf.makeready import Came, Makeready, Pictures
from publisher.render.pdf.pieces import chapters, first_sheets, slipped_notes
from publisher.render.pdf.placements import coarsest
from publisher.render.pdf.readings import Reading
from publisher.render.pdf.sheets import fill_sheets, piece_targets
from publisher.render.pdf.shelf import Shelf
from publisher.render.pdf.standby import Standby
from publisher.render.pdf.store import Store
from publisher.render.pdf.supply import AssetFile, picture_name, read_picture
from publisher.render.pdf.takes import Facts, takes
from publisher.render.theme import Theme
from publisher.render.theme_sandbox import keep_compiled
from publisher.wording import Wording

Progress = Callable[[str, int, int], None]
SWEEP = 3_000_000  # letters
BITS = 200
WHOLE_VAULT = "."  # what stands around the pieces is of no one note


class PrintEdition(Struct, frozen=True):
    """A finished PDF, how many pages it has, where its anchors stand, what went wrong.

    `starts` are where in the text its pages begin, `placed` its pictures where they are coarsest.
    """

    content: bytes | Finished
    pages: int
    folios: Folios
    problems: tuple[Problem, ...] = ()
    starts: tuple[PageStart, ...] = ()
    placed: tuple[Placed, ...] = ()

    @property
    def pdf(self) -> bytes:
        """All of the file."""
        return self.content if isinstance(self.content, bytes) else self.content.read()

    def write_to(self, path: Path) -> None:
        """Write the file. Raises OSError where that can't be."""
        if isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            self.content.write_to(path)


def print_book(  # noqa: PLR0913 - every edge of a build meets here
    book: Book,
    theme: Theme,
    words: Wording,
    asset_file: AssetFile,
    *,
    extra_css: str = "",
    executor: Executor | None = None,
    jobs: int | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
    prompt: bool = False,
    standby: Standby | None = None,
) -> PrintEdition:
    """Print the book's takes, each alone, and bind them.

    `executor` may be any; without one, `jobs` processes of this machine work (all cores), for
    a short book only if `prompt`, those on `standby` first. With a cache, only what changed since is printed.
    """
    kit, given = kit_for(book.metadata.language, theme, extra_css)
    keep_compiled(cache)
    tell = progress or (lambda _stage, _done, _of: None)
    with Store(cache) as store, Crew(kit, executor, jobs, prompt=prompt, standby=standby) as crew:
        printing = Printing(book, theme, words, crew, store)
        title = book.metadata.title
        daybook: Daybook[Came] = Daybook(store, "proofs", crew.kit_name, title)
        readings: Daybook[Reading] = Daybook(store, "readings", repr(words), title)
        printing.make_ready(asset_file, tell, daybook.learned, readings.learned.get(title))
        bindery = Bindery(printing.ready, crew, store, given, printing.head)
        printing.ready.beside, printing.ready.on_beside = bindery.ahead, bindery.take_in
        folios = printing.settle()
        daybook.write(printing.ready.proofs())
        readings.write({title: printing.ready.reading})
        pdf, pages = bindery.bind(folios, lambda n, of: tell("bind", n, of))
        problems = (
            *across_sheets(theme, theme.print_css + extra_css),
            *printing.problems(),
        )
        starts = printing.ready.page_starts(folios)
        return PrintEdition(pdf, pages, folios, problems, starts, printing.placed())


def write_pdf(book: Book, theme: Theme, words: Wording, asset_file: AssetFile) -> bytes:
    """The book's PDF alone."""
    return print_book(book, theme, words, asset_file).pdf


class Printing:
    """One book between its chapters and its settled takes."""

    def __init__(self, book: Book, theme: Theme, words: Wording, crew: Crew, store: Store) -> None:
        self._book, self._theme, self._words = book, theme, words
        self._slipped: set[str] = set()
        self._pictured: dict[str, tuple[Problem, ...]] = {}
        self._pieces = [chapter.anchor for chapter in chapters(book)]
        self._crew, self._store = crew, store
        kinds = theme.values("print").get("run-in", "none")
        self._targets = piece_targets(book)
        self.shelf = Shelf(book, self._targets, crew, store, kinds)
        self.head = ""

    def make_ready(
        self,
        asset_file: AssetFile,
        tell: Progress,
        proofs: Mapping[str, Came] | None = None,
        reading: Reading | None = None,
    ) -> None:
        """Fill the theme's template; `proofs`, by name, and `reading` are of the book before."""
        facts: Daybook[Facts] = Daybook(self._store, "takes", self._book.metadata.title)
        self.head, given = takes(_swept(self._filled(self._book)), facts.learned)
        facts.write({take.own_digest: take.facts for take in given})
        self.shelf.remember()
        pictures = self._pictures(asset_file)
        self.ready = Makeready(given, self._words, self._crew, self._store, *pictures)
        self.ready.expect(proofs or {}, reading)
        self.ready.on_progress = lambda done, of: tell("print", done, of)
        self.first = next(first_sheets(self._book), "")

    def settle(self) -> Folios:
        """Print takes until their numbers are true."""
        parts = [part.anchor for part in self._book.parts if part.title]
        body = frozenset([*self._pieces, *parts])
        return self.ready.settle(self.first, body, self._review)

    def _filled(self, book: Book) -> Iterator[str]:
        addresses = any(card.addresses for card in self.shelf.cards.values())
        own: dict[str, Callable[..., Any]] = {
            "fragment": self.shelf.fragment,
            "displayed": self.shelf.displayed,
            "run_in": self.shelf.run_in,
        }
        given = book, self._theme, self._words, self.shelf, own
        return fill_sheets(*given, addresses=addresses)

    def _pictures(self, asset_file: AssetFile) -> tuple[dict[str, str], Pictures]:
        assets = {picture_name(asset): asset for asset in self._book.assets}

        def read(name: str) -> tuple[str, bytes]:
            kind, content, self._pictured[name] = read_picture(
                assets[name], asset_file, self._theme, self._book.metadata.language
            )
            return kind, content

        return {name: digest_of(*read(name)) for name in assets}, read

    def _review(self) -> bool:
        """Set again, with their notes at the end, the pieces of which one slipped away."""
        at_foot = {anchor for anchor, card in self.shelf.cards.items() if card.at_foot}
        proved = {s.take.anchor: s.proof for s in self.ready.standing if s.proof and not s.failed}
        crowded = {anchor for anchor, proof in proved.items() if proof.crowded}
        lost = slipped_notes(self._book, self.ready.folios("")) | crowded
        slipped = lost & at_foot & proved.keys()
        if not slipped:
            return False
        self._slipped |= slipped
        self.shelf.set(sorted(slipped), end_notes=True)
        places = {s.take.anchor: n for n, s in enumerate(self.ready.standing)}
        for take in takes(self._filled(self._part_with(slipped)))[1]:
            if take.anchor in slipped:
                self.ready.replace(places[take.anchor], take)
        return True

    def _part_with(self, anchors: frozenset[str]) -> Book:
        """The book with these pieces alone, and what it begins with."""
        kept = {*anchors, self._pieces[0]}
        parts = tuple(
            replace(part, chapters=tuple(c for c in part.chapters if c.anchor in kept))
            for part in self._book.parts
        )
        parts = tuple(part for n, part in enumerate(parts) if part.chapters or n == 0)
        return replace(self._book, parts=parts, glossary=(), contributors=(), index=())

    def placed(self) -> tuple[Placed, ...]:
        """The pictures, each where it is printed coarsest."""
        proofs = {anchor: proof for anchor, (_, proof) in self.ready.proofs().items()}
        return coarsest(self._book, proofs)

    def problems(self) -> Iterator[Problem]:
        """What went otherwise than the author meant, each by its note."""
        yield from chain.from_iterable(self._pictured.values())
        standing = {s.take.anchor: s for s in self.ready.standing}
        for chapter in chapters(self._book):
            card = self.shelf.cards[chapter.anchor]
            if chapter.anchor in self._slipped:
                yield slipped(chapter)
            if not card.sound:
                yield unsound(chapter)
            one = standing.pop(chapter.anchor, None)
            reason = card.failed or (one.failed if one else "")
            if reason:
                yield failed(f"“{chapter.title}”", chapter.path, reason)
            if one:
                yield from of_take(one, chapter.path, f"“{chapter.title}”")
        for one in standing.values():
            what = f"the section “{one.take.anchor.strip('_') or 'without a name'}”"
            if one.failed:
                yield failed(what, WHOLE_VAULT, one.failed)
            yield from of_take(one, WHOLE_VAULT, what)


def _swept(bits: Iterator[str]) -> Iterator[str]:
    """The text, many bits at a time: a template yields a hundred thousand.

    The rings that it leaves behind are cleared away before they pile up.
    """
    gc.freeze()  # what was there before need not be looked through each time
    try:
        letters = 0
        while many := list(islice(bits, BITS)):
            text = "".join(many)
            yield text
            letters += len(text)
            if letters > SWEEP:
                letters = 0
                gc.collect()
    finally:
        gc.unfreeze()
