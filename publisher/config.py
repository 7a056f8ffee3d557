"""The plan of a book: `anthology.toml`, checked."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from publisher.isbn import normal_isbn
from publisher.language import language_tag
from publisher.plankeys import (
    CHOICES,
    FLAG,
    KEYS,
    OPEN,
    PATTERNS,
    TEXT,
    TEXTS,
    Kind,
    listed,
    meant,
    nearest_key,
    shown_key,
)
from publisher.problem import Position, Problem, SetupError
from publisher.tomlplaces import KeyPath, key_places, shown_error

FILE_NAME = "anthology.toml"
MAX_FILE = 1024 * 1024


class Plan(Struct, frozen=True):
    """What the editor of an anthology wants; everything has a default.

    `by` and `order` are "" where the notes decide. `persons` are (name, other spellings),
    `files_as` (name, file-as), `groups` (folder, glossary group), `theme_tokens`
    (token, value) in order, `theme_homes` folders of themes besides the vault's own,
    `genres` (word, target, place). `printers` are (name, preset as JSON); `printer`, `paper` and
    `trim` are "" where the printer's usual one will do. `spots` say where in the file each
    setting stands.
    """

    title: str = ""
    subtitle: str = ""
    editors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    rights: str = ""
    isbn: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    series: str = ""
    series_index: str = ""
    date: str = ""
    vault: str = "."
    by: str = ""
    order: str = ""
    outline: str = ""
    where: tuple[tuple[str, str], ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    repeat: str = "section"
    line_breaks: str = ""
    quotes: str = ""
    glossary: bool = True
    contributors: bool = True
    sources: bool = True
    index: str = "auto"
    persons: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files_as: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    genres: tuple[tuple[str, str, str], ...] = ()
    theme: str = "classic"
    theme_tokens: tuple[tuple[str, str], ...] = ()
    theme_homes: tuple[str, ...] = ()
    printer: str = ""
    paper: str = ""
    trim: str = ""
    bleed: bool = False
    print_isbn: str = ""
    price: str = ""
    printers: tuple[tuple[str, str], ...] = ()
    spots: tuple[tuple[str, Position], ...] = ()


def read_plan(path: Path | None) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan in a file, or the plan without one."""
    if path is None:
        return Plan(), ()
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise SetupError(f"{path} cannot be read: {reason}") from None
    if len(content) > MAX_FILE:
        raise SetupError(f"{path} is larger than a plan can be")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SetupError(f"{path}:{line}: this file is not UTF-8 text") from None
    return parse_plan(text, str(path))


def parse_plan(text: str, path: str) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan in a TOML text; a mistake in it that leaves doubt is a SetupError."""
    text = text.replace("\r\n", "\n")
    try:
        settings = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SetupError(shown_error(error, text, path)) from None
    return _Reader(path, key_places(text)).plan(settings)


def plan_with(plan: Plan, **overrides: Any) -> Plan:
    """The plan as the command line changes it; an unknown name or choice is a SetupError."""
    known = {field.name for field in fields(Plan)}
    for name, value in overrides.items():
        if name not in known:
            raise SetupError(f"there is no setting “{name}”{meant(name, known)}")
        if value not in CHOICES.get(name, (value, "")) and value != "":
            raise SetupError(f"{name} is one of {listed(CHOICES[name])}, not “{value}”")
    if overrides.get("language"):
        overrides["language"] = _tag(overrides["language"])
    spots = tuple((name, place) for name, place in plan.spots if name not in overrides)
    return replace(plan, **overrides, spots=spots)


def _tag(language: str) -> str:
    tag = language_tag(language)
    if not tag:
        raise SetupError(f"“{language}” is no language; write a tag such as en or pt-BR")
    return tag


@contextmanager
def blamed(plan: Plan, *settings: str) -> Iterator[None]:
    """A SetupError within tells where the file says the first of these settings, if it does."""
    try:
        yield
    except SetupError as error:
        spots = dict(plan.spots)
        place = next((spots[name] for name in settings if name in spots), None)
        raise SetupError(f"{place}: {error}" if place else str(error)) from None


def own_printers(plan: Plan) -> dict[str, dict[str, Any]]:
    """The printers' presets that the plan brings along."""
    return {name: json.loads(preset) for name, preset in plan.printers}


class _Reader:
    """Checks the settings of one file and collects what is odd but harmless."""

    def __init__(self, path: str, places: dict[KeyPath, tuple[int, int]]) -> None:
        self.path = path
        self.places = places
        self.problems: list[Problem] = []
        self.spots: dict[str, Position] = {}

    def plan(self, settings: dict[str, Any]) -> tuple[Plan, tuple[Problem, ...]]:
        values: dict[str, Any] = {}
        for key, value in self._flat((), settings):
            if key in OPEN:
                values.update(self._open(key, value))
            elif key in KEYS:
                name, kind = KEYS[key]
                if name in values:
                    raise self._error(
                        key, f"{shown_key(key)} says a second time what is said above"
                    )
                values[name] = self._value(key, name, kind, value)
                self.spots[name] = self._at(key)
            else:
                self._unknown(key)
        return Plan(**values, spots=tuple(self.spots.items())), tuple(self.problems)

    def _flat(self, table: KeyPath, settings: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
        """Every key with its value; open tables whole."""
        for name, value in settings.items():
            key = (*table, name)
            inside = any(known[: len(key)] == key for known in (*KEYS, *OPEN))
            if key in OPEN or key in KEYS or not inside:
                yield key, value
            elif isinstance(value, dict):
                yield from self._flat(key, value)
            else:
                raise self._error(key, f"[{'.'.join(key)}] is a table of settings, not a value")

    def _value(self, key: KeyPath, name: str, kind: Kind, value: Any) -> Any:
        if type(value) not in kind.types:
            raise self._error(key, f"{shown_key(key)} wants {kind.name}")
        if kind is TEXTS:
            return self._texts(key, value)
        return value if kind is FLAG else self._text(key, name, _as_text(value))

    def _texts(self, key: KeyPath, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self._error(key, f"{shown_key(key)} wants {TEXTS.name}")
        return tuple(item.strip() for item in items if item.strip())

    def _text(self, key: KeyPath, name: str, text: str) -> str:
        if name in ("isbn", "print_isbn"):
            return self._isbn(key, text)
        if name == "language" and text:
            if not (tag := language_tag(text)):
                raise self._error(key, f"“{text}” is no language; write a tag such as en or pt-BR")
            return tag
        if name in CHOICES and text not in (*CHOICES[name], ""):
            raise self._error(
                key, f"{shown_key(key)} is one of {listed(CHOICES[name])}, not “{text}”"
            )
        if name in PATTERNS and not PATTERNS[name][0].fullmatch(text):
            raise self._error(key, f"{shown_key(key)} wants {PATTERNS[name][1]}, not “{text}”")
        return text or getattr(Plan(), name) if name in CHOICES else text

    def _isbn(self, key: KeyPath, text: str) -> str:
        isbn, valid = normal_isbn(text)
        if text and not valid:
            self.problems.append(
                Problem(
                    "isbn-check-digit",
                    f"“{text}” is no valid ISBN; the book is made without one",
                    self._at(key),
                    hint="compare it with the one you were given: a digit is wrong",
                )
            )
            return ""
        return isbn

    def _open(self, key: KeyPath, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._error(key, f"[{'.'.join(key)}] is a table of settings, not a value")
        if key == ("authors",):
            return self._persons(table)
        if key == ("printers",):
            return {"printers": tuple(self._printer(name, table[name]) for name in table)}
        if key == ("genres",):
            return {"genres": tuple(self._genre(name, table[name]) for name in table)}
        pairs: list[tuple[str, str]] = []
        for name, value in table.items():
            many = value if isinstance(value, list) and key == ("notes", "where") else [value]
            for one in many:
                if not isinstance(one, str | int | float | dt.date):
                    raise self._error((*key, name), f"{name} wants text or a number")
                pairs.append((name.strip(), _as_text(one)))
        if key == ("theme", "tokens"):
            self.spots |= {f"tokens.{name.strip()}": self._at((*key, name)) for name in table}
        what = {"where": "where", "groups": "groups", "tokens": "theme_tokens"}[key[-1]]
        return {what: tuple(pairs)}

    def _genre(self, word: str, target: Any) -> tuple[str, str, str]:
        key = ("genres", word)
        if not isinstance(target, str) or not target.strip():
            raise self._error(key, f"[genres] {word} wants {TEXT.name}: what to set it as")
        return word.strip(), target.strip(), str(self._at(key))

    def _persons(self, table: dict[str, Any]) -> dict[str, Any]:
        persons, filed = [], []
        for name, value in table.items():
            key = ("authors", name)
            known = value if isinstance(value, dict) else {"aliases": value}
            for part in known.keys() - {"aliases", "file_as"}:
                self._unknown((*key, part), ("aliases", "file_as"))
            aliases = known.get("aliases", [])
            if not isinstance(aliases, str | list):
                raise self._error(key, f"{name} wants a list of other names")
            persons.append((name.strip(), self._texts(key, aliases)))
            file_as = known.get("file_as", "")
            if not isinstance(file_as, str):
                raise self._error(key, f"file_as of {name} wants {TEXT.name}")
            if file_as.strip():
                filed.append((name.strip(), file_as.strip()))
        return {"persons": tuple(persons), "files_as": tuple(filed)}

    def _printer(self, name: str, preset: Any) -> tuple[str, str]:
        key = ("printers", name)
        if not isinstance(preset, dict):
            raise self._error(key, f"[printers.{name}] is a table of settings, not a value")
        try:
            return name, json.dumps(preset, ensure_ascii=False)
        except TypeError:
            raise self._error(key, f"[printers.{name}] holds a date where none can be") from None

    def _unknown(self, key: KeyPath, known: tuple[str, ...] = ()) -> None:
        hint = nearest_key(key) if not known else meant(key[-1], known).strip("; ")
        message = f"{shown_key(key)} is not known here; it is passed over"
        self.problems.append(Problem("unknown-key", message, self._at(key), hint=hint))

    def _at(self, key: KeyPath) -> Position:
        for length in range(len(key), 0, -1):
            if place := self.places.get(key[:length]):
                return Position(self.path, *place)
        return Position(self.path)

    def _error(self, key: KeyPath, message: str) -> SetupError:
        return SetupError(f"{self._at(key)}: {message}")


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
