"""The keys of `anthology.toml`: where each stands, what it holds, and which one was meant."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable

from msgspec import Struct

from publisher.tomlplaces import KeyPath

CHOICES = {
    "by": ("author", "genre", "folder", "none"),
    "order": ("title", "date", "rating", "file"),
    "repeat": ("section", "always", "first"),
    "line_breaks": ("keep", "join"),
    "quotes": ("curly", "typed"),
    "index": ("auto", "true", "false"),
}


class Kind(Struct, frozen=True):
    """What a key holds: its name in a message, and the types TOML gives it."""

    name: str
    types: tuple[type, ...]


TEXT = Kind("text in quotes", (str,))
TEXTS = Kind("text or a list of texts", (str, list))
FLAG = Kind("true or false", (bool,))
CHOICE = Kind('true, false or "auto"', (bool, str))
NUMBER = Kind("text or a number", (str, int, float))
DATE = Kind("a date", (str, int, dt.date))
KEYS: dict[KeyPath, tuple[str, Kind]] = {
    ("book", "title"): ("title", TEXT),
    ("book", "subtitle"): ("subtitle", TEXT),
    ("book", "editors"): ("editors", TEXTS),
    ("book", "editor"): ("editors", TEXTS),
    ("book", "authors"): ("editors", TEXTS),
    ("book", "author"): ("editors", TEXTS),
    ("book", "language"): ("language", TEXT),
    ("book", "publisher"): ("publisher", TEXT),
    ("book", "rights"): ("rights", TEXT),
    ("book", "isbn"): ("isbn", NUMBER),
    ("book", "description"): ("description", TEXT),
    ("book", "subjects"): ("subjects", TEXTS),
    ("book", "series"): ("series", TEXT),
    ("book", "series_index"): ("series_index", NUMBER),
    ("book", "date"): ("date", DATE),
    ("notes", "vault"): ("vault", TEXT),
    ("notes", "include"): ("include", TEXTS),
    ("notes", "exclude"): ("exclude", TEXTS),
    ("notes", "line_breaks"): ("line_breaks", TEXT),
    ("notes", "quotes"): ("quotes", TEXT),
    ("parts", "by"): ("by", TEXT),
    ("parts", "order"): ("order", TEXT),
    ("parts", "outline"): ("outline", TEXT),
    ("links", "repeat"): ("repeat", TEXT),
    ("glossary", "show"): ("glossary", FLAG),
    ("contributors", "show"): ("contributors", FLAG),
    ("sources", "show"): ("sources", FLAG),
    ("index", "show"): ("index", CHOICE),
    ("theme", "name"): ("theme", TEXT),
    ("print", "isbn"): ("print_isbn", NUMBER),
    ("print", "price"): ("price", TEXT),
    ("print", "printer"): ("printer", TEXT),
    ("print", "paper"): ("paper", TEXT),
    ("print", "trim"): ("trim", TEXT),
    ("print", "bleed"): ("bleed", FLAG),
}
# Tables whose keys are the author's own words.
OPEN: tuple[KeyPath, ...] = (
    ("notes", "where"),
    ("authors",),
    ("glossary", "groups"),
    ("theme", "tokens"),
    ("printers",),
    ("genres",),
)
# What a text must look like, and how to say so.
PATTERNS = {
    "date": (re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?"), "2024, 2024-05 or 2024-05-01"),
    "theme": (re.compile(r"[A-Za-z0-9_-]+"), "a theme's name"),
    "trim": (
        re.compile(
            r"(?:\d{1,3}(?:\.\d{1,3})?x\d{1,3}(?:\.\d{1,3})?(?:in|mm|cm)|a[3-6]|b[56]|letter)?"
        ),
        "width and height, such as 6x9in or 148x210mm, or a sheet such as a5",
    ),
    # A plan comes with the vault it describes and must not lead out of it.
    "vault": (
        re.compile(r"(?!/|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$)).*"),
        "a folder below this file",
    ),
}


def shown_key(key: KeyPath) -> str:
    """A key as it is written: `[book] title`."""
    return f"[{'.'.join(key[:-1])}] {key[-1]}" if len(key) > 1 else key[0]


def listed(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def meant(word: str, known: Iterable[str]) -> str:
    """What to add to a message on an unknown word."""
    near = difflib.get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def nearest_key(key: KeyPath) -> str:
    """The known key most like this one: of the same name elsewhere, else of like spelling."""
    known = [*KEYS, *OPEN, *((table,) for table in sorted({k[0] for k in KEYS}))]
    namesake = next((k for k in known if k[-1] == key[-1].casefold()), None)
    if namesake is None:
        dotted = {".".join(k): k for k in known}
        near = difflib.get_close_matches(".".join(key).casefold(), list(dotted), n=1, cutoff=0.6)
        last = difflib.get_close_matches(key[-1].casefold(), [k[-1] for k in known], n=1)
        namesake = (
            dotted[near[0]] if near else next((k for k in known if last and k[-1] == last[0]), None)
        )
    if namesake is None:
        return "see docs/anthology-toml.md for all keys"
    is_table = namesake in OPEN or len(namesake) == 1
    return f"did you mean {'[' + '.'.join(namesake) + ']' if is_table else shown_key(namesake)}?"


def tables_with(name: str) -> tuple[str, ...]:
    """The tables that have a setting of that name, `series-index` as well as `series_index`."""
    wanted = name.lower().replace("-", "_")
    return tuple(dict.fromkeys(key[0] for key in KEYS if key[-1] == wanted))
