"""Pictures made ready for the press before they are placed."""

from __future__ import annotations

import io
import re
import warnings

from PIL import Image, ImageOps

from publisher.printer import Printer
from publisher.problem import Position, Problem
from publisher.render.drawing import SVG
from publisher.render.drawing_faces import STAND_INS, Faces, draw_flat
from publisher.render.placeable import UNDRAWN, flattened, is_undrawn
from publisher.render.prepress.colour import Press
from publisher.render.prepress.profile import Profile

QUALITY = 95
_ORIENTATION = 0x0112
# What a drawing may hold that a press cannot take, or that WeasyPrint would leave out.
_TROUBLE = re.compile(
    rb"<(?:\w+:)?(?:linearGradient|radialGradient|filter|mask|image|pattern|fe[A-Z]\w*)\b"
    rb"|opacity\s*[=:]\s*[\"']?\s*(?:0?\.\d|0\b)|mix-blend-mode"
)
_UNSOUND = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def prepare_for_press(
    raw: bytes,
    media_type: str,
    printer: Printer,
    profile: Profile | None = None,
    name: str = "",
    faces: Faces = STAND_INS,
) -> tuple[bytes, str, tuple[Problem, ...]]:
    """A picture in the printer's colours, with its type and what became of it.

    Drawings stay drawings: the colours of their lines are turned when the book is finished.
    Only those with gradients, filters or see-through parts become pictures.
    """
    if media_type == SVG:
        if _TROUBLE.search(raw) and "transparency" in printer.refuses:
            why = f"{printer.title} takes no transparency"
        elif is_undrawn(raw):
            why = UNDRAWN
        else:
            return raw, media_type, ()
        return _drawn(raw, Press(printer, profile), why, name, faces)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw)) as image:
                image.load()
                made, kind = _developed(image, raw, Press(printer, profile), media_type)
    except _UNSOUND as error:
        return raw, media_type, (_unprintable(name, error),)
    return made, kind, ()


def _developed(image: Image.Image, raw: bytes, press: Press, media_type: str) -> tuple[bytes, str]:
    upright = image
    if image.getexif().get(_ORIENTATION, 1) != 1:
        upright = ImageOps.exif_transpose(image)
        upright.info.setdefault("icc_profile", image.info.get("icc_profile", b""))
    turned = press.picture(upright)
    if turned is image and image.format in ("JPEG", "MPO", "PNG"):
        return raw, media_type
    return encoded(turned, lossless=image.format != "JPEG")


def encoded(image: Image.Image, *, lossless: bool) -> tuple[bytes, str]:
    """The picture as a file that WeasyPrint hands on unchanged: four inks only fit a JPEG."""
    out = io.BytesIO()
    image.info.pop("icc_profile", None)
    if lossless and image.mode != "CMYK":
        image.save(out, "PNG")
        return out.getvalue(), "image/png"
    image.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return out.getvalue(), "image/jpeg"


def _drawn(
    raw: bytes, press: Press, why: str, name: str, faces: Faces
) -> tuple[bytes, str, tuple[Problem, ...]]:
    try:
        with Image.open(io.BytesIO(draw_flat(raw, faces))) as image:
            image.load()
            made, kind = encoded(press.picture(image), lossless=True)
    except _UNSOUND as error:
        return raw, SVG, (_unprintable(name, error),)
    return made, kind, (flattened(name, why),)


def _unprintable(name: str, error: Exception) -> Problem:
    return Problem(
        "picture-unprintable",
        f"the picture “{name}” could not be turned into the printer's colours: {error}",
        Position(name),
    )
