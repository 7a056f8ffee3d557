"""The fonts a PDF sets its text in: embedded, subset, and what their makers allow."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import pikepdf
from msgspec import Struct
from msgspec.structs import replace

from publisher.render.preflight.finding import Finding, Verdict
from publisher.render.preflight.streams import opened

_SUBSET = re.compile(r"[A-Z]{6}\+")
_NO_EMBEDDING = 0x0002
_NO_SUBSETTING = 0x0100
_BITMAPS_ONLY = 0x0200
_USAGE = 0x000F


class Face(Struct, frozen=True):
    """A font of the PDF; `rights` is OpenType's fsType where the font program still has it."""

    name: str
    kind: str
    embedded: bool
    subset: bool
    rights: int | None = None
    pages: tuple[int, ...] = ()

    def on(self, pages: tuple[int, ...]) -> Face:
        """The same on those pages."""
        return replace(self, pages=pages)


def face_of(font: pikepdf.Object) -> Face:
    """A font dictionary as a value."""
    kind = str(font.get("/Subtype", "/Unknown")).lstrip("/")
    name = str(font.get("/BaseFont", font.get("/Name", "/unnamed"))).lstrip("/")
    below = font.get("/DescendantFonts")
    holder = below[0] if isinstance(below, pikepdf.Array) and len(below) else font
    descriptor = holder.get("/FontDescriptor")
    program = None
    if isinstance(descriptor, pikepdf.Dictionary):
        files = (descriptor.get(f"/FontFile{n}") for n in ("", "2", "3"))
        program = next((f for f in files if isinstance(f, pikepdf.Stream)), None)
    embedded = kind == "Type3" or program is not None
    return Face(name, kind, embedded, bool(_SUBSET.match(name)), _rights(program))


def _rights(program: pikepdf.Stream | None) -> int | None:
    """The fsType of a TrueType or OpenType program; subsetters often drop its table."""
    font = opened(program) if program is not None else None
    if not font or len(font) < 12 or font[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return None
    for entry in range(12, min(len(font) - 15, 12 + 16 * struct.unpack_from(">H", font, 4)[0]), 16):
        tag, _, start, length = struct.unpack_from(">4sLLL", font, entry)
        if tag == b"OS/2" and length >= 10 and start + 10 <= len(font):
            return int(struct.unpack_from(">H", font, start + 8)[0])
    return None


def check_faces(faces: tuple[Face, ...], source: str) -> Iterator[Finding]:
    """What is wrong with the fonts, one finding for each."""
    for face in faces:
        name = _SUBSET.sub("", face.name)
        if not face.embedded:
            yield Finding(
                "font-not-embedded", Verdict.REFUSAL,
                f"the font {name} is not embedded", face.pages, source,
                "the printer would set another in its place; embed it",
            )  # fmt: skip
        elif face.kind == "Type3":
            yield Finding(
                "font-type3", Verdict.REFUSAL,
                f"the font {name} is a Type 3 font: drawings or bitmaps in place of letters",
                face.pages, source, "use the font as OpenType or TrueType",
            )  # fmt: skip
        elif not face.subset:
            yield Finding(
                "font-whole", Verdict.NOTE, f"the font {name} is embedded whole, not as a subset",
                face.pages, source, "harmless in print; a subset makes a smaller file",
            )  # fmt: skip
        yield from _check_rights(face, name)


def _check_rights(face: Face, name: str) -> Iterator[Finding]:
    source = "OpenType, OS/2 fsType"
    hint = "ask the foundry for a licence that allows it, or choose another font"
    if face.rights is None:
        return
    usage = face.rights & _USAGE
    if usage == _NO_EMBEDDING:
        message = f"the font {name} forbids embedding (fsType {face.rights:#06x})"
        yield Finding("font-rights", Verdict.REFUSAL, message, face.pages, source, hint)
    if face.rights & _BITMAPS_ONLY:
        message = f"the font {name} allows bitmaps alone to be embedded"
        yield Finding("font-rights", Verdict.REFUSAL, message, face.pages, source, hint)
    if face.rights & _NO_SUBSETTING and face.subset:
        message = f"the font {name} forbids subsets, and is embedded as one"
        yield Finding("font-rights", Verdict.WARNING, message, face.pages, source, hint)
