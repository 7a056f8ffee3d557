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
CLOSING = tuple(".!?…:;»”’\"')]。！？」؟۔")


def page_faults(
    page: Page, before: Page | None, after: Page | None, measure: Measure
) -> Iterator[PageFinding]:
    """What is wrong with this page, as those before and after it show."""
    if page.blank or not page.text:
        return
    goes_on = after is not None and not after.blank and not after.opens and bool(after.text)
    yield from _cut(page, before, after if goes_on else None, measure)
    yield from _heading(page, goes_on=goes_on)
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
    if not page.reaches(end, start):
        return False
    if end.text.endswith(CLOSING) and not start.text[:1].islower() and not measure.indent:
        return False
    return abs(_inset(start, after, measure) - _set_in(last, page, measure)) < 1.5


def _set_in(paragraph: Paragraph, page: Page, measure: Measure) -> float:
    """How far a paragraph stands in, its first line's indent left aside."""
    insets = [_inset(line, page, measure) for line in paragraph.lines]
    if len(insets) == 1 and abs(insets[0] - measure.indent) < 1.5:
        return 0.0
    return min(insets)


def _inset(line: Line, page: Page, measure: Measure) -> float:
    start, end = measure.edges(page.number)
    return line_start(line) - (-end if line.right_to_left else start)


def _lowest(page: Page) -> Paragraph:
    return min(page.text, key=lambda paragraph: paragraph.lines[-1].base)


def _heading(page: Page, *, goes_on: bool) -> Iterator[PageFinding]:
    heads = [paragraph for paragraph in page.text if paragraph.role == "head"]
    if not heads or not goes_on:
        return
    line = min((paragraph.lines[-1] for paragraph in heads), key=lambda line: line.base)
    below = sum(other.base < line.base - 1 for other in page.lines)
    below += 2 * sum(box[3] < line.base for box in page.leaf.pictures)
    if below < 2:
        lines = "nothing" if not below else "one line"
        yield found(
            page, "heading-at-foot", 9 - 2 * below, f"“{line.text}” with {lines} below it", line.box
        )


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
