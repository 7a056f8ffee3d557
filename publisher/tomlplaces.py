"""Where keys and mistakes stand in a TOML text, which no TOML library tells as we want it."""

from __future__ import annotations

import re

KeyPath = tuple[str, ...]

_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_TABLE = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]\]?")
_PAIR = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=[ \t]*")
_PARTS = re.compile(_KEY_PART)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)


def key_places(text: str) -> dict[KeyPath, tuple[int, int]]:
    """Each table's and key's (line, column), from 1; keys inside `{…}` have their table's."""
    places: dict[KeyPath, tuple[int, int]] = {}
    table: KeyPath = ()
    position, line = 0, 1
    while position < len(text):
        if found := _TABLE.match(text, position):
            table = _key(found[1])
            _note(places, (), table, line, found.start(1) - position + 1)
            end = found.end()
        elif found := _PAIR.match(text, position):
            _note(places, table, _key(found[1]), line, found.start(1) - position + 1)
            end = found.end()
        else:
            end = position
        stop = _logical_end(text, end)
        line += text.count("\n", position, stop)
        position = stop
    return places


def _note(
    places: dict[KeyPath, tuple[int, int]], table: KeyPath, key: KeyPath, line: int, column: int
) -> None:
    for length in range(1, len(key) + 1):
        places.setdefault(table + key[:length], (line, column))


def _logical_end(text: str, position: int) -> int:
    """Behind the line end that closes a value, past any brackets and long strings."""
    depth = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        sign = found[0] if found else text[position]
        position += len(sign)
        if sign in ("[", "{"):
            depth += 1
        elif sign in ("]", "}"):
            depth -= 1
        elif sign == "\n" and depth <= 0:
            return position
    return position


def _key(dotted: str) -> KeyPath:
    return tuple(_part(part) for part in _PARTS.findall(dotted))


def _part(part: str) -> str:
    if part.startswith("'"):
        return part[1:-1]
    if part.startswith('"'):
        return _ESCAPE.sub(_unescaped, part[1:-1])
    return part


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(found[3], found[3])


def shown_error(error: Exception, text: str, path: str) -> str:
    """One line of the form file:line:column: what is wrong."""
    said = str(error) or "nested too deep"
    said = said.replace("Cannot overwrite a value", "this is set a second time")
    found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    if found:
        return f"{path}:{found[1]}:{found[2]}: {said[: found.start()]}"
    lines = text.rstrip("\n").split("\n")
    return f"{path}:{len(lines)}:{len(lines[-1]) + 1}: {said.removesuffix(' (at end of document)')}"
