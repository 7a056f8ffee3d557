"""What is set in each take where it asks for page numbers, as far as the pages are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field

from publisher.render.pdf.folios import Folios
from publisher.render.pdf.references import changeable, fixed, printed
from publisher.render.pdf.standing import Standing
from publisher.wording import Wording

_APART = re.compile(r"[ |]")


class Reading(Struct, frozen=True):
    """All that was read in a book: with which folios, and by the take's digest and looseness."""

    folios: Folios = field(default_factory=Folios)
    texts: dict[tuple[str, bool], tuple[str, ...]] = field(default_factory=dict)


class Readings:
    """The texts for a book's takes; where no page has moved since the last turn, the same again.

    What was read in the book before is not read again where nothing that is asked for has moved.
    """

    def __init__(self, words: Wording) -> None:
        self._words = words
        self._folios, self._lasting = Folios(), False
        self._kept: dict[tuple[Standing, bool], tuple[str, ...]] = {}
        self._stuck: set[Standing] = set()
        self._before = Reading()
        self._moved: frozenset[str] = frozenset()

    def recall(self, before: Reading) -> None:
        """Go by what was read in the book before, which was written in the same language."""
        self._before = before

    def turn(self, folios: Folios, *, lasting: bool) -> None:
        """From now on with these folios; `lasting` keeps every reference that was printed."""
        if folios != self._folios or lasting or self._lasting:
            self._kept = {}
            if self._before.texts:
                self._moved = moved(self._before.folios, folios)
        self._folios, self._lasting = folios, lasting

    def close(self) -> Reading:
        """All that was read, for the next book; the book is settled, and lets go of it."""
        texts = {(s.take.digest, loose): text for (s, loose), text in self._kept.items() if text}
        found = Reading() if self._lasting else Reading(self._folios, texts)
        self._kept, self._stuck, self._before = {}, set(), Reading()
        return found

    def of(self, standing: Standing) -> tuple[str, ...]:
        """One for each marker of the take."""
        # Once figures could not be changed they are set fast; what has none proves nothing.
        if standing.proof and not standing.proof.loose:
            self._stuck.add(standing)
        loose = standing not in self._stuck
        if self._lasting:
            return self._set(standing, loose=loose)
        name = standing, loose
        if name not in self._kept:
            known = self._known(standing, loose=loose)
            self._kept[name] = self._set(standing, loose=loose) if known is None else known
        return self._kept[name]

    def _known(self, standing: Standing, *, loose: bool) -> tuple[str, ...] | None:
        """What was read in the book before, if it is true of this one."""
        take, before = standing.take, self._before
        if not take.markers or before.folios.front != self._folios.front:
            return None
        known = before.texts.get((take.digest, loose))
        if known is None or not self._moved.isdisjoint(
            asked(marker.given for marker in take.markers)
        ):
            return None
        return known

    def _set(self, standing: Standing, *, loose: bool) -> tuple[str, ...]:
        given = standing.take.markers
        texts = printed(given, self._folios, self._words)
        if self._lasting and standing.texts:
            # A reference that moves its own target off the page and back would never settle.
            kept = {n for n, text in enumerate(standing.texts) if text and not texts[n]}
            texts = printed(given, self._folios, self._words, frozenset(kept)) if kept else texts
        return tuple(changeable(text) if loose else fixed(text) for text in texts)


def asked(given: Iterable[str]) -> set[str]:
    """All names in what markers ask for, and some words that name nothing."""
    return set(_APART.split(" ".join(given)))


def moved(one: Folios, other: Folios) -> frozenset[str]:
    """What does not stand, or end, on the same leaf in both."""
    pairs = (one.leaves.items() ^ other.leaves.items()) | (one.ends.items() ^ other.ends.items())
    return frozenset(name for name, _ in pairs)
