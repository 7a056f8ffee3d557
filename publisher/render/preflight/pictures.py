"""Pictures as they are placed: resolution, colour, and the ink of those stored in CMYK."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from msgspec.structs import replace
from PIL import Image, ImageChops

from publisher.printer import Printer
from publisher.render.preflight.colour import Space, space_of
from publisher.render.preflight.finding import COARSE, Finding, Verdict, coarseness, source_of
from publisher.render.preflight.streams import filters_of
from publisher.render.preflight.survey import Picture

_LINE_ART = 2.0  # a picture in one bit wants that many times the resolution of one in tones
_MOST_PIXELS = 60_000_000  # of a picture that is opened to weigh its ink
_SPECKS = 0.001  # the part of a picture's pixels that may be darker than its ink says
_UNREADABLE = (pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError, NotImplementedError,
               KeyError, AttributeError, SyntaxError, Image.DecompressionBombError)  # fmt: skip


def read_picture(
    image: Any, known: object, size: tuple[float, float], before: Picture | None
) -> Picture:
    """An image at the size it is placed at; what is stored is read only the first time."""
    if before is not None:
        return replace(before, dpi=_dpi(before.width, before.height, size))
    if not isinstance(image, pikepdf.Stream):
        return _inline(image, size)
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    mask = bool(image.get("/ImageMask", False))
    space = Space("mask") if mask else space_of(image.get("/ColorSpace"), known)
    ink = _ink(image, width * height) if space.kind == "cmyk" and not space.indexed else 0.0
    return Picture(
        width,
        height,
        _dpi(width, height, size),
        space,
        1 if mask else int(image.get("/BitsPerComponent", 8)),
        max(0.0, ink or 0.0),
        filters_of(image),
        (),
        ink is None,
    )


def _inline(image: Any, size: tuple[float, float]) -> Picture:
    """A picture within the operators: small, by its nature."""
    space = Space("mask") if image.image_mask else Space(_inline_kind(image))
    bits = int(image.bits_per_component)
    dpi = _dpi(image.width, image.height, size)
    return Picture(image.width, image.height, dpi, space, bits, 0.0, tuple(image.filters), ())


def _inline_kind(image: Any) -> str:
    return space_of(pikepdf.Name(str(image.colorspace))).kind


def _dpi(width: int, height: int, size: tuple[float, float]) -> float:
    """The lesser of both directions; a picture without extent is as fine as any."""
    fine = [
        72 * pixels / length
        for pixels, length in zip((width, height), size, strict=True)
        if length > 0.01
    ]
    return min(fine, default=10_000.0)


def _ink(image: Any, pixels: int) -> float | None:
    """Per cent of ink where a picture in CMYK is darkest, but for a few specks."""
    if pixels > _MOST_PIXELS:
        return None
    try:
        turned = _inverted(image)
        if filters_of(image) == ("DCTDecode",):
            jpeg = Image.open(io.BytesIO(image.read_raw_bytes()))
            # Pillow turns Adobe's inverted inks back by itself, the PDF by its /Decode.
            turned ^= "adobe" in jpeg.info
            jpeg.draft("CMYK", (1200, 1200))
            picture: Image.Image = jpeg
        else:
            picture = pikepdf.PdfImage(image).as_pil_image()
        if picture.mode != "CMYK":
            return None
        picture.thumbnail((2400, 2400), Image.Resampling.BOX, reducing_gap=None)
        return _darkest(picture, turned)
    except _UNREADABLE:
        return None


def _inverted(image: Any) -> bool:
    decode = image.get("/Decode")
    return isinstance(decode, pikepdf.Array) and len(decode) > 1 and float(decode[0]) > 0.5


def _darkest(picture: Image.Image, turned: bool) -> float:
    """The total of the four plates, halved twice so that it fits into a byte."""
    plates = [ImageChops.invert(plate) if turned else plate for plate in picture.split()]
    cyan, magenta, yellow, black = plates
    total = ImageChops.add(
        ImageChops.add(cyan, magenta, scale=2), ImageChops.add(yellow, black, scale=2), scale=2
    )
    allowed = _SPECKS * total.width * total.height
    for value, number in reversed(list(enumerate(total.histogram()))):
        allowed -= number
        if allowed < 0:
            return 400 * value / 255
    return 0.0


def check_pictures(pictures: tuple[Picture, ...], printer: Printer) -> Iterator[Finding]:
    """Pictures too coarse for the printer, each; those finer or coarser than the best, together."""
    least, best = printer.image_dpi
    # A rule or a tint drawn as an image has nothing to show.
    shown = [picture for picture in pictures if min(picture.width, picture.height) > 2]
    coarse: dict[Finding, set[int]] = {}
    for picture in shown:
        severity = coarseness(picture.dpi, printer)
        if severity is not None:
            found = _too_coarse(picture, printer, severity)
            coarse.setdefault(found, set()).update(picture.pages)
    for finding, pages in coarse.items():
        yield replace(finding, pages=tuple(sorted(pages)))
    source = source_of(printer, "images.best")
    below = [p for p in shown if least * 0.995 <= p.dpi < best * 0.995]
    if below:
        lowest = min(picture.dpi for picture in below)
        message = f"{_number(below)} below the best, {best} dots per inch: from {lowest:.0f}"
        yield Finding("image-below-best", Verdict.NOTE, message, _pages(below), source)
    fine = [p for p in shown if p.dpi > best * 2 * (_LINE_ART if p.bits == 1 else 1)]
    if fine:
        most = max(picture.dpi for picture in fine)
        message = f"{_number(fine)} finer than {best} dots per inch can show: up to {most:.0f}"
        hint = "smaller copies make a smaller file and look the same"
        yield Finding("image-too-fine", Verdict.NOTE, message, _pages(fine), source, hint)
    if unmeasured := [p for p in pictures if p.unmeasured]:
        message = f"the ink of {_number(unmeasured).rpartition(' ')[0]} could not be measured"
        yield Finding("image-unmeasured", Verdict.NOTE, message, _pages(unmeasured))


def _too_coarse(picture: Picture, printer: Printer, severity: Verdict) -> Finding:
    least, _ = printer.image_dpi
    message = (
        f"a picture of {picture.name} is printed at {picture.dpi:.0f} dots per inch;"
        f" the least is {least}"
    )
    source = source_of(printer, "images.least")
    hint = "give it smaller, or from a larger original"
    return Finding(COARSE, severity, message, (), source, hint, picture.name)


def _number(pictures: list[Picture]) -> str:
    return "a picture is" if len(pictures) == 1 else f"{len(pictures)} pictures are"


def _pages(pictures: list[Picture]) -> tuple[int, ...]:
    return tuple(sorted({page for picture in pictures for page in picture.pages}))
