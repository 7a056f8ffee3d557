"""What a note says of itself: front matter and the fields in its body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from publisher.language import direction_of, language_tag
from publisher.problem import Position, Problem, Severity
from publisher.vault import values
from publisher.vault.days import day_parts, is_rounded
from publisher.vault.field import Field
from publisher.vault.keys import FURTHER, HINTS, folded_key, meant_by, strength, yes_or_no
from publisher.vault.people import compatible_people, paired, people_in
from publisher.vault.rating import rating_share


class Person(Struct, frozen=True):
    """An author as named in a note: `Leon Trotsky`, or a link's `target` and words.

    `name` is what was typed (for a link without display text, its last path part),
    `target` the path of the linked note, existing or not, or empty.
    """

    name: str
    target: str = ""


class Rating(Struct, frozen=True):
    """A rating as typed and as a share of the best possible: A and 5/5 are 1.0."""

    typed: str
    share: float


class Day(Struct, frozen=True, order=True):
    """A date known to the year, month or day; unknown parts are 0."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """ISO 8601, as precise as known: 1940, 1940-08, 1940-08-21."""
        out = f"{self.year:04d}"
        if self.month:
            out += f"-{self.month:02d}"
        if self.month and self.day:
            out += f"-{self.day:02d}"
        return out


class Source(Struct, frozen=True):
    """Where a text comes from: an address, words, or both."""

    text: str = ""
    url: str = ""


class Properties(Struct, frozen=True):
    """A note's properties, typed; what has no type here stands in `other` as text.

    The first of several genres is `genre`. `description` is the `definition` or `description` property. `publish` is false for
    `publish: false` and `draft: true`. `order` is a number given to sort by.
    """

    title: str = ""
    subtitle: str = ""
    aliases: tuple[str, ...] = ()
    authors: tuple[Person, ...] = ()
    genre: str = ""
    more_genres: tuple[str, ...] = ()
    rating: Rating | None = None
    date: Day | None = None
    sources: tuple[Source, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""
    language: str = ""
    direction: str = ""
    file_as: str = ""
    publish: bool = True
    order: float | None = None
    other: tuple[tuple[str, str], ...] = ()
    at: Position | None = None

    def said(self, name: str) -> str:
        """What stands in `other` under a name, or any that means the same."""
        return next((text for key, text in self.other if folded_key(key) in FURTHER[name]), "")


_T = TypeVar("_T")
_Read = Callable[[tuple[str, ...]], _T | None]


class _Given(Struct, frozen=True):
    """One property as given: its texts still hold links as `[[…]]` and `[…](…)`."""

    key: str
    texts: tuple[str, ...]
    at: Position
    in_front: bool

    @property
    def shown(self) -> str:
        return values.bounded(values.plain("; ".join(map(values.pointed, self.texts))))


def properties_from(
    front: Mapping[str, object],
    fields: Sequence[Field],
    at: Position,
    lines: Mapping[str, int] | None = None,
) -> tuple[Properties, tuple[Problem, ...]]:
    """Type what a note says of itself; front matter wins over the fields in its body.

    `lines` gives the line of each front matter key, for the problems' places.
    """
    reading = _Reading(_gather(front, fields, at, lines or {}), at)
    return reading.properties(), tuple(reading.problems)


def _gather(
    front: Mapping[str, object], fields: Sequence[Field], at: Position, lines: Mapping[str, int]
) -> dict[str, list[_Given]]:
    """What was given for each property, the strongest first."""
    givens = [
        _Given(key, values.texts(value, key), Position(at.path, lines.get(key, at.line), 1), True)
        for key, value in front.items()
    ]
    for item in fields:
        marked = values.marked_up(item.text, [(x.text, x.target, x.url) for x in item.links])
        place = Position(at.path, item.line or at.line, 1)
        givens.append(_Given(item.key, values.texts(marked, item.key), place, False))
    found: dict[str, list[_Given]] = {}
    for given in sorted(givens, key=_order):
        if any(text.strip() for text in given.texts):
            found.setdefault(_meant(given), []).append(given)
    return found


def _order(given: _Given) -> tuple[bool, int]:
    return not given.in_front, strength(_meant(given), given.key)


def _meant(given: _Given) -> str:
    return meant_by(given.key, given.texts[0] if len(given.texts) == 1 else "")


class _Reading:
    """Reads one note's properties, collecting problems and what found no place."""

    def __init__(self, found: dict[str, list[_Given]], at: Position) -> None:
        self.found = found
        self.at = at
        self.problems: list[Problem] = []
        self.other: list[tuple[str, str]] = []

    def properties(self) -> Properties:
        authors = self._authors()
        genres = self._pick("genre", values.words, values.folded) or ()
        if not genres and authors:
            genres = self._pick("category", values.words, values.folded) or ()
        genres = tuple(filter(None, (genre.lstrip("# ") for genre in genres)))
        language = self._pick("language", values.first(language_tag), str, "language-unknown") or ""
        direction = (
            self._pick("direction", values.first(values.direction), str, "direction-unknown") or ""
        )
        return Properties(
            title=self._pick("title", values.title, values.folded, "title-unfilled") or "",
            subtitle=self._words("subtitle"),
            aliases=self._union("aliases", values.words),
            authors=authors,
            genre=genres[0] if genres else "",
            more_genres=genres[1:],
            rating=self._pick(
                "rating", values.first(_rating), lambda r: r.share, "rating-unreadable"
            ),
            date=self._date(),
            sources=self._sources(),
            tags=self._union("tags", values.tags),
            description=self._words("description"),
            language=language,
            direction=direction or direction_of(language),
            file_as=self._words("file_as"),
            publish=self._publish(),
            order=self._pick("order", values.first(values.number), float),
            other=self._others(),
            at=self.at,
        )

    def _words(self, name: str) -> str:
        return self._pick(name, values.joined, values.folded) or ""

    def _pick(
        self,
        name: str,
        read: _Read[_T],
        same: Callable[[_T], object],
        code: str = "",
    ) -> _T | None:
        """The strongest readable value; weaker ones of the front matter go to `other`."""
        chosen: _T | None = None
        winner: _Given | None = None
        for given in self.found.pop(name, []):
            value = read(given.texts)
            if value is None or value == "":
                self._keep(given)
                if code:
                    self._unreadable(code, name, given)
            elif winner is None or chosen is None:
                chosen, winner = value, given
            elif same(value) != same(chosen):
                self._lose(winner, given)
        return chosen

    def _lose(self, winner: _Given, loser: _Given) -> None:
        if loser.in_front:
            self._keep(loser)
            return
        source = "front matter" if winner.in_front else f"line {winner.at.line}"
        self.problems.append(
            Problem(
                "property-conflict",
                f"{loser.key} is “{loser.shown}” here, but “{winner.shown}” in {source}",
                loser.at,
                hint=f"“{winner.shown}” counts; make both the same",
            )
        )

    def _unreadable(self, code: str, name: str, given: _Given) -> None:
        message = f"“{given.shown}” is no {name} that can be read"
        self.problems.append(Problem(code, message, given.at, hint=HINTS.get(code, "")))

    def _keep(self, given: _Given) -> None:
        if shown := given.shown:
            self.other.append((given.key.casefold(), shown))

    def _union(self, name: str, read: _Read[tuple[str, ...]]) -> tuple[str, ...]:
        out: dict[str, str] = {}
        for given in self.found.pop(name, []):
            for word in read(given.texts) or ():
                out.setdefault(word.casefold(), word)
        return tuple(out.values())

    def _sources(self) -> tuple[Source, ...]:
        out: dict[tuple[str, str], None] = {}
        winner: _Given | None = None
        for given in self.found.pop("sources", []):
            texts = [text for text in given.texts if not values.is_related(given.key, text)]
            if len(texts) < len(given.texts):
                self._keep(given)
            pairs = [pair for text in texts for pair in values.sources(text)]
            if winner is not None and not given.in_front and not values.same_sources(out, pairs):
                self._lose(winner, given)
                continue
            winner = winner or (given if given.in_front and pairs else None)
            out.update(dict.fromkeys(pairs))
        return tuple(Source(*pair) for pair in values.whole_sources(out))

    def _date(self) -> Day | None:
        given = self.found.get("date", [])
        date = self._pick("date", values.first(_day), str, "date-unreadable")
        if date is not None and given and any(map(is_rounded, given[0].texts)):
            message = f"“{given[0].shown}” is printed as {date}"
            self.problems.append(Problem("date-rounded", message, given[0].at, Severity.NOTE))
        return date

    def _authors(self) -> tuple[Person, ...]:
        chosen: list[tuple[str, str]] = []
        winner: _Given | None = None
        for given in self.found.pop("authors", []):
            people = list(dict.fromkeys(p for text in paired(given.texts) for p in people_in(text)))
            if not people:
                self._keep(given)
            elif winner is None:
                chosen, winner = people, given
            elif compatible_people(chosen, people):
                chosen = values.with_targets(chosen, people, compatible_people)
            else:
                self._lose(winner, given)
        return tuple(Person(name, target) for name, target in chosen)

    def _publish(self) -> bool:
        publish = self._pick("publish", values.first(yes_or_no), str)
        draft = self._pick("draft", values.first(yes_or_no), str)
        return publish != "no" and draft != "yes"

    def _others(self) -> tuple[tuple[str, str], ...]:
        for winner, *others in self.found.values():
            self._keep(winner)
            for given in others:
                if given.in_front or not winner.in_front:
                    self._keep(given)
                elif values.folded(given.shown) != values.folded(winner.shown):
                    self._lose(winner, given)
        return tuple(dict.fromkeys(self.other))


def _rating(text: str) -> Rating | None:
    share = rating_share(text)
    return None if share is None else Rating(text, share)


def _day(text: str) -> Day | None:
    parts = day_parts(text)
    return None if parts is None else Day(*parts)
