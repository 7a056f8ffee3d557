"""Faults within a paragraph: gaps, ladders, rivers, a word left alone on the last line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from publisher.render.proofing.finding import PageFinding
from publisher.render.proofing.lines import Line, Paragraph
from publisher.render.proofing.measure import Measure
from publisher.render.proofing.page import Page
from publisher.render.proofing.run import Box

LOOSE = 2.2  # times the normal space
TIGHT = 0.65
LADDER = 4  # lines
RIVER = 6  # lines
RUNT = 3  # letters
LEAST_SPACE = 0.2  # of the size: where a face has no space of its own to go by
_LISTED = re.compile(r"\d[\d–n]*,$")
_LOCATOR = re.compile(r"\d[\d–n]*\.?")


def line_faults(page: Page, measure: Measure, *, spaces: bool = True) -> Iterator[PageFinding]:
    """What is wrong in the prose of this page, and its notes."""
    for paragraph in (*page.text, *page.notes):
        if paragraph.running or paragraph.role in {"note", "caption"}:
            yield from _runt(page, paragraph, measure)
            yield from _ladder(page, paragraph)
            if spaces:
                yield from _spaces(page, paragraph)
                yield from _rivers(page, paragraph)
    yield from _overfull(page, measure)


def found(page: Page, kind: str, score: float, message: str, box: Box) -> PageFinding:
    """A fault on this page."""
    leaf = page.leaf
    places = tuple(round(value, 1) for value in box)
    left, bottom, right, top = places
    score = round(min(10.0, score), 1)
    return PageFinding(leaf.number, leaf.folio, kind, score, message, (left, bottom, right, top))


def normal_space(line: Line) -> float:
    """The width of a space as the face has it."""
    return line.space if line.space > 0.1 * line.size else LEAST_SPACE * line.size


def stretch(line: Line) -> float:
    """How many times its normal width the middling space of a line has; 0 without spaces."""
    gaps = [end - start for start, end in line.gaps()]
    return median(gaps) / normal_space(line) if gaps else 0.0


def _runt(page: Page, paragraph: Paragraph, measure: Measure) -> Iterator[PageFinding]:
    if len(paragraph.lines) < 2:
        return
    before, last = paragraph.lines[-2:]
    letters = sum(letter.isalnum() for letter in last.text)
    width = last.right - last.left
    short = (letters <= RUNT and len(last.text) <= RUNT + 2) or width < min(
        measure.indent, 1.4 * last.size
    )
    if not short or not letters or not page.reaches(before, last) or last.role == "table":
        return
    if _LISTED.search(before.text[-20:]) and _LOCATOR.fullmatch(last.text):
        return  # after an entry of the index, where nobody reads on
    if before.broken:
        message = f"the last line is “{last.text}”, the end of a broken word"
        yield found(page, "runt", 6, message, last.box)
    else:
        message = f"the last line is “{last.text}” alone, after “{_tail(before)}”"
        yield found(page, "runt", 4, message, last.box)


def _ladder(page: Page, paragraph: Paragraph) -> Iterator[PageFinding]:
    rungs: list[Line] = []
    for line in (*paragraph.lines, None):
        if line is not None and line.broken:
            rungs.append(line)
            continue
        if len(rungs) >= LADDER:
            words = ", ".join(rung.words[-1].text for rung in rungs)
            message = f"{len(rungs)} lines in a row end in a hyphen: {words}"
            yield found(page, "hyphen-ladder", len(rungs), message, around(rungs))
        rungs = []


def _spaces(page: Page, paragraph: Paragraph) -> Iterator[PageFinding]:
    for line in paragraph.lines[:-1]:
        if line.mono or not page.reaches(line):
            continue
        ratio = stretch(line)
        if ratio > LOOSE:
            score = 1.5 + 2 * (ratio - LOOSE)
            message = f"word spaces of {ratio:.1f} times the normal: “{line.text}”"
            yield found(page, "loose-line", min(score, 6), message, line.box)
        elif 0 < ratio < TIGHT and len(line.words) > 3:
            message = f"word spaces of {ratio:.2f} times the normal: “{line.text}”"
            yield found(page, "tight-line", 3, message, line.box)


def _rivers(page: Page, paragraph: Paragraph) -> Iterator[PageFinding]:
    """Gaps wider than usual that lie below each other, line after line."""
    streams: list[list[Line]] = []
    above: list[tuple[float, float, list[Line]]] = []
    for line in paragraph.lines[:-1]:
        wide = 1.4 * normal_space(line)
        here = []
        for start, end in line.gaps():
            if end - start < wide:
                continue
            course = [line]
            for left, right, upper in above:
                if min(end, right) - max(start, left) > 0.5 * wide:
                    course = max(course, [*upper, line], key=len)
            here.append((start, end, course))
        streams += [c for *_, c in above if not any(c[-1] in other[2] for other in here)]
        above = here
    streams += [course for *_, course in above]
    longest = max(streams, key=len, default=[])
    if len(longest) >= RIVER:
        message = f"white runs down through {len(longest)} lines from “{longest[0].text}”"
        yield found(page, "river", len(longest) / 2, message, around(longest))


def _overfull(page: Page, measure: Measure) -> Iterator[PageFinding]:
    start, end = measure.edges(page.number)
    if end <= start or not measure.seen[page.number % 2]:
        return
    for paragraph in (*page.text, *page.notes):
        for line in paragraph.lines:
            out = _out(line, start, end)
            if out > 0.6 * measure.size:
                message = f"{out:.0f} pt beyond the text block: “{_tail(line)}”"
                yield found(page, "overfull", 7 + out / 20, message, line.box)
                break


def _out(line: Line, start: float, end: float) -> float:
    """How far a line runs out; words that stand apart from it, in the margin, belong there."""
    apart = 0.6 * line.size
    own = [w for w in line.words if w.left < end + apart and w.right > start - apart]
    if not own:
        return 0.0
    return max(max(word.right for word in own) - end, start - min(word.left for word in own))


def _tail(line: Line) -> str:
    words = line.text.split()
    return " ".join(words[-5:])


def around(lines: list[Line]) -> Box:
    """The box about several lines."""
    boxes = [line.box for line in lines]
    low, high = boxes[-1][1], boxes[0][3]
    return (min(box[0] for box in boxes), low, max(box[2] for box in boxes), high)


def ratios(page: Page) -> list[float]:
    """The stretch of every justified line of the text."""
    prose = [paragraph for paragraph in page.text if paragraph.running]
    return [
        ratio
        for paragraph in prose
        for one, _ in pairwise(paragraph.lines)
        if page.reaches(one) and (ratio := stretch(one))
    ]
