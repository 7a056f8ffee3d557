"""Of the patterns by which words are parted, each is read when a word first has need of it.

Pyphen 0.18 reads all ten thousand before the first word: as long as a page takes to lay out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyphen

_FIGURE = re.compile(r"\d")
_COUNTS = re.compile(r"(?!0)\d")
_HyphDict = pyphen.HyphDict


class Patterns(pyphen.HyphDict):  # type: ignore[misc]  # Pyphen has no types
    """A language's patterns as its file has them, by their letters, until they are asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            encoding = file.readline().decode()
        encoding = "cp1251" if encoding.lower() == "microsoft-cp1251" else encoding
        lines = [line.strip() for line in path.read_text(encoding).split("\n")[1:]]
        lines = [line for line in lines if line and not line.startswith(pyphen.ignored)]
        text = "\n".join(lines)
        if "^^" in text or "/" in text:
            # Letters by their numbers, and words that change where they are parted.
            lines = [pyphen.parse_hex(_letter, line) for line in lines]
            text = "\n".join(line.partition("/")[0] if "=" in line else line for line in lines)
        letters = _FIGURE.sub("", text).split("\n")
        self.patterns: dict[str, Any] = dict(zip(letters, lines, strict=True))
        if len(self.patterns) < len(lines):
            # Of two with the same letters the last counts that says anything.
            said = zip(letters, lines, text.split("\n"), strict=True)
            self.patterns |= {name: line for name, line, own in said if _COUNTS.search(own)}
        self.maxlen = max(map(len, letters))
        self.cache: dict[str, list[Any]] = {}

    def pattern(self, letters: str) -> Any:
        """Where the pattern of these letters begins to count, and its values; or nothing."""
        found = self.patterns.get(letters)
        if isinstance(found, str):
            found = self.patterns[letters] = _parsed(found)
        return found

    def positions(self, word: str) -> list[Any]:
        """Where the word may be parted."""
        word = word.lower()
        points = self.cache.get(word)
        if points is None:
            points = self.cache[word] = self._positions(f".{word}.")
        return points

    def _positions(self, word: str) -> list[Any]:
        values = [0] * (len(word) + 1)
        known, longest = self.patterns, self.maxlen
        for start in range(len(word) - 1):
            for stop in range(start + 1, min(start + longest, len(word)) + 1):
                letters = word[start:stop]
                if letters in known and (found := self.pattern(letters)):
                    place = slice(start + found[0], start + found[0] + len(found[1]))
                    values[place] = map(max, found[1], values[place])
        return [pyphen.DataInt(at - 1, reference=one) for at, one in enumerate(values) if one % 2]


def _letter(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _parsed(pattern: str) -> tuple[int, tuple[int, ...]] | None:
    """As Pyphen reads a pattern; nothing where it says nothing."""
    factory: Any = int
    if "/" in pattern and "=" in pattern:
        pattern, alternative = pattern.split("/", 1)
        factory = pyphen.AlternativeParser(pattern, alternative)
    values = tuple(factory(figure or "0") for figure, _ in pyphen.parse(pattern))
    counting = [at for at, value in enumerate(values) if value]
    return (counting[0], values[counting[0] : counting[-1] + 1]) if counting else None


def mend() -> None:
    """Put them in the place of Pyphen's."""
    pyphen.HyphDict = Patterns


LEANED_ON = (_HyphDict, pyphen.AlternativeParser, pyphen.Pyphen)
