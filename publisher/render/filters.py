"""How templates say dates, names and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby

from markupsafe import Markup

from publisher.book.model import Footnote, Place
from publisher.names import slug
from publisher.render.locators import in_words, runs, spots
from publisher.render.pdf.folios import Folios
from publisher.vault.properties import Day, Rating
from publisher.vault.rating import is_starred
from publisher.wording import Wording

# A title page with more names than these reads like a telephone book.
NAMES = 8
_NUMERALS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_FIRST_PARAGRAPH = re.compile(r"\s*<p(\s[^<>]*)?>")
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def filters(words: Wording, folios: Folios | None = None) -> dict[str, Callable[..., object]]:
    """The filters every page template may use, speaking the book's language.

    `folios` are the print edition's, where they are known.
    """
    return {
        "by_chapter": by_chapter,
        "date": lambda text: iso_date(text, words),
        "day": lambda day: dated(day, words),
        "locators": lambda places: page_locators(places, words, folios or Folios()),
        "numeral": numeral,
        "page_of": lambda anchor: page_of(anchor, words, folios or Folios()),
        "people": lambda people: people_named(people, words),
        "slug": slug,
        "starred": lambda rating: is_starred(rating.typed),
        "stars": stars,
        "with_backlink": lambda note: with_backlink(note, words),
    }


def people_named(people: tuple[tuple[str, str], ...], words: Wording, most: int = NAMES) -> str:
    """`A, B and C`; of a crowd the first few, and others."""
    names = tuple(name for name, _ in people)
    if len(names) <= most:
        return words.listed(names)
    return words.and_others.format(names=", ".join(names[: most // 2]))


def by_chapter(places: tuple[Place, ...]) -> Iterator[tuple[str, list[Place]]]:
    """Places gathered under the chapter they stand in, a section's first alone."""
    for chapter, group in groupby(places, lambda place: place.chapter):
        sections: dict[str, Place] = {}
        for place in group:
            sections.setdefault(place.section, place)
        yield chapter, list(sections.values())


def page_locators(
    places: tuple[Place, ...], words: Wording, folios: Folios
) -> list[tuple[str, str, bool]]:
    """(anchor, `12–14`, whether it is the main discussion) by the printed pages."""
    return [
        (run.first, in_words(run, folios.of, words.page_range, words.note_locator), run.main)
        for run in runs(spots(places), folios)
    ]


def page_of(anchor: str, words: Wording, folios: Folios) -> str:
    """`p. 12`, or nothing where no print edition is known."""
    return words.page_reference.format(page=folios.of(anchor)) if folios.knows(anchor) else ""


def stars(rating: Rating) -> tuple[str, ...]:
    """Five stars, each `full`, `half` or `empty`."""
    halves = round(rating.share * 10)
    steps = (max(0, min(2, halves - 2 * number)) for number in range(5))
    return tuple(("empty", "half", "full")[step] for step in steps)


def dated(day: Day, words: Wording) -> str:
    """A date in words; a month that no calendar has is left out."""
    month = day.month if day.month <= len(words.months) else 0
    return words.dated(day.year, month, day.day if month else 0)


def iso_date(text: str, words: Wording) -> str:
    """A date in words where it is in figures, else as it was typed."""
    found = _ISO_DATE.fullmatch(text)
    if found is None:
        return text
    return dated(Day(*(int(part or 0) for part in found.groups())), words)


def numeral(number: int) -> str:
    """A part's number as books count parts: I, II, III, IV."""
    out = ""
    for value, letters in _NUMERALS:
        out += letters * (number // value)
        number %= value
    return out


def with_backlink(note: Footnote, words: Wording) -> Markup:
    """A footnote's blocks with its number, which leads back to the call, in the first line."""
    label = escape(words.back_to_text)
    link = (
        f'<a href="#{escape(note.call)}" role="doc-backlink" class="backlink"'
        f' aria-label="{label}">{note.number}</a> '
    )
    first = _FIRST_PARAGRAPH.match(note.xhtml)
    if first is None:
        return Markup(f"<p>{link}</p>{note.xhtml}")  # noqa: S704 - the book's XHTML is safe
    return Markup(note.xhtml[: first.end()] + link + note.xhtml[first.end() :])  # noqa: S704
