"""The words on a wrap's back: what the book is, in a good measure, cut where it is endless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from msgspec import Struct

from publisher.render.wrap_sheet import Box, Sheet

# Letters up to which a blurb is set in the size, in points on a 6-inch cover.
SIZES = ((180, 15.0), (420, 13.0), (900, 12.0), (1500, 11.25))
USUAL = 10.75
LEAST = 8.75
CENTRED = 240  # letters; a longer blurb is set in lines of one length
MARGIN = 0.105  # of the face's width, on each side of the panel
PADDING = 29.0
USUAL_WIDTH = 272.0  # points of the measure on a 6-inch cover
STEP = 0.25
NARROWEST = 0.25  # em, less than letters take on average
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])")
_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")


class Blurb(Struct, frozen=True):
    """Paragraphs at a size, and what stands below them; `lines` if they are short and centred."""

    paragraphs: tuple[str, ...]
    size: float
    lines: tuple[str, ...] = ()
    series: str = ""
    names: tuple[str, ...] = ()
    cut: bool = False


class Panel(Struct, frozen=True):
    """The paper on which a blurb stands."""

    box: Box
    padding: float
    blurb: Blurb


class Hand(Struct, frozen=True):
    """What sets the words: the height of a blurb at a width, and even lines of so many ems."""

    measure: Callable[[Blurb, float], float]
    lines: Callable[[str, float], tuple[str, ...]]


def code_place(sheet: Sheet, width: float, height: float) -> Box:
    """Where a code of ours stands: below the panel's edge, in the printer's place at the least."""
    place, face = sheet.barcode, sheet.back_face
    across, down = panel_margin(sheet), min(34.0, face.height * 0.05)
    foot = min(place.foot, face.foot - down)
    if sheet.mirrored:
        return Box(max(place.x, face.x + across), foot - height, width, height)
    return Box(min(place.right, face.right - across) - width, foot - height, width, height)


def panel_margin(sheet: Sheet) -> float:
    """From the sides of the back's face to the panel."""
    return max(sheet.back_face.width * MARGIN, sheet.safety + 6)


def room_for(sheet: Sheet, code: Box | None) -> Box:
    """The largest panel there is room for, above the barcode if there is one."""
    face = sheet.back_face
    across = panel_margin(sheet)
    top = face.y + max(face.height * 0.085, sheet.safety + 6)
    foot = code.y - 26 if code else face.foot - max(96.0, face.height * 0.15)
    return Box(face.x + across, top, face.width - 2 * across, max(foot - top, 1.0))


def set_panel(
    words: tuple[str, str, tuple[str, ...]], room: Box, top: float, hand: Hand
) -> Panel | None:
    """The blurb in the largest size that suits its length and fits; without words, no panel.

    The words are the description, the series and names. The panel hangs at `top` if it can.
    """
    description, series, names = words
    paragraphs = tuple(
        " ".join(part.split()) for part in _PARAGRAPH.split(description.strip()) if part.strip()
    )
    if not paragraphs and not series and not names:
        return None
    # A narrow cover has narrow margins too.
    padding = PADDING * min(1.15, max(0.6, room.width / 330))
    wide, tall = room.width - 2 * padding, room.height - 2 * padding

    def fits(blurb: Blurb) -> bool:
        return hand.measure(blurb, wide) <= tall

    size = _size(paragraphs, wide)
    paragraphs, whole = _shortened(paragraphs, wide, tall)
    names = names if len(" · ".join(names)) < wide * tall / LEAST**2 else ()
    short: Blurb | None = None
    if sum(map(len, paragraphs)) <= CENTRED and len(paragraphs) < 2 and not ideographic(paragraphs):
        lines = hand.lines(" ".join(paragraphs), wide * 0.92 / size)
        short = Blurb(paragraphs, size, lines, series, names)
    if short and fits(short):
        blurb: Blurb | None = short
    elif whole:
        blurb = _fit(paragraphs, (series, names), size, fits)
    else:
        blurb = _cut(paragraphs, (series, names), fits)
    if blurb is None:
        return None
    height = min(hand.measure(blurb, wide) + 2 * padding, room.height)
    top = max(room.y, min(top, room.foot - height))
    return Panel(Box(room.x, top, room.width, height), padding, blurb)


def ideographic(paragraphs: tuple[str, ...]) -> bool:
    """Whether some letters are ideographs: what may not begin a line is the engine's to know."""
    return any(unicodedata.east_asian_width(letter) in "WF" for p in paragraphs for letter in p)


def _size(paragraphs: tuple[str, ...], wide: float) -> float:
    letters = sum(map(len, paragraphs))
    size = next((size for most, size in SIZES if letters <= most), USUAL)
    return max(LEAST, size * min(1.25, max(0.8, wide / USUAL_WIDTH)))


def _fit(
    paragraphs: tuple[str, ...],
    below: tuple[str, tuple[str, ...]],
    size: float,
    fits: Callable[[Blurb], bool],
) -> Blurb | None:
    """In the largest size up to `size`; else cut, the names below it; else without them."""
    series, names = below
    steps = round((size - LEAST) / STEP)

    def at(smaller: int, kept: tuple[str, ...]) -> Blurb:
        return Blurb(paragraphs, max(LEAST, size - smaller * STEP), (), series, kept)

    for kept in dict.fromkeys((names, ())):
        if fits(Blurb(paragraphs, LEAST, (), series, kept)):
            taken = _most(steps, lambda count: fits(at(steps - count, kept)))  # noqa: B023
            return at(steps - taken, kept) if taken else at(steps + 1, kept)
        if kept and paragraphs and (short := _opening(paragraphs, (series, kept), fits)):
            return short
    return _cut(paragraphs, (series, ()), fits) if paragraphs else None


def _shortened(
    paragraphs: tuple[str, ...], wide: float, tall: float
) -> tuple[tuple[str, ...], bool]:
    """No more than any such panel holds, so that setting it takes no time; whether all is left."""
    lines = int(tall / LEAST) + 1
    kept, room = [], int(lines * wide / LEAST / NARROWEST)
    for paragraph in paragraphs[:lines]:
        kept.append(paragraph[:room])
        room -= len(kept[-1])
        if not room:
            break
    return tuple(kept), kept == list(paragraphs)


def _cut(
    paragraphs: tuple[str, ...],
    below: tuple[str, tuple[str, ...]],
    fits: Callable[[Blurb], bool],
) -> Blurb | None:
    """As much as fits above the names; else in their place."""
    series, names = below
    beginnings = (_opening(paragraphs, (series, kept), fits) for kept in dict.fromkeys((names, ())))
    return next(filter(None, beginnings), None)


def _opening(
    paragraphs: tuple[str, ...],
    below: tuple[str, tuple[str, ...]],
    fits: Callable[[Blurb], bool],
) -> Blurb | None:
    """As many whole sentences as fit; of a first one that does not, its first words."""
    series, names = below
    sentences = [
        (number, sentence)
        for number, paragraph in enumerate(paragraphs)
        for sentence in _sentences(paragraph)
    ]

    def first(count: int) -> Blurb:
        return Blurb(_joined(sentences[:count]), LEAST, series=series, names=names, cut=True)

    count = _most(len(sentences), lambda n: fits(first(n)))
    if count:
        return first(count)
    words = paragraphs[0].split(" ") if " " in paragraphs[0] else list(paragraphs[0])
    space = " " if " " in paragraphs[0] else ""

    def opening(count: int) -> Blurb:
        said = space.join(words[:count]).rstrip(" ,;:") + "…"
        return Blurb((said,), LEAST, names=names, cut=True)

    count = _most(len(words), lambda n: fits(opening(n)))
    return opening(count) if count else None


def _sentences(paragraph: str) -> list[str]:
    ends = [found.end() for found in _SENTENCE_END.finditer(paragraph)]
    starts = [0, *ends]
    pieces = [paragraph[a:b] for a, b in zip(starts, [*ends, len(paragraph)], strict=True)]
    return [piece for piece in pieces if piece.strip()]


def _joined(sentences: list[tuple[int, str]]) -> tuple[str, ...]:
    paragraphs: dict[int, str] = {}
    for number, sentence in sentences:
        paragraphs[number] = paragraphs.get(number, "") + sentence
    return tuple(text.strip() for text in paragraphs.values())


def _most(count: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `count` for which it holds, 0 for none."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
