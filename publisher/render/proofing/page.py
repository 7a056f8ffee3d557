"""A page as a compositor looks at it: text, notes, what opens and what closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from publisher.render.proofing.lines import Line, Paragraph, set_paragraphs
from publisher.render.proofing.measure import Measure
from publisher.render.proofing.run import Box, Leaf

DROP = 2.4  # lines of white above the first make an opening
NOTE_SIZE = 0.88
TITLE_SIZE = 1.4
FULL_EDGE = 0.8


class Page(Struct, frozen=True):
    """What stands on a leaf: the paragraphs of the text, top down, and the notes at its foot.

    `ends` are the edges that justified lines reach, in the direction of reading.
    """

    leaf: Leaf
    text: tuple[Paragraph, ...] = ()
    notes: tuple[Paragraph, ...] = ()
    ends: frozenset[float] = frozenset()
    opens: bool = False

    @property
    def number(self) -> int:
        """The leaf, counted from 1: rectos are odd."""
        return self.leaf.number

    @property
    def blank(self) -> bool:
        """Whether nothing is on it but a head or a folio."""
        return not self.text and not self.notes and not self.leaf.pictures

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text, without the notes."""
        return tuple(line for paragraph in self.text for line in paragraph.lines)

    @property
    def bottom(self) -> float:
        """The last baseline, or where a picture ends below it."""
        bases = [line.base for part in (self.text, self.notes) for p in part for line in p.lines]
        return min([*bases, *(box[1] for box in self.leaf.pictures)], default=0.0)

    @property
    def plain(self) -> bool:
        """Whether the page is prose and headings alone."""
        known = all(paragraph.role in {"", "head"} for paragraph in self.text)
        return known and not self.leaf.pictures

    @property
    def ragged(self) -> bool:
        """Whether most lines stop where they like: verse, lists."""
        lines = self.lines
        return 3 * sum(self.reaches(line) for line in lines) < len(lines)

    def reaches(self, line: Line, following: Line | None = None) -> bool:
        """Whether the line is full: it meets an edge, or the next word had no room."""
        end = line_end(line)
        if any(abs(end - edge) < FULL_EDGE for edge in self.ends):
            return True
        if following is None or not self.ends:
            return False
        word = following.words[0]
        return end + line.space + word.right - word.left > max(self.ends)


def line_end(line: Line) -> float:
    """Where a line ends, growing in the direction of reading."""
    return -line.left if line.right_to_left else line.right


def line_start(line: Line) -> float:
    """Where a line begins, growing in the direction of reading."""
    return -line.right if line.right_to_left else line.left


def set_page(leaf: Leaf, lines: Sequence[Line], measure: Measure) -> Page:
    """The page with its notes set apart; `lines` are without heads and folios."""
    paragraphs = tuple(set_paragraphs(lines, measure.size, measure.leading))
    rule = _note_rule(leaf, paragraphs, measure)
    notes = tuple(p for p in paragraphs if p.role == "note" or p.lines[0].base < rule)
    text = tuple(p for p in paragraphs if p not in notes)
    text = tuple(sorted(text, key=lambda paragraph: -paragraph.lines[0].base))
    return Page(leaf, text, notes, _ends(text, leaf.number, measure), _opens(text, measure))


def _note_rule(leaf: Leaf, paragraphs: Sequence[Paragraph], measure: Measure) -> float:
    """The height of the rule below which everything is small; 0 where there is none."""
    start, end = measure.edges(leaf.number)
    for rule in sorted((box[3] for box in leaf.rules if _at_edge(box, start, end)), reverse=True):
        below = [p for p in paragraphs if p.lines[0].base < rule]
        if below and all(p.size < NOTE_SIZE * measure.size and p.role != "table" for p in below):
            return rule
    return 0.0


def _at_edge(box: Box, start: float, end: float) -> bool:
    return abs(box[0] - start) < 2 or abs(box[2] - end) < 2


def _ends(text: Sequence[Paragraph], leaf: int, measure: Measure) -> frozenset[float]:
    counted = Counter(
        round(line_end(line) * 2) / 2
        for paragraph in text
        if paragraph.running
        for line in paragraph.lines[:-1]
        if len(line.words) > 3
    )
    start, end = measure.edges(leaf)
    to_left = sum(p.lines[0].right_to_left for p in text)
    edge = -start if 2 * to_left > len(text) else end
    return frozenset({edge, *(value for value, times in counted.items() if times >= 3)})


def _opens(text: Sequence[Paragraph], measure: Measure) -> bool:
    """Whether a piece or a part begins here: white above, or a title's size."""
    if not text:
        return False
    first = text[0].lines[0]
    dropped = measure.top - first.base > DROP * measure.leading
    return dropped or first.size > TITLE_SIZE * measure.size
