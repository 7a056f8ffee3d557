"""A problem beside the text it belongs to: a line of a note finds its block on the page.

The book knows nothing of lines, and need not: the words of the line are on the page too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from publisher.preview.entry import Entry
from publisher.problem import Problem
from publisher.render.page_starts import BLOCKS, Element, blocks_of, tag

Placed = tuple[int, int, str]
NOWHERE: Placed = (-1, -1, "")
LETTERS = 40  # of a block, enough to find it on its page
LIKE_ENOUGH = 0.3  # share of words two texts have in common
_WORD = re.compile(r"\w+")
# What stands in a note and not on its page: addresses, and targets behind other words.
_UNSEEN = re.compile(r"\]\([^)\s]*\)|\[\[[^\]|]*\|(?=[^\]]*\]\])|https?://\S+")


class Remark(Struct, frozen=True):
    """A problem, the page it shows on, and the block there; -1 is the page as a whole.

    `block` counts all blocks of an EPUB page, `body` those of a piece's text with words, as
    printed pages count them; `letters` are the first of the block.
    """

    problem: Problem
    entry: str = ""
    block: int = -1
    body: int = -1
    letters: str = ""


def remarks(
    problems: Iterable[Problem],
    entries: Iterable[Entry],
    texts: Mapping[str, str],
    page_of: Callable[[Entry], bytes],
) -> tuple[Remark, ...]:
    """Each problem with its place; `texts` are the notes as typed, by path."""
    homes = {entry.path: entry for entry in entries if entry.path}
    lines: dict[str, list[int]] = {}
    every = tuple(problems)
    for problem in every:
        if problem.at.path in homes:
            lines.setdefault(problem.at.path, []).append(problem.at.line)
    found: dict[tuple[str, int], Placed] = {}
    for path, wanted in lines.items():
        places = place_lines(page_of(homes[path]), texts.get(path, ""), tuple(wanted))
        found |= {(path, line): place for line, place in zip(wanted, places, strict=True)}
    return tuple(
        Remark(p, homes[p.at.path].key, *found[p.at.path, p.at.line])
        if p.at.path in homes
        else Remark(p)
        for p in every
    )


@lru_cache(maxsize=4096)
def place_lines(page: bytes, text: str, lines: tuple[int, ...]) -> tuple[Placed, ...]:
    """For each line of a note, from 1, its block: among all, in the body, and how it begins."""
    try:
        root = etree.fromstring(page, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return (NOWHERE,) * len(lines)
    blocks = [element for element in root.iter() if tag(element) in BLOCKS]
    home = next((e for e in root.iter() if "body" in (e.get("class") or "").split()), None)
    printed = {element: n for n, element in enumerate(blocks_of(home) if home is not None else ())}
    counted = [_counted(_text(block)) for block in blocks]
    typed = text.split("\n")
    made = []
    for line in lines:
        block = _likest(typed, line, counted)
        if block < 0:
            made.append(NOWHERE)
        else:
            found = blocks[block]
            made.append(
                (block, printed.get(found, -1), "".join(_WORD.findall(_text(found)))[:LETTERS])
            )
    return tuple(made)


def _text(block: Element) -> str:
    return " ".join(map(str, block.itertext()))


def _counted(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text))


def _likest(typed: list[str], line: int, blocks: list[Counter[str]]) -> int:
    """The block most like the line, or the paragraph around it; of equals the nearest."""
    if not 0 < line <= len(typed) or not typed[line - 1].strip():
        return -1
    wanted = [
        _counted(_UNSEEN.sub(" ", part)) for part in (typed[line - 1], _paragraph(typed, line))
    ]
    depth = line / len(typed)
    best, found = LIKE_ENOUGH, -1
    for number, block in enumerate(blocks):
        near = 1 - abs(number / len(blocks) - depth)
        likeness = max(_likeness(one, block) for one in wanted)
        if likeness + near / 100 > best and likeness > LIKE_ENOUGH:
            best, found = likeness + near / 100, number
    return found


def _paragraph(typed: list[str], line: int) -> str:
    first = last = line - 1
    while first and typed[first - 1].strip():
        first -= 1
    while last + 1 < len(typed) and typed[last + 1].strip():
        last += 1
    return " ".join(typed[first : last + 1])


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient: 1 for the same words, 0 for none in common."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
