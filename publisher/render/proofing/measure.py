"""The measure of a book: the size of its text, its leading, and the block the lines fill."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from publisher.render.proofing.lines import Line, set_paragraphs
from publisher.render.proofing.run import Leaf

FOLIO = re.compile(r"[\W_]*(?:[ivxlcdm]+|\d+)[\W_]*", re.IGNORECASE)
OVERHANG = 2.5  # points
ENOUGH = 5  # lines of text: fewer need not reach from side to side
FULL = 15  # lines: a page with fewer says nothing about the depth


class Measure(Struct, frozen=True):
    """Lengths in points; `sides` holds the block's left and right on verso and recto.

    `top` and `foot` are the first and the last baseline, `indent` is 0 where paragraphs
    have none, `furniture` are the baselines of heads and folios in an untagged file. `seen` tells
    on which of verso and recto there was text enough to go by; the other's block is only guessed.
    """

    size: float = 11.0
    leading: float = 14.5
    sides: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    top: float = 0.0
    foot: float = 0.0
    indent: float = 0.0
    space: float = 0.2
    furniture: tuple[float, ...] = ()
    seen: tuple[bool, bool] = (True, True)

    @property
    def depth(self) -> float:
        """The lines of a full page."""
        return (self.top - self.foot) / self.leading + 1 if self.leading else 0.0

    def edges(self, leaf: int) -> tuple[float, float]:
        """The block's left and right on this leaf."""
        return self.sides[leaf % 2]


def take_measure(pages: Sequence[tuple[Leaf, list[Line]]]) -> Measure:
    """What most of the pages agree on."""
    furniture = () if any(leaf.tagged for leaf, _ in pages) else _furniture(pages)
    cleared = [(leaf, clear(lines, furniture)) for leaf, lines in pages]
    text = [line for _, lines in cleared for line in lines if line.role == "" and not line.mono]
    if not text:
        return Measure()
    size = _mode((round(line.size, 1), len(line.text)) for line in text)
    body = [line for line in text if abs(line.size - size) < 0.15]
    leading = _leading(cleared, size)
    versos, rectos = (_of_side(cleared, size, parity) for parity in (0, 1))
    sides = _side(versos), _side(rectos)
    top, foot = _ends(cleared)
    spaces = sorted(line.space / line.size for line in body if line.space > 0)
    measure = Measure(
        size=size,
        leading=leading,
        sides=(sides[0] or sides[1] or (0.0, 0.0), sides[1] or sides[0] or (0.0, 0.0)),
        top=top,
        foot=foot,
        space=spaces[len(spaces) // 2] if spaces else 0.2,
        furniture=furniture,
        seen=(len(versos) >= ENOUGH, len(rectos) >= ENOUGH),
    )
    return _with_indent(measure, cleared)


def clear(lines: list[Line], furniture: Sequence[float]) -> list[Line]:
    """The lines without running heads and folios."""
    if not furniture:
        return lines
    return [line for line in lines if all(abs(line.base - base) > 1.5 for base in furniture)]


def _furniture(pages: Sequence[tuple[Leaf, list[Line]]]) -> tuple[float, ...]:
    """Baselines above and below the text, apart from it, that many pages share."""
    heads: Counter[float] = Counter()
    folios: Counter[float] = Counter()
    for _, lines in pages:
        bases = sorted({round(line.base, 0) for line in lines}, reverse=True)
        if len(bases) < 4:
            continue
        usual = Counter(round(a - b) for a, b in pairwise(bases)).most_common(1)[0][0]
        if bases[0] - bases[1] > 1.25 * usual:
            heads[bases[0]] += 1
        last = " ".join(line.text for line in lines if round(line.base, 0) == bases[-1])
        if FOLIO.fullmatch(last):
            folios[bases[-1]] += 1
    # What stands low and apart is the opening of a piece.
    highest = max(heads, default=0.0)
    often = {base for base, times in heads.items() if times >= 0.1 * len(pages)}
    often = {base for base in often if base > highest - 6}
    often |= {base for base, times in folios.items() if times >= 0.1 * len(pages)}
    return tuple(sorted(often))


def _mode(counted: Iterable[tuple[float, int]]) -> float:
    sums: Counter[float] = Counter()
    for value, weight in counted:
        sums[value] += weight
    return max(sums, key=lambda value: (sums[value], value)) if sums else 0.0


def _leading(pages: Sequence[tuple[Leaf, list[Line]]], size: float) -> float:
    steps = (
        (round((one.base - other.base) * 4) / 4, 1)
        for _, lines in pages
        for one, other in pairwise(lines)
        if abs(one.size - size) < 0.15 and 0.8 * size < one.base - other.base < 2.2 * size
    )
    return _mode(steps) or 1.3 * size


def _side(lines: Sequence[Line]) -> tuple[float, float] | None:
    if not lines:
        return None
    return -_edge([-line.left for line in lines]), _edge([line.right for line in lines])


def _of_side(pages: Sequence[tuple[Leaf, list[Line]]], size: float, parity: int) -> list[Line]:
    return [
        line
        for leaf, every in pages
        for line in every
        if leaf.number % 2 == parity and line.role == "" and abs(line.size - size) < 0.15
    ]


def _edge(places: list[float]) -> float:
    """Where lines end that are full: letters hang over a little, and some lines too far."""
    outermost = _shared(sorted(places, reverse=True))
    near = [place for place in places if abs(place - outermost) < OVERHANG]
    return _mode((round(place * 2) / 2, 1) for place in near)


def _ends(pages: Sequence[tuple[Leaf, list[Line]]]) -> tuple[float, float]:
    """The first baseline of a full page, and its last."""
    full = [lines for _, lines in pages if len(lines) >= FULL] or [
        every for _, every in pages if every
    ]
    firsts = [max(line.base for line in lines) for lines in full]
    lasts = sorted(min(line.base for line in lines) for lines in full)
    return _shared(sorted(firsts, reverse=True)), _shared(lasts)


def _shared(places: list[float]) -> float:
    """The outermost place that several share; the first where none is shared."""
    few = max(1, len(places) // 50)
    near = [a for a, b in zip(places, places[few:], strict=False) if abs(a - b) < 1.5]
    return (near or places)[0]


def _with_indent(measure: Measure, pages: Sequence[tuple[Leaf, list[Line]]]) -> Measure:
    """The measure with the indent of paragraphs, where enough of them have the same."""
    indents: Counter[float] = Counter()
    firsts = 0
    for leaf, lines in pages:
        start, end = measure.edges(leaf.number)
        for paragraph in set_paragraphs(lines, measure.size, measure.leading):
            line = paragraph.lines[0]
            if not paragraph.running or abs(line.size - measure.size) > 0.15:
                continue
            firsts += 1
            into = end - line.right if line.right_to_left else line.left - start
            if 0.5 * measure.size < into < 4 * measure.size and len(paragraph.lines) > 1:
                indents[round(into * 2) / 2] += 1
    if not indents:
        return measure
    indent, times = indents.most_common(1)[0]
    if times < 0.1 * firsts:
        return measure
    return Measure(
        measure.size, measure.leading, measure.sides, measure.top, measure.foot,
        indent, measure.space, measure.furniture,
    )  # fmt: skip
