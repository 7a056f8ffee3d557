"""Running heads: what a page is from, in one line that fits."""

from __future__ import annotations

import re
import unicodedata

ROOM = 58  # letters of the head's size that stand in the measure
MEASURE = 297.0  # points, of the theme that has room for so many
BREAK = re.compile(r"\s*[:;–—]\s+|\s+[-–—]\s+|[?!.]\s+")


def room_in(measure: float) -> int:
    """How many letters of a head stand in a line of so many points."""
    return int(ROOM * measure / MEASURE)


def running_head(title: str, room: int = ROOM) -> str:
    """The title in one line: without what follows its first colon, else cut at a word."""
    title = " ".join(title.split())
    if _width(title) <= room:
        return title
    for found in reversed(list(BREAK.finditer(title))):
        short = title[: found.start()]
        if room // 4 <= _width(short) <= room:
            return short
    return _cut(title, room - 2) + "…"


def _cut(title: str, room: int) -> str:
    kept = ""
    for word in title.split(" "):
        longer = f"{kept} {word}".strip()
        if _width(longer) > room:
            break
        kept = longer
    if not kept:  # one endless word, or a script without spaces
        for letter in title:
            if _width(kept + letter) > room:
                break
            kept += letter
    return kept.rstrip(" ,;:.–—-")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
