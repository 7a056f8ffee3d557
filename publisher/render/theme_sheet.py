"""A theme's style sheet as a reader or printer gets it: tokens settled, parents put in.

Old readers know no custom properties, and page margins do not inherit them. So values stand
where `var(--token)` stood, and `@container style(--token: value) {…}` is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2  # type: ignore[import-untyped]

from publisher.problem import SetupError

_SKIPPED = r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_QUERY = re.compile(
    rf"{_SKIPPED}|(?P<query>@container\s+(?P<no>not\s+)?style\(\s*--(?P<name>[\w-]+)\s*:\s*"
    r"(?P<value>[^()]*?)\s*\)\s*\{)",
    re.DOTALL,
)
_BRACES = re.compile(rf"{_SKIPPED}|(?P<brace>[{{}}])", re.DOTALL)
_VARIABLE = re.compile(
    rf"{_SKIPPED}|(?P<variable>var\(\s*--(?P<name>[\w-]+)\s*(?:,[^()]*)?\))", re.DOTALL
)
_TERM = r"\d+(?:\.\d+)?(?:pt|mm|cm|in|em|rem|px|%)?"
_CALCULATION = re.compile(rf"calc\(\s*({_TERM}(?:\s*[*/]\s*{_TERM})+)\s*\)")
_PARTS = re.compile(r"([*/]?)\s*(\d+(?:\.\d+)?)([a-z%]*)")
_NESTING = ("container", "media", "supports", "layer")
PARENT = re.compile(r"""@import\s+["']parent["']\s*;""")


def settle(css: str, values: Mapping[str, str], at: str) -> str:
    """The sheet with every token's value in its place."""
    return filled(_decide(css, values, at), values)


def filled(css: str, values: Mapping[str, str]) -> str:
    """The sheet with its queries as they are, and values for tokens; its lines stay."""
    said = _VARIABLE.sub(
        lambda found: values.get(found["name"] or "", found[0]) if found["variable"] else found[0],
        css,
    )
    return _CALCULATION.sub(_reckoned, said)


def custom_properties(values: Mapping[str, str]) -> str:
    """The tokens as custom properties, for what a template says of its own."""
    said = " ".join(f"--{name}: {value};" for name, value in values.items() if value != "inherit")
    return f":root {{ {said} }}\n" if said else ""


def _decide(css: str, values: Mapping[str, str], at: str) -> str:
    """Queries about tokens answered: their rules stay, or go."""
    out: list[str] = []
    position = 0
    while found := _QUERY.search(css, position):
        if not found["query"] or found["name"] not in values:
            out.append(css[position : found.end()])
            position = found.end()
            continue
        out.append(css[position : found.start()])
        stop = closing(css, found.end())
        if stop is None:
            line = css.count("\n", 0, found.start()) + 1
            raise SetupError(f"{at}:{line}: a brace is opened here and never closed")
        true = (values[found["name"]] == found["value"]) != bool(found["no"])
        if true:
            out.append(_decide(css[found.end() : stop], values, at))
        position = stop + 1
        # A line that held the query alone is gone with it.
        if not true and css[position : position + 1] == "\n":
            position += 1
    return "".join([*out, css[position:]])


def closing(css: str, position: int) -> int | None:
    """Where the block that is open at a place ends; nothing where it does not."""
    depth = 1
    for found in _BRACES.finditer(css, position):
        if found["brace"]:
            depth += 1 if found["brace"] == "{" else -1
            if not depth:
                return found.start()
    return None


def unclosed(css: str) -> int | None:
    """The line of a brace that is never closed, or that closes nothing."""
    open_at: list[int] = []
    for found in _BRACES.finditer(css):
        if found["brace"] == "{":
            open_at.append(found.start())
        elif found["brace"] and open_at:
            open_at.pop()
        elif found["brace"]:
            open_at.append(found.start())
            break
    return css.count("\n", 0, open_at[-1]) + 1 if open_at else None


def unqueried(css: str) -> str:
    """The sheet with all its queries answered yes, line for line."""
    return _QUERY.sub(
        lambda found: "@media all {" + "\n" * found[0].count("\n") if found["query"] else found[0],
        css,
    )


def faults(css: str) -> Iterator[tuple[int, str]]:
    """What does not parse in a sheet, each with its line."""
    yield from _faults(tinycss2.parse_stylesheet(css, True, True))


def _faults(rules: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for rule in rules:
        if rule.type == "error":
            yield rule.source_line, f"this is no CSS: {rule.message.rstrip('.').lower()}"
        elif rule.type in ("qualified-rule", "at-rule") and rule.content is not None:
            nested = rule.type == "at-rule" and rule.lower_at_keyword in _NESTING
            parse = tinycss2.parse_rule_list if nested else tinycss2.parse_blocks_contents
            yield from _faults(parse(rule.content, True, True))


def asked(css: str) -> list[tuple[str, str, int]]:
    """Each token a sheet uses, the value it is compared with, and the line."""
    found = [
        (match["name"], match["value"], css.count("\n", 0, match.start()) + 1)
        for match in _QUERY.finditer(css)
        if match["query"]
    ]
    found += [
        (match["name"], "", css.count("\n", 0, match.start()) + 1)
        for match in _VARIABLE.finditer(css)
        if match["variable"]
    ]
    return found


def _reckoned(found: re.Match[str]) -> str:
    """A product of figures worked out, where one of them has a unit."""
    total, unit = 1.0, ""
    for sign, number, own in _PARTS.findall(found[1]):
        if own and (unit or sign == "/"):
            return found[0]
        unit = unit or own
        if sign == "/" and not float(number):
            return found[0]
        total = total / float(number) if sign == "/" else total * float(number)
    return f"{total:.4f}".rstrip("0").rstrip(".") + unit
