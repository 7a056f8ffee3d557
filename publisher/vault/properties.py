"""What a note says of itself: front matter and the fields in its body."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.problem import Position


@dataclass(frozen=True, slots=True)
class Person:
    """An author as named in a note: `Leon Trotsky`, or a link's `target` and words.

    `name` is what was typed (for a link without display text, its last path part),
    `target` the path of the linked note, existing or not, or empty.
    """

    name: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as typed and as a share of the best possible: A and 5/5 are 1.0."""

    typed: str
    share: float


@dataclass(frozen=True, slots=True, order=True)
class Day:
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


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: an address, words, or both."""

    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Properties:
    """A note's properties, typed; what has no type here stands in `other` as text.

    `description` is the `definition` or `description` property. `publish` is false for
    `publish: false` and `draft: true`. `order` is a number given to sort by.
    """

    title: str = ""
    subtitle: str = ""
    aliases: tuple[str, ...] = ()
    authors: tuple[Person, ...] = ()
    genre: str = ""
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


@dataclass(frozen=True, slots=True)
class FieldLink:
    """A link in a field's value: `target` is a note as typed, `url` an address outside."""

    text: str
    target: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A property written in the body, such as `author:: [[Trotsky]]`, and its line."""

    key: str
    text: str
    links: tuple[FieldLink, ...] = ()
    line: int = 0
