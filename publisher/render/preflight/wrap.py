"""A cover on one sheet: its size, its spine, and type that keeps off trim and folds."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.printer import Printer, spine_width
from publisher.render.preflight.finding import Finding, Verdict, in_words, source_of
from publisher.render.preflight.impressions import Impression
from publisher.render.preflight.job import Job
from publisher.render.preflight.leaves import Box, Leaf
from publisher.trim import Trim

_SLACK = 2.25  # points: a thirty-second of an inch, as printers allow


def turned_edge(printer: Printer) -> float:
    """What lies outside the finished cover on each side."""
    rules = printer.cover
    return rules.bleed + (rules.wrap if rules.kind == "case" else 0.0)


def panel(printer: Printer, trim: Trim) -> tuple[float, float]:
    """One side of the finished cover: the trim, or the board that stands out over it."""
    if printer.cover.kind != "case":
        return trim.width, trim.height
    wide, tall = printer.cover.overhang
    return trim.width + wide, trim.height + tall


def cover_frame(printer: Printer, leaf: Leaf) -> Box:
    """Where a cover's type may stand; what needs no turning in is safe from the trim."""
    safe, trim = printer.cover.safety, leaf.trim
    if printer.cover.kind == "case" and "TrimBox" not in leaf.declared:
        safe += turned_edge(printer)
    return Box(trim.left + safe, trim.bottom + safe, trim.right - safe, trim.top - safe)


def measured_spine(job: Job) -> float:
    """What the sheet leaves for the spine between two panels."""
    wide, _ = panel(job.printer, job.trim)
    return cover_sheet(job).width - 2 * turned_edge(job.printer) - 2 * wide


def cover_sheet(job: Job) -> Box:
    """The cover with its bleed; what stands round that are marks, where a printer wants them."""
    leaf = job.leaves[0]
    return leaf.bleed if job.printer.wants_marks else leaf.media


def check_wrap(job: Job) -> Iterator[Finding]:
    """The cover's own rules."""
    if job.kind != "cover":
        return
    if job.printer.cover.kind == "none":
        message = f"{job.printer.title} takes no cover on one sheet"
        yield Finding("cover-not-taken", Verdict.REFUSAL, message)
        return
    if len(job.leaves) != 1:
        message = f"a cover is one page, this file has {len(job.leaves)}"
        yield Finding("cover-pages", Verdict.REFUSAL, message)
    yield from _check_size(job)
    yield from _check_words(job)
    if job.printer.cover.by_template:
        message = "this printer wants its own template: compare the spine with the one it sends"
        yield Finding("cover-template", Verdict.NOTE, message, (), source_of(job.printer, "cover"))


def _check_size(job: Job) -> Iterator[Finding]:
    sheet = cover_sheet(job)
    wide, tall = panel(job.printer, job.trim)
    edge = turned_edge(job.printer)
    source = source_of(job.printer, "cover")
    height = tall + 2 * edge
    if abs(sheet.height - height) > _SLACK:
        yield Finding(
            "cover-height", Verdict.REFUSAL,
            f"the cover is {in_words(sheet.height)} high; with this trim it must be"
            f" {in_words(height)}", (1,), source, "make the cover for this trim",
        )  # fmt: skip
    spine = measured_spine(job)
    if spine < -_SLACK:
        yield Finding(
            "cover-width", Verdict.REFUSAL,
            f"the cover is {in_words(sheet.width)} wide, too narrow for two pages of"
            f" {in_words(wide)}", (1,), source, "make the cover for this trim",
        )  # fmt: skip
    elif not job.pages:
        message = "spine not checked: say --pages N"
        hint = "N is how many pages the book has, blank ones too"
        yield Finding("spine-unchecked", Verdict.NOTE, message, (1,), "", hint)
    else:
        wanted = spine_width(job.printer, "", job.pages)
        if abs(spine - wanted) > _SLACK:
            yield Finding(
                "cover-spine", Verdict.REFUSAL,
                f"the spine is {in_words(spine)} wide; {job.pages} pages on"
                f" {job.printer.papers[0].name} paper make {in_words(wanted)}",
                (1,), source_of(job.printer, "spine"), "make the cover again for that page count",
            )  # fmt: skip


def _check_words(job: Job) -> Iterator[Finding]:
    if not job.impressions or not job.impressions[0].measured:
        return
    pull, leaf = job.impressions[0], job.leaves[0]
    frame = cover_frame(job.printer, leaf)
    if any(not frame.holds(line, 0.8) for line in pull.text):
        yield Finding(
            "cover-type-at-edge", Verdict.REFUSAL,
            f"type stands nearer than {in_words(job.printer.cover.safety)} to the edge",
            (1,), source_of(job.printer, "cover"), "move it inwards",
        )  # fmt: skip
    yield from _check_spine_words(job, pull, leaf)


def _check_spine_words(job: Job, pull: Impression, leaf: Leaf) -> Iterator[Finding]:
    spine = measured_spine(job)
    if spine <= 0:
        return
    middle = (leaf.trim.left + leaf.trim.right) / 2
    left, right = middle - spine / 2, middle + spine / 2
    lines = [line for line in pull.text if line.left < right and line.right > left]
    upright = [
        line for line in lines if line.left >= left - _SLACK and line.right <= right + _SLACK
    ]
    if not lines:
        return
    printer = job.printer
    few = bool(job.pages) and job.pages < printer.spine_text_pages
    if upright and (few or spine < printer.least_spine_text):
        yield Finding(
            "spine-type", Verdict.REFUSAL,
            f"there is type on a spine of {in_words(spine)};"
            f" this printer takes it from {_spine_limit(printer)}",
            (1,), source_of(printer, "spine"), "leave the spine bare",
        )  # fmt: skip
    safe = printer.cover.spine_safety
    if any(line.left < left + safe - 0.8 or line.right > right - safe + 0.8 for line in lines):
        yield Finding(
            "spine-fold", Verdict.WARNING,
            f"type stands nearer than {in_words(safe)} to the spine's folds",
            (1,), source_of(printer, "spine"), "set it smaller, or move it",
        )  # fmt: skip


def _spine_limit(printer: Printer) -> str:
    pages, width = printer.spine_text_pages, printer.least_spine_text
    limits = [f"{pages} pages"] if pages else []
    return " and ".join([*limits, *([in_words(width)] if width else [])])
