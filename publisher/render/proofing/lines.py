"""Runs are put together into the lines and paragraphs a reader sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from publisher.render.proofing.run import Box, Leaf, Run, Word

HYPHEN = "-"
COLUMN_GAP = 2.6  # sizes between words that are not of one line
LEADERS = (". . . .", ".....", "……")


class Line(Struct, frozen=True):
    """A line of one block; `right_to_left` where most of its letters run so."""

    words: tuple[Word, ...]
    base: float
    size: float
    role: str
    block: int
    face: str
    mono: bool
    space: float
    right_to_left: bool = False
    left: float = 0.0
    right: float = 0.0

    @property
    def text(self) -> str:
        """The words as read."""
        return " ".join(" ".join(word.text for word in self.words).split())

    @property
    def box(self) -> Box:
        """About the letters, from their tails to their tops."""
        return (self.left, self.base - 0.25 * self.size, self.right, self.base + 0.75 * self.size)

    @property
    def broken(self) -> bool:
        """Whether the line ends in the middle of a word."""
        last = self.words[-1].text
        return len(last) > 1 and last.endswith(HYPHEN) and last[-2].isalpha()

    def gaps(self) -> Iterator[tuple[float, float]]:
        """Where the white between the words begins and ends."""
        for one, other in pairwise(sorted(self.words, key=lambda word: word.left)):
            if other.left > one.right:
                yield one.right, other.left


class Paragraph(Struct, frozen=True):
    """Lines that belong together; `role` as tagged, or what their looks say."""

    lines: tuple[Line, ...]
    role: str

    @property
    def size(self) -> float:
        """The size of its first line."""
        return self.lines[0].size

    @property
    def running(self) -> bool:
        """Whether this is prose, of which a compositor minds the lines."""
        return self.role == ""


def set_lines(leaf: Leaf) -> list[Line]:
    """The lines of a page: of each block in reading order, or of the page from the top."""
    if leaf.tagged:
        blocks: dict[int, list[Run]] = {}
        for run in leaf.runs:
            blocks.setdefault(run.block, []).append(run)
        return [line for runs in blocks.values() for line in _lines(runs)]
    return [part for line in _lines(leaf.runs) for part in _split(line)]


def _lines(runs: Iterable[Run]) -> Iterator[Line]:
    """Runs whose baselines agree; a raised or lowered one joins the line it touches."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.base):
        row = rows[-1] if rows else []
        size = max((other.size for other in row), default=0.0)
        if row and abs(_base(row) - run.base) < 0.45 * max(size, run.size):
            row.append(run)
        else:
            rows.append([run])
    order = {id(run): number for number, run in enumerate(runs)}
    for row in rows:
        yield _line(sorted(row, key=lambda run: order[id(run)]))


def _base(row: Sequence[Run]) -> float:
    return max(row, key=_letters).base


def _letters(run: Run) -> float:
    return run.size * sum(len(word.text) for word in run.words)


def _line(row: Sequence[Run]) -> Line:
    words: list[Word] = []
    for run in row:
        for word in run.words:
            if words and word.glued and abs(word.left - words[-1].right) < run.size:
                last = words.pop()
                left, right = min(last.left, word.left), max(last.right, word.right)
                word = Word(last.text + word.text, left, right, last.glued)
            words.append(word)
    main = max(row, key=_letters)
    plain = [run for run in row if not run.mono] or row
    space = max((run.space * main.size / run.size for run in plain if run.size), default=0.0)
    return _drawn_up(words, main, space, mono=all(run.mono for run in row))


def _drawn_up(words: Sequence[Word], main: Run, space: float, *, mono: bool) -> Line:
    return Line(
        words=tuple(words),
        base=main.base,
        size=main.size,
        role=main.role,
        block=main.block,
        face=main.face,
        mono=mono,
        space=space,
        right_to_left=_right_to_left("".join(word.text for word in words)),
        left=min(word.left for word in words),
        right=max(word.right for word in words),
    )


def _right_to_left(text: str) -> bool:
    if text.isascii():
        return False
    kinds = [unicodedata.bidirectional(letter) for letter in text if letter.isalpha()]
    return 2 * sum(kind in {"R", "AL"} for kind in kinds) > len(kinds)


def _split(line: Line) -> Iterator[Line]:
    """The parts of what stands side by side: cells, columns."""
    words = sorted(line.words, key=lambda word: word.left)
    parts: list[list[Word]] = [[words[0]]]
    for one, other in pairwise(words):
        if other.left - one.right > COLUMN_GAP * line.size:
            parts.append([])
        parts[-1].append(other)
    if len(parts) == 1:
        yield line
        return
    main = Run(line.words, line.base, line.size, "table", line.block, line.face)
    for part in parts:
        yield _drawn_up(part, main, line.space, mono=line.mono)


def set_paragraphs(lines: Sequence[Line], body: float, leading: float) -> Iterator[Paragraph]:
    """Lines of one block; where nothing is tagged, those that look like one paragraph."""
    widest: dict[float, float] = {}
    for line in lines:
        size = round(line.size, 1)
        widest[size] = max(widest.get(size, 0.0), line.right)
    for block, together in groupby(lines, key=lambda line: line.block):
        if block >= 0:
            part = tuple(together)
            yield Paragraph(part, _role(part))
            continue
        waiting: list[Line] = []
        for line in together:
            edge = widest[round(line.size, 1)]
            if waiting and _begins(line, waiting, leading, edge):
                yield _guessed(waiting, body)
                waiting = []
            waiting.append(line)
        if waiting:
            yield _guessed(waiting, body)


def _role(lines: Sequence[Line]) -> str:
    role = lines[0].role
    if role == "" and all(line.mono for line in lines):
        return "code"
    if any(mark in line.text for line in lines for mark in LEADERS):
        return "contents"
    return role


def _begins(line: Line, before: Sequence[Line], leading: float, edge: float) -> bool:
    """Whether a line starts a paragraph: indented, apart, of another size, not yet needed."""
    last = before[-1]
    if abs(line.size - last.size) > 0.3 or line.mono != last.mono or line.role != last.role:
        return True
    if last.base - line.base > 1.15 * leading * line.size / max(last.size, 1.0):
        return True
    word = line.words[0]
    if not line.right_to_left and last.right + last.space + word.right - word.left < edge - 1:
        return True
    start = min(other.left for other in before[1:]) if len(before) > 1 else line.left
    return line.left - start > 0.5 * line.size


def _guessed(lines: Sequence[Line], body: float) -> Paragraph:
    role = _role(lines)
    first = lines[0]
    if role == "" and first.size > 1.08 * body:
        role = "head"
    return Paragraph(tuple(lines), role)
