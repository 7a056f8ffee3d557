"""PDF/X's rules, each under its clause: X-4 and X-1a:2001."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from msgspec import Struct

from publisher.render.preflight import identity
from publisher.render.preflight.clauses import STANDARDS, clause_of
from publisher.render.preflight.extras import annotations_of, scripts
from publisher.render.preflight.finding import Finding, Verdict
from publisher.render.preflight.identity import Fault, intents
from publisher.render.preflight.job import Job
from publisher.render.preflight.labels import Labels, read_labels
from publisher.render.preflight.streams import filters_of


class Rule(Struct, frozen=True):
    """One rule: its clause's subject, the standards that have it, and how to look."""

    code: str
    subject: str
    standards: str
    look: Callable[[Job, Labels], Iterator[Fault]]
    severity: Verdict = Verdict.REFUSAL


def check_conformance(job: Job) -> Iterator[Finding]:
    """The rules of the standard that the printer asks for."""
    flavour = job.printer.flavour
    if flavour not in STANDARDS:
        return
    labels = read_labels(job.pdf)
    for rule in RULES:
        if flavour in rule.standards.split():
            source = clause_of(rule.subject, flavour)
            for message, pages in rule.look(job, labels):
                yield Finding(rule.code, rule.severity, message, pages, source)


def _fonts(job: Job, _: Labels) -> Iterator[Fault]:
    pages = {page for face in job.survey.faces if not face.embedded for page in face.pages}
    if pages:
        yield "fonts are not embedded", tuple(sorted(pages))


def _outside_notes(job: Job, _: Labels) -> Iterator[Fault]:
    """Annotations that would print: all but printer's marks, on the page or in the bleed."""
    wrong: dict[int, None] = {}
    for leaf, page in zip(job.leaves, job.pdf.pages, strict=True):
        kept = leaf.bleed if "BleedBox" in leaf.declared else leaf.trim
        for one in annotations_of(page):
            if one.get("/Subtype") in ("/TrapNet", "/PrinterMark"):
                continue
            place = one.get("/Rect")
            if not isinstance(place, pikepdf.Array) or len(place) != 4:
                wrong[leaf.number] = None
                continue
            x1, y1, x2, y2 = (float(v) for v in place)
            apart = max(x1, x2) <= kept.left or min(x1, x2) >= kept.right
            if not apart and max(y1, y2) > kept.bottom and min(y1, y2) < kept.top:
                wrong[leaf.number] = None
    if wrong:
        yield "annotations lie on the page or in its bleed", tuple(wrong)


def _actions(job: Job, _: Labels) -> Iterator[Fault]:
    if scripts(job.pdf):
        yield "the file holds actions or JavaScript", ()


def _foreign(job: Job, _: Labels) -> Iterator[Fault]:
    names = {
        "OPI": "pictures held elsewhere (OPI)",
        "reference": "pages of other files (reference XObjects)",
    }
    for mark, words in names.items():
        if mark in job.survey.marks:
            yield f"the pages hold {words}", job.survey.marks[mark]


def _postscript(job: Job, _: Labels) -> Iterator[Fault]:
    if "PostScript" in job.survey.marks:
        yield "the pages hold PostScript code", job.survey.marks["PostScript"]


def _alternates(job: Job, _: Labels) -> Iterator[Fault]:
    if "alternate" in job.survey.marks:
        pages = job.survey.marks["alternate"]
        yield "pictures have another picture to be printed in their place", pages


def _compatibility(job: Job, _: Labels) -> Iterator[Fault]:
    if "BX" in job.survey.marks:
        message = "the pages hold BX, after which a press passes over what it does not know"
        yield message, job.survey.marks["BX"]


def _transfer(job: Job, _: Labels) -> Iterator[Fault]:
    for mark in ("transfer", "HTP"):
        if mark in job.survey.marks:
            yield "the graphics state has a transfer function or HTP", job.survey.marks[mark]


def _bare_rgb(job: Job, _: Labels) -> Iterator[Fault]:
    """Device colours must be the output intent's; others need a profile."""
    found = intents(job.pdf)
    profile = found[0].get("/DestOutputProfile") if len(found) == 1 else None
    components = int(profile.get("/N", 0)) if isinstance(profile, pikepdf.Stream) else 4
    foreign = {3: "cmyk", 4: "rgb"}.get(components, "")
    pages = _using(job, lambda space: space.kind == foreign and not space.managed)
    if pages:
        yield f"colours in {foreign.upper()} without a profile, unlike the output intent", pages


def _press_colours(job: Job, _: Labels) -> Iterator[Fault]:
    pages = _using(job, lambda space: space.kind in ("rgb", "lab", "unknown") or space.managed)
    if pages:
        yield "colours are neither CMYK nor grey nor a spot ink, or carry a profile", pages


def _using(job: Job, wrong: Callable[[Any], bool]) -> tuple[int, ...]:
    found = [p.pages for p in job.survey.paints if wrong(p.ink.space)]
    found += [p.pages for p in job.survey.pictures if wrong(p.space)]
    return tuple(sorted({page for pages in found for page in pages}))


def _flat(job: Job, _: Labels) -> Iterator[Fault]:
    for kind, pages in job.survey.transparency.items():
        yield f"the pages are transparent: {kind}", pages
    groups = {p for m in ("page group", "form group") for p in job.survey.marks.get(m, ())}
    if groups and not job.survey.transparency:
        yield "the pages hold transparency groups", tuple(sorted(groups))


def _newer(job: Job, _: Labels) -> Iterator[Fault]:
    if "/W" in job.pdf.trailer:
        yield "the file has a cross-reference stream, of PDF 1.5", ()
    if "/OCProperties" in job.pdf.Root:
        yield "the file has layers, of PDF 1.5", ()
    deep = {page for p in job.survey.pictures if p.bits > 8 for page in p.pages}
    if deep:
        yield "pictures have 16 bits a colour, of PDF 1.5", tuple(sorted(deep))


def _filters_x4(job: Job, _: Labels) -> Iterator[Fault]:
    yield from _packed(job, {"LZWDecode": "LZW", "LZW": "LZW"})


def _filters_x1a(job: Job, _: Labels) -> Iterator[Fault]:
    refused = {"JPXDecode": "JPEG 2000", "JBIG2Decode": "JBIG2"}
    yield from _packed(job, {"LZWDecode": "LZW", "LZW": "LZW", **refused})


def _packed(job: Job, refused: dict[str, str]) -> Iterator[Fault]:
    """Pictures by their pages; of all else in the file it is only said that it is there."""
    told = set()
    for name, words in refused.items():
        pages = {page for p in job.survey.pictures if name in p.filters for page in p.pages}
        if pages:
            told.add(words)
            yield f"pictures are packed as {words}", tuple(sorted(pages))
    streams = (one for one in job.pdf.objects if isinstance(one, pikepdf.Stream))
    found = {refused[name] for one in streams for name in filters_of(one) if name in refused}
    for words in sorted(found - told):
        yield f"the file holds streams packed as {words}", ()


def _enclosed(job: Job, _: Labels) -> Iterator[Fault]:
    names = job.pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
        yield "files are attached", ()


def _preferences(job: Job, _: Labels) -> Iterator[Fault]:
    """Which part of the page is shown and printed must not depend on the CropBox."""
    found = job.pdf.Root.get("/ViewerPreferences")
    if not isinstance(found, pikepdf.Dictionary):
        return
    for key in ("ViewArea", "ViewClip", "PrintArea", "PrintClip"):
        box = str(found.get(f"/{key}", "")).lstrip("/")
        if box and box not in ("MediaBox", "BleedBox"):
            yield f"{key} is the {box}, where MediaBox or BleedBox must be", ()


def _presentations(job: Job, _: Labels) -> Iterator[Fault]:
    names = job.pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/AlternatePresentations" in names:
        yield "the file holds another presentation of itself", ()
    pages = tuple(n for n, page in enumerate(job.pdf.pages, 1) if "/PresSteps" in page.obj)
    if pages:
        yield "the pages are shown in steps (PresSteps)", pages


def _xfa(job: Job, _: Labels) -> Iterator[Fault]:
    form = job.pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        yield "the file holds an XFA form", ()


_BOTH = "x4 x1a"
RULES = (
    Rule("pdfx-version", "general", "x4", identity.version_x4, Verdict.WARNING),
    Rule("pdfx-version", "general", "x1a", identity.version_x1a, Verdict.WARNING),
    Rule("pdfx-claim", "file identification", "x4", identity.claim_x4),
    Rule("pdfx-claim", "file identification", "x1a", identity.claim_x1a),
    Rule("pdfx-output-intent", "output intent", _BOTH, identity.output_intent),
    Rule("pdfx-trapped", "trapping", _BOTH, identity.trapped),
    Rule("pdfx-identifier", "metadata and document identification", _BOTH, identity.identity),
    Rule("pdfx-encryption", "encryption", _BOTH, identity.encryption),
    Rule("pdfx-boxes", "bounding boxes", _BOTH, identity.page_boxes),
    Rule("pdfx-information", "file identification", "x1a", identity.information),
    Rule("pdfx-metadata", "metadata and document identification", "x4", identity.metadata),
    Rule("pdfx-fonts", "fonts", _BOTH, _fonts),
    Rule("pdfx-annotations", "annotations", _BOTH, _outside_notes),
    Rule("pdfx-actions", "actions and JavaScripts", _BOTH, _actions),
    Rule("pdfx-foreign", "complete exchange", _BOTH, _foreign),
    Rule("pdfx-postscript", "PostScript XObjects", _BOTH, _postscript),
    Rule("pdfx-alternate", "images", _BOTH, _alternates),
    Rule("pdfx-compatibility", "BX and EX", _BOTH, _compatibility, Verdict.WARNING),
    Rule("pdfx-transfer", "extended graphics state", _BOTH, _transfer),
    Rule("pdfx-colour", "colour", "x4", _bare_rgb),
    Rule("pdfx-colour", "colour", "x1a", _press_colours),
    Rule("pdfx-transparency", "transparency", "x1a", _flat),
    Rule("pdfx-newer", "general", "x1a", _newer),
    Rule("pdfx-compression", "stream filters", "x4", _filters_x4),
    Rule("pdfx-compression", "stream filters", "x1a", _filters_x1a),
    Rule("pdfx-attachment", "external and embedded files", _BOTH, _enclosed),
    Rule("pdfx-preferences", "viewer preferences", _BOTH, _preferences),
    Rule("pdfx-presentations", "alternate presentations", "x4", _presentations),
    Rule("pdfx-xfa", "XFA forms", "x4", _xfa),
)
