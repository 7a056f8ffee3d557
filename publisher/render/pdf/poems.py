"""A poem on paper stands in from the margin so that its longest line is centred.

The engine has no width for “as wide as the text”: it is reckoned from the letters.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from publisher.book.tree import Element, add_class
from publisher.render.pdf.tree import words_of

# How wide letters are in an old-style text face, in em; CJK fills its square.
_NARROW: Final = frozenset("ijlftrI.,;:'!|()[]‘’“”-·")
_WIDE: Final = frozenset("mwMWæœ—…")
_STEP: Final = "in-"


def centre_poems(body: Element) -> None:
    """Move every poem in by half of what its longest line leaves; one too wide stays."""
    for poem in body.iter("div"):
        if "poem" not in poem.get("class", "").split():
            continue
        longest = max((_reach(line) for line in poem.iter("span") if _is_line(line)), default=0.0)
        if longest:
            room = f"max(0pt, calc((100% - {longest:.1f}em) / 2))"
            poem.set("style", f"margin-inline-start:{room}")
            add_class(poem, "centred")


def _is_line(element: Element) -> bool:
    return "line" in element.get("class", "").split()


def _reach(line: Element) -> float:
    """From the poem's edge to the line's end, in em."""
    steps = (c.removeprefix(_STEP) for c in line.get("class", "").split() if c.startswith(_STEP))
    return sum(map(float, steps)) + sum(map(_width, _said(line)))


def _said(line: Element) -> str:
    if line.find(".//a[@class='noteref']") is None:
        return words_of(line)
    calls = sum(len(words_of(a)) for a in line.iter("a") if a.get("class") == "noteref")
    return words_of(line)[calls:]


def _width(letter: str) -> float:
    if letter in _NARROW:
        return 0.27
    if letter.isspace():
        return 0.24
    if letter in _WIDE:
        return 0.76
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return 0.66 if letter.isupper() else 0.44
