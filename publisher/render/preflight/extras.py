"""What a screen wants and a press does not: links, scripts, forms, transparency, locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from publisher.render.preflight.finding import Finding, Verdict, source_of
from publisher.render.preflight.job import Job

_LEAVE_OUT = "build for this printer: that leaves them out"


def check_extras(job: Job) -> Iterator[Finding]:
    """Everything in the file that is not ink."""
    yield from _check_annotations(job)
    root = job.pdf.Root
    outline = root.get("/Outlines")
    if isinstance(outline, pikepdf.Dictionary) and outline.get("/First") is not None:
        yield _said(job, "bookmarks", "the file has bookmarks", refused=Verdict.REFUSAL)
    if job.pdf.is_encrypted:
        hint = "save it without a password and without restrictions"
        message = "the file is encrypted"
        source = source_of(job.printer, "refuses")
        yield Finding("encryption", Verdict.REFUSAL, message, (), source, hint)
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        yield Finding(
            "form", Verdict.REFUSAL, "the file is a form to be filled in", hint="flatten it"
        )
    if scripts(job.pdf):
        message = "the file holds JavaScript or actions that start by themselves"
        yield Finding("script", Verdict.REFUSAL, message, hint="remove them")
    names = root.get("/Names")
    if (isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names) or "/AF" in root:
        yield Finding("attachment", Verdict.REFUSAL, "files are attached", hint="remove them")
    if "/OCProperties" in root:
        message = "the file has layers; what a press sees of them is not sure"
        yield Finding("layers", Verdict.WARNING, message, hint="flatten the layers")
    yield from _check_transparency(job)
    yield from _check_soundness(job)


def _said(job: Job, name: str, message: str, *, refused: Verdict) -> Finding:
    """A finding that is a refusal for who refuses it, a note for everyone else."""
    severity = refused if job.refuses(name) else Verdict.NOTE
    hint = _LEAVE_OUT if severity is refused else ""
    return Finding(name, severity, message, (), source_of(job.printer, "refuses"), hint)


def annotations_of(page: pikepdf.Page) -> list[Any]:
    """A page's annotations, those that are ones."""
    found = page.obj.get("/Annots")
    if not isinstance(found, pikepdf.Array):
        return []
    return [one for one in list(found)[:10_000] if isinstance(one, pikepdf.Dictionary)]


def _check_annotations(job: Job) -> Iterator[Finding]:
    kinds: dict[str, dict[int, None]] = {}
    for number, page in enumerate(job.pdf.pages, 1):
        for one in annotations_of(page):
            kind = str(one.get("/Subtype", "/Unknown")).lstrip("/")
            kinds.setdefault(kind, {})[number] = None
    for kind, pages in kinds.items():
        what = "links" if kind == "Link" else f"annotations of the kind {kind}"
        severity = Verdict.REFUSAL if job.refuses("annotations") else Verdict.NOTE
        if kind not in ("Link", "PrinterMark", "TrapNet") and severity is Verdict.NOTE:
            severity = Verdict.WARNING
        yield Finding(
            "annotations", severity, f"the pages have {what}", tuple(pages),
            source_of(job.printer, "refuses"),
            _LEAVE_OUT if severity is Verdict.REFUSAL else "",
        )  # fmt: skip


def scripts(pdf: pikepdf.Pdf) -> bool:
    """Whether anything in the file runs by itself."""
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        return True
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") not in (None, "/GoTo"):
        return True
    return "/AA" in root or any("/AA" in page.obj for page in pdf.pages)


def _check_transparency(job: Job) -> Iterator[Finding]:
    # PDF/X-1a's own rule says the same with its clause.
    if job.printer.flavour == "x1a":
        return
    refused = job.refuses("transparency")
    severity = Verdict.REFUSAL if refused else Verdict.NOTE
    hint = "flatten it: lay the colours over each other" if refused else ""
    for kind, pages in job.survey.transparency.items():
        yield Finding(
            "transparency", severity, f"the pages are transparent in places: {kind}", pages,
            source_of(job.printer, "refuses"), hint,
        )  # fmt: skip


def _check_soundness(job: Job) -> Iterator[Finding]:
    marks = job.survey.marks
    hint = "make the file again; what is broken may be missing in print"
    if "broken" in marks:
        message = "some of the page's content is malformed and was passed over"
        yield Finding("content-broken", Verdict.WARNING, message, marks["broken"], "", hint)
    if "heavy" in marks:
        message = "the page has more content than can be looked through; it is not measured"
        yield Finding("content-heavy", Verdict.WARNING, message, marks["heavy"])
    if "font missing" in marks:
        message = "the page names a font that the file does not have"
        pages = marks["font missing"]
        yield Finding("font-missing", Verdict.REFUSAL, message, pages, "", hint)
    if "PostScript" in marks:
        message = "the page holds PostScript code"
        yield Finding("postscript", Verdict.REFUSAL, message, marks["PostScript"], "", hint)
