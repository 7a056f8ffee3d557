"""The composing stick: what is known of a note while it is being set, and what it holds so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from publisher.names import Anchors
from publisher.problem import Position, Problem, Severity
from publisher.vault.galley import BlockEnd, BlockStart, Chunk, Mark

_LINE_END = re.compile(r"\r\n|\r|\n")
# So many searches may fail in one block before its positions are given up.
_PATIENCE = 30


class Stick:
    """One note's setting in progress; used by one call and then thrown away."""

    def __init__(
        self,
        path: str,
        body: str,
        first_line: int = 0,
        *,
        strict: bool = False,
        in_verse: bool = False,
    ) -> None:
        self.path = path
        self.body = body
        self.first_line = first_line
        self.strict = strict
        self.verses = int(in_verse)  # the poems around what is being set
        self.chunks: list[Chunk] = []
        self.problems: list[Problem] = []
        self.tags: dict[str, None] = {}
        self.anchors = Anchors()
        self.calls: dict[int, int] = {}
        self.words = 0
        self.lead: tuple[Chunk, ...] = ()
        self.lead_words = ""
        self.lead_depth = 0
        self.depth = 0
        self.in_footnote = False
        self._lines: list[str] | None = None
        self._searched: tuple[int, int] = (-1, 0)
        self._failures = 0

    @property
    def lines(self) -> list[str]:
        """The body's source lines; most notes without links never ask for them."""
        if self._lines is None:
            self._lines = _LINE_END.split(self.body)
        return self._lines

    def report(
        self,
        code: str,
        message: str,
        at: Position,
        severity: Severity = Severity.WARNING,
        hint: str = "",
    ) -> None:
        """Keeps a problem for the end; setting goes on."""
        self.problems.append(Problem(code, message, at, severity, hint))

    def call(self, footnote: int) -> int:
        """The footnote's index in the order of first calls."""
        return self.calls.setdefault(footnote, len(self.calls))

    def position(self, span: Sequence[int] | None) -> Position:
        """The first line of a block."""
        return Position(self.path, self.first_line + span[0] + 1 if span else 0)

    def find(self, raw: str, span: Sequence[int] | None) -> Position:
        """Where `raw` stands in a block's source, each time from where the last one ended."""
        if not span:
            return Position(self.path)
        first, last = span[0], span[1]
        line, column = self._searched
        if not first <= line < last:
            line, column, self._failures = first, 0, 0
        needle = raw.partition("\n")[0]
        if needle and self._failures < _PATIENCE:
            # In a table's cell the bar is escaped, and the token no longer shows it.
            for wanted in {needle: None, needle.replace("|", "\\|"): None}:
                found = self._search(wanted, line, column, last)
                if found is not None:
                    return found
            self._failures += 1
        return Position(self.path, self.first_line + line + 1)

    def _search(self, needle: str, line: int, column: int, last: int) -> Position | None:
        for number in range(line, min(last, len(self.lines))):
            at = self.lines[number].find(needle, column if number == line else 0)
            if at >= 0:
                self._searched = (number, at + len(needle))
                return Position(self.path, self.first_line + number + 1, at + 1)
        return None

    def begin(self, token: Token, wrap: str = "", local: str = "") -> tuple[Mark | str, str, int]:
        """Opens the block ids of a token: the mark for its tag, its local id, their number."""
        ids = token.meta.get("block_ids") if token.meta else None
        if not ids:
            return "", "", 0
        local = local or self.anchors.unique(ids[0])
        for block_id in ids:
            self.chunks.append(BlockStart(block_id, local, wrap))
        return Mark(local), local, len(ids)

    def end(self, local: str, count: int) -> None:
        """Closes what `begin` opened."""
        for _ in range(count):
            self.chunks.append(BlockEnd(local))


def joined(chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """The chunks with neighbouring strings made one, and empty ones gone."""
    out: list[Chunk] = []
    text: list[str] = []
    for chunk in chunks:
        if isinstance(chunk, str):
            text.append(chunk)
            continue
        if text:
            if run := "".join(text):
                out.append(run)
            text.clear()
        out.append(chunk)
    if run := "".join(text):
        out.append(run)
    return tuple(out)


_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def count_words(text: str) -> int:
    """Words between blanks; each CJK character counts as one."""
    if text.isascii():
        return len(text.split())
    signs = len(_CJK.findall(text))
    return signs + len(_CJK.sub(" ", text).split()) if signs else len(text.split())
