"""Under what a printed take is kept: all that it was printed from, and nothing else.

A take of a list that goes on in another has more entries than its pages hold. Those behind the
last full page, but for the few that were looked at there, have no part in it: they are not in its
mark, so that a change among them prints their own pages alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from publisher.cache import digest_of
from publisher.render.pdf.flows import ENTRY
from publisher.render.pdf.impression import Proof
from publisher.render.pdf.references import markers
from publisher.render.pdf.standing import Standing
from publisher.render.pdf.store import Store
from publisher.render.pdf.takes import Take
from publisher.render.pdf.tools import tools

# Entries looked at to fill a page: the one that has no room, and what may not be parted from it.
LOOKED_AT = 4


class Shelfmarks:
    """The marks of one book's takes."""

    def __init__(
        self, kit_name: str, pictures: Mapping[str, str], known: frozenset[str], store: Store
    ) -> None:
        """`pictures` are digests by name, `known` the anchors that links may lead to."""
        self._kit_name, self._pictures, self._known = kit_name, pictures, known
        self._store = store

    def of(self, standing: Standing, texts: Sequence[str], leaf: int) -> str:
        """What a take is kept under, or will be, where it begins on that leaf."""
        verso = leaf % 2 == 0
        whole = self._mark(standing.take, standing.take.digest, texts, verso=verso)
        for entries in self._ends(standing, whole):
            full = self._of_full_pages(standing, texts, entries, verso=verso)
            if self._store.has(full):
                return full
        return whole

    def of_printed(self, standing: Standing, proof: Proof) -> str:
        """What it is kept under now that it is known where its last full page ends."""
        if not (proof.full and standing.flow):
            return standing.key
        self._store.put(f"{standing.key}e", str(proof.entries).encode())
        given = standing, standing.texts, proof.entries
        return self._of_full_pages(*given, verso=standing.verso)

    def dead(self, take: Take) -> frozenset[str]:
        """Links of a take that lead nowhere."""
        return take.facts.links - self._known

    def _ends(self, standing: Standing, whole: str) -> Iterator[int]:
        """How many entries may fill a take: as in the book before, or when it was last printed."""
        if not (standing.take.cut and standing.flow):
            return
        if standing.proof and standing.proof.full:
            yield standing.proof.entries
        kept = self._store.get(f"{whole}e")
        if kept:
            yield int(kept)

    def _of_full_pages(
        self, standing: Standing, texts: Sequence[str], entries: int, *, verso: bool
    ) -> str:
        take, flow = standing.take, standing.flow
        html = take.html()
        end = html.find(f' {ENTRY}="{entries + LOOKED_AT}"')
        if end < 0 or flow is None:
            return self._mark(take, take.digest, texts, verso=verso)
        seen = html[:end]
        own = digest_of("full pages", seen, flow.after, str(entries))
        return self._mark(take, own, texts[: len(markers(seen))], verso=verso)

    def _mark(self, take: Take, own: str, texts: Sequence[str], *, verso: bool) -> str:
        pictures = [self._pictures.get(name, "") for name in take.facts.pictures]
        parts = (own, "\0".join(texts), str(verso), *pictures, *sorted(self.dead(take)))
        return digest_of("take", tools(), self._kit_name, *parts)


def name_of(standing: Standing) -> str:
    """What sets names in a take apart from those in others, whatever it ends with."""
    take = standing.take
    return (digest_of("goes on", take.anchor) if take.cut and take.anchor else standing.key)[:12]
