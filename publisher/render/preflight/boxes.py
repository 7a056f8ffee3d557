"""Page boxes and bleed: whether every page has the size that was ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from publisher.render.preflight.finding import Finding, Verdict, in_words, source_of
from publisher.render.preflight.impressions import SIDES
from publisher.render.preflight.job import Job
from publisher.render.preflight.leaves import NEAR, Box, Leaf

# An italic f, a j: letters stand out of their line by this much where it ends at the margin. A
# thirty-second of an inch is half of what printers themselves may be off.
_OVERHANG = 2.25
_REFUSAL, _WARNING, _NOTE = Verdict.REFUSAL, Verdict.WARNING, Verdict.NOTE


def check_boxes(job: Job) -> Iterator[Finding]:
    """Sizes, how the boxes lie in each other, and turned or scaled pages."""
    yield from _check_sizes(job)
    yield from _check_nesting(job)
    yield from _each(
        job, lambda leaf: bool(leaf.turned), "page-turned", _WARNING,
        "the page is turned by /Rotate; its margins were not measured",
        "ISO 32000-1, 7.7.3.3", "turn the content, not the page",
    )  # fmt: skip
    yield from _each(
        job, lambda leaf: leaf.unit != 1, "page-scaled", _REFUSAL,
        "the page has a UserUnit: its size is not what its boxes say",
        "ISO 32000-1, 14.11.2", "set UserUnit to 1 and the boxes to the size of the paper",
    )  # fmt: skip


def _each(
    job: Job, wrong: Callable[[Leaf], bool], code: str, severity: Verdict,
    message: str, source: str, hint: str = "",
) -> Iterator[Finding]:  # fmt: skip
    pages = tuple(leaf.number for leaf in job.leaves if wrong(leaf))
    if pages:
        yield Finding(code, severity, message, pages, source, hint)


def _check_sizes(job: Job) -> Iterator[Finding]:
    sizes = Counter((round(leaf.trim.width, 1), round(leaf.trim.height, 1)) for leaf in job.leaves)
    (width, height), _ = sizes.most_common(1)[0]
    odd = [leaf.number for leaf in job.leaves if not _sized(leaf.trim, width, height)]
    if odd:
        yield Finding(
            "trim-uneven", _REFUSAL,
            f"these pages have another trim than the rest, {in_words(width)} × {in_words(height)}",
            tuple(odd), source_of(job.printer, "trim"), "a book's pages have all one size",
        )  # fmt: skip
    sheets = Counter(
        (round(leaf.media.width, 1), round(leaf.media.height, 1)) for leaf in job.leaves
    )
    (sheet_width, sheet_height), number = sheets.most_common(1)[0]
    if not odd and number < len(job.leaves):
        uneven = [
            leaf.number for leaf in job.leaves if not _sized(leaf.media, sheet_width, sheet_height)
        ]
        if uneven:
            yield Finding(
                "sheet-uneven", _WARNING, "these pages' MediaBox differs from the others’",
                tuple(uneven), source_of(job.printer, "bleed"), "all pages bleed, or none does",
            )  # fmt: skip
    if job.kind == "interior" and not _sized(
        Box(0, 0, width, height), job.trim.width, job.trim.height
    ):
        yield Finding(
            "trim-wrong", _REFUSAL,
            f"the pages are {in_words(width)} × {in_words(height)},"
            f" ordered are {in_words(job.trim.width)} × {in_words(job.trim.height)}",
            (), source_of(job.printer, "trim"), "build for this printer and trim, or order that size",
        )  # fmt: skip


def _sized(box: Box, width: float, height: float) -> bool:
    return abs(box.width - width) < NEAR and abs(box.height - height) < NEAR


def _check_nesting(job: Job) -> Iterator[Finding]:
    source = "ISO 32000-1, 14.11.2"
    yield from _each(
        job, lambda leaf: min(leaf.media.width, leaf.media.height) <= 1, "page-without-size",
        _REFUSAL, "the page has no MediaBox that makes a sheet", source,
    )  # fmt: skip
    yield from _each(
        job,
        lambda leaf: not leaf.media.holds(leaf.trim) or not leaf.media.holds(leaf.bleed),
        "boxes-crossed", _REFUSAL, "TrimBox or BleedBox stands out of the MediaBox", source,
    )  # fmt: skip
    yield from _each(
        job, lambda leaf: "BleedBox" in leaf.declared and not leaf.bleed.holds(leaf.trim),
        "boxes-crossed", _REFUSAL, "the TrimBox stands out of the BleedBox", source,
    )  # fmt: skip
    yield from _each(
        job, lambda leaf: "CropBox" in leaf.declared and not leaf.crop.holds(leaf.trim), "page-cropped", _REFUSAL,
        "the CropBox hides a part of the page", source, "remove the CropBox",
    )  # fmt: skip
    if "marks" in job.printer.refuses:
        yield from _each(
            job, lambda leaf: not _snug(job, leaf), "sheet-too-large", _WARNING,
            "the sheet is larger than the trim with its bleed",
            source_of(job.printer, "bleed"), "leave no room for marks",
        )  # fmt: skip


def _snug(job: Job, leaf: Leaf) -> bool:
    """Whether the sheet ends where the bleed does; a printer cuts what is round it."""
    if job.kind == "cover":
        return True
    most = max(job.bleed.top, job.bleed.bottom, job.bleed.inside, job.bleed.outside)
    slack = 2 * most + NEAR
    return (
        leaf.media.width <= leaf.trim.width + slack
        and leaf.media.height <= leaf.trim.height + slack
    )


def check_bleed(job: Job) -> Iterator[Finding]:
    """Art that reaches the trim must run on to the bleed's end, or a white edge shows."""
    short: dict[tuple[str, ...], list[int]] = {}
    for pull in job.impressions:
        if pull.short:
            short.setdefault(tuple(side for side in SIDES if side in pull.short), []).append(
                pull.number
            )
    for sides, pages in short.items():
        yield Finding(
            "bleed-not-reached", _REFUSAL,
            f"ink reaches the trim and stops before the end of the bleed ({', '.join(sides)})",
            tuple(pages), source_of(job.printer, "bleed"),
            "let it run over the edge, or keep it off the edge by the margin",
        )  # fmt: skip
    marked = tuple(pull.number for pull in job.impressions if pull.beyond)
    if marked and not job.printer.wants_marks:
        severity = _REFUSAL if job.refuses("marks") else _WARNING
        yield Finding(
            "marks", severity, "ink stands outside the bleed, such as crop marks", marked,
            source_of(job.printer, "refuses"), "make the PDF without marks",
        )  # fmt: skip


def check_margins(job: Job) -> Iterator[Finding]:
    """Type and art that stand nearer to the trim than the printer allows."""
    if job.kind != "interior":
        return
    found: dict[tuple[str, str], dict[int, float]] = {}
    for leaf, pull in zip(job.leaves, job.impressions, strict=True):
        for what, side, by in _trespasses(job, leaf, pull.extent, pull.text, pull.touching):
            found.setdefault((what, side), {})[leaf.number] = by
    for (what, side), pages in found.items():
        yield _trespass(job, what, side, pages)
    heavy = job.survey.marks.get("heavy", ())
    unmeasured = tuple(
        leaf.number
        for leaf, pull in zip(job.leaves, job.impressions, strict=True)
        if leaf.plain and not pull.measured and leaf.number not in heavy
    )
    if unmeasured:
        message = "these pages could not be rendered: their margins and bleed are not measured"
        yield Finding("page-unmeasured", _WARNING, message, unmeasured)


def _trespass(job: Job, what: str, side: str, pages: dict[int, float]) -> Finding:
    """One finding for all pages where that crosses the margin of that side."""
    least = job.inside_margin if side == "inside" else job.outside_margin
    rule = f"the least is {in_words(least)}"
    if side == "inside":
        rule += f" with {job.pages} pages"
    numbers, source = tuple(pages), source_of(job.printer, "margins")
    by = max(pages.values())
    if what == "overhang":
        message = f"letters reach up to {by:.1f} points into the {side} margin; {rule}"
        return Finding("type-overhangs", _NOTE, message, numbers, source)
    message = (
        f"{what} stands {in_words(max(0.0, least - by))} from the {side} edge of the trim; {rule}"
    )
    if what == "type":
        return Finding("type-in-margin", _REFUSAL, message, numbers, source, "widen the margin")
    hint = "let it bleed, or keep it inside the margin"
    return Finding("art-in-margin", _WARNING, message, numbers, source, hint)


def _trespasses(
    job: Job, leaf: Leaf, extent: Box | None, text: tuple[Box, ...], touching: frozenset[str]
) -> Iterator[tuple[str, str, float]]:
    """What crosses the margins, at which side, by how much."""
    if extent is None:
        return
    sides = {"left": "outside", "right": "inside"}
    if leaf.inside_left:
        sides = {"left": "inside", "right": "outside"}
    for side in ("left", "bottom", "right", "top"):
        name = sides.get(side, side)
        least = job.inside_margin if name == "inside" else job.outside_margin
        lines = [line for line in text if _overlaps(line, leaf.trim)]
        worst = max(
            (_past(line.meet(leaf.trim), leaf.trim, side, least) for line in lines), default=0
        )
        # A line's box may end in a blank; type reaches no farther than ink.
        worst = min(worst, _past(extent, leaf.trim, side, least))
        if worst > NEAR:
            yield "overhang" if worst <= _OVERHANG else "type", name, worst
        elif side not in touching:
            by = _past(extent, leaf.trim, side, least)
            # Art that touches the bind's edge has no bleed to reach there.
            if NEAR + 0.1 < by < least - NEAR:
                yield "art", name, by


def _past(box: Box, trim: Box, side: str, least: float) -> float:
    """How far a box stands in the margin of a side."""
    distance: float = abs(getattr(box, side) - getattr(trim, side))
    return least - distance


def _overlaps(line: Box, trim: Box) -> bool:
    met = line.meet(trim)
    return met.width > 0 and met.height > 0
