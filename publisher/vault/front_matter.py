"""The properties between `---` lines at the head of a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from frontmatter.default_handlers import SafeLoader, YAMLHandler
from msgspec import Struct, field

from publisher.problem import Position, Problem

MAX_NODES = 10_000
MAX_DEPTH = 50
_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(
    r"""(?P<quote>["']?)(?P<key>[^\s"'#:\-][^"'#:]*?|[^\s:"'#])(?P=quote)\s*:(?:\s|$)"""
)
_ERRORS = (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError)


class FrontMatter(Struct, frozen=True):
    """A note's properties as typed, and the rest of its text.

    Keys are casefolded; values are text, None, lists or dictionaries of such: `1984`,
    `no` and `2020-08-21` stay as typed. `body_line` is the number of source lines before
    the body; `lines` gives each key's line, from 1.
    """

    values: dict[str, object]
    body: str
    body_line: int = 0
    problems: tuple[Problem, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


class _Loader(SafeLoader):  # type: ignore[misc, valid-type]
    """Safe YAML whose scalars stay text, and whose aliases cannot grow without bound."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [("tag:yaml.org,2002:null", re.compile(r"\A(?:~|null|Null|NULL|)\Z"))]
        for first in ("~", "n", "N", "")
    }

    def get_single_node(self) -> yaml.Node | None:
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            _weigh(node, {}, 0)
        return node


class _Handler(YAMLHandler):
    """Front matter as Obsidian reads it: only from the first line on, and closed."""

    FM_BOUNDARY = _BLOCK

    def split(self, text: str) -> tuple[str, str]:
        found = _BLOCK.match(text)
        if found is None:
            raise ValueError("no front matter")
        return found[1] or "", text[found.end() :]

    def load(self, fm: str, **_: object) -> Any:
        if _depth(fm) > MAX_DEPTH:
            raise yaml.YAMLError("nested too deep")  # before a parser spends its time on it
        if fm.lstrip().startswith("{"):
            try:
                return _as_text(json.loads(fm), 0)
            except ValueError:
                pass  # YAML's own braces look like JSON
        return super().load(fm, Loader=_Loader)


_HANDLER = _Handler()


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Split a note's text; what is no front matter stays in the body."""
    if not _HANDLER.detect(text):
        return FrontMatter({}, text.removeprefix("\ufeff"))
    source, body = _HANDLER.split(text)
    body_line = text[: len(text) - len(body)].count("\n")
    if not body and not text.endswith("\n"):
        body_line += 1
    lines = dict(_key_lines(source))
    problems: list[Problem] = []
    values = _load(source)
    if values is None:
        if not lines and source.strip() and not _only_comments(source):
            return FrontMatter({}, text.removeprefix("\ufeff"))  # prose between two rules
        values = _salvage(source, problems, path)
    problems.extend(_duplicates(source, path))
    return FrontMatter(values, body, body_line, tuple(problems), lines)


def _only_comments(source: str) -> bool:
    return all(not row.strip() or row.lstrip().startswith("#") for row in source.split("\n"))


def _load(source: str) -> dict[str, object] | None:
    """The values, or None when the block does not parse as a mapping."""
    try:
        loaded = _HANDLER.load(source)
    except _ERRORS:
        try:
            loaded = _HANDLER.load(source.replace("\t", "  "))
        except _ERRORS:
            return None
    if loaded is None:
        return {}
    return _casefolded(loaded) if isinstance(loaded, dict) else None


def _casefolded(loaded: dict[object, object]) -> dict[str, object]:
    return {_key_text(key): value for key, value in loaded.items()}


def _key_text(key: object) -> str:
    return ("" if key is None else str(key)).strip().casefold()


def _salvage(source: str, problems: list[Problem], path: str) -> dict[str, object]:
    """Read a broken block property by property; what YAML refuses is read as text."""
    values: dict[str, object] = {}
    for line, rows in _entries(source):
        found = _KEY.match(rows[0])
        try:
            loaded = _HANDLER.load("\n".join(rows).replace("\t", "  "))
        except _ERRORS as error:
            problems.append(_refusal(error, line, rows, path, readable=found is not None))
            loaded = None
        else:
            if loaded is None:
                continue
            if not isinstance(loaded, dict):
                problems.append(_refusal(ValueError(), line, rows, path, readable=False))
        if isinstance(loaded, dict):
            values.update(_casefolded(loaded))
        elif found:
            values[_key_text(found["key"])] = _plain(rows, found.end())
    return values


def _plain(rows: list[str], start: int) -> object:
    first = rows[0][start:].strip()
    rest = [row.strip() for row in rows[1:] if row.strip()]
    if not first and rest and all(row.startswith("-") for row in rest):
        return [_unquoted(row[1:]) for row in rest]
    return _unquoted(" ".join([first, *rest]))


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'").strip()


def _entries(source: str) -> Iterator[tuple[int, list[str]]]:
    """Each property with the lines that belong to it, and its line in the file."""
    line, rows = 0, list[str]()
    for number, row in enumerate(source.split("\n"), start=2):
        belongs = not row.strip() or row[0] in " \t#" or row in ("]", "}")
        if row[:1] == "-" and rows:
            belongs = rows[0].rstrip().endswith(":") or rows[0].startswith("-")
        if rows and belongs:
            rows.append(row)
            continue
        if rows:
            yield line, rows
        line, rows = number, [row] if row.strip() else []
    if rows:
        yield line, rows


def _key_lines(source: str) -> Iterator[tuple[str, int]]:
    for line, rows in _entries(source):
        if found := _KEY.match(rows[0]):
            yield _key_text(found["key"]), line


def _refusal(error: Exception, line: int, rows: list[str], path: str, *, readable: bool) -> Problem:
    column, reason = 1, ""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if mark is not None and mark.line < len(rows):
            line, column = line + mark.line, mark.column + 1
        reason = f": {error.problem}" if error.problem else ""
    ending = "; it is read as plain text" if readable else "; it is left out"
    return Problem(
        "front-matter-unreadable",
        f"“{rows[0].strip()[:60]}” is not valid YAML{reason}{ending}",
        Position(path, line, column),
        hint="put the value in quotes" if readable else "write it as key: value",
    )


def _duplicates(source: str, path: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key, line in _key_lines(source):
        if key in seen:
            message = f"“{key}” stands twice, first in line {seen[key]}; the last one counts"
            yield Problem("property-twice", message, Position(path, line, 1))
        seen.setdefault(key, line)


def _weigh(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    """Count nodes as if aliases were written out; too many, or a ring, is an error."""
    weight = known.get(id(node))
    if weight is not None:
        if weight < 0:
            raise yaml.YAMLError("an alias holds itself")
        return weight
    known[id(node)] = -1
    if depth > MAX_DEPTH:
        raise yaml.YAMLError("nested too deep")
    weight = 1
    if isinstance(node, yaml.MappingNode):
        weight += sum(_weigh(part, known, depth + 1) for pair in node.value for part in pair)
    elif isinstance(node, yaml.SequenceNode):
        weight += sum(_weigh(part, known, depth + 1) for part in node.value)
    if weight > MAX_NODES:
        raise yaml.YAMLError("too large")
    known[id(node)] = weight
    return weight


def _depth(source: str) -> int:
    """How deep brackets nest at most, those in quotes included."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", source):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _as_text(value: object, depth: int) -> object:
    """JSON's values as YAML's come: text, None, lists and dictionaries."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return {key: _as_text(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part, depth + 1) for part in value]
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
