"""Where the lines of a paragraph end so that its grey is even: chosen for all of them at once.

After Knuth and Plass, “Breaking paragraphs into lines” (1981): each line is marked by how far its
spaces are from their natural width, and the way through the paragraph with the least sum of marks
is taken. The figures set out from TeX's, as shares of a space; a space may lose less here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

STRETCH = 0.5  # of a space: what it may grow by and look well
SHRINK = 0.25  # of a space: what it may lose at most
GOOD = 1.0  # times the stretch; where all lines are as good, no word is broken
FAIR = 6.0  # lines that are worse are tried only where nothing else is left
WORST = 40.0
LEAST = 0.35  # of the measure: a line that is shorter is not even tried
RAGGED = 0.02  # of the measure: a line of one address has no space to grow, and may be that short
HYPHEN = 50.0  # a hyphen's penalty
STACKED = 6000.0  # demerits of a hyphen below another
LAST = 5000.0  # of one in the last line but one, and of a last line that is hardly there
MOST_HYPHENS = 3  # in lines that follow each other


class Place(Struct, frozen=True):
    """A place where a line may end: what it would hold if it had begun with the paragraph.

    `end` and `begin` are in pixels: where the text before ends (with its hyphen) and where that
    of the next line begins; `spaces` and `begun` count the spaces before each, `letter` and `next`
    the letters.
    """

    end: float
    begin: float
    spaces: int
    begun: int
    letter: int
    next: int
    hyphen: float = 0.0


class Paragraph(Struct, frozen=True):
    """What the lines are fitted to: `room` for each by its number, in pixels.

    `words` are the places where no word is broken, `places` all; the last of either is the end.
    `space` is the natural one, `least` what a last line should have. No word is broken in a line
    of which `whole` is true; the lines up to `beside` may differ in room.
    """

    words: Sequence[Place]
    places: Callable[[], Sequence[Place]]
    room: Callable[[int], float]
    space: float
    least: float = 0.0
    whole: Callable[[int], bool] = lambda _: False
    beside: int = 1


class _Way(Struct):
    """A way to a place; `room` is that of the line which begins there."""

    place: Place
    line: int
    hyphens: int
    demerits: float
    before: _Way | None
    room: float


def best_breaks(paragraph: Paragraph, start: Place, hyphens: int = 0) -> tuple[Place, ...]:
    """The ends of the lines from `start` on, the last the paragraph's; empty if there is no way.

    `hyphens` is how many lines in a row before it end in one.
    """
    begun = _Way(start, 0, hyphens, 0.0, None, paragraph.room(0))
    way = _last_way(paragraph, paragraph.words, begun, GOOD)
    if way is None:
        places = paragraph.places()
        way = _last_way(paragraph, places, begun, FAIR)
        way = way or _last_way(paragraph, places, begun, WORST)
    return _path(way) if way is not None else ()


def _path(way: _Way) -> tuple[Place, ...]:
    found = []
    while way.before is not None:
        found.append(way.place)
        way = way.before
    return tuple(reversed(found))


def _last_way(
    paragraph: Paragraph, places: Sequence[Place], start: _Way, worst: float
) -> _Way | None:
    active = [start]
    last = places[-1]
    for place in places:
        if place.letter <= start.place.next:
            continue
        best: dict[tuple[int, int], _Way] = {}
        active, near = _near(paragraph, active, place, worst, last=place is last)
        for way, extra, spaces in near:
            mark = _mark(paragraph, way, place, (extra, way.room, spaces), worst, place is last)
            if mark is None:
                continue
            hyphens = way.hyphens + 1 if place.hyphen else 0
            # Where all lines are alike it does not matter how many came before.
            key = (min(way.line + 1, paragraph.beside), hyphens)
            if key not in best or way.demerits + mark < best[key].demerits:
                line, room = way.line + 1, paragraph.room(way.line + 1)
                best[key] = _Way(place, line, hyphens, way.demerits + mark, way, room)
        if place is last:
            return min(best.values(), key=lambda way: way.demerits, default=None)
        active += best.values()
        if not active:
            return None
    return None


def _near(
    paragraph: Paragraph, active: list[_Way], place: Place, worst: float, *, last: bool
) -> tuple[list[_Way], list[tuple[_Way, float, int]]]:
    """The ways that go on, and those from which a line may end at the place.

    With each is how much the line is too short, and how many spaces it has.
    """
    kept, near = [], []
    end, hyphen, spaces = place.end, place.hyphen, place.spaces
    # A hair more, for what is done in another order; it is looked at closely later.
    shrink, stretch = SHRINK * paragraph.space, 1.001 * STRETCH * worst * paragraph.space
    for way in active:
        begun = way.place
        extra = way.room - (end - begun.begin)
        held = spaces - begun.begun
        # Without its hyphen it is too long: so is all that comes after.
        if -extra - hyphen > shrink * held:
            continue
        kept.append(way)
        # Most places are too near by far.
        if last or extra <= stretch * (held or 1):
            near.append((way, extra, held))
    return kept, near


def _mark(
    paragraph: Paragraph,
    way: _Way,
    place: Place,
    fit: tuple[float, float, int],
    worst: float,
    last: bool,
) -> float | None:
    """The demerits of a line from the end of `way` to the place; None if it can't be."""
    extra, room, spaces = fit
    if place.hyphen and (way.hyphens >= MOST_HYPHENS or paragraph.whole(way.line)):
        return None
    if last and extra >= 0:
        short = room - extra < paragraph.least
        return 100.0 + LAST * short + LAST * bool(way.place.hyphen)
    if room - extra < LEAST * room:
        return None
    if spaces or abs(extra) <= 1:
        each = extra / max(1, spaces) / paragraph.space
        ratio = each / (STRETCH if each > 0 else SHRINK)
    elif extra > 0 and place.spaces == place.begun and not place.hyphen:
        ratio = extra / (RAGGED * room)  # it ends within an address
    else:
        return None
    if ratio > worst or ratio < -1.01:
        return None
    demerits = (10.0 + 100.0 * abs(ratio) ** 3) ** 2
    if place.hyphen:
        demerits += HYPHEN**2 + STACKED * way.hyphens
    if last and way.place.hyphen:
        demerits += LAST
    return demerits
