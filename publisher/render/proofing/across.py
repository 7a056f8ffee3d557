"""Faults of whole pages: where a paragraph is cut, how deep the page is, what faces it."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.render.proofing.finding import PageFinding
from publisher.render.proofing.in_lines import found
from publisher.render.proofing.lines import Line, Paragraph
from publisher.render.proofing.measure import Measure
from publisher.render.proofing.page import Page, line_start
from publisher.render.proofing.run import Box

SHORT = 4.0  # lines missing at the foot
UNEVEN = 0.8  # lines between two feet
FEW = 3
BULLETS = frozenset("•–—▪◦‣*·")
CLOSING = tuple(".!?…:;»”’\"')]。！？」؟۔")


def page_faults(
    page: Page, before: Page | None, after: Page | None, measure: Measure
) -> Iterator[PageFinding]:
    """What is wrong with this page, as those before and after it show."""
    if page.blank or not page.text:
        return
    goes_on = after is not None and not after.blank and not after.opens and bool(after.text)
    yield from _cut(page, before, after if goes_on else None, measure)
    yield from _heading(page, after if goes_on else None)
    if goes_on:
        yield from _short(page, measure)
        if after is not None and page.number % 2 == 0:
            yield from _uneven(page, after, measure)
    elif not page.opens:
        yield from _nearly_empty(page, before)


def _cut(
    page: Page, before: Page | None, after: Page | None, measure: Measure
) -> Iterator[PageFinding]:
    """What the turn of the page does to a paragraph."""
    if before is not None and before.text and not page.opens:
        first = page.text[0]
        if len(first.lines) == 1 and continues(before, page, measure):
            line = first.lines[0]
            yield found(page, "widow", 8, f"alone at the head: “{line.text}”", line.box)
    if after is None:
        return
    last = _lowest(page)
    line = last.lines[-1]
    if not continues(page, after, measure):
        return
    if len(last.lines) == 1:
        yield found(page, "orphan", 6, f"alone at the foot: “{line.text}”", line.box)
    if line.broken:
        rest = after.text[0].lines[0].words[0].text
        message = f"“{line.words[-1].text}{rest}” is broken"
        if page.number % 2:
            yield found(page, "hyphen-turn", 4, f"{message} over the turn of the leaf", line.box)
        else:
            yield found(page, "hyphen-page", 1.5, f"{message} over to the facing page", line.box)


def continues(page: Page, after: Page, measure: Measure) -> bool:
    """Whether the last paragraph of a page goes on at the head of the next."""
    if not page.text or not after.text or after.opens:
        return False
    last, first = _lowest(page), after.text[0]
    if not (last.running and first.running) or abs(last.size - first.size) > 0.3:
        return False
    end, start = last.lines[-1], first.lines[0]
    if end.broken:
        return True
    begins = end.text.endswith(CLOSING) and not start.text[:1].islower()
    if begins and not (measure.indent and len(last.lines) > 1):
        return False
    if end.face != start.face or _item(start, after) or not page.reaches(end, start):
        return False
    return _inset(start, after, measure) in _going_on(last, page, measure)


def _item(line: Line, page: Page) -> bool:
    """Whether a list's bullet or number stands before the line."""
    marked = any(abs(line.base - base) < 1 for base in page.leaf.marks)
    return marked or line.words[0].text in BULLETS


def _going_on(paragraph: Paragraph, page: Page, measure: Measure) -> set[int]:
    """How far the next line of the paragraph may stand in."""
    inset = _inset(paragraph.lines[-1], page, measure)
    if len(paragraph.lines) > 1 or not measure.indent:
        return {inset}
    if abs(inset - measure.indent) < 1:
        return {0}
    place = page.text.index(paragraph)
    return {inset} if place and page.text[place - 1].role == "head" else set()


def _inset(line: Line, page: Page, measure: Measure) -> int:
    start, end = measure.edges(page.number)
    return round(line_start(line) - (-end if line.right_to_left else start))


def _lowest(page: Page) -> Paragraph:
    return min(page.text, key=lambda paragraph: paragraph.lines[-1].base)


def _heading(page: Page, after: Page | None) -> Iterator[PageFinding]:
    heads = [paragraph for paragraph in page.text if paragraph.role == "head"]
    if not heads or after is None:
        return
    line = min((paragraph.lines[-1] for paragraph in heads), key=lambda line: line.base)
    # A heading that runs into its paragraph has a line of it beside itself.
    below = sum(other.base < line.base + 1 for other in page.lines if other is not line)
    below += 2 * sum(box[3] < line.base for box in page.leaf.pictures)
    whole = below == 1 and after.text[0].role == "head"  # the section has no more than that line
    if below < 2 and not whole:
        lines = "nothing" if not below else "one line"
        message = f"“{line.text}” with {lines} below it"
        yield found(page, "heading-at-foot", 9 if not below else 5, message, line.box)


def _short(page: Page, measure: Measure) -> Iterator[PageFinding]:
    missing = missing_lines(page, measure)
    if missing < SHORT:
        return
    message = f"{missing:.0f} lines short of the foot"
    # Stanzas, tables and pictures have to stay whole; prose need not leave off.
    score = (2 + missing / 5) * (1.0 if page.plain and not page.ragged else 0.5)
    yield found(page, "short-page", score, message, _foot(page, measure))


def missing_lines(page: Page, measure: Measure) -> float:
    """How many lines there would be room for below the last."""
    return (page.bottom - measure.foot) / measure.leading


def _uneven(page: Page, facing: Page, measure: Measure) -> Iterator[PageFinding]:
    if not (page.plain and facing.plain):
        return
    here, there = missing_lines(page, measure), missing_lines(facing, measure)
    if max(here, there) >= SHORT or abs(here - there) < UNEVEN:
        return
    shorter, lines = (page, here - there) if here > there else (facing, there - here)
    side = "left" if shorter is page else "right"
    message = f"the {side} page ends {lines:.1f} lines above the other"
    yield found(shorter, "uneven-spread", lines, message, _foot(shorter, measure))


def _foot(page: Page, measure: Measure) -> Box:
    start, end = measure.edges(page.number)
    return (start, measure.foot - 0.25 * measure.size, end, page.bottom - 0.6 * measure.size)


def _nearly_empty(page: Page, before: Page | None) -> Iterator[PageFinding]:
    lines = page.lines
    if len(lines) > FEW or page.leaf.pictures or page.notes or before is None or before.blank:
        return
    box = (lines[0].box[0], lines[-1].box[1], max(line.right for line in lines), lines[0].box[3])
    how_many = "one line" if len(lines) == 1 else f"{len(lines)} lines"
    yield found(page, "nearly-empty", 6 - len(lines), f"{how_many} on the last page", box)
