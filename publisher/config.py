"""The plan of a book: `anthology.toml`, checked."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from publisher.isbn import normal_isbn
from publisher.language import language_tag
from publisher.problem import Position, Problem, SetupError
from publisher.tomlplaces import KeyPath, key_places

FILE_NAME = "anthology.toml"
MAX_FILE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """What the editor of an anthology wants; everything has a default.

    `by` and `order` are "" where the notes decide. `persons` are (name, other spellings),
    `files_as` (name, file-as), `groups` (folder, glossary group), `theme_tokens`
    (token, value) in order.
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
    order: str = "title"
    outline: str = ""
    where: tuple[tuple[str, str], ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    repeat: str = "section"
    line_breaks: str = ""
    glossary: bool = True
    contributors: bool = True
    sources: bool = True
    persons: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files_as: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    theme: str = "classic"
    theme_tokens: tuple[tuple[str, str], ...] = ()
    trim: str = "6x9in"


CHOICES = {
    "by": ("author", "genre", "folder", "none"),
    "order": ("title", "date", "rating", "file"),
    "repeat": ("section", "always", "first"),
    "line_breaks": ("keep", "join"),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key holds: its name in a message, and the types TOML gives it."""

    name: str
    types: tuple[type, ...]


_TEXT = _Kind("text in quotes", (str,))
_TEXTS = _Kind("text or a list of texts", (str, list))
_FLAG = _Kind("true or false", (bool,))
_NUMBER = _Kind("text or a number", (str, int, float))
_DATE = _Kind("a date", (str, int, datetime.date))
_KEYS: dict[KeyPath, tuple[str, _Kind]] = {
    ("book", "title"): ("title", _TEXT),
    ("book", "subtitle"): ("subtitle", _TEXT),
    ("book", "editors"): ("editors", _TEXTS),
    ("book", "editor"): ("editors", _TEXTS),
    ("book", "authors"): ("editors", _TEXTS),
    ("book", "author"): ("editors", _TEXTS),
    ("book", "language"): ("language", _TEXT),
    ("book", "publisher"): ("publisher", _TEXT),
    ("book", "rights"): ("rights", _TEXT),
    ("book", "isbn"): ("isbn", _NUMBER),
    ("book", "description"): ("description", _TEXT),
    ("book", "subjects"): ("subjects", _TEXTS),
    ("book", "series"): ("series", _TEXT),
    ("book", "series_index"): ("series_index", _NUMBER),
    ("book", "date"): ("date", _DATE),
    ("notes", "vault"): ("vault", _TEXT),
    ("notes", "include"): ("include", _TEXTS),
    ("notes", "exclude"): ("exclude", _TEXTS),
    ("notes", "line_breaks"): ("line_breaks", _TEXT),
    ("parts", "by"): ("by", _TEXT),
    ("parts", "order"): ("order", _TEXT),
    ("parts", "outline"): ("outline", _TEXT),
    ("links", "repeat"): ("repeat", _TEXT),
    ("glossary", "show"): ("glossary", _FLAG),
    ("contributors", "show"): ("contributors", _FLAG),
    ("sources", "show"): ("sources", _FLAG),
    ("theme", "name"): ("theme", _TEXT),
    ("print", "trim"): ("trim", _TEXT),
}
# Tables whose keys are the author's own words.
_OPEN: tuple[KeyPath, ...] = (
    ("notes", "where"),
    ("authors",),
    ("glossary", "groups"),
    ("theme", "tokens"),
)
_TABLES = frozenset({key[:1] for key in _KEYS} | set(_OPEN))


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
        raise SetupError(_broken(error, text, path)) from None
    return _Reader(path, key_places(text)).plan(settings)


def plan_with(plan: Plan, **overrides: Any) -> Plan:
    """The plan as the command line changes it; an unknown name or choice is a SetupError."""
    known = {field.name for field in fields(Plan)}
    for name, value in overrides.items():
        if name not in known:
            raise SetupError(f"there is no setting “{name}”{_meant(name, known)}")
        if value not in CHOICES.get(name, (value, "")) and value != "":
            raise SetupError(f"{name} is one of {_listed(CHOICES[name])}, not “{value}”")
    return replace(plan, **overrides)


class _Reader:
    """Checks the settings of one file and collects what is odd but harmless."""

    def __init__(self, path: str, places: dict[KeyPath, tuple[int, int]]) -> None:
        self.path = path
        self.places = places
        self.problems: list[Problem] = []

    def plan(self, settings: dict[str, Any]) -> tuple[Plan, tuple[Problem, ...]]:
        values: dict[str, Any] = {}
        for key, value in self._flat((), settings):
            if key in _OPEN:
                values.update(self._open(key, value))
            elif key in _KEYS:
                name, kind = _KEYS[key]
                if name in values:
                    raise self._error(key, f"{_shown(key)} says a second time what is said above")
                values[name] = self._value(key, name, kind, value)
            else:
                self._unknown(key)
        return Plan(**values), tuple(self.problems)

    def _flat(self, table: KeyPath, settings: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
        """Every key with its value; open tables whole."""
        for name, value in settings.items():
            key = (*table, name)
            inside = any(known[: len(key)] == key for known in (*_KEYS, *_OPEN))
            if key in _OPEN or key in _KEYS or not inside:
                yield key, value
            elif isinstance(value, dict):
                yield from self._flat(key, value)
            else:
                raise self._error(key, f"[{'.'.join(key)}] is a table of settings, not a value")

    def _value(self, key: KeyPath, name: str, kind: _Kind, value: Any) -> Any:
        if type(value) not in kind.types:
            raise self._error(key, f"{_shown(key)} wants {kind.name}")
        if kind is _TEXTS:
            return self._texts(key, value)
        if kind is _FLAG:
            return value
        return self._text(key, name, str(value).strip())

    def _texts(self, key: KeyPath, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self._error(key, f"{_shown(key)} wants {_TEXTS.name}")
        return tuple(item.strip() for item in items if item.strip())

    def _text(self, key: KeyPath, name: str, text: str) -> str:
        if name == "isbn":
            return self._isbn(key, text)
        if name == "language" and text:
            if not (tag := language_tag(text)):
                raise self._error(key, f"“{text}” is no language; write a tag such as en or pt-BR")
            return tag
        if name in CHOICES and text not in (*CHOICES[name], ""):
            raise self._error(
                key, f"{_shown(key)} is one of {_listed(CHOICES[name])}, not “{text}”"
            )
        if name in _PATTERNS and not _PATTERNS[name][0].fullmatch(text):
            raise self._error(key, f"{_shown(key)} wants {_PATTERNS[name][1]}, not “{text}”")
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
        pairs: list[tuple[str, str]] = []
        for name, value in table.items():
            for item in value if isinstance(value, list) and key[-1] == "where" else [value]:
                if not isinstance(item, str | int | float | datetime.date):
                    raise self._error((*key, name), f"{name} wants text or a number")
                pairs.append((name.strip(), _as_text(item)))
        return {{"where": "where", "groups": "groups", "tokens": "theme_tokens"}[key[-1]]: tuple(pairs)}

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
                raise self._error(key, f"file_as of {name} wants {_TEXT.name}")
            if file_as.strip():
                filed.append((name.strip(), file_as.strip()))
        return {"persons": tuple(persons), "files_as": tuple(filed)}

    def _unknown(self, key: KeyPath, known: tuple[str, ...] = ()) -> None:
        hint = _nearest_key(key) if not known else _meant(key[-1], known).strip("; ")
        message = f"{_shown(key)} is not known here; it is passed over"
        self.problems.append(Problem("unknown-key", message, self._at(key), hint=hint))

    def _at(self, key: KeyPath) -> Position:
        for length in range(len(key), 0, -1):
            if place := self.places.get(key[:length]):
                return Position(self.path, *place)
        return Position(self.path)

    def _error(self, key: KeyPath, message: str) -> SetupError:
        return SetupError(f"{self._at(key)}: {message}")


_PATTERNS = {
    "date": (re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?"), "2024, 2024-05 or 2024-05-01"),
    "theme": (re.compile(r"[A-Za-z0-9_-]+"), "a theme's name"),
    "trim": (
        re.compile(r"\d{1,3}(?:\.\d{1,3})?x\d{1,3}(?:\.\d{1,3})?(?:in|mm|cm)"),
        "width and height, such as 6x9in or 148x210mm",
    ),
    # A plan comes with the vault it describes and must not lead out of it.
    "vault": (re.compile(r"(?!/|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$)).*"), "a folder below this file"),
}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _shown(key: KeyPath) -> str:
    return f"[{'.'.join(key[:-1])}] {key[-1]}" if len(key) > 1 else key[0]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _nearest_key(key: KeyPath) -> str:
    """The known key most like this one: of the same name elsewhere, else of like spelling."""
    known = [*_KEYS, *_OPEN, *((table,) for table in sorted({k[0] for k in _KEYS}))]
    namesake = next((k for k in known if k[-1] == key[-1].casefold()), None)
    if namesake is None:
        shown = {".".join(k): k for k in known}
        near = difflib.get_close_matches(".".join(key).casefold(), list(shown), n=1, cutoff=0.6)
        last = difflib.get_close_matches(key[-1].casefold(), [k[-1] for k in known], n=1)
        namesake = (
            shown[near[0]] if near else next((k for k in known if last and k[-1] == last[0]), None)
        )
    if namesake is None:
        return "see docs/anthology-toml.md for all keys"
    is_table = namesake in _OPEN or len(namesake) == 1
    return f"did you mean {'[' + '.'.join(namesake) + ']' if is_table else _shown(namesake)}?"


def _broken(error: Exception, text: str, path: str) -> str:
    """One line of the form file:line:column: what is wrong."""
    said = str(error) or "nested too deep"
    found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    if found:
        return f"{path}:{found[1]}:{found[2]}: {said[: found.start()]}"
    lines = text.rstrip("\n").split("\n")
    return f"{path}:{len(lines)}:{len(lines[-1]) + 1}: {said.removesuffix(' (at end of document)')}"
