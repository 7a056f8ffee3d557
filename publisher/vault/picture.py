"""An image file's kind and size, from its first bytes; only what seems cut off is decoded."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import BinaryIO

from lxml import etree
from msgspec import Struct
from PIL import Image, ImageFile, UnidentifiedImageError

from publisher.problem import Position, Problem, SetupError
from publisher.vault.scan import Asset, open_inside

SVG = "image/svg+xml"
MAX_PIXELS = 100_000_000
MAX_SVG = 8 * 1024 * 1024
_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
_BOOK_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", SVG})
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    SVG: "svg",
}
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54}
_UNITS |= {"in": 96.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "q": 96 / 101.6}
_LENGTH = re.compile(r"\s*\+?(\d{1,7}(?:\.\d{1,6})?|\.\d{1,6})(?:e0)?\s*([a-z]*)\s*", re.IGNORECASE)
# How a file ends that was not cut off: to decode every picture at each build takes too long.
_ENDS = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82", "image/gif": b";"}
_TAIL = 512
_ROTATED = (5, 6, 7, 8)
_ORIENTATION = 0x0112


class Picture(Struct, frozen=True):
    """What a file really is, whatever its name says; the size is as shown, in pixels.

    An SVG that gives no size has 0 for both.
    """

    path: str
    media_type: str
    width: int
    height: int

    @property
    def book_type(self) -> str:
        """The media type it gets in a book: what readers lack becomes PNG."""
        return book_type(self.media_type)


def book_type(media_type: str) -> str:
    """AVIF, BMP and TIFF become PNG in a book; the rest stay what they are."""
    return media_type if media_type in _BOOK_TYPES else "image/png"


def extension(media_type: str) -> str:
    """The ending of a book image's name, without a dot."""
    return _EXTENSIONS[book_type(media_type)]


def is_image(asset: Asset) -> bool:
    """Whether the file's name claims an image."""
    return asset.media_type.startswith("image/")


def inspect(root: str, asset: Asset) -> Picture | Problem:
    """Read an image's header and its end; a file that is no image, or half of one, is a problem."""
    try:
        with open_inside(root, asset.path) as stream:
            if asset.media_type == SVG:
                return _svg(stream, asset.path)
            return _raster(stream, asset.path)
    except SetupError as error:
        return _unreadable(asset.path, str(error))
    # Decoders fail in many ways on broken files; one image must not stop the book.
    except Exception as error:  # noqa: BLE001
        return _unreadable(asset.path, _reason(error))


def _raster(stream: BinaryIO, path: str) -> Picture | Problem:
    with warnings.catch_warnings():
        # The limit below is ours; Pillow's warning would go to the author's terminal.
        warnings.simplefilter("ignore")
        with _opened(stream) as image, whole():
            width, height = image.size
            kind = _FORMATS[image.format or ""]
            turned = kind in ("image/jpeg", "image/webp", "image/tiff", "image/avif")
            if turned and image.getexif().get(_ORIENTATION) in _ROTATED:
                width, height = height, width
            if width < 1 or height < 1 or width * height > MAX_PIXELS:
                return _unreadable(path, f"it is {width} × {height} pixels")
            if not _ends(stream, kind):
                image.load()
    return Picture(path, kind, width, height)


def _ends(stream: BinaryIO, kind: str) -> bool:
    """Whether the file ends as one of its kind does; more may follow, so it may be whole if not."""
    place = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - _TAIL))
    tail = stream.read(_TAIL)
    stream.seek(4)
    length = int.from_bytes(stream.read(4), "little")
    stream.seek(place)
    if kind == "image/webp":
        return length + 8 <= end
    return kind in _ENDS and tail.rstrip(b"\0\r\n").endswith(_ENDS[kind])


@contextmanager
def whole() -> Iterator[None]:
    """Half an image is none; WeasyPrint, once imported, tells Pillow otherwise."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _opened(stream: BinaryIO) -> Image.Image:
    try:
        return Image.open(stream, formats=_readable(Image.preinit))
    except UnidentifiedImageError:
        # All that Pillow knows takes a while to load, and most pictures are of a few kinds.
        return Image.open(stream, formats=_readable(Image.init))


@cache
def _readable(load: Callable[[], object]) -> tuple[str, ...]:
    """The formats that are there after loading; Pillow fails on the name of any other."""
    load()
    return tuple(kind for kind in _FORMATS if kind in Image.OPEN)


def _svg(stream: BinaryIO, path: str) -> Picture | Problem:
    content = stream.read(MAX_SVG + 1)
    if len(content) > MAX_SVG:
        return _unreadable(path, f"it is larger than {MAX_SVG // 1024 // 1024} MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(content, parser)
    if etree.QName(root).localname != "svg":
        return _unreadable(path, "it is no SVG drawing")
    box = [float(number) for number in _numbers(root.get("viewBox", ""))]
    width, height = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if not width and not height:
            width, height = box[2], box[3]
        width = width or height * box[2] / box[3]
        height = height or width * box[3] / box[2]
    return Picture(path, SVG, round(width), round(height))


def _numbers(text: str) -> list[str]:
    return re.findall(r"-?(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})", text[:200])


def _length(text: str | None) -> float:
    found = _LENGTH.fullmatch(text or "")
    return float(found[1]) * _UNITS.get(found[2].casefold(), 0.0) if found else 0.0


def _unreadable(path: str, reason: str) -> Problem:
    return Problem(
        "image-unreadable",
        f"this is no image that can be shown: {reason}",
        Position(path),
        hint="open it in an image editor and export it anew",
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "its format is unknown"
    if isinstance(error, Image.DecompressionBombError):
        return "it has too many pixels"
    return (str(error).splitlines() or [type(error).__name__])[0]
