"""Takes are printed until every page number in them is true: most of them once.

Numbers of as many figures as expected are changed when the book is bound; a take goes
through the press again only where a reference comes or goes, or gains a figure.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.page_starts import PageStart
from publisher.render.pdf.crew import Crew, Order, Outcome
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.impression import Proof
from publisher.render.pdf.jobs import Printed, TakeJob
from publisher.render.pdf.readings import Reading, Readings
from publisher.render.pdf.references import fill
from publisher.render.pdf.shelfmarks import Shelfmarks, name_of
from publisher.render.pdf.standing import Chosen, Row, Standing, named
from publisher.render.pdf.store import Store
from publisher.render.pdf.takes import Take, plain, take_of, without_links
from publisher.wording import Wording

TURNS = 6
FEW = 3  # takes that are printed before anybody has turned a page

Pictures = Callable[[str], tuple[str, bytes]]
Came = tuple[str, Proof]  # under which key a take was printed, and how it came out


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
        self._row = Row(takes)
        self._crew, self._store = crew, store
        self._pictures, self._picture = pictures, picture
        self._faces: set[str] = set()
        self._wanted: set[Standing] = set()
        self._printing: set[Standing] = set()
        self._readings = Readings(words)
        self.reading = Reading()  # when it is settled: what was set where page numbers stand
        self._came: dict[str, Proof] = {}  # by key
        known = frozenset(
            name
            for s in self.standing
            for name in (*(name for name, _ in s.take.facts.anchors), *s.take.names)
        )
        self._marks = Shelfmarks(crew.kit_name, pictures, known, store)
        self.on_progress: Callable[[int, int], None] = lambda _done, _of: None
        # What else the book wants, done while a hand would wait for the last takes.
        self.beside: Callable[[Folios], Sequence[Order]] = lambda _folios: ()
        self.on_beside: Callable[[Any, Outcome], None] = lambda _name, _outcome: None
        self._beside: deque[Order] = deque()

    @property
    def standing(self) -> list[Standing]:
        """The takes in their order."""
        return self._row.standing

    def expect(self, proofs: Mapping[str, Came], reading: Reading | None = None) -> None:
        """Guess that takes will come out as they last did, by name: it saves a turn.

        `reading` is what was set in the book before where page numbers stand.
        """
        self._readings.recall(reading or Reading())
        self._came = {key: proof for key, proof in proofs.values() if key}
        for name, standing in named(self.standing):  # what goes on is added while we walk
            standing.proof = proofs.get(name, ("", None))[1]
            self._row.learn(standing)
            if standing.proof and standing.proof.entries >= 0:
                self._row.go_on(standing)

    def print_first(self, anchor: str, first: str) -> int:
        """Print one take as it will stand if the others stay as they were; its number.

        -1 where it is printed already, or so few others are wanting that it may wait for them.
        """
        folios = self.folios(first)
        self._readings.turn(folios, lasting=False)
        wanting = 0
        for start, one in self._row.walk():
            texts = self._readings.of(one)
            wanting += not self._store.has(f"{self._marks.of(one, texts, start)}p")
        number = next((n for n, s in enumerate(self.standing) if s.take.anchor == anchor), -1)
        if wanting <= FEW or number < 0:
            return -1
        chosen = self.standing[number]
        self._turn(lambda standing: standing is chosen, folios, lasting=False)
        return number

    def proofs(self) -> dict[str, Came]:
        """How each take came out, by name: its anchor, where it has one."""
        return {
            name: (s.key if s.key in self._came else "", s.proof)
            for name, s in named(self.standing)
            if s.proof and not s.failed
        }

    def settle(self, first: str, body: frozenset[str], review: Callable[[], bool]) -> Folios:
        """Print until nothing moves. `review` may change takes, and says whether it did.

        The body comes first: what stands around it lists its pages. What gathers pages from
        all over the book comes last: it would change with each of them.
        """
        *early, last = self._row.stages(body, at_once=self._crew.is_many)
        for chosen in (*early, last):
            if chosen is last:
                self._beside.extend(self.beside(self.folios(first)))
            for turn in range(TURNS):
                moved = self._turn(chosen, self.folios(first), lasting=turn > 1)
                if not (review() or moved):
                    break
        folios = self.folios(first)
        self.reading = self._readings.close()
        # What was asked is answered: a long book has a hundred thousand of both.
        for standing in self.standing:
            facts = replace(standing.take.facts, anchors=(), markers=())
            standing.take = replace(standing.take, facts=facts)
        return folios

    def starts(self) -> list[int]:
        """The leaf on which each take begins, counted from 1."""
        return self._row.starts()

    def folios(self, first: str) -> Folios:
        """Where every anchor stands, as far as is known; guessed where it is not."""
        return self._row.folios(first)

    def page_starts(self, folios: Folios) -> tuple[PageStart, ...]:
        """Where in the text each page begins: a take, an entry, or so far into a block."""
        return tuple(self._row.page_starts(folios))

    def replace(self, number: int, take: Take) -> None:
        """Another take in the place of one."""
        self.standing[number] = Standing(take)

    def _turn(self, chosen: Chosen, folios: Folios, *, lasting: bool) -> bool:
        """Print what the folios known change; whether anything did.

        A take printed on the wrong side, for takes before it came out longer than was guessed,
        is printed again: what a turn leaves does not depend on who was faster.
        """
        self._readings.turn(folios, lasting=lasting)
        texts: dict[Standing, tuple[str, ...]] = {}
        moved = False
        while True:
            self._wanted.clear()
            for start, standing in self._row.walk():
                if not chosen(standing):
                    continue
                if standing not in texts:
                    texts[standing] = self._readings.of(standing)
                key = self._marks.of(standing, texts[standing], start)
                if key == standing.key:
                    continue
                standing.texts, moved = texts[standing], True
                if not self._found(standing, start, key):
                    self._wanted.add(standing)
            if not self._wanted:
                return moved
            self._print()

    def _found(self, standing: Standing, start: int, key: str) -> bool:
        """Whether what is wanted was printed before; then it stands as that."""
        standing.verso, standing.key = start % 2 == 0, key
        proof = self._proof(key)
        if proof is None or not self._store.has(key):
            return False
        standing.proof = self._came[key] = proof
        self._wanted.discard(standing)  # where the list it is of was found before it
        self._row.learn(standing)
        self._go_on(standing)
        return True

    def _proof(self, key: str) -> Proof | None:
        """How what is wanted came out before, as far as is kept."""
        if key in self._came:
            self._store.used(f"{key}p")
            return self._came[key]
        kept = self._store.get(f"{key}p")
        proof: Proof | None = pickle.loads(kept) if kept else None  # noqa: S301 - sealed
        return proof

    def _draw(self, *, idle: bool) -> Standing | None:
        """What goes to the press next; nothing where it is better to wait for what is there."""
        while self._wanted:
            standing, start, sure = self._row.next_of(self._wanted, self._printing)
            if not (sure or idle):
                return None
            self._wanted.discard(standing)
            key = self._marks.of(standing, standing.texts, start)
            if not self._found(standing, start, key):
                return standing
        return None

    def job(self, standing: Standing) -> TakeJob:
        """What is to be printed, with all it needs."""
        html = fill(standing.take.html(), standing.texts)
        dead = self._marks.dead(standing.take)
        return TakeJob(
            without_links(html, dead) if dead else html,
            standing.take.depth,
            name_of(standing),
            standing.verso,
            tuple(
                (n, *self._picture(n)) for n in standing.take.facts.pictures if n in self._pictures
            ),
            frozenset(self._faces),
            standing.take.cut,
        )

    def _print(self) -> None:
        """Print all that is wanted, and what that makes wanted."""

        def order(idle: bool) -> Order | None:
            # What else is wanted comes before a take whose side is only guessed.
            standing = self._draw(idle=idle and not self._beside)
            if standing is None:
                return self._beside.popleft() if self._beside else None
            self._printing.add(standing)
            return Order(standing, standing.take.letters, lambda: self.job(standing))

        done, weights = 0, [standing.take.letters + 200 for standing in self._wanted]
        for standing, outcome in self._crew.draw(order, weights):
            if not isinstance(standing, Standing):
                self.on_beside(standing, outcome)
                continue
            self._printing.discard(standing)
            if standing not in self.standing:
                continue  # the list it was cut from has been cut elsewhere since
            if not outcome.done:
                self._wanted.add(self._bare(standing, str(outcome.value)))
                continue
            self._keep(standing, outcome.value)
            self._go_on(standing)
            done += 1
            self.on_progress(done, done + len(self._wanted) + len(self._printing))

    def _bare(self, standing: Standing, reason: str) -> Standing:
        """A take's words alone, where it cannot be printed; of a list, all that are left."""
        if standing.failed:
            raise SetupError(f"a sheet cannot be printed: {reason}")
        take = standing.take
        if standing.flow:
            take = take_of(standing.flow, standing.at, take.depth, len(standing.flow.entries))
        bare = Standing(plain(take), failed=reason)
        self._wanted -= self._row.close(standing)
        self._row.replace(standing, bare)
        return bare

    def _go_on(self, standing: Standing) -> None:
        """Have the rest of a list printed, too; or more of it, where no page was full."""
        if standing.flow is None or standing.proof is None:
            return
        following: Standing | None
        if standing.proof.entries < 0:
            reach = standing.reach * 2
            take = take_of(standing.flow, standing.at, standing.take.depth, reach)
            following = Standing(take, standing.flow, standing.at, reach)
            self._row.replace(standing, following)
        else:
            following, gone = self._row.go_on(standing)
            self._wanted -= gone
        if following and not following.key:
            following.texts = self._readings.of(following)
            self._wanted.add(following)

    def _keep(self, standing: Standing, result: Printed) -> None:
        for name, body in result.files:
            self._store.put(face_key(name), body)
            self._faces.add(name)
        standing.key = self._marks.of_printed(standing, result.proof)
        self._store.put(standing.key, result.impression)
        self._store.put(f"{standing.key}p", pickle.dumps(result.proof, protocol=5))
        standing.proof = self._came[standing.key] = result.proof
        self._row.learn(standing)

    def again(self, number: int) -> None:
        """Print a take whose impression, or a face of it, was lost since."""
        self._faces.clear()
        outcome = self._crew.ask(self.job(self.standing[number]))
        if not outcome.done:
            raise SetupError(f"a sheet cannot be printed: {outcome.value}")
        self._keep(self.standing[number], outcome.value)


def face_key(name: str) -> str:
    """Where the file of a face is kept."""
    return digest_of("face", name)
