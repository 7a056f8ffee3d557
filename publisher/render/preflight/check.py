"""A finished PDF goes through every check and comes out with a report."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf

from publisher.printer import Bleed, Printer
from publisher.problem import SetupError
from publisher.render.preflight.boxes import check_bleed, check_boxes, check_margins
from publisher.render.preflight.conformance import check_conformance
from publisher.render.preflight.extras import check_extras
from publisher.render.preflight.faces import check_faces
from publisher.render.preflight.finding import Facts, Finding, Report, Verdict, in_order, source_of
from publisher.render.preflight.impressions import Impression, pull
from publisher.render.preflight.ink import check_ink
from publisher.render.preflight.job import Job, inside_margin, type_frame
from publisher.render.preflight.labels import read_labels
from publisher.render.preflight.leaves import NEAR, Box, Leaf, read_leaves
from publisher.render.preflight.pages import blank_pages, check_bytes, check_pages
from publisher.render.preflight.pictures import check_pictures
from publisher.render.preflight.walk import survey
from publisher.render.preflight.wrap import check_wrap, measured_spine, turned_edge
from publisher.trim import Trim

_CHECKS = (
    check_boxes, check_bleed, check_margins, check_ink, check_extras, check_pages, check_bytes,
    check_conformance, check_wrap,
)  # fmt: skip

# What pikepdf raises where an object is of another kind than the standard has there.
_BROKEN = (
    pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError,
    NotImplementedError, ArithmeticError,
)  # fmt: skip


def preflight(
    pdf: Path | bytes,
    printer: Printer,
    *,
    trim: Trim | None = None,
    kind: str = "interior",
    pages: int | None = None,
) -> Report:
    """Hold a PDF against a printer; for a cover, `pages` are those of the block it goes round."""
    size = len(pdf) if isinstance(pdf, bytes) else _size(pdf)
    with _quiet(), _opened(pdf) as document:
        if not len(document.pages):
            none = Finding("no-pages", Verdict.REFUSAL, "the file has no pages")
            return Report(printer.name, printer.title, kind, (none,), Facts(bytes=size))
        try:
            job = _job(document, pdf, printer, trim or printer.trim, kind, size, pages)
            findings = in_order(list(_run(job)))
            return Report(printer.name, printer.title, kind, findings, _facts(job))
        except _BROKEN:
            raise SetupError(f"{_name(pdf)} is too broken to be checked") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back pikepdf's log: what it says of a broken file is a finding."""
    log = logging.getLogger("pikepdf")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror or error}") from None


def _name(pdf: Path | bytes) -> str:
    return "the PDF" if isinstance(pdf, bytes) else str(pdf)


def _opened(pdf: Path | bytes) -> pikepdf.Pdf:
    name = _name(pdf)
    try:
        document = pikepdf.open(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf)
    except pikepdf.PasswordError:
        raise SetupError(f"{name} is locked with a password: no printer can open it") from None
    except (pikepdf.PdfError, RuntimeError):
        raise SetupError(f"{name} is no PDF, or too broken to be opened") from None
    except OSError as error:
        raise SetupError(f"{name} cannot be read: {error.strerror or error}") from None
    try:
        len(document.pages)
        document.Root.get("/Type")
    except _BROKEN:
        document.close()
        raise SetupError(f"{name} is too broken: its pages cannot be counted") from None
    return document


def _job(
    document: pikepdf.Pdf, pdf: Path | bytes, printer: Printer, trim: Trim,
    kind: str, size: int, pages: int | None,
) -> Job:  # fmt: skip
    bleed = printer.bleed
    if kind == "cover":
        edge = turned_edge(printer)
        bleed = Bleed(edge, edge, edge, edge)
    number = pages if pages is not None else (len(document.pages) if kind == "interior" else 0)
    leaves = read_leaves(document, trim, bleed)
    found = survey(document, leaves if printer.wants_marks else ())
    # What takes too long to read takes too long to render.
    heavy = found.marks.get("heavy", ())
    impressions = pull(pdf, leaves, bleed, lambda leaf: _frame(printer, leaf, kind, number), heavy)
    return Job(
        document, printer, kind, trim, bleed, number, size, leaves, found, impressions,
        _bleeds(leaves, impressions, printer),
    )  # fmt: skip


def _frame(printer: Printer, leaf: Leaf, kind: str, pages: int) -> Box:
    if kind == "cover":
        return Box(0, 0, 0, 0)  # all of a cover's type is measured
    outside = max(printer.outside_margin, printer.outside_margin_bleed)
    return type_frame(leaf, inside_margin(printer, pages), outside)


def _bleeds(leaves: tuple[Leaf, ...], pulls: tuple[Impression, ...], printer: Printer) -> bool:
    """Whether this is a book with bleed: its sheets are larger than the trim, or ink touches it."""
    larger = any(
        leaf.media.width > leaf.trim.width + NEAR or leaf.media.height > leaf.trim.height + NEAR
        for leaf in leaves
    )
    return (larger and not printer.wants_marks) or any(pull.touching for pull in pulls)


def _run(job: Job) -> Iterator[Finding]:
    for check in _CHECKS:
        try:
            yield from check(job)
        except _BROKEN:
            what = check.__name__.partition("_")[2]
            message = f"the file is too broken to be checked for its {what}"
            yield Finding("file-broken", Verdict.REFUSAL, message, hint="make the file again")
    yield from check_faces(job.survey.faces, source_of(job.printer, "font"))
    yield from check_pictures(job.survey.pictures, job.printer)
    damage = [str(warning) for warning in job.pdf.get_warnings()]
    if damage:
        message = f"the file is damaged and was repaired to be read: {damage[0][:120]}"
        hint = "make the file again; the printer may not repair it as we did"
        yield Finding("file-damaged", Verdict.WARNING, message, (), "ISO 32000-1", hint)


def _facts(job: Job) -> Facts:
    found, leaf = job.survey, job.leaves[0]
    return Facts(
        pages=len(job.leaves),
        bytes=job.bytes,
        version=job.pdf.pdf_version,
        flavour=read_labels(job.pdf).flavour,
        width=round(leaf.trim.width, 2),
        height=round(leaf.trim.height, 2),
        bleeds=job.bleeds,
        fonts=tuple(sorted({face.name.rpartition("+")[2] for face in found.faces})),
        colours=found.colours,
        images=len(found.pictures),
        least_dpi=round(min((p.dpi for p in found.pictures), default=0.0), 1),
        most_ink=round(found.most_ink, 1),
        blank=blank_pages(job),
        spine=round(measured_spine(job), 2) if job.kind == "cover" else 0.0,
    )
