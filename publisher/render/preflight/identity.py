"""What a PDF/X file says of itself: version, standard, output intent, boxes, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from publisher.render.preflight.job import Job
from publisher.render.preflight.labels import Labels
from publisher.render.preflight.streams import opened

Fault = tuple[str, tuple[int, ...]]


def version_x4(job: Job, _: Labels) -> Iterator[Fault]:
    """PDF/X-4 is built on PDF 1.6."""
    if _version(job.pdf) > (1, 6):
        yield f"the file is PDF {job.pdf.pdf_version}; PDF/X-4 is built on PDF 1.6", ()


def version_x1a(job: Job, _: Labels) -> Iterator[Fault]:
    """PDF/X-1a:2001 is built on PDF 1.3."""
    if _version(job.pdf) > (1, 3):
        yield f"the file is PDF {job.pdf.pdf_version}; PDF/X-1a:2001 is built on PDF 1.3", ()


def _version(pdf: pikepdf.Pdf) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", pdf.pdf_version)[:2])


def claim_x4(_: Job, labels: Labels) -> Iterator[Fault]:
    """The XMP metadata names the standard."""
    claimed = labels.xmp.get("pdfxid:GTS_PDFXVersion", "")
    if claimed != "PDF/X-4":
        said = f"“{claimed}”" if claimed else "nothing"
        yield f"the XMP metadata's GTS_PDFXVersion says {said}, not “PDF/X-4”", ()


def claim_x1a(_: Job, labels: Labels) -> Iterator[Fault]:
    """The document information names the standard."""
    wanted = {"GTS_PDFXVersion": "PDF/X-1:2001", "GTS_PDFXConformance": "PDF/X-1a:2001"}
    for key, value in wanted.items():
        claimed = labels.info.get(key, "")
        if claimed != value:
            said = f"“{claimed}”" if claimed else "nothing"
            yield f"the document information's {key} says {said}, not “{value}”", ()


def intents(pdf: pikepdf.Pdf) -> list[Any]:
    """The output intents for PDF/X."""
    found = pdf.Root.get("/OutputIntents")
    if not isinstance(found, pikepdf.Array):
        return []
    intents = list(found)
    return [
        one for one in intents
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/GTS_PDFX"
    ]  # fmt: skip


def output_intent(job: Job, _: Labels) -> Iterator[Fault]:
    """One output intent, with a name and the profile of a press."""
    found = intents(job.pdf)
    if len(found) != 1:
        yield f"there are {len(found)} output intents for PDF/X where one must be", ()
        return
    (intent,) = found
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


def trapped(job: Job, labels: Labels) -> Iterator[Fault]:
    """Trapped is said, and said once."""
    values = {labels.info.get("Trapped", "").lstrip("/"), labels.xmp.get("pdf:Trapped", "")} - {""}
    if not values & {"True", "False"} or values - {"True", "False"}:
        yield "Trapped says neither True nor False", ()
    elif len(values) > 1:
        yield "Trapped says one thing in the document information, another in the XMP metadata", ()
    elif job.printer.flavour == "x1a" and not labels.info.get("Trapped"):
        yield "the document information has no Trapped", ()


def identity(job: Job, _: Labels) -> Iterator[Fault]:
    """The file has an identifier."""
    found = job.pdf.trailer.get("/ID")
    if not isinstance(found, pikepdf.Array) or len(found) != 2:
        yield "the file has no identifier (/ID in the trailer)", ()


def encryption(job: Job, _: Labels) -> Iterator[Fault]:
    """The file has no lock."""
    if job.pdf.is_encrypted:
        yield "the file is encrypted", ()


def page_boxes(job: Job, _: Labels) -> Iterator[Fault]:
    """Each page has a TrimBox or an ArtBox, and not both."""
    bare = tuple(x.number for x in job.leaves if not x.declared & {"TrimBox", "ArtBox"})
    both = tuple(x.number for x in job.leaves if {"TrimBox", "ArtBox"} <= x.declared)
    if bare:
        yield "the pages have neither TrimBox nor ArtBox", bare
    if both:
        yield "the pages have a TrimBox and an ArtBox, where one must do", both


def information(_: Job, labels: Labels) -> Iterator[Fault]:
    """Title and dates stand in the document information."""
    for key in ("Title", "CreationDate", "ModDate"):
        if not labels.info.get(key, "").strip():
            yield f"the document information has no {key}", ()


def metadata(_: Job, labels: Labels) -> Iterator[Fault]:
    """Title, dates and identity stand in the XMP metadata."""
    if not labels.xmp:
        yield "the file has no XMP metadata", ()
        return
    wanted = (
        "dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate",
        "xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass",
    )  # fmt: skip
    if missing := [key for key in wanted if not labels.xmp.get(key)]:
        yield f"the XMP metadata lacks {', '.join(missing)}", ()
