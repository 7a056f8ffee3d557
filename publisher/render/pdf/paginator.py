"""Folios are printed on sheets of their own and stand beside the pages of takes.

Sheets are kept: one depends on the theme and the numbers on it, and on nothing that is written.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial

from msgspec.structs import replace

from publisher.cache import digest_of
from publisher.problem import SetupError
from publisher.render.pdf.crew import Crew, Order, Outcome
from publisher.render.pdf.foliation import CHUNK, Foliation, Ink, chunks, sheet_of
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.jobs import FolioJob
from publisher.render.pdf.makeready import face_key
from publisher.render.pdf.numbering import Inks, Name, Pattern, origins, pattern_of, to_print
from publisher.render.pdf.standing import Standing
from publisher.render.pdf.store import Store
from publisher.render.pdf.tools import tools

SHEETS_AT_HAND = 4  # neighbouring pages are of few kinds
Beside = Callable[[int, str], Ink | None]  # what is printed on a leaf, beside a page of that name


class Paginator:
    """Gives pages their numbers."""

    def __init__(self, crew: Crew, store: Store, foliation: Foliation, attributes: str) -> None:
        self._crew, self._store = crew, store
        self._foliation, self._alone, self._attributes = foliation, foliation.alone(), attributes

    def beside(self, standing: Sequence[Standing], starts: Sequence[int], folios: Folios) -> Beside:
        """What is printed on the leaves of takes beside them."""
        wanted = self._wanted(standing, starts, folios)
        keys = {name: self._key(name) for name in wanted}
        sheets = self._sheets(keys)

        def ink(leaf: int, name: str) -> Ink | None:
            sheet = sheets(_sheet_of(leaf, name, folios))
            return sheet[(_number(leaf, folios) - 1) % CHUNK] if sheet else None

        return ink

    def beside_one(self, one: Standing, start: int, folios: Folios) -> Beside:
        """The same for one take: of sheets that are still to be printed no more than its pages."""
        wanted = self._wanted([one], [start], folios)
        if all(map(self._is_there, wanted)):
            return self.beside([one], [start], folios)
        pages = one.sides
        first, last = (_number(leaf, folios) for leaf in (start, start + len(pages) - 1))
        if first > last:  # figures begin anew within it
            return self.beside([one], [start], folios)
        inks: dict[str, Inks] = {}
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
            for n, side in enumerate(one.sides)
            if not side.blank
        )
        return chunks(pages, self._foliation)

    def ahead(
        self, standing: Sequence[Standing], starts: Sequence[int], folios: Folios
    ) -> list[Order]:
        """Orders for the sheets that these takes want, as far as they are printed."""
        return self._orders(to_print(self._wanted(standing, starts, folios), self._is_there))

    def take_in(self, key: str, outcome: Outcome) -> None:
        """Keep a sheet. Raises SetupError where it could not be printed."""
        self._store.put(key, pickle.dumps(self._inks(outcome), protocol=5))

    def _orders(self, names: Iterable[Name]) -> list[Order]:
        return [Order(self._key(name), 4_000, partial(self._job, name)) for name in names]

    def _sheets(self, keys: Mapping[Name, str]) -> Callable[[Name], Inks]:
        """Print the sheets of folios that were never printed before, or have them follow."""
        for key, outcome in self._crew.run(self._orders(to_print(keys, self._is_there))):
            self.take_in(key, outcome)
        for key, outcome in self._crew.run(self._orders(self._not_following(keys))):
            self.take_in(key, outcome)

        @lru_cache(maxsize=SHEETS_AT_HAND)
        def sheet(name: Name) -> Inks:
            if name not in keys:
                return ()
            kept = self._store.get(keys[name])
            if kept is None:
                self.take_in(keys[name], self._crew.ask(self._job(name)))
                kept = self._store.need(keys[name])
            inks: Inks = pickle.loads(kept)  # noqa: S301 - sealed
            return inks

        return sheet

    def _not_following(self, names: Iterable[Name]) -> list[Name]:
        """The sheets that are still to be printed; those that follow from others are kept."""
        patterns: dict[tuple[Name, ...], Pattern | None] = {}
        left = []
        for name in names:
            if self._is_there(name):
                continue
            sources = origins(name)
            if sources not in patterns:
                patterns[sources] = self._pattern(sources, len(str(name[1])))
            pattern = patterns[sources]
            if pattern is None:
                left.append(name)
            else:
                self._store.put(self._key(name), pickle.dumps(pattern.sheet(name[1]), protocol=5))
        return left

    def _pattern(self, sources: Sequence[Name], figures: int) -> Pattern | None:
        if not sources or not all(map(self._is_there, sources)):
            return None
        sheets = [pickle.loads(self._store.need(self._key(one))) for one in sources]  # noqa: S301
        return pattern_of(sources, sheets, figures)

    def _is_there(self, name: Name) -> bool:
        return self._store.has(self._key(name))

    def _inks(self, outcome: Outcome) -> Inks:
        """The folios of a sheet; the fonts they are printed in are kept."""
        if not outcome.done:
            raise SetupError(f"the folios cannot be printed: {outcome.value}")
        inks, files = outcome.value
        for name, body in files:
            if not self._store.has(face_key(name)):
                self._store.put(face_key(name), body)
        return tuple(inks)

    def _key(self, name: Name) -> str:
        parts = (self._crew.kit_name, name[0], str(name[1]), self._alone, self._attributes)
        return digest_of("folios", tools(), *parts)

    def _job(self, name: Name) -> FolioJob:
        return FolioJob(name[0], name[1], self._alone, self._attributes, CHUNK)


def by_page(beside: Beside, start: int, one: Standing) -> list[Ink | None]:
    """What is beside each page of a take that begins on a leaf."""
    sides = enumerate(one.sides, start)
    return [None if side.blank else beside(leaf, side.name) for leaf, side in sides]


def _sheet_of(leaf: int, name: str, folios: Folios) -> Name:
    """The sheet of folios that a leaf's is printed on."""
    return name, sheet_of(_number(leaf, folios))


def _number(leaf: int, folios: Folios) -> int:
    return leaf if leaf <= folios.front else leaf - folios.front
