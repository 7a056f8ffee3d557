"""Presets as tables: one based on another, and every value asked for by its kind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from publisher.problem import SetupError, leads_back

_LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,9})?|\.\d{1,9}) ?(in|mm|cm|pt)")
_POINTS = {"in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "pt": 1.0}
_MISSING: Any = object()


def points(text: str) -> float | None:
    """A length such as `0.125in` or `3 mm` in points; nothing where it is no length."""
    found = _LENGTH.fullmatch(text.strip())
    return float(found[1]) * _POINTS[found[2]] if found else None


def merged(
    name: str, own: Mapping[str, Mapping[str, Any]], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The preset of that name upon what it is `based_on`; one's own of a name may build on ours."""
    layers: list[Mapping[str, Any]] = []
    seen: list[tuple[str, bool]] = []
    wanted, mine = name, name in own
    while True:
        if (wanted, mine) in seen:
            ring = [other for other, _ in seen[seen.index((wanted, mine)) :]]
            raise leads_back("printer", ring, "is based on itself")
        seen.append((wanted, mine))
        layer = (own if mine else given).get(wanted)
        if layer is None:
            raise SetupError(_unknown(wanted, {**given, **own}))
        layers.append(layer)
        base = layer.get("based_on", "")
        if not isinstance(base, str):
            raise SetupError(f"the printer “{wanted}”: based_on wants a preset's name")
        if not base:
            break
        # A preset of one's own with the name of ours means ours when it names its base.
        mine = base in own and (base != wanted or base not in given)
        wanted = base
    table: dict[str, Any] = {}
    for layer in reversed(layers):
        table = _upon(table, layer)
    table.pop("based_on", None)
    return table


def _upon(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are laid into each other, everything else is replaced."""
    table = dict(below)
    for key, value in above.items():
        under = table.get(key)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        table[key] = _upon(under, value) if both else value  # type: ignore[arg-type]  # both are
    return table


def _unknown(name: str, known: Mapping[str, object]) -> str:
    names = sorted(other for other in known if not other.startswith("_"))
    listed = ", ".join(names)
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no printer “{name}”{hint or f'; there are {listed}'}"


class Section:
    """A table whose values are taken by kind; what nobody took is a mistake."""

    def __init__(self, table: Mapping[str, Any], name: str, below: str = "") -> None:
        self._table = table
        self._name = name
        self._below = below
        self._taken: set[str] = set()
        self._parts: list[Section] = []

    def error(self, message: str) -> SetupError:
        """What is wrong here, as one line."""
        return SetupError(f"{self._name}: {message}")

    def _value(self, key: str, default: Any, wanted: str, kinds: type | tuple[type, ...]) -> Any:
        self._taken.add(key)
        value = self._table.get(key, default)
        if value is _MISSING:
            raise self.error(f"{self._below}{key} is missing")
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise self.error(f"{self._below}{key} wants {wanted}")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        """Words."""
        return str(self._value(key, default, "text in quotes", str))

    def number(self, key: str, default: Any = _MISSING) -> int:
        """A whole number, not below 0."""
        value = int(self._value(key, default, "a whole number", int))
        if value < 0:
            raise self.error(f"{self._below}{key} cannot be less than 0")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._value(key, default, "true or false", bool))

    def choice(self, key: str, known: tuple[str, ...], default: Any = _MISSING) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in known:
            raise self.error(
                f"{self._below}{key} is one of {', '.join(filter(None, known))}, not “{value}”"
            )
        return value

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        """A list of words."""
        value = self._value(key, default, "a list of texts", list)
        if not all(isinstance(item, str) for item in value):
            raise self.error(f"{self._below}{key} wants a list of texts")
        return tuple(value)

    def among(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words out of those that are known."""
        values = self.texts(key, [])
        for value in values:
            if value not in known:
                raise self.error(f"{self._below}{key} knows {', '.join(known)}, not “{value}”")
        return values

    def length(self, key: str, default: Any = _MISSING) -> float:
        """A length in points."""
        return self._points(key, self._value(key, default, "a length such as 0.125in", str))

    def pair(self, key: str, default: list[str]) -> tuple[float, float]:
        """Two lengths, across and down."""
        value = self.texts(key, default)
        if len(value) != 2:
            raise self.error(f"{self._below}{key} wants a width and a height")
        return self._points(key, value[0]), self._points(key, value[1])

    def steps(self, key: str) -> tuple[tuple[int, float], ...]:
        """Pairs of most pages and a length, both rising."""
        wanted = 'pairs of pages and a length, such as [[150, "0.375in"]], rising'
        found: list[tuple[int, float]] = []
        for step in self._value(key, _MISSING, wanted, list):
            match step:
                case [int(most), str(text)] if not isinstance(most, bool):
                    found.append((most, self._points(key, text)))
                case _:
                    raise self.error(f"{self._below}{key} wants {wanted}")
        if not found or found != sorted(set(found)):
            raise self.error(f"{self._below}{key} wants {wanted}")
        return tuple(found)

    def part(self, key: str) -> Section:
        """The table of that name, empty where there is none."""
        return self._inner(self._value(key, {}, "a table", Mapping), f"{key}.")

    def parts(self, key: str) -> Iterable[Section]:
        """The tables of that name."""
        for value in self._value(key, [], "a list of tables", list):
            if not isinstance(value, Mapping):
                raise self.error(f"{self._below}{key} wants a list of tables")
            yield self._inner(value, f"{key}.")

    def all_known(self) -> None:
        """Refuse a key that nothing asked for."""
        for key in self._table:
            if key not in self._taken:
                near = difflib.get_close_matches(key, sorted(self._taken), n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise self.error(f"{self._below}{key} is not known{hint}")
        for part in self._parts:
            part.all_known()

    def _inner(self, table: Mapping[str, Any], below: str) -> Section:
        part = Section(table, self._name, self._below + below)
        self._parts.append(part)
        return part

    def _points(self, key: str, text: str) -> float:
        found = points(text)
        if found is None:
            raise self.error(f"{self._below}{key} wants a length such as 0.125in, not “{text}”")
        return found
