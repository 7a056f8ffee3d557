"""Folios are printed on sheets of their own, and laid over the pages when these are bound.

A page's number is the one thing on it that an edit elsewhere changes. So every edge of
the page that shows one stays empty while takes are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from msgspec import Struct

CHUNK = 32  # folios on a sheet
EDGES = {
    "top": ("left-corner", "left", "center", "right", "right-corner"),
    "bottom": ("left-corner", "left", "center", "right", "right-corner"),
    "left": ("top", "middle", "bottom"),
    "right": ("top", "middle", "bottom"),
}
_COUNTER = re.compile(r"\bcounters?\(\s*(page|pages)\b")
_SIGN = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|@page\b|[{};]""",
    re.DOTALL | re.IGNORECASE,
)
_FIRST = re.compile(r":(first|nth)\b(?!\([^)]*\bof\b)")


class Foliation(Struct, frozen=True):
    """Which edges of which named pages carry a folio; a name "" stands for all."""

    edges: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()

    def carries(self, name: str) -> bool:
        """Whether pages of that name may have one."""
        return bool(self.edges) and ("" in self.names or name in self.names)

    def bare(self) -> str:
        """CSS that keeps folios off the takes."""
        return _without(self.edges)

    def alone(self) -> str:
        """CSS that keeps all but folios off the sheets."""
        return _without(tuple(edge for edge in EDGES if edge not in self.edges))


class Ink(Struct, frozen=True):
    """What is printed on one page, and the resources it needs beyond fonts."""

    content: bytes
    states: tuple[tuple[str, bytes], ...]
    faces: tuple[dict[str, Any], ...]


def _without(edges: tuple[str, ...]) -> str:
    if not edges:
        return ""
    gone = " ".join(
        f"@{edge}-{place} {{ content: none !important; border: none !important;"
        " background: none !important }"
        for edge in edges
        for place in EDGES[edge]
    )
    return f"@page {{ {gone} }}"


def foliation(css: str) -> Foliation:
    """Read off a style sheet where folios stand."""
    edges: set[str] = set()
    names: set[str] = set()
    for rule, edge, text in _margin_rules(css):
        if _COUNTER.search(text):
            edges.add(edge)
            names |= _names(rule)
    return Foliation(tuple(edge for edge in EDGES if edge in edges), frozenset(names))


def forbidden(css: str) -> Iterator[tuple[str, int, str]]:
    """What a style sheet asks that takes printed apart cannot give: what, line, why."""
    edges = foliation(css).edges
    for rule, edge, text in _margin_rules(css):
        selector = tinycss2.serialize(rule.prelude).strip()
        line = rule.source_line
        if edge in edges and "string(" in text:
            yield f"string() on the {edge} edge", line, "the edge of the folio holds nothing else"
        if re.search(r"\bcounters?\(\s*pages\b", text):
            yield "counter(pages)", line, "a sheet does not know how many pages there are"
        if _FIRST.search(selector):
            yield f"@page {selector}", line, "every sheet has a first page"
        if "element(" in text:
            yield "running elements", line, "they do not run from one sheet to the next"
    for found in re.finditer(r"\btarget-(?:counter|counters|text)\(", css):
        line = css.count("\n", 0, found.start()) + 1
        yield found[0].rstrip("("), line, "other sheets are not known while one is printed"


@lru_cache(maxsize=2)
def _margin_rules(css: str) -> tuple[tuple[Any, str, str], ...]:
    return tuple(_read_margin_rules(css))


def _read_margin_rules(css: str) -> Iterator[tuple[Any, str, str]]:
    pages = "".join(_page_rules(css))
    for rule in tinycss2.parse_stylesheet(pages, skip_comments=True, skip_whitespace=True):
        if rule.type != "at-rule" or rule.lower_at_keyword != "page" or rule.content is None:
            continue
        for inner in tinycss2.parse_blocks_contents(rule.content):
            if inner.type != "at-rule" or inner.content is None:
                continue
            edge = inner.lower_at_keyword.partition("-")[0]
            if edge in EDGES:
                yield rule, edge, tinycss2.serialize(inner.content)


def _page_rules(css: str) -> Iterator[str]:
    """The rules for pages, each on its line: it takes long to read a whole sheet for these."""
    depth, start, read = 0, -1, 0
    for found in _SIGN.finditer(css):
        sign = found[0].lower()
        if sign == "@page" and not depth:
            start = found.start()
        elif sign == ";" and not depth:
            start = -1
        elif sign in "{}":
            depth = max(0, depth + (1 if sign == "{" else -1))
            if not depth and start >= 0:
                yield "\n" * css.count("\n", read, start) + css[start : found.end()]
                read, start = found.end(), -1
    if start >= 0:
        yield "\n" * css.count("\n", read, start) + css[start:]


def _names(rule: Any) -> set[str]:
    selectors = tinycss2.serialize(rule.prelude).split(",")
    return {selector.strip().partition(":")[0].strip() for selector in selectors}


def chunks(pages: Iterable[tuple[str, int]], given: Foliation) -> list[tuple[str, int]]:
    """The sheets wanted for these pages, by name and first number."""
    return sorted({(name, sheet_of(number)) for name, number in pages if given.carries(name)})


def sheet_of(number: int) -> int:
    """The first number on the sheet that has this one."""
    return (number - 1) // CHUNK * CHUNK + 1
