"""PDF/X's rules, each under the subject of its clause: X-4 and X-1a:2001."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from publisher.render.preflight.extras import annotations_of, scripts
from publisher.render.preflight.finding import Finding, Verdict
from publisher.render.preflight.job import Job
from publisher.render.preflight.labels import Labels, read_labels
from publisher.render.preflight.streams import opened

STANDARDS = {
    "x4": "ISO 15930-7:2010 (PDF/X-4)",
    "x1a": "ISO 15930-1:2001 (PDF/X-1a)",
}
_INTENT = "ISO 32000-1, 14.11.5"
Fault = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause: what it is about, the standards that have it, and how to look."""

    code: str
    subject: str
    standards: str
    look: Callable[[Job, Labels], Iterator[Fault]]
    severity: Verdict = Verdict.REFUSAL
    hint: str = ""


def check_conformance(job: Job) -> Iterator[Finding]:
    """The rules of the standard that the printer asks for."""
    flavour = job.printer.flavour
    if flavour not in STANDARDS:
        return
    labels = read_labels(job.pdf)
    for rule in RULES:
        if flavour in rule.standards.split():
            source = f"{STANDARDS[flavour]}, {rule.subject}"
            for message, pages in rule.look(job, labels):
                yield Finding(rule.code, rule.severity, message, pages, source, rule.hint)


def _version_x4(job: Job, _: Labels) -> Iterator[Fault]:
    if _version(job.pdf) > (1, 6):
        yield f"the file is PDF {job.pdf.pdf_version}; PDF/X-4 is built on PDF 1.6", ()


def _version_x1a(job: Job, _: Labels) -> Iterator[Fault]:
    if _version(job.pdf) > (1, 3):
        yield f"the file is PDF {job.pdf.pdf_version}; PDF/X-1a:2001 is built on PDF 1.3", ()


def _version(pdf: pikepdf.Pdf) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", pdf.pdf_version)[:2])


def _claim_x4(_: Job, labels: Labels) -> Iterator[Fault]:
    claimed = labels.xmp.get("pdfxid:GTS_PDFXVersion", "")
    if claimed != "PDF/X-4":
        said = f"“{claimed}”" if claimed else "nothing"
        yield f"the XMP metadata's GTS_PDFXVersion says {said}, not “PDF/X-4”", ()


def _claim_x1a(_: Job, labels: Labels) -> Iterator[Fault]:
    wanted = {"GTS_PDFXVersion": "PDF/X-1:2001", "GTS_PDFXConformance": "PDF/X-1a:2001"}
    for key, value in wanted.items():
        claimed = labels.info.get(key, "")
        if claimed != value:
            said = f"“{claimed}”" if claimed else "nothing"
            yield f"the document information's {key} says {said}, not “{value}”", ()


def _intents(pdf: pikepdf.Pdf) -> list[Any]:
    found = pdf.Root.get("/OutputIntents")
    if not isinstance(found, pikepdf.Array):
        return []
    intents = list(found)
    return [
        one for one in intents
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/GTS_PDFX"
    ]  # fmt: skip


def _output_intent(job: Job, _: Labels) -> Iterator[Fault]:
    intents = _intents(job.pdf)
    if len(intents) != 1:
        yield f"there are {len(intents)} output intents for PDF/X where one must be", ()
        return
    (intent,) = intents
    if not str(intent.get("/OutputConditionIdentifier", "")).strip():
        yield "the output intent has no OutputConditionIdentifier", ()
    profile = intent.get("/DestOutputProfile")
    if profile is None:
        # X-1a may name a registered printing condition in place of a profile.
        if job.printer.flavour == "x4" or not str(intent.get("/RegistryName", "")).strip():
            yield "the output intent embeds no profile (DestOutputProfile)", ()
    elif isinstance(profile, pikepdf.Stream):
        yield from _profile(profile, job.printer.flavour)


def _profile(profile: pikepdf.Stream, flavour: str) -> Iterator[Fault]:
    icc = opened(profile) or b""
    if len(icc) < 128 or icc[36:40] != b"acsp":
        yield "the output intent's profile is no ICC profile", ()
        return
    if icc[12:16] != b"prtr":
        yield "the output intent's profile is not that of a printing condition (class prtr)", ()
    components = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}.get(icc[16:20], 0)
    if components != int(profile.get("/N", 0)):
        yield "the profile's /N does not fit its colour space", ()
    if flavour == "x1a" and icc[16:20] not in (b"CMYK", b"GRAY"):
        yield "the output intent's profile is not in CMYK", ()


def _trapped(job: Job, labels: Labels) -> Iterator[Fault]:
    values = {labels.info.get("Trapped", "").lstrip("/"), labels.xmp.get("pdf:Trapped", "")} - {""}
    if not values & {"True", "False"} or values - {"True", "False"}:
        yield "Trapped says neither True nor False", ()
    elif len(values) > 1:
        yield "Trapped says one thing in the document information, another in the XMP metadata", ()
    elif job.printer.flavour == "x1a" and not labels.info.get("Trapped"):
        yield "the document information has no Trapped", ()


def _identity(job: Job, _: Labels) -> Iterator[Fault]:
    found = job.pdf.trailer.get("/ID")
    if not isinstance(found, pikepdf.Array) or len(found) != 2:
        yield "the file has no identifier (/ID in the trailer)", ()


def _encryption(job: Job, _: Labels) -> Iterator[Fault]:
    if job.pdf.is_encrypted:
        yield "the file is encrypted", ()


def _page_boxes(job: Job, _: Labels) -> Iterator[Fault]:
    bare = tuple(x.number for x in job.leaves if not x.declared & {"TrimBox", "ArtBox"})
    both = tuple(x.number for x in job.leaves if {"TrimBox", "ArtBox"} <= x.declared)
    if bare:
        yield "the pages have neither TrimBox nor ArtBox", bare
    if both:
        yield "the pages have a TrimBox and an ArtBox, where one must do", both


def _information(_: Job, labels: Labels) -> Iterator[Fault]:
    for key in ("Title", "CreationDate", "ModDate"):
        if not labels.info.get(key, "").strip():
            yield f"the document information has no {key}", ()


def _metadata(_: Job, labels: Labels) -> Iterator[Fault]:
    if not labels.xmp:
        yield "the file has no XMP metadata", ()
        return
    wanted = (
        "dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate",
        "xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass",
    )  # fmt: skip
    if missing := [key for key in wanted if not labels.xmp.get(key)]:
        yield f"the XMP metadata lacks {', '.join(missing)}", ()


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
        "PostScript": "PostScript code", "OPI": "pictures held elsewhere (OPI)",
        "reference": "pages of other files (reference XObjects)",
    }  # fmt: skip
    for mark, words in names.items():
        if mark in job.survey.marks:
            yield f"the pages hold {words}", job.survey.marks[mark]


def _transfer(job: Job, _: Labels) -> Iterator[Fault]:
    for mark in ("transfer", "HTP"):
        if mark in job.survey.marks:
            yield "the graphics state has a transfer function or HTP", job.survey.marks[mark]


def _bare_rgb(job: Job, _: Labels) -> Iterator[Fault]:
    """Device colours must be the output intent's; others need a profile."""
    intents = _intents(job.pdf)
    profile = intents[0].get("/DestOutputProfile") if len(intents) == 1 else None
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


def _compression(job: Job, _: Labels) -> Iterator[Fault]:
    refused = {"LZWDecode": "LZW", "JPXDecode": "JPEG 2000", "JBIG2Decode": "JBIG2"}
    for name, words in refused.items():
        pages = {page for p in job.survey.pictures if name in p.filters for page in p.pages}
        if pages:
            yield f"pictures are packed as {words}", tuple(sorted(pages))


def _enclosed(job: Job, _: Labels) -> Iterator[Fault]:
    names = job.pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
        yield "files are attached", ()


_BOTH = "x4 x1a"
RULES = (
    Rule("pdfx-version", "version of PDF", "x4", _version_x4, Verdict.WARNING),
    Rule("pdfx-version", "version of PDF", "x1a", _version_x1a, Verdict.WARNING),
    Rule("pdfx-claim", "identification", "x4", _claim_x4),
    Rule("pdfx-claim", "identification", "x1a", _claim_x1a),
    Rule("pdfx-output-intent", f"output intent; {_INTENT}", _BOTH, _output_intent),
    Rule("pdfx-trapped", "trapping; ISO 32000-1, 14.11.6", _BOTH, _trapped),
    Rule("pdfx-identifier", "file identifier; ISO 32000-1, 14.4", _BOTH, _identity),
    Rule("pdfx-encryption", "encryption", _BOTH, _encryption),
    Rule("pdfx-boxes", "page boxes; ISO 32000-1, 14.11.2", _BOTH, _page_boxes),
    Rule("pdfx-information", "document information; ISO 32000-1, 14.3.3", "x1a", _information),
    Rule("pdfx-metadata", "XMP metadata; ISO 32000-1, 14.3.2", "x4", _metadata),
    Rule("pdfx-fonts", "fonts; ISO 32000-1, 9.9", _BOTH, _fonts),
    Rule("pdfx-annotations", "annotations; ISO 32000-1, 12.5", _BOTH, _outside_notes),
    Rule("pdfx-actions", "actions and JavaScript; ISO 32000-1, 12.6", _BOTH, _actions),
    Rule("pdfx-foreign", "PostScript, OPI and references", _BOTH, _foreign),
    Rule("pdfx-transfer", "transfer functions; ISO 32000-1, 10.4", _BOTH, _transfer),
    Rule("pdfx-colour", "colour spaces; ISO 32000-1, 8.6", "x4", _bare_rgb),
    Rule("pdfx-colour", "colour spaces", "x1a", _press_colours),
    Rule("pdfx-transparency", "transparency; ISO 32000-1, 11", "x1a", _flat),
    Rule("pdfx-newer", "features after PDF 1.3", "x1a", _newer),
    Rule("pdfx-compression", "compression", "x1a", _compression),
    Rule("pdfx-attachment", "embedded files", _BOTH, _enclosed),
)  # fmt: skip
