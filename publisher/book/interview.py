"""Interviews: who speaks, and what is a question.

A name counts where it opens several paragraphs; else the text stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from lxml import etree
from msgspec import Struct

from publisher.book.tree import (
    Element,
    add_class,
    classes,
    lines_of,
    lines_said,
    put_lines,
    words_of,
)

LONGEST: Final = 30  # letters of a speaker's name
_BOLD: Final = frozenset({"strong", "b"})
# `Name: `, `NAME — `, `Q. `; in scripts without capitals any letter begins a name.
_LABEL: Final = re.compile(
    r"\s*((?![a-zà-ÿ])[^\W\d_](?:[\w.’'&-]| (?=\S)){0,29}?(?: ?:| [—–]|(?<=\b[A-Z])\.))(?=\s)"
)


class _Turn(Struct, frozen=True):
    """A paragraph and who it says is speaking; `bold` where the name stands in bold."""

    block: Element
    name: str
    bold: bool


def set_interview(body: Element) -> None:
    """Name the speakers, and the paragraphs that are questions."""
    for block in list(body):
        _part_turns(block)
    turns = [turn for block in body if (turn := _turn(block)) is not None]
    known = _speakers(turns)
    spoken = {turn.block: turn for turn in turns if turn.name in known}
    _set_questions(body)
    asks = _askers(list(spoken.values()))
    speaking = False
    for block in body:
        turn = spoken.get(block)
        if turn is not None:
            _set_turn(turn)
            add_class(block, "turn question" if turn.name in asks else "turn")
            speaking = True
        elif speaking and block.tag == "p" and not classes(block):
            add_class(block, "goes-on")
        else:
            speaking = False


def _speakers(turns: list[_Turn]) -> frozenset[str]:
    """The names that open two paragraphs or more; in company one is enough for a bold one."""
    counts = Counter(turn.name for turn in turns)
    often = {name for name, count in counts.items() if count > 1}
    bold = {turn.name for turn in turns if turn.bold}
    return frozenset(often | bold) if often & bold or len(bold) > 1 else frozenset(often)


def _turn(block: Element) -> _Turn | None:
    if block.tag != "p" or classes(block):
        return None
    first = block[0] if len(block) and not (block.text or "").strip() else None
    if first is not None and first.tag in _BOLD:
        words, tail = words_of(first), (first.tail or "").lstrip()
        if tail and not words.endswith(":") and tail[0] == ":":
            words += ":"
        name = words.removesuffix(":").strip()
        if words.endswith(":") and name and len(name) <= LONGEST and words_of(block) != words:
            return _Turn(block, name.casefold(), bold=True)
        return None
    found = _LABEL.match(block.text or "")
    if found is None or len(found[1].split()) > 4:
        return None
    return _Turn(block, found[1].rstrip(" :—–.").casefold(), bold=False)


def _set_turn(turn: _Turn) -> None:
    """The name in an element of its own, its sign with it."""
    block = turn.block
    if turn.bold:
        speaker = block[0]
        tail = (speaker.tail or "").lstrip()
        if not words_of(speaker).endswith(":") and tail.startswith(":"):
            last = speaker[-1] if len(speaker) else None
            if last is None:
                speaker.text = (speaker.text or "") + ":"
            else:
                last.tail = (last.tail or "") + ":"
            speaker.tail = tail[1:]
        add_class(speaker, "speaker")
    else:
        found = _LABEL.match(block.text or "")
        if found is None:
            return
        speaker = etree.Element("span")
        speaker.set("class", "speaker")
        speaker.text, speaker.tail = found[1], (block.text or "")[found.end() :]
        block.text = None
        block.insert(0, speaker)
    if words_of(speaker).isupper() and len(turn.name) > 1:
        add_class(speaker, "caps")


def _askers(turns: list[_Turn]) -> frozenset[str]:
    """Who asks: those whose turns mostly end in a question, where there is somebody to answer."""
    asked: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    for turn in turns:
        spoke[turn.name] += 1
        asked[turn.name] += words_of(turn.block).rstrip("”\"’')").endswith(("?", "؟", "？"))
    asking = frozenset(name for name, count in spoke.items() if 2 * asked[name] >= count)
    return asking if len(asking) < len(spoke) else frozenset()


def _set_questions(body: Element) -> None:
    """Paragraphs in bold, most of which ask; they name nobody."""
    bold = [block for block in body if _is_bold(block)]
    asking = [block for block in bold if "?" in words_of(block) or "؟" in words_of(block)]
    if len(bold) > 1 and 2 * len(asking) >= len(bold):
        for block in bold:
            add_class(block, "question")


def _is_bold(block: Element) -> bool:
    if block.tag != "p" or classes(block) or not len(block) or (block.text or "").strip():
        return False
    calls = all("noteref" in classes(child) for child in list(block)[1:])
    return block[0].tag in _BOLD and calls and not any((c.tail or "").strip() for c in block)


def _part_turns(block: Element) -> None:
    """A paragraph whose lines are turns becomes a paragraph for each."""
    if block.tag != "p" or classes(block) or block.find("br") is None:
        return
    said = lines_said(block)
    starts = [bool(_LABEL.match(f"{line} ")) for line in said]
    if starts[:1] != [True] or sum(starts) < 2:
        return
    rows = lines_of(block)
    if len(rows) != len(said):
        put_lines(block, rows)
        return
    tail, block.tail = block.tail, "\n"
    turns: list[Element] = []
    for row, opens in zip(rows, starts, strict=True):
        if opens:
            turns.append(block if not turns else etree.Element("p"))
            _move(row, turns[-1])
        else:
            turns[-1].append(etree.Element("br"))
            row.tag = "span"
            turns[-1].append(row)
    for turn in reversed(turns[1:]):
        turn.tail = "\n"
        block.addnext(turn)
    turns[-1].tail = tail


def _move(row: Element, block: Element) -> None:
    block.text = row.text
    for child in list(row):
        block.append(child)
