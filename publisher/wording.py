"""The book's own words, in the book's language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Wording:
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
    part: str  # {number}
    chapter: str  # {number}
    cover: str
    half_title: str
    title_page: str
    copyright_page: str
    copyright: str
    colophon: str
    colophon_sentence: str  # {tool}
    anthology: str
    untitled: str
    by: str  # {names}
    edited_by: str  # {names}
    editor: str
    author: str
    glossary: str
    people: str
    concepts: str
    claims: str
    other: str
    contributors: str
    sources: str
    index: str
    notes: str
    note: str  # {number}
    back_to_text: str  # {number}
    pieces_by: str  # {name}
    page: str
    page_reference: str  # {page}
    page_reference_bare: str  # {page}
    see: str  # {terms}
    see_also: str  # {terms}
    also: str  # {names}
    discussed_in: str
    first_used: str  # {place}
    genre: str
    rating: str  # {rating}
    rating_label: str
    source: str
    source_link: str
    date: str
    tags: str
    series: str  # {series} {index}
    isbn: str  # {isbn}
    rights: str  # {year} {holder}
    published_by: str  # {name}
    missing_image: str  # {name}
    missing_note: str  # {name}
    attachment: str  # {name}
    embedded_again: str  # {title}
    figure: str  # {number}
    table: str  # {number}
    cover_alt: str  # {title}
    task_open: str
    task_done: str
    start_of_text: str
    landmarks: str
    page_list: str

    def quoted(self, text: str) -> str:
        """The text between the language's quotation marks."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

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
