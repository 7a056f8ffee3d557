"""The words on a wrap's front and spine, set in lines and sizes that fit."""

from __future__ import annotations

import math
import unicodedata
from pathlib import Path

from msgspec import Struct

from publisher.book.model import Metadata
from publisher.render.cover import (
    IMPRINT_SIZES,
    NAMES,
    SUBTITLE_SIZES,
    TALLEST,
    TITLE_SIZES,
    Setting,
    people_lines,
    set_lines,
)
from publisher.render.pdf.heads import running_head
from publisher.render.wrap_sheet import SMALLEST_SPINE, Sheet
from publisher.wording import Wording

UNITS = 1500.0  # the front cover of the EPUB is so wide, and the label is drawn in its units
LEAST_TALL = 2050.0  # units; on squatter fronts everything is smaller
USUAL_TALL = 2400.0
LEAST_TALLEST = 380.0
ABOVE_IMPRINT = 290.0
UNDER_TITLE, FLOWER, UNDER_NAMES = 36.0, 150.0, 22.0  # units
BAND = 27.0  # points from the spine's safe end to where its words may begin
SPINE_SHARE = 0.9  # of the largest type a spine takes
NAMES_SHARE, IMPRINT_SHARE = 0.72, 0.56  # of the title's size
CAPITALS = 0.86  # small capitals' width by that of capitals
SPACING = 0.08  # em between small capitals
GAP = 1.6  # em between the title and what stands before or after it
NARROWEST = 0.4  # em, about the least a letter takes on average
LEAST_SHARE = 0.45  # of the spine's type: a smaller title is shortened instead
MANY = 2  # more names than these do not go on a spine


class Label(Struct, frozen=True):
    """The front: lines in units of `unit` points."""

    unit: float
    height: float
    title: Setting
    subtitle: Setting
    people: tuple[tuple[str, Setting], ...]
    publisher: Setting

    @property
    def inner(self) -> float:
        """How tall the words are, with the flower between title and names."""
        tall = self.title.height
        if self.subtitle.lines:
            tall += UNDER_TITLE + self.subtitle.height
        if self.people:
            tall += FLOWER + sum(names.height + UNDER_NAMES for _, names in self.people)
        return tall

    @property
    def tall(self) -> float:
        """The label's height: as the words need, and not much wider than tall."""
        return max(self.inner + 210, min(900.0, self.height * 0.5))

    @property
    def top(self) -> float:
        """From the head of the cover to the label: a little above the middle."""
        return max((self.height - self.tall) * 0.42, 120.0)


class Spine(Struct, frozen=True):
    """What runs along the spine: sizes in points, empty where there is no room.

    `turn` is in degrees: 90 reads from the head down, -90 from the foot up. `ideographs`
    are not turned but stand below each other.
    """

    title: str
    size: float
    names: str = ""
    imprint: str = ""
    turn: int = 90
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
    """The front's words, in the sizes of the EPUB's cover; smaller where the front is squat."""
    least = min(sheet.front.width / UNITS, sheet.front.height / LEAST_TALL)
    unit = sheet.front.width / UNITS
    while True:
        label = _label(about, words, face, (unit, sheet.front.height / unit))
        if label.top + label.tall + ABOVE_IMPRINT <= label.height or unit <= least:
            return label
        unit = max(least, unit * 0.95)


def _label(about: Metadata, words: Wording, face: Path | None, size: tuple[float, float]) -> Label:
    unit, height = size
    tallest = max(TALLEST - max(0.0, USUAL_TALL - height), LEAST_TALLEST)
    return Label(
        unit,
        height,
        set_lines(about.title, face, TITLE_SIZES, tallest),
        set_lines(about.subtitle, face, SUBTITLE_SIZES, 230),
        people_lines(about, words, face),
        set_lines(about.publisher, face, IMPRINT_SIZES, 50),
    )


def hidden_names(about: Metadata) -> tuple[str, ...]:
    """Who wrote the book and is not named on its front."""
    named = len(about.authors) <= NAMES
    return () if named else tuple(name for name, _ in about.authors)


def set_spine(about: Metadata, face: Path | None, sheet: Sheet) -> Spine | None:
    """As much as fits at a good size, the title first; nothing where none fits."""
    if not sheet.spine_type:
        return None
    room = spine_room(sheet)
    turn = -90 if about.language.partition("-")[0] in UPWARD else 90
    largest = max(SMALLEST_SPINE, sheet.spine_type * SPINE_SHARE)
    title = " ".join(about.title.split())
    names, imprint = _spine_names(about), " ".join(about.publisher.split())
    rows = dict.fromkeys([(names, imprint), (names, ""), ("", imprint), ("", "")])
    for words in dict.fromkeys((title, _natural(title, room / largest))):
        for first, last in rows:
            share = 0.62 if first or last else LEAST_SHARE
            least = max(SMALLEST_SPINE, largest * share)
            size = _fitting(words, (first, last), face, room, (largest, least))
            if size:
                return Spine(words, size, first, last, turn, _stands(words + first + last))
    least = max(SMALLEST_SPINE, largest * LEAST_SHARE)
    letters = int(room / least / NARROWEST)
    while letters > 8:
        short = running_head(title, letters)
        size = _fitting(short, ("", ""), face, room, (largest, least))
        if size:
            return Spine(short, size, turn=turn, ideographs=_stands(short))
        letters = int(letters * 0.9)
    return None


def _natural(title: str, ems: float) -> str:
    """A long title without what follows its colon, where that leaves a title."""
    for share in (1.0, 0.7, LEAST_SHARE):
        short = running_head(title, int(ems / share / NARROWEST))
        if not short.endswith("…"):
            return short
    return title


def _stands(text: str) -> bool:
    """Whether every letter is one that stands upright on a spine, below the one before."""
    letters = [letter for letter in text if not letter.isspace()]
    return all(unicodedata.east_asian_width(letter) in "WF" for letter in letters)


def spine_end(sheet: Sheet) -> float:
    """How far words keep from the spine's ends at the least."""
    return max(sheet.safety, 9.0)


def spine_room(sheet: Sheet) -> float:
    """How long the line along the spine may be."""
    return sheet.spine.height - 2 * (spine_end(sheet) + BAND)


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
