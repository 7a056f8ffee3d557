"""How the takes of a book stand, one after another: on which leaves, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from publisher.render.page_starts import PageStart
from publisher.render.pdf.flows import Flow
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Proof, Side
from publisher.render.pdf.takes import Take, take_of

LETTERS = 2_000  # on a page, until it is known better
SELDOM = 20  # takes, of which one may be new without the others waiting for it
RECTO, VERSO = ("recto", "right"), ("verso", "left")


class Standing(Struct, eq=False):
    """How a take stands: what is printed in it, under which key, with what proof.

    `flow` is what it is cut from, `at` the number of its first entry.
    """

    take: Take
    flow: Flow | None = None
    at: int = 0
    reach: int = 1
    texts: tuple[str, ...] = ()
    verso: bool = False
    key: str = ""
    proof: Proof | None = None
    failed: str = ""
    begins: str = ""  # on which side, as far as takes of its kind tell; "" where none was seen
    guess: int = 1  # pages, until it is printed
    seen: bool = False  # by the row, which learns from it

    @property
    def sides(self) -> tuple[Side, ...]:
        """Its pages, once it is printed."""
        return self.proof.sides if self.proof else ()

    @property
    def pages(self) -> int:
        """As printed, or as guessed."""
        return len(self.proof.sides) if self.proof else self.guess

    @property
    def side(self) -> str:
        """On which side it begins."""
        return (self.proof.begins if self.proof else self.begins) or "recto"

    @property
    def keeps_its_side(self) -> bool:
        """Whether its first side is the same wherever it stands."""
        return (self.proof.begins if self.proof else self.begins) in (*RECTO, *VERSO)

    def blank_before(self, leaf: int) -> bool:
        """Whether a page stays empty before it, where this leaf is free."""
        return leaf % 2 == 0 if self.side in RECTO else leaf % 2 == 1 and self.side in VERSO


class _Cast(Struct):
    """Takes of a kind that were printed: how many pages so many letters make."""

    takes: int = 0
    letters: int = 0
    pages: int = 0
    squares: int = 0
    products: int = 0

    def note(self, letters: int, pages: int) -> None:
        self.takes += 1
        self.letters += letters
        self.pages += pages
        self.squares += letters * letters
        self.products += letters * pages

    def guess(self, letters: int) -> int:
        """The straight line through what was seen."""
        spread = self.takes * self.squares - self.letters**2
        if self.takes < 3 or not spread:
            return 1 + letters // LETTERS
        slope = (self.takes * self.products - self.letters * self.pages) / spread
        return max(1, round((self.pages - slope * self.letters) / self.takes + slope * letters))


def named(standings: Iterable[Standing]) -> Iterator[tuple[str, Standing]]:
    """Each take under a name of its own: its anchor, or how far it is from the last that has one.

    In what a list goes on is nothing to go by: another entry, and it begins with another.
    """
    last, after = "", 0
    for standing in standings:
        anchor = standing.take.anchor
        if anchor and standing.at:
            yield anchor, standing
            continue
        last, after = (anchor, 0) if anchor else (last, after + 1)
        yield f"{last} {after}" if after else last, standing


Chosen = Callable[[Standing], bool]


class Row:
    """All takes in their order."""

    def __init__(self, takes: Iterable[Take]) -> None:
        self.standing = [Standing(take, take.flow) for take in takes]
        self._begins: dict[str, str] = {}
        self._casts: dict[str, _Cast] = {}

    def learn(self, standing: Standing) -> None:
        """What a printed take tells of others of its kind."""
        if standing.proof is None or standing.seen:
            return
        standing.seen = True
        kinds, begins = standing.take.kinds, standing.proof.begins
        # The order in which takes come from the press must not show.
        self._begins |= {kind: min(begins, self._begins.get(kind, begins)) for kind in kinds}
        if kinds:
            cast = self._casts.setdefault(kinds[0], _Cast())
            cast.note(standing.take.letters, len(standing.proof.sides))

    def walk(self) -> Iterator[tuple[int, Standing]]:
        """Each take, and the leaf on which it begins, counted from 1.

        Takes may be put in place of one, and behind it, while it is being looked at.
        """
        leaf, number = 1, 0
        while number < len(self.standing):
            standing = self.standing[number]
            if standing.proof is None:
                self._guess(standing)
            start = leaf + standing.blank_before(leaf)
            yield start, standing
            if self.standing[number] is standing:
                leaf = leaf + standing.blank_before(leaf) + standing.pages
                number += 1

    def _guess(self, standing: Standing) -> None:
        kinds = standing.take.kinds
        standing.begins = next(filter(None, map(self._begins.get, kinds)), "")
        cast = self._casts.get(kinds[0]) if kinds else None
        letters = (
            standing.flow.letters_from(standing.at) if standing.flow else standing.take.letters
        )
        standing.guess = (cast or _Cast()).guess(letters)

    def starts(self) -> list[int]:
        """The leaf on which each take begins, counted from 1."""
        return [leaf for leaf, _ in self.walk()]

    def next_of(
        self, wanted: AbstractSet[Standing], printing: AbstractSet[Standing]
    ) -> tuple[Standing, int, bool]:
        """Which of those wanted goes to the press next, where, and whether its side is sure.

        A take of which all before it is printed begins a run, as one does that keeps its side:
        the longest run comes first. Where none is sure the first take comes, on the side that
        is guessed.
        """
        sure = True
        runs: list[tuple[int, int, Standing]] = []  # letters, where from, how it begins
        first: tuple[Standing, int] | None = None
        for start, standing in self.walk():
            asked = standing in wanted
            sure = sure or standing.keeps_its_side
            if asked:
                first = first or (standing, start)
                if sure:
                    runs.append((0, -start, standing))
                if runs:
                    runs[-1] = (runs[-1][0] + standing.take.letters, *runs[-1][1:])
            sure = sure and standing.proof is not None and not asked and standing not in printing
        assert first is not None  # noqa: S101 - something is wanted
        if not runs:
            return *first, False
        _, start, standing = max(runs, key=lambda run: run[:2])
        return standing, -start, True

    def stages(self, body: frozenset[str], *, at_once: bool) -> Iterator[Chosen]:
        """Which takes can be true, one stage after the other.

        With many hands it is all `at_once`, where it is known how most takes came out before.
        """
        new = sum(not (standing.proof or standing.at) for standing in self.standing)
        if at_once and new * SELDOM <= len(self.standing):
            yield lambda _standing: True
            return
        yield lambda standing: standing.take.anchor in body
        listed = [len(s.take.listed()) for s in self.standing]
        # All that is before the index tells it where it stands, and what it lists.
        before = frozenset(self.standing[: listed.index(max(listed))] if any(listed) else ())
        yield lambda standing: standing in before
        yield lambda _standing: True

    def folios(self, first: str) -> Folios:
        """Where every anchor stands, as far as is known; guessed where it is not."""
        leaves: dict[str, int] = {}
        ends: dict[str, int] = {}
        guessed: dict[str, int] = {}
        for start, standing in self.walk():
            for number, side in enumerate(standing.sides):
                for name in side.anchors:
                    if leaves.setdefault(name, start + number) != start + number:
                        ends[name] = start + number
            if not standing.key:  # not printed yet: what was expected knows no new anchors
                for name, share in standing.take.facts.anchors:
                    guessed.setdefault(name, start + int(share * standing.pages))
        # A list that goes on elsewhere has more names than it shows: where it does is known there.
        leaves = guessed | leaves
        return Folios(leaves, leaves.get(first, 1) - 1, ends)

    def page_starts(self, folios: Folios) -> Iterator[PageStart]:
        """Where in the text each page begins: a take, an entry, or so far into a block."""
        for start, standing in self.walk():
            anchor = standing.take.anchor
            for number, side in enumerate(standing.sides):
                label = folios.label(start + number)
                if side.blank or not anchor:
                    continue
                if not number:
                    yield PageStart(label, anchor)
                elif side.block >= 0:
                    yield PageStart(label, anchor, side.block, side.letters)
                elif side.anchors:
                    yield PageStart(label, side.anchors[0])

    def replace(self, standing: Standing, other: Standing) -> None:
        """Another in the place of one."""
        self.standing[self.standing.index(standing)] = other

    def go_on(self, standing: Standing) -> tuple[Standing | None, frozenset[Standing]]:
        """The take that has the rest of the list, where this one was cut, and what went for it.

        What stood there stays where it begins with the same entry. It reaches as far as the one
        before: where that had no full page in less, nor will this.
        """
        flow, proof, reach = standing.flow, standing.proof, standing.reach
        if flow is None or proof is None:
            return None, frozenset()
        end = standing.at + proof.entries if standing.take.cut else len(flow.entries)
        gone = self.close(standing, end)
        place = self.standing.index(standing) + 1
        if end >= len(flow.entries):
            return None, gone
        kept = self.standing[place] if place < len(self.standing) else None
        if kept and kept.flow is flow and kept.reach == reach:
            return kept, gone
        following = Standing(take_of(flow, end, standing.take.depth, reach), flow, end, reach)
        if kept and kept.flow is flow:
            gone |= {kept}
            self.standing[place] = following
        else:
            self.standing.insert(place, following)
        return following, gone

    def close(self, standing: Standing, end: int = -1) -> frozenset[Standing]:
        """Take away what a list went on in, up to what begins with entry `end`."""
        gone: set[Standing] = set()
        place = self.standing.index(standing) + 1
        while place < len(self.standing) and standing.flow is self.standing[place].flow is not None:
            if self.standing[place].at == end:
                break
            gone.add(self.standing.pop(place))
        return frozenset(gone)
