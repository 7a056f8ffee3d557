"""Takes are printed until every page number in them is true: most of them once.

Numbers of as many figures as expected are changed when the book is bound; a take goes
through the press again only where a reference comes or goes, or gains a figure.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.page_starts import PageStart
from publisher.render.pdf.crew import Crew, Order
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Proof
from publisher.render.pdf.journeyman import Printed, TakeJob
from publisher.render.pdf.references import fill, printed
from publisher.render.pdf.store import Store
from publisher.render.pdf.takes import Take, plain, without_links
from publisher.render.pdf.tools import tools
from publisher.wording import Wording

TURNS = 6
FEW = 3  # takes that are printed before anybody has turned a page
LETTERS = 2_000  # on a page, until it is known better
_FIGURES = re.compile(r'<span class="sorts" data-of="([^"]*)">([^<]*)</span>')
_RECTO, _VERSO = ("recto", "right"), ("verso", "left")

Pictures = Callable[[str], tuple[str, bytes]]


@dataclass(slots=True)
class Standing:
    """How a take stands: what is printed in it, under which key, with what proof."""

    take: Take
    texts: tuple[str, ...] = ()
    verso: bool = False
    key: str = ""
    proof: Proof | None = None
    failed: str = ""
    begins: str = "recto"  # on which side, until it is printed

    @property
    def pages(self) -> int:
        """As printed, or as guessed."""
        return len(self.proof.sides) if self.proof else 1 + self.take.letters // LETTERS

    def blank_before(self, leaf: int) -> bool:
        """Whether a page stays empty before it, where this leaf is free."""
        begins = self.proof.begins if self.proof else self.begins
        return leaf % 2 == 0 if begins in _RECTO else leaf % 2 == 1 and begins in _VERSO


class Makeready:
    """The takes of one book on their way to the binder."""

    def __init__(
        self,
        takes: Iterable[Take],
        words: Wording,
        crew: Crew,
        store: Store,
        pictures: Mapping[str, str],
        picture: Pictures,
    ) -> None:
        self.standing = [Standing(take) for take in takes]
        self._words, self._crew, self._store = words, crew, store
        self._pictures, self._picture = pictures, picture
        self._faces: set[str] = set()
        self._begins: dict[str, str] = {}
        self._known = frozenset(name for s in self.standing for name, _ in s.take.anchors)
        self.on_progress: Callable[[int, int], None] = lambda _done, _of: None

    def expect(self, proofs: Mapping[str, Proof]) -> None:
        """Guess that takes will come out as they last did, by anchor: it saves a turn."""
        for standing in self.standing:
            standing.proof = proofs.get(standing.take.anchor)

    def print_first(self, anchor: str, first: str) -> int:
        """Print one take as it will stand if the others stay as they were; its number.

        -1 where it is printed already, or so few others are wanting that it may wait for them.
        """
        folios = self.folios(first)
        starts = self.starts()
        wanting = 0
        for number, one in enumerate(self.standing):
            texts = self._texts(one, folios, lasting=False)
            key = self._key(one.take, texts, verso=starts[number] % 2 == 0)
            wanting += not self._store.has(f"{key}p")
        number = next((n for n, s in enumerate(self.standing) if s.take.anchor == anchor), -1)
        if wanting <= FEW or number < 0:
            return -1
        self._turn([number], folios, lasting=False)
        return number

    def proofs(self) -> dict[str, Proof]:
        """How each take came out."""
        return {s.take.anchor: s.proof for s in self.standing if s.proof and not s.failed}

    def settle(self, first: str, body: frozenset[str], review: Callable[[], bool]) -> Folios:
        """Print until nothing moves. `review` may change takes, and says whether it did.

        The body comes first: what stands around it lists its pages. What gathers pages from
        all over the book comes last: it would change with each of them.
        """
        for some in self._stages(body):
            for turn in range(TURNS):
                moved = self._turn(some, self.folios(first), lasting=turn > 1)
                if not (review() or moved):
                    break
        return self.folios(first)

    def _stages(self, body: frozenset[str]) -> Iterator[Sequence[int]]:
        """The numbers of the takes in the order in which they can be true."""
        yield [n for n, s in enumerate(self.standing) if s.take.anchor in body]
        listed = [len(s.take.listed()) for s in self.standing]
        # All that is before the index tells it where it stands, and what it lists.
        yield range(listed.index(max(listed)) if any(listed) else 0)
        yield range(len(self.standing))

    def starts(self) -> list[int]:
        """The leaf on which each take begins, counted from 1."""
        return list(self._walk())

    def _walk(self) -> Iterator[int]:
        """The same one by one: a proof found on the way counts for those that follow."""
        leaf = 1
        for standing in self.standing:
            # One of its kind was seen: a part of the glossary tells of the index.
            standing.begins = next(
                filter(None, map(self._begins.get, standing.take.kinds)), "recto"
            )
            yield leaf + standing.blank_before(leaf)
            if standing.proof:
                self._begins |= dict.fromkeys(standing.take.kinds, standing.proof.begins)
            leaf += standing.blank_before(leaf) + standing.pages

    def folios(self, first: str) -> Folios:
        """Where every anchor stands, as far as is known; guessed where it is not."""
        leaves: dict[str, int] = {}
        ends: dict[str, int] = {}
        for start, standing in zip(self.starts(), self.standing, strict=True):
            if standing.proof is None:
                for name, share in standing.take.anchors:
                    leaves.setdefault(name, start + int(share * standing.pages))
                continue
            for number, side in enumerate(standing.proof.sides):
                for name in side.anchors:
                    if leaves.setdefault(name, start + number) != start + number:
                        ends[name] = start + number
        return Folios(leaves, leaves.get(first, 1) - 1, ends)

    def page_starts(self, folios: Folios) -> tuple[PageStart, ...]:
        """Where in the text each page begins: a take, an entry, or so far into a block."""
        found: list[PageStart] = []
        for start, standing in zip(self.starts(), self.standing, strict=True):
            anchor = standing.take.anchor
            for number, side in enumerate(standing.proof.sides if standing.proof else ()):
                label = folios.label(start + number)
                if side.blank or not anchor:
                    continue
                if not number:
                    found.append(PageStart(label, anchor))
                elif side.block >= 0:
                    found.append(PageStart(label, anchor, side.block, side.letters))
                elif side.anchors:
                    found.append(PageStart(label, side.anchors[0]))
        return tuple(found)

    def replace(self, number: int, take: Take) -> None:
        """Another take in the place of one."""
        self.standing[number] = Standing(take)

    def _turn(self, some: Sequence[int], folios: Folios, *, lasting: bool) -> bool:
        """Print what the folios known change; whether anything did."""
        orders, moved, chosen = [], False, frozenset(some)
        for number, start in enumerate(self._walk()):
            if number not in chosen:
                continue
            standing = self.standing[number]
            texts = self._texts(standing, folios, lasting=lasting)
            verso = start % 2 == 0
            key = self._key(standing.take, texts, verso=verso)
            if key == standing.key:
                continue
            standing.texts, standing.verso, standing.key = texts, verso, key
            moved = True
            kept = self._store.get(f"{key}p")
            if kept is not None and self._store.has(key):
                standing.proof = pickle.loads(kept)  # noqa: S301 - sealed
            else:
                orders.append(self._order(number))
        self._print(orders, len(some))
        return moved

    def _texts(self, standing: Standing, folios: Folios, *, lasting: bool) -> tuple[str, ...]:
        given = standing.take.markers
        texts = printed(given, folios, self._words)
        if lasting and standing.texts:
            # A reference that moves its own target off the page and back would never settle.
            kept = {n for n, text in enumerate(standing.texts) if text and not texts[n]}
            texts = printed(given, folios, self._words, frozenset(kept)) if kept else texts
        loose = standing.proof.loose if standing.proof else True
        return tuple(_changeable(text) if loose else _fixed(text) for text in texts)

    def _key(self, take: Take, texts: tuple[str, ...], *, verso: bool) -> str:
        pictures = [self._pictures.get(name, "") for name in take.pictures]
        dead = sorted(take.links - self._known)
        parts = (take.digest, "\0".join(texts), str(verso), *pictures, *dead)
        return digest_of("take", tools(), self._crew.kit_name, *parts)

    def _order(self, number: int) -> Order:
        return Order(number, self.standing[number].take.letters + 200, lambda: self.job(number))

    def job(self, number: int) -> TakeJob:
        """What is to be printed, with all it needs."""
        standing = self.standing[number]
        html = fill(standing.take.html(), standing.texts)
        dead = standing.take.links - self._known
        return TakeJob(
            without_links(html, dead) if dead else html,
            standing.take.depth,
            standing.key[:12],
            standing.verso,
            tuple((n, *self._picture(n)) for n in standing.take.pictures if n in self._pictures),
            frozenset(self._faces),
        )

    def _print(self, orders: Sequence[Order], of: int) -> None:
        done = of - len(orders)
        again = []
        for number, outcome in self._crew.run(orders):
            if outcome.done:
                self._keep(number, outcome.value)
                done += 1
                self.on_progress(done, of)
                continue
            standing = self.standing[number]
            if standing.failed:
                raise SetupError(f"a sheet cannot be printed: {outcome.value}")
            bare = Standing(plain(standing.take), failed=str(outcome.value))
            bare.key = self._key(bare.take, (), verso=standing.verso)
            bare.verso = standing.verso
            self.standing[number] = bare
            again.append(self._order(number))
        if again:
            self._print(again, of)

    def _keep(self, number: int, result: Printed) -> None:
        standing = self.standing[number]
        for name, body in result.files:
            self._store.put(face_key(name), body)
            self._faces.add(name)
        self._store.put(standing.key, result.impression)
        self._store.put(f"{standing.key}p", pickle.dumps(result.proof, protocol=5))
        standing.proof = result.proof

    def again(self, number: int) -> None:
        """Print a take whose impression, or a face of it, was lost since."""
        self._faces.clear()
        outcome = self._crew.alone(self.job(number))
        if not outcome.done:
            raise SetupError(f"a sheet cannot be printed: {outcome.value}")
        self._keep(number, outcome.value)


def face_key(name: str) -> str:
    """Where the file of a face is kept."""
    return digest_of("face", name)


def _changeable(text: str) -> str:
    """Figures as noughts: which they are is settled when the book is bound."""

    def noughts(found: re.Match[str]) -> str:
        if not (found[2].isascii() and found[2].isdigit()):
            return f'<span class="sorts">{found[2]}</span>'
        return f'<span class="sorts" data-of="{found[1]}">{"0" * len(found[2])}</span>'

    return _FIGURES.sub(noughts, text)


def _fixed(text: str) -> str:
    return _FIGURES.sub(r'<span class="sorts">\2</span>', text)
