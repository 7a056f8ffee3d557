"""What is set in each take where it asks for page numbers, as far as the pages are known."""

from __future__ import annotations

from publisher.render.pdf.folios import Folios
from publisher.render.pdf.references import changeable, fixed, printed
from publisher.render.pdf.standing import Standing
from publisher.wording import Wording


class Readings:
    """The texts for a book's takes; where no page has moved since the last turn, the same again."""

    def __init__(self, words: Wording) -> None:
        self._words = words
        self._folios, self._lasting = Folios(), False
        self._kept: dict[tuple[Standing, bool], tuple[str, ...]] = {}
        self._stuck: set[Standing] = set()

    def turn(self, folios: Folios, *, lasting: bool) -> None:
        """From now on with these folios; `lasting` keeps every reference that was printed."""
        if folios != self._folios or lasting or self._lasting:
            self._kept = {}
        self._folios, self._lasting = folios, lasting

    def forget(self) -> None:
        """Let go of what was read: the book is settled."""
        self._kept, self._stuck = {}, set()

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
            self._kept[name] = self._set(standing, loose=loose)
        return self._kept[name]

    def _set(self, standing: Standing, *, loose: bool) -> tuple[str, ...]:
        given = standing.take.markers
        texts = printed(given, self._folios, self._words)
        if self._lasting and standing.texts:
            # A reference that moves its own target off the page and back would never settle.
            kept = {n for n, text in enumerate(standing.texts) if text and not texts[n]}
            texts = printed(given, self._folios, self._words, frozenset(kept)) if kept else texts
        return tuple(changeable(text) if loose else fixed(text) for text in texts)
