"""The words on a wrap's front and spine, set in lines and sizes that fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from publisher.book.model import Metadata
from publisher.render.cover import (
    IMPRINT_SIZES,
    NAME_SIZES,
    NAMES,
    SUBTITLE_SIZES,
    TALLEST,
    TITLE_SIZES,
    Setting,
    set_lines,
)
from publisher.render.filters import people_named
from publisher.render.pdf.heads import running_head
from publisher.render.wrap_sheet import SMALLEST_SPINE, Sheet
from publisher.wording import Wording

UNITS = 1500.0  # the front cover of the EPUB is so wide, and the label is drawn in its units
LEAST_TALL = 2050.0  # units; on squatter fronts everything is smaller
USUAL_TALL = 2400.0
BAND = 27.0  # points from the spine's safe end to where its words may begin
SPINE_SHARE = 0.9  # of the largest type a spine takes
NAMES_SHARE, IMPRINT_SHARE = 0.72, 0.56  # of the title's size
CAPITALS = 0.86  # small capitals' width by that of capitals
SPACING = 0.08  # em between small capitals
GAP = 1.6  # em between the title and what stands before or after it
MANY = 2  # more names than these do not go on a spine


@dataclass(frozen=True, slots=True)
class Label:
    """The front: lines in units of `unit` points."""

    unit: float
    height: float
    title: Setting
    subtitle: Setting
    people: tuple[tuple[str, Setting], ...]
    publisher: Setting


@dataclass(frozen=True, slots=True)
class Spine:
    """What runs along the spine: sizes in points, empty where there is no room."""

    title: str
    size: float
    names: str = ""
    imprint: str = ""
    turn: int = 90  # degrees; -90 reads from the foot up
    ideographs: bool = False

    @property
    def names_size(self) -> float:
        """The size of the names."""
        return self.size * NAMES_SHARE

    @property
    def imprint_size(self) -> float:
        """The size of the imprint's small capitals."""
        return max(self.size * IMPRINT_SHARE, SMALLEST_SPINE)


# Where titles run up the spine, by the custom of the country.
UPWARD = frozenset("ca es fr it pt ro".split())


def set_label(about: Metadata, words: Wording, face: Path | None, sheet: Sheet) -> Label:
    """The front's words, in the sizes of the EPUB's cover."""
    unit = min(sheet.front.width / UNITS, sheet.front.height / LEAST_TALL)
    height = sheet.front.height / unit
    tallest = TALLEST - max(0.0, USUAL_TALL - height)
    return Label(
        unit,
        height,
        set_lines(about.title, face, TITLE_SIZES, tallest),
        set_lines(about.subtitle, face, SUBTITLE_SIZES, 230),
        tuple(_people(about, words, face)),
        set_lines(about.publisher, face, IMPRINT_SIZES, 50),
    )


def hidden_names(about: Metadata) -> tuple[str, ...]:
    """Who wrote the book and is not named on its front."""
    named = len(about.authors) <= NAMES
    return () if named else tuple(name for name, _ in about.authors)


def _people(about: Metadata, words: Wording, face: Path | None) -> Iterator[tuple[str, Setting]]:
    if about.authors and (len(about.authors) <= NAMES or not about.editors):
        names = people_named(about.authors, words, NAMES)
        yield "authors", set_lines(names, face, NAME_SIZES, 200)
    if about.editors:
        names = f"{words.edited_by} {people_named(about.editors, words, NAMES)}"
        yield "editors", set_lines(names, face, NAME_SIZES[1:], 160)


def set_spine(about: Metadata, face: Path | None, sheet: Sheet) -> Spine | None:
    """As much as fits at a good size, the title first; nothing where none fits."""
    if not sheet.spine_type:
        return None
    room = spine_room(sheet)
    turn = -90 if about.language.partition("-")[0] in UPWARD else 90
    largest = max(SMALLEST_SPINE, sheet.spine_type * SPINE_SHARE)
    title = " ".join(about.title.split())
    names, imprint = _spine_names(about), " ".join(about.publisher.split())
    rows = [(names, imprint), (names, ""), ("", imprint), ("", "")]
    for number, (first, last) in enumerate(dict.fromkeys(rows)):
        least = max(SMALLEST_SPINE, largest * (0.62 if number < 3 and (first or last) else 0))
        size = _fitting(title, (first, last), face, room, (largest, least))
        if size:
            return Spine(title, size, first, last, turn)
    # Even alone the title is too long: what follows its colon goes, then its last words.
    letters = int(room / SMALLEST_SPINE / 0.5)
    while letters > 8:
        short = running_head(title, letters)
        size = _fitting(short, ("", ""), face, room, (largest, SMALLEST_SPINE))
        if size:
            return Spine(short, size, turn=turn)
        letters = int(letters * 0.9)
    return None


def spine_room(sheet: Sheet) -> float:
    """How long the line along the spine may be."""
    return sheet.spine.height - 2 * (max(sheet.safety, 9.0) + BAND)


def _spine_names(about: Metadata) -> str:
    for people in (about.authors, about.editors):
        if people and len(people) <= MANY:
            return " · ".join(name for name, _ in people)
    return ""


def _fitting(
    title: str,
    beside: tuple[str, str],
    face: Path | None,
    room: float,
    sizes: tuple[float, float],
) -> float:
    """The largest size at which the title stands in the middle clear of its neighbours."""
    largest, least = sizes
    wide = em_width(title, face)
    names = em_width(beside[0], face)
    imprint = em_width(beside[1].upper(), face) * CAPITALS + SPACING * len(beside[1])
    size = largest
    while size >= least:
        small = max(size * IMPRINT_SHARE, SMALLEST_SPINE) if beside[1] else 0.0
        sides = max(names * size * NAMES_SHARE, imprint * small)
        if wide * size + (2 * (sides + GAP * size) if sides else 0) <= room:
            return size
        size = size * 0.95 if size > least else 0.0
        size = max(size, least) if size else 0.0
    return 0.0


def em_width(text: str, face: Path | None) -> float:
    """About how many ems long the text is in one line."""
    if not text:
        return 0.0
    return set_lines(text, face, (1000,), math.inf, math.inf).width / 1000
