"""PDF/X-4 and PDF/X-1a: what a finished PDF has to say of itself, and what it must not hold.

The rules are named as preflight programs name them. The standards are ISO 15930-7:2010 (X-4)
and ISO 15930-1:2001 (X-1a); their text was not at hand, so no clause is cited.
"""

from __future__ import annotations

import datetime as dt

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from publisher.problem import SetupError
from publisher.render.prepress.profile import Profile

REGISTRY = "http://www.color.org"
PDFX = "http://www.npes.org/pdfx/ns/id/"
VERSIONS = {"x4": "1.6", "x1a": "1.3", "pdf": "1.7"}
# What PDF 1.3 does not know, or PDF/X-1a forbids: structure tags go with PDF 1.4's attributes.
_LATER = (
    "/StructTreeRoot", "/MarkInfo", "/Lang", "/Metadata", "/OCProperties", "/Collection",
    "/Extensions", "/Version",
)  # fmt: skip
_LATER_PAGE = ("/StructParents", "/Tabs", "/Group", "/Metadata")


def declare(pdf: pikepdf.Pdf, flavour: str, profile: Profile, title: str, moment: str) -> None:
    """Make the PDF say that it is an X-4 or X-1a, and for which press."""
    if flavour == "x1a" and profile.version >= 4:
        raise SetupError(
            f"PDF/X-1a wants a colour profile of ICC version 2; “{profile.description}” has"
            f" version {profile.version:.1f}"
        )
    root = pdf.Root
    # Rule: exactly one output intent for PDF/X, with an embedded profile of class “prtr”.
    root.OutputIntents = Array([pdf.make_indirect(_intent(pdf, profile))])
    # Rule: no actions and no scripts anywhere.
    for key in ("/OpenAction", "/AA", "/AcroForm", "/URI"):
        if key in root:
            del root[key]
    if "/Names" in root and "/JavaScript" in root.Names:
        del root.Names["/JavaScript"]
    info = pdf.docinfo
    # Rule: the title, both dates and the trapping state are said; nothing here is trapped.
    info["/Title"] = String(title)
    info["/CreationDate"] = info["/ModDate"] = String(moment)
    info["/Trapped"] = Name("/False")
    if flavour == "x1a":
        # Rule: the version and the conformance level stand in the document information.
        info["/GTS_PDFXVersion"] = String("PDF/X-1:2001")
        info["/GTS_PDFXConformance"] = String("PDF/X-1a:2001")
        _make_old(pdf)
    else:
        _metadata(pdf, title, moment)


def _intent(pdf: pikepdf.Pdf, profile: Profile) -> Dictionary:
    stream = pdf.make_stream(profile.content)
    stream.N = 4
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(profile.condition or "Custom"),
        OutputCondition=String(profile.description),
        Info=String(profile.description),
        DestOutputProfile=stream,
    )
    if profile.condition:
        intent.RegistryName = String(REGISTRY)
    return intent


def _metadata(pdf: pikepdf.Pdf, title: str, moment: str) -> None:
    """Rule: X-4 names itself in the XMP, which agrees with the document information."""
    iso = xmp_date(moment)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.register_xml_namespace(PDFX, "pdfxid")
        xmp[f"{{{PDFX}}}GTS_PDFXVersion"] = "PDF/X-4"
        xmp["dc:title"] = title
        xmp["pdf:Trapped"] = "False"
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = xmp["xmp:MetadataDate"] = iso
        # Rule: an identity, a version and a rendition class.
        xmp["xmpMM:DocumentID"] = f"uuid:{_identity(pdf)}"
        xmp["xmpMM:VersionID"] = "1"
        xmp["xmpMM:RenditionClass"] = "default"


def _identity(pdf: pikepdf.Pdf) -> str:
    known = pdf.trailer.get("/ID")
    digits = (bytes(known[0]) if known is not None else b"").hex().ljust(32, "0")[:32]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _make_old(pdf: pikepdf.Pdf) -> None:
    """Rule: X-1a is PDF 1.3: no transparency groups, no tags, no optional content, no XMP."""
    for key in _LATER:
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        for key in _LATER_PAGE:
            if key in page.obj:
                del page.obj[key]


def pdf_date(moment: int) -> str:
    """Seconds since 1970 as PDF writes a date."""
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def xmp_date(moment: str) -> str:
    """PDF's date as XMP writes it."""
    return dt.datetime.strptime(moment[2:16], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC).isoformat()
