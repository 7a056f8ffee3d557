"""Folios that differ in their figures alone are not printed one by one: they follow from others.

A sheet of thirty-two empty pages takes a fifth of a second, and a long book has two hundred. From
100 to 199 every figure stands behind every other: where each of them is set with one code, nothing
between them, at one place on left pages and at one on right ones, then so are all of three figures.
Where a font's figures differ in width, or the folio has words, the sheets are printed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from publisher.render.pdf.foliation import CHUNK, Ink, sheet_of
from publisher.render.pdf.movable import PACKING

Name = tuple[str, int]  # of a sheet: its pages' name, and its first number
Inks = tuple[Ink | None, ...]
Around = tuple[bytes, bytes]
LEAST = 100  # the first number from which others follow
_RUN = re.compile(rb"(?<=\n\[)((?:<[0-9a-f]{4}>0)+)(?=\] TJ\n)")
_CODE = re.compile(rb"<([0-9a-f]{4})>0")


class Pattern(Struct, frozen=True):
    """What folios of so many figures have in common: by figure, and by side."""

    codes: Mapping[str, bytes] = {}
    around: Mapping[int, Around] = {}
    like: Ink | None = None  # what is true of all of them beside their content

    def ink(self, number: int) -> Ink | None:
        """What stands on the page of that number."""
        if self.like is None:
            return None
        before, after = self.around[number % 2]
        figures = b"".join(b"<%s>0" % self.codes[figure] for figure in str(number))
        content = zlib.compress(before + figures + after, PACKING)
        return Ink(content, self.like.states, self.like.faces)

    def sheet(self, first: int) -> Inks:
        """A sheet that begins with that number."""
        return tuple(map(self.ink, range(first, first + CHUNK)))


def origins(name: Name) -> tuple[Name, ...]:
    """The sheets that one follows from; none where it must be printed."""
    label, first = name
    figures = len(str(first))
    # Of each count of figures the first sheet is printed: it shows where they stand.
    firsts = {sheet_of(number) for number in (*range(LEAST, 2 * LEAST), 10 ** (figures - 1))}
    if len(str(first + CHUNK - 1)) > figures or first <= max(firsts):
        return ()
    return tuple((label, one) for one in sorted(firsts))


def to_print(wanted: Iterable[Name], has: Callable[[Name], bool]) -> list[Name]:
    """The sheets to be printed for these, as far as nothing is known yet of how they look."""
    missing = {name for name in wanted if not has(name)}
    following: dict[tuple[Name, ...], set[Name]] = {}
    for name in missing:
        following.setdefault(origins(name), set()).add(name)
    printed = following.pop((), set())
    for sources, names in following.items():
        more = {source for source in sources if not has(source) and source not in missing}
        printed |= more if len(more) < len(names) else names
    return sorted(printed)


def pattern_of(sources: Sequence[Name], sheets: Sequence[Inks], figures: int) -> Pattern | None:
    """What these sheets show of all folios of so many figures; nothing where they do not tell."""
    known = {
        first + place: ink
        for (_, first), sheet in zip(sources, sheets, strict=True)
        for place, ink in enumerate(sheet)
        if LEAST <= first + place < 2 * LEAST or len(str(first + place)) == figures
    }
    if not any(known.values()):
        return Pattern()
    like = known[max(known)]
    codes: dict[str, bytes] = {}
    around: dict[tuple[int, int], Around] = {}
    for number, ink in known.items():
        own, about = _read(ink)
        if ink is None or like is None or ink.states != like.states or len(own) != len(str(number)):
            return None
        if around.setdefault((len(own), number % 2), about) != about:
            return None
        if any(
            codes.setdefault(figure, code) != code
            for figure, code in zip(str(number), own, strict=True)
        ):
            return None
    return Pattern(codes, {side: around[figures, side] for side in (0, 1)}, like)


def _read(ink: Ink | None) -> tuple[list[bytes], Around]:
    """The codes of the figures that a folio shows, and what is around them; none if there is more."""
    content = zlib.decompress(ink.content) if ink else b""
    runs = list(_RUN.finditer(content))
    if len(runs) != 1 or content.count(b" TJ") != 1:
        return [], (b"", b"")
    return _CODE.findall(runs[0][1]), (content[: runs[0].start()], content[runs[0].end() :])
