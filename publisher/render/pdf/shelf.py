"""Chapters are set for paper by the crew and put on a shelf, from which templates take them."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape, unescape

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from publisher.book.model import Book, Chapter, Footnote
from publisher.cache import digest_of
from publisher.render.pdf.anchors import linked
from publisher.render.pdf.crew import Crew, Order
from publisher.render.pdf.daybook import Daybook
from publisher.render.pdf.formulas import drawn_in
from publisher.render.pdf.jobs import SheetJob
from publisher.render.pdf.pieces import chapters
from publisher.render.pdf.sheet import Address, Sheet, displayed, fragment, run_in
from publisher.render.pdf.store import Store
from publisher.render.pdf.tools import tools

LITTLE = 60_000  # letters, a tenth of a second or two: less than a worker takes to come
MATH = "<math"
FEW_FORMULAS = 20  # each takes as long as some lines of text
APART = "\0"  # stands in no text
_TAGS = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r"</(?:p|h[1-6]|li|div|pre|tr|blockquote)>")


class Card(Struct, frozen=True):
    """What is known of a shelved chapter without taking it down."""

    key: str
    anchor: str
    addresses: tuple[Address, ...]
    at_foot: bool
    sound: bool
    failed: str = ""


class Shelved(Struct, frozen=True):
    """A sheet as templates see it, read when it is wanted."""

    addresses: tuple[Address, ...]
    # The sandbox keeps templates from names that begin so.
    _card: Card
    _sheet: Callable[[], Sheet]

    @property
    def body(self) -> Markup:
        """The text."""
        return self._sheet().body

    @property
    def end_notes(self) -> tuple[tuple[Footnote, Markup], ...]:
        """The notes that close the piece."""
        return () if self._card.at_foot else self._sheet().end_notes


class Shelf(Mapping[str, Shelved]):
    """The sheets of a book by their chapters' anchors."""

    def __init__(
        self, book: Book, targets: frozenset[str], crew: Crew, store: Store, run_in: str = "none"
    ) -> None:
        self._chapters = {chapter.anchor: chapter for chapter in chapters(book)}
        self._targets, self._crew, self._store, self._run_in = targets, crew, store, run_in
        self._fragments: Daybook[str] = Daybook(store, "fragments", book.metadata.title)
        self._made: dict[str, str] = {}
        self.cards: dict[str, Card] = {}
        self._closed: set[str] = set()  # pieces with their notes at the end
        self._daybook: Daybook[Card] = Daybook(store, "cards", book.metadata.title)
        self._before: dict[str, Card] | None = None
        self.set(tuple(self._chapters), end_notes=False)

    def __getitem__(self, anchor: str) -> Shelved:
        card = self.cards[anchor]
        return Shelved(card.addresses, card, partial(self._take_down, anchor))

    def __iter__(self) -> Iterator[str]:
        return iter(self.cards)

    def __len__(self) -> int:
        return len(self.cards)

    def _take_down(self, anchor: str) -> Sheet:
        kept = self._store.get(self.cards[anchor].key)
        if kept is None:  # lost since its card was written
            self.set((anchor,), end_notes=anchor in self._closed)
            kept = self._store.need(self.cards[anchor].key)
        sheet: Sheet = pickle.loads(kept)  # noqa: S301 - sealed
        return sheet

    def set(self, anchors: Sequence[str], *, end_notes: bool) -> None:
        """Set these chapters, or find them set; `end_notes` puts their notes at the end."""
        keys = {}
        wanted: list[tuple[int, SheetJob]] = []
        known = self._daybook.learned
        self._closed |= {*anchors} if end_notes else set()
        for number, anchor in enumerate(anchors):
            job = self._job(self._chapters[anchor], end_notes=end_notes)
            key = digest_of(
                "sheet",
                tools(),
                repr(job.chapter),
                *sorted(job.targets),
                str(end_notes),
                job.run_in,
            )
            keys[number] = anchor, key
            if key in known and self._store.has(key):
                self._store.used(key)
                self.cards[anchor] = known[key]
                continue
            kept = self._store.get(key)
            if kept is None:
                wanted.append((number, replace(job, drawn=self._drawn(job.chapter))))
            else:
                self.cards[anchor] = _card(key, anchor, pickle.loads(kept))  # noqa: S301 - sealed
        for number, outcome in self._crew.run(tuple(_orders(wanted))):
            anchor, key = keys[number]
            sheet = outcome.value if outcome.done else plain_sheet(self._chapters[anchor])
            # A failure is not kept: the next build may have the room or the tool it lacked.
            self._store.put(key, pickle.dumps(sheet), keep=outcome.done)
            self.cards[anchor] = _card(key, anchor, sheet, "" if outcome.done else outcome.value)
        self._crew.get_ready(len(wanted))  # where pieces are set anew, pages will follow
        self._daybook.write({c.key: c for c in self.cards.values() if not c.failed})

    def fragment(self, xhtml: str) -> Markup:
        """A definition or a biography for paper, as it was set before if it was."""
        return self._small(f"fragment {xhtml}", lambda: fragment(xhtml))

    def displayed(self, title: str) -> Markup:
        """A title for its own page or opening, as it was set before if it was."""
        return self._small(f"displayed {Markup.escape(title)}", lambda: displayed(title))

    def run_in(self, xhtml: str, term: str, anchor: str) -> tuple[Markup, Markup]:
        """A definition's first paragraph, to follow its term, and the rest, as it was set before."""
        name = APART.join(("run in", anchor, term, *sorted(self._named(xhtml)), xhtml))
        both = self._small(
            name,
            lambda: Markup(APART).join(run_in(xhtml, term, anchor, self._targets)),  # noqa: S704
        )
        first, _, rest = str(both).partition(APART)
        return Markup(first), Markup(rest)  # noqa: S704 - set by us

    def _small(self, name: str, make: Callable[[], Markup]) -> Markup:
        made = self._made.get(name)
        if made is None:
            kept = self._fragments.learned.get(name)
            made = self._made[name] = str(make()) if kept is None else kept
        return Markup(made)  # noqa: S704 - set by us, and sealed

    def remember(self) -> None:
        """Keep the small things that were set for the next build: a long book has thousands."""
        self._fragments.write(self._made)

    def _job(self, chapter: Chapter, *, end_notes: bool) -> SheetJob:
        named = self._named(chapter.xhtml, *(note.xhtml for note in chapter.footnotes))
        return SheetJob(chapter, named, end_notes, self._run_in)

    def _drawn(self, chapter: Chapter) -> dict[str, str]:
        """The formulas of the piece as it was last set: most of them are in it still."""
        if not _formulas(chapter):
            return {}
        if self._before is None:
            self._before = {card.anchor: card for card in self._daybook.learned.values()}
        card = self.cards.get(chapter.anchor) or self._before.get(chapter.anchor)
        kept = self._store.get(card.key) if card else None
        if not kept:
            return {}
        sheet: Sheet = pickle.loads(kept)  # noqa: S301 - sealed
        return drawn_in((sheet.body, *(text for _, text in sheet.end_notes)))

    def _named(self, *texts: str) -> frozenset[str]:
        """What these texts link to and pages are printed for."""
        return self._targets & linked(texts)


def _orders(wanted: Sequence[tuple[int, SheetJob]]) -> Iterator[Order]:
    """Orders for the pieces; a little weighs nothing."""
    letters = [len(job.chapter.xhtml) for _, job in wanted]
    formulas = sum(_formulas(job.chapter) for _, job in wanted)
    plain = sum(letters) < LITTLE and formulas < FEW_FORMULAS
    for (number, job), weight in zip(wanted, letters, strict=True):
        yield Order(number, 0 if plain else weight, lambda job=job: job)  # type: ignore[misc]


def _formulas(chapter: Chapter) -> int:
    texts = chapter.xhtml, *(note.xhtml for note in chapter.footnotes)
    return sum(text.count(MATH) for text in texts)


def _card(key: str, anchor: str, sheet: Sheet, failed: str = "") -> Card:
    return Card(key, anchor, sheet.addresses, not sheet.end_notes, sheet.sound, failed)


def plain_sheet(chapter: Chapter) -> Sheet:
    """A chapter's words alone, for one that cannot be set."""
    blocks = (
        " ".join(unescape(_TAGS.sub(" ", text)).split())
        for source in (chapter.xhtml, *(note.xhtml for note in chapter.footnotes))
        for text in _BLOCK.split(source)
    )
    return Sheet(Markup("").join(Markup(f"<p>{escape(text)}</p>") for text in blocks if text))  # noqa: S704
