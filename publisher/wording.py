"""The book's own words, in the book's language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from msgspec import Struct

FALLBACK = "en"


class Wording(Struct, frozen=True):
    """Every word a book says that no author wrote; `{…}` are filled in by `str.format`.

    `quotes` and `inner_quotes` are the opening and the closing mark.
    """

    language: str
    quotes: tuple[str, str]
    inner_quotes: tuple[str, str]
    months: tuple[str, ...]
    day: str  # {day} {month} {year}
    month_year: str  # {month} {year}
    and_: str
    and_others: str  # {names}
    contents: str
    part: str
    chapter: str
    cover: str
    half_title: str
    title_page: str
    copyright: str
    colophon: str
    made_from: str
    anthology: str
    untitled: str
    unsigned: str
    beginning: str
    by: str
    edited_by: str
    editor: str
    glossary: str
    people: str
    concepts: str
    claims: str
    other: str
    contributors: str
    sources: str
    index: str
    notes: str
    note: str
    back_to_text: str
    pieces_by: str
    page: str
    page_reference: str
    page_range: str  # {first} {last}
    note_locator: str  # {page}
    index_main: str
    index_notes: str
    see: str
    see_also: str
    also: str
    discussed_in: str
    first_used: str
    author: str
    press: str
    year: str
    translator: str
    genre: str
    rating: str
    source: str
    date: str
    series: str
    isbn: str
    rights: str
    published_by: str
    missing_image: str
    missing_note: str
    attachment: str
    figure: str
    cover_alt: str
    task_open: str
    task_done: str
    landmarks: str
    page_list: str

    def quoted(self, text: str) -> str:
        """The text between the language's quotation marks, those in it made inner ones."""
        inner = text
        for outer_mark, inner_mark in zip(self.quotes, self.inner_quotes, strict=True):
            inner = inner.replace(outer_mark, inner_mark)
        return f"{self.quotes[0]}{inner}{self.quotes[1]}"

    def listed(self, names: tuple[str, ...]) -> str:
        """`A`, `A and B`, `A, B and C`."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.and_} {names[-1]}"

    def dated(self, year: int, month: int = 0, day: int = 0) -> str:
        """A date in words, as precise as known."""
        if not month:
            return str(year)
        name = self.months[month - 1]
        if not day:
            return self.month_year.format(month=name, year=year)
        return self.day.format(day=day, month=name, year=year)


def wording(language: str) -> Wording:
    """The words of a language, its base language, or English."""
    tag = language.replace("_", "-").casefold()
    while tag:
        if tag in languages():
            return _read(tag)
        tag = tag.rpartition("-")[0]
    return _read(FALLBACK)


@cache
def languages() -> tuple[str, ...]:
    """The languages the book speaks."""
    names = (place.name for place in files("publisher").joinpath("languages").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def _read(tag: str) -> Wording:
    place = files("publisher").joinpath("languages", f"{tag}.toml")
    words = tomllib.loads(place.read_text(encoding="utf-8"))
    lists = {key: tuple(value) for key, value in words.items() if isinstance(value, list)}
    return Wording(language=tag, **words | lists)
