"""A finished PDF is proofed: every fault a compositor would mark, and the book in numbers."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from publisher.render.proofing.across import page_faults
from publisher.render.proofing.finding import KINDS, Facts, PageFinding, Proof
from publisher.render.proofing.in_lines import line_faults, ratios
from publisher.render.proofing.lines import set_lines
from publisher.render.proofing.measure import Measure, clear, take_measure
from publisher.render.proofing.page import Page, set_page
from publisher.render.proofing.reading import opened, read_leaf

SAMPLE = 120  # pages to take the measure from


def proof(pdf: Path | bytes, *, quick: bool = False) -> Proof:
    """Read the PDF and find what falls badly; `quick` leaves out word spaces and rivers.

    Three pages are held at a time, however long the book.
    """
    with opened(pdf) as document:
        measure = _measure(document)
        findings: list[PageFinding] = []
        tally = _Tally(measure)
        for before, page, after in _in_turn(document, measure):
            here = [*line_faults(page, measure, spaces=not quick)]
            here += page_faults(page, before, after, measure)
            findings += here
            tally.add(page)
    findings.sort(key=lambda finding: (finding.leaf, -finding.box[3], finding.kind))
    return Proof(tuple(findings), tally.facts(findings))


def _measure(document: pdfium.PdfDocument) -> Measure:
    """The measure of a sample: spreads, evenly through the book."""
    count = len(document)
    step = max(2, 2 * (count // SAMPLE))
    chosen = sorted({index + side for index in range(0, count, step) for side in (0, 1)})
    leaves = [read_leaf(document, index) for index in chosen if index < count]
    return take_measure([(leaf, set_lines(leaf)) for leaf in leaves])


def _pages(document: pdfium.PdfDocument, measure: Measure) -> Iterator[Page]:
    for index in range(len(document)):
        leaf = read_leaf(document, index)
        yield set_page(leaf, clear(set_lines(leaf), measure.furniture), measure)


def _in_turn(
    document: pdfium.PdfDocument, measure: Measure
) -> Iterator[tuple[Page | None, Page, Page | None]]:
    window: deque[Page | None] = deque([None, None], maxlen=3)
    for page in chain(_pages(document, measure), [None]):
        window.append(page)
        before, middle, after = window[0], window[1], window[2]
        if middle is not None:
            yield before, middle, after


class _Tally:
    """Sums over the pages, of which none is kept."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.pages = self.blank = self.lines = 0
        self.stretched = 0.0
        self.counted = 0

    def add(self, page: Page) -> None:
        self.pages += 1
        self.blank += page.blank
        self.lines += len(page.lines)
        found = ratios(page)
        self.stretched += sum(found)
        self.counted += len(found)

    def facts(self, findings: list[PageFinding]) -> Facts:
        kinds = Counter(finding.kind for finding in findings)
        space = self.measure.space * self.stretched / self.counted if self.counted else 0.0
        return Facts(
            pages=self.pages,
            blank=self.blank,
            text_lines=self.lines,
            size=round(self.measure.size, 2),
            leading=round(self.measure.leading, 2),
            depth=round(self.measure.depth),
            word_space=round(space, 3),
            counts=tuple((kind, kinds[kind]) for kind in KINDS if kinds[kind]),
        )
