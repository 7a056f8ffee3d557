"""A style sheet is read passage by passage, so that of one that changed only the change is read.

WeasyPrint takes a quarter of a second to read a theme's style sheet. A preview has it read after
each save of a theme's file, and a worker has it with one ending for takes and another for folios.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from msgspec import Struct, field
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from publisher.render.pdf.stock import BASE, Stock

SPREAD = 8  # one rule of so many ends a passage, whichever rules stand around it
_SIGN = re.compile(
    r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\\.|url\(\s*[^"'\s()][^"'()\\]*\)"""
    r"""|/\*|["'(){}\[\]]""",
    re.DOTALL | re.IGNORECASE,
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
# What follows these depends on them.
_BINDING = re.compile(r"@(?:import|layer|namespace|charset)\b", re.IGNORECASE)
_FACE = re.compile(r"@font-face\b", re.IGNORECASE)


def passages(css: str) -> tuple[str, ...]:
    """The text in parts that can be read apart; in one where that is not sure."""
    if _BINDING.search(css):
        return (css,)
    ends = _ends(css)
    if ends is None:
        return (css,)
    found: list[str] = []
    start = began = 0
    for end in ends:
        if crc32(css[began:end].strip().encode()) % SPREAD == 0:
            found.append(css[start:end])
            start = end
        began = end
    return (*found, css[start:]) if css[start:].strip() else tuple(found)


def faces(parts: Iterable[str]) -> tuple[str, ...]:
    """The passages that make fonts known."""
    return tuple(part for part in parts if _FACE.search(part))


def _ends(css: str) -> list[int] | None:
    """Where rules end; None where a bracket, string or comment has no other end."""
    open_: list[str] = []
    found: list[int] = []
    for sign in _SIGN.finditer(css):
        text = sign[0]
        if text in ("/*", '"', "'"):
            return None
        if text in "({[":
            open_.append(text)
        elif text in _PAIRS:
            if not open_ or open_.pop() != _PAIRS[text]:
                return None
            if text == "}" and not open_:
                found.append(sign.end())
    return None if open_ else found


class _Rules:
    """What a passage says of elements: it is asked as a matcher is while one is filled."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, Any]] = []

    def add_selector(self, selector: Any, payload: Any) -> None:
        self.said.append((selector, payload))


class Reader(Struct):
    """Reads passages with the same fonts, each once."""

    fonts: FontConfiguration
    stock: Stock
    _read: dict[str, tuple[_Rules, list[Any]]] = field(default_factory=dict)

    def sheet(self, parts: Iterable[str]) -> CSS:
        """The style sheet that the passages are together."""
        whole = CSS(string="", base_url=BASE, url_fetcher=self.stock, font_config=self.fonts)
        for part in parts:
            rules, pages = self._passage(part)
            for selector, payload in rules.said:
                whole.matcher.add_selector(selector, payload)
            whole.page_rules.extend(pages)
        return whole

    def keep(self, parts: Iterable[str]) -> None:
        """Forget all other passages."""
        wanted = frozenset(parts)
        self._read = {part: read for part, read in self._read.items() if part in wanted}

    def _passage(self, part: str) -> tuple[_Rules, list[Any]]:
        if part not in self._read:
            rules, pages = _Rules(), list[Any]()
            CSS(
                string=part, base_url=BASE, url_fetcher=self.stock, font_config=self.fonts,
                matcher=rules, page_rules=pages,
            )  # fmt: skip
            self._read[part] = (rules, pages)
        return self._read[part]
