"""PDFs set by hand, a line of text for each thing that is in them, so that each can be wrong.

A book of 24 pages that every printer takes is the base; the lines then change it:

    for ingram                        the printer, `kdp` without this line
    kind cover                        what the file is, `interior` without this line
    block 200                         the pages of the block that a cover goes round
    pages 23                          how many pages there are
    every 0 0 0 1 k …                 the operators of every page
    page 3 1 0 0 rg …                 more operators on one page
    page 3 /Rotate 90                 an entry of one page (`every /Rotate 90`: of all)
    root /AcroForm << >>              an entry of the catalog; `info`, `trailer`, `resources` too
    root -/OutputIntents              an entry taken away
    image Im1 640 400 /DeviceRGB 80   an image of one byte's value, with more entries after it
    form Fm1 << … >> | operators      a form
    font whole|missing|type3|0x0002   what is wrong with the font (a number is its fsType)
    xmp -pdf:Trapped                  a property taken from the metadata; `xmp pdf:Trapped Maybe`
    version 1.7, encrypt, attach      the header, a lock, an attached file
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from publisher.printer import Printer, load_printer

FONT = Path(__file__).parent.parent / "themes/classic/fonts/EBGaramond-Regular.ttf"
TYPE = "BT /F1 12 Tf 0 0 0 1 k 1 0 0 1 120 320 Tm (Harbour) Tj ET"
XMP = {
    "dc:title": "The Harbour Lamp",
    "xmp:CreateDate": "2026-01-05T10:00:00Z",
    "xmp:ModifyDate": "2026-01-05T10:00:00Z",
    "xmp:MetadataDate": "2026-01-05T10:00:00Z",
    "xmpMM:DocumentID": "uuid:5d6cbf2c-4d0c-4b52-9a5c-1c0a7a0b9f10",
    "xmpMM:VersionID": "1",
    "xmpMM:RenditionClass": "default",
    "pdf:Trapped": "False",
    "pdfxid:GTS_PDFXVersion": "PDF/X-4",
}
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
}
# The head of a profile for a CMYK press: what a preflight reads of one.
PROFILE = b"\0" * 12 + b"prtrCMYKLab " + b"\0" * 12 + b"acsp" + b"\0" * 88


class Handset:
    """A PDF in the making, with the printer it is for."""

    def __init__(self, text: str) -> None:
        lines = [line.partition(" ") for line in text.splitlines() if line.strip()]
        self.words = {word: rest for word, _, rest in lines}
        self.kind = self.words.get("kind", "interior")
        self.block = int(self.words["block"]) if "block" in self.words else None
        self.printer: Printer = load_printer(self.words.get("for", "kdp"))
        self.pdf = pikepdf.new()
        self.xmp = dict(XMP)
        self._blank(int(self.words.get("pages", "1" if self.kind == "cover" else "24")))
        for word, _, rest in lines:
            if action := getattr(self, f"do_{word}", None):
                action(rest)

    def _blank(self, number: int) -> None:
        pdf = self.pdf
        self.resources = pdf.make_indirect(
            pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=self._font()), XObject={})
        )
        trim = self.printer.trim
        box = [0, 0, round(trim.width, 2), round(trim.height, 2)]
        for left in reversed(range(number)):
            page = pdf.add_blank_page(page_size=(trim.width, trim.height))
            page.obj.MediaBox = box
            page.obj.TrimBox = box
            page.obj.Resources = self.resources
            blank = self.printer.last_blank and self.kind == "interior" and not left
            page.obj.Contents = pdf.make_stream(b"" if blank else TYPE.encode())
        pdf.docinfo["/Title"] = "The Harbour Lamp"
        pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = "D:20260105100000Z"
        pdf.docinfo["/Trapped"] = pikepdf.Name("/False")
        if self.printer.flavour == "x1a":
            pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1:2001"
            pdf.docinfo["/GTS_PDFXConformance"] = "PDF/X-1a:2001"
        if self.printer.flavour != "pdf":
            self._intent()

    def _intent(self) -> None:
        profile = self.pdf.make_stream(PROFILE)
        profile.N = 4
        self.pdf.Root.OutputIntents = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFX,
                OutputConditionIdentifier="FOGRA52",
                RegistryName="http://www.color.org",
                DestOutputProfile=profile,
            )
        ]

    def _font(self) -> pikepdf.Object:
        wrong = self.words.get("font", "")
        pdf = self.pdf
        if wrong == "type3":
            glyph = pdf.make_stream(b"600 0 0 0 500 500 d1 0 0 500 500 re f")
            return pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, Name=pikepdf.Name.Stamp,
                    FontBBox=[0, 0, 500, 500], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
                    CharProcs={"/a": glyph}, FirstChar=72, LastChar=72, Widths=[600],
                    Encoding=pikepdf.Dictionary(Differences=[72, pikepdf.Name.a]),
                )
            )  # fmt: skip
        name = pikepdf.Name("/Garamond" if wrong == "whole" else "/ABCDEF+Garamond")
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=32, ItalicAngle=0, StemV=80,
            FontBBox=[0, -300, 1000, 800], Ascent=800, Descent=-300, CapHeight=650,
        )  # fmt: skip
        if wrong != "missing":
            rights = int(wrong, 16) if wrong.startswith("0x") else 0
            program = font_program(rights)
            descriptor.FontFile2 = pdf.make_stream(program)
            descriptor.FontFile2.Length1 = len(program)
        return pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=name,
                FirstChar=32, LastChar=126, Widths=[500] * 95,
                Encoding=pikepdf.Name.WinAnsiEncoding, FontDescriptor=pdf.make_indirect(descriptor),
            )
        )  # fmt: skip

    def _entry(self, holder: Any, rest: str) -> None:
        key, _, value = rest.partition(" ")
        if key.startswith("-"):
            del holder[key[1:]]
            return
        holder[key] = pikepdf.Object.parse(value.encode())

    def do_every(self, rest: str) -> None:
        for page in self.pdf.pages:
            if rest.startswith(("/", "-/")):
                self._entry(page.obj, rest)
            else:
                page.obj.Contents = self.pdf.make_stream(rest.encode())

    def do_page(self, rest: str) -> None:
        number, _, rest = rest.partition(" ")
        page = self.pdf.pages[int(number) - 1]
        if rest.startswith(("/", "-/")):
            self._entry(page.obj, rest)
            return
        page.obj.Contents = self.pdf.make_stream(
            page.obj.Contents.read_bytes() + f"\nq {rest} Q".encode()
        )

    def do_root(self, rest: str) -> None:
        self._entry(self.pdf.Root, rest)

    def do_info(self, rest: str) -> None:
        self._entry(self.pdf.docinfo, rest)

    def do_intent(self, rest: str) -> None:
        self._entry(self.pdf.Root.OutputIntents[0], rest)

    def do_resources(self, rest: str) -> None:
        self._entry(self.resources, rest)

    def do_image(self, rest: str) -> None:
        name, width, height, space, byte, *more = rest.split(" ", 5)
        depth = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}[space]
        size = int(width) * int(height) * depth
        image = self.pdf.make_stream(bytes.fromhex(byte) * (size // (len(byte) // 2)))
        entries = {"/Type": "/XObject", "/Subtype": "/Image", "/Width": width, "/Height": height}
        for key, typed in {**entries, "/ColorSpace": space, "/BitsPerComponent": "8"}.items():
            image[key] = pikepdf.Object.parse(typed.encode())
        if more:
            for key, value in pikepdf.Object.parse(f"<< {more[0]} >>".encode()).items():
                image[key] = value
            if "/SMask" in image:
                image.SMask = self.resources.XObject[str(image.SMask)]
        self.resources.XObject[f"/{name}"] = image

    def do_form(self, rest: str) -> None:
        name, _, rest = rest.partition(" ")
        head, _, operators = rest.partition(" | ")
        form = self.pdf.make_stream(operators.encode())
        for key, value in pikepdf.Object.parse(head.encode()).items():
            form[key] = value
        form.Subtype, form.BBox, form.Resources = (
            pikepdf.Name.Form,
            [0, 0, 900, 900],
            self.resources,
        )
        self.resources.XObject[f"/{name}"] = form

    def do_xmp(self, rest: str) -> None:
        key, _, value = rest.partition(" ")
        if key.startswith("-"):
            del self.xmp[key[1:]]
        else:
            self.xmp[key] = value

    def do_attach(self, _: str) -> None:
        self.pdf.attachments["notes.txt"] = b"notes"

    def bytes(self) -> bytes:
        if self.printer.flavour == "x4":
            packet = self.pdf.make_stream(_packet(self.xmp))
            packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
            self.pdf.Root.Metadata = packet
        version = {"x4": "1.6", "x1a": "1.3"}.get(self.printer.flavour, "1.7")
        out = io.BytesIO()
        lock = pikepdf.Encryption(owner="keeper", user="", R=4) if "encrypt" in self.words else None
        self.pdf.save(
            out,
            force_version=self.words.get("version", version),
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            # A filter that stands in the text is to stay; a lock allows no such wish.
            compress_streams=False,
            stream_decode_level=None if lock else pikepdf.StreamDecodeLevel.none,
            deterministic_id=lock is None,
            encryption=lock or False,
        )
        made = out.getvalue()
        if "unnumbered" in self.words:
            made = made.replace(b" /ID [", b" /XD [").replace(b"/ID [", b"/XD [")
        return made


def _packet(properties: dict[str, str]) -> bytes:
    names = "".join(f' xmlns:{name}="{space}"' for name, space in SPACES.items())
    entries = "".join(f"<{key}>{value}</{key}>" for key, value in properties.items())
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    body = f'<rdf:Description rdf:about=""{names}>{entries}</rdf:Description>'
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {rdf}>{body}</rdf:RDF></x:xmpmeta>'.encode()
    )


@cache
def font_program(rights: int) -> bytes:
    """A few letters of the theme's face, with the rights given."""
    font = TTFont(FONT)
    options = subset.Options()
    options.layout_features = []
    cutter = subset.Subsetter(options)
    cutter.populate(text="Harbour lampKep")
    cutter.subset(font)
    font["OS/2"].fsType = rights
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
