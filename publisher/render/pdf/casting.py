"""The fonts of a finished book are cast: each face once, with the glyphs that the book shows."""

from __future__ import annotations

from functools import cache
from typing import Any

import cffi  # type: ignore[import-untyped]
import pydyf
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf import fonts as faces
from weasyprint.text.ffi import _dlopen
from weasyprint.text.ffi import ffi as pango_ffi

from publisher.render.pdf.impression import FONTS, OWN, Flow, relocatable
from publisher.render.pdf.type_case import Cast, Merged

_DECLARATIONS = """
typedef struct b hb_blob_t; typedef struct f hb_face_t;
hb_blob_t *hb_blob_create(const char *, unsigned int, int, void *, void *);
hb_face_t *hb_face_create(hb_blob_t *, unsigned int);
"""
_LIBRARY = ("libharfbuzz-0", "harfbuzz", "libharfbuzz.so.0", "libharfbuzz.0.dylib")
# Of several glyphs for one letter, as Arabic has them, the first says it. The others must say
# something too (PDF/UA-1, 7.21.7): this holds letters together and is no letter itself.
_SILENT = "\u200d"
_COPY = 0  # HarfBuzz keeps bytes of its own


def cast(given: tuple[Merged, ...], files: dict[str, bytes]) -> Cast:
    """Subset each face and describe it as WeasyPrint does."""
    made = {}
    for merged in given:
        font = object.__new__(faces.Font)
        said = {glyph: text or _SILENT for glyph, text in merged.record["to_unicode"].items()}
        merged.record["to_unicode"] = dict(sorted(said.items()))
        merged.record["widths"] = dict(sorted(merged.record["widths"].items()))
        vars(font).update(merged.record)
        font.file_content = files[merged.file]
        font.hb_face = _face(files[merged.file], merged.record["index"])
        made[font.hash] = font
    pdf = pydyf.PDF()
    options = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
    dictionary = faces.build_fonts_dictionary(pdf, made, True, True, options)
    pdf.add_object(dictionary)
    own = [thing for thing in pdf.objects[3:] if thing is not dictionary]
    places = {thing.number: OWN + n for n, thing in enumerate(own)} | {dictionary.number: FONTS}
    things = [thing for thing in own if not isinstance(thing, pydyf.Stream)]
    flows = []
    for stream in (thing for thing in own if isinstance(thing, pydyf.Stream)):
        head, _, rest = stream.data.partition(b"\nstream\n")
        body = rest[: -len(b"\nendstream")]
        flows.append(Flow(places[stream.number], relocatable([head], places), body))
    pieces = [*(thing.data for thing in things), dictionary.data]
    numbers = (*(places[thing.number] for thing in things), FONTS)
    return Cast(OWN + len(own), relocatable(pieces, places), numbers, tuple(flows), FONTS)


@cache
def _harfbuzz() -> tuple[Any, Any]:
    ffi = cffi.FFI()
    ffi.cdef(_DECLARATIONS)
    return ffi, _dlopen(ffi, *_LIBRARY)


def _face(content: bytes, index: int) -> Any:
    ffi, library = _harfbuzz()
    blob = library.hb_blob_create(content, len(content), _COPY, ffi.NULL, ffi.NULL)
    face = library.hb_face_create(blob, index)
    return pango_ffi.cast("hb_face_t *", int(ffi.cast("uintptr_t", face)))
