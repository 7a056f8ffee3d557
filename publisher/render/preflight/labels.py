"""What the file says of itself: the document information and the XMP metadata, as plain text."""

from __future__ import annotations

from collections.abc import Mapping

import pikepdf
from lxml import etree
from msgspec import Struct

from publisher.render.preflight.streams import opened

_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://www.npes.org/pdfx/ns/id/": "pdfxid",
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


class Labels(Struct, frozen=True):
    """Both dictionaries by name; XMP names with their usual prefix."""

    info: Mapping[str, str]
    xmp: Mapping[str, str]

    @property
    def flavour(self) -> str:
        """The standard that the file says it keeps to."""
        return (
            self.xmp.get("pdfxid:GTS_PDFXVersion")
            or self.info.get("GTS_PDFXConformance")
            or self.info.get("GTS_PDFXVersion", "")
        )


def read_labels(pdf: pikepdf.Pdf) -> Labels:
    """Both, as far as they can be read."""
    found = pdf.trailer.get("/Info")
    info = {}
    if isinstance(found, pikepdf.Dictionary):
        info = {key.lstrip("/"): str(found.get(key)) for key in found.keys()}  # noqa: SIM118
    return Labels(info, _xmp(pdf.Root.get("/Metadata")))


def _xmp(stream: object) -> dict[str, str]:
    text = opened(stream) if isinstance(stream, pikepdf.Stream) else None
    if not text or len(text) > 4_000_000:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.strip(b"\0"), parser)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    for block in root.iter(f"{_RDF}Description"):
        for name, value in block.attrib.items():
            _note(found, str(name), str(value))
        for entry in block:
            if isinstance(entry.tag, str):
                _note(found, entry.tag, "".join(str(part) for part in entry.itertext()).strip())
    return found


def _note(found: dict[str, str], name: str, value: str) -> None:
    space, _, local = name.lstrip("{").rpartition("}")
    if space in _PREFIXES and value:
        found.setdefault(f"{_PREFIXES[space]}:{local}", value)
