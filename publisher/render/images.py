"""Images made fit for every reading system, and none the worse where they are already."""

from __future__ import annotations

import io
import math
import warnings

from PIL import Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

from publisher.render.drawing import SVG, UnsoundImageError, clean_drawing
from publisher.vault.picture import whole

# Kindle refuses images over 5 megapixels.
PIXELS = 5_000_000
CORE = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_ORIENTATION = 0x0112
_EXIF = b"Exif\x00\x00"
_UNSOUND = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def prepare_image(raw: bytes, media_type: str) -> bytes:
    """The image as the type it has in the book; raises UnsoundImageError where it cannot be shown."""
    if media_type == SVG:
        return clean_drawing(raw)
    wanted = CORE.get(media_type, "PNG")
    try:
        with warnings.catch_warnings():
            # Pillow warns of large images and refuses huge ones; we shrink the former.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw)) as image, whole():
                image.load()
                if _fit(image, wanted):
                    return _without_exif(raw) if wanted == "JPEG" else raw
                return _redraw(image, wanted)
    except _UNSOUND as error:
        raise UnsoundImageError(_reason(error)) from error


def as_png(raw: bytes) -> bytes:
    """A picture of any kind as a PNG, upright and of its own size; raises UnsoundImageError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw)) as image, whole():
                image.load()
                profile = image.info.get("icc_profile", b"") or b""
                picture = _rgb(ImageOps.exif_transpose(image), profile)
                return _encode(picture, "PNG", b"" if image.mode == "CMYK" else profile)
    except _UNSOUND as error:
        raise UnsoundImageError(_reason(error)) from error


def missing_image(media_type: str) -> bytes:
    """A crossed-out blank that holds the place of an image that cannot be shown."""
    if media_type == SVG:
        return (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320"'
            b' height="200"><path d="M1 1h318v198H1zL319 199M319 1L1 199" fill="none"'
            b' stroke="#888" stroke-width="2"/></svg>\n'
        )
    blank = Image.new("RGB", (320, 200), "white")
    draw = ImageDraw.Draw(blank)
    draw.rectangle((1, 1, 318, 198), outline="#888888", width=2)
    draw.line((1, 1, 318, 198), fill="#888888", width=2)
    draw.line((318, 1, 1, 198), fill="#888888", width=2)
    return _encode(blank, CORE.get(media_type, "PNG"), b"")


def _fit(image: Image.Image, wanted: str) -> bool:
    small = image.width * image.height <= PIXELS
    exif = image.getexif()
    upright = exif.get(_ORIENTATION, 1) == 1
    # A JPEG's Exif can be cut out of the file; for others it takes a new encoding.
    private = bool(exif) and wanted != "JPEG"
    return image.format == wanted and small and upright and not private and image.mode != "CMYK"


def _redraw(image: Image.Image, wanted: str) -> bytes:
    profile = image.info.get("icc_profile", b"") or b""
    picture = _rgb(ImageOps.exif_transpose(image), profile)
    if image.mode == "CMYK":
        profile = b""
    share = math.sqrt(PIXELS / (picture.width * picture.height))
    if share < 1:
        size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return _encode(picture, wanted, profile)


def _rgb(image: Image.Image, profile: bytes) -> Image.Image:
    """In a mode that scales well and every format takes: grey, RGB or RGBA."""
    if image.mode == "CMYK":
        return _from_cmyk(image, profile)
    if image.mode.startswith("I"):
        # Sixteen bits to eight; a plain conversion would clip instead.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"L", "RGB", "RGBA"}:
        return image
    transparent = image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _from_cmyk(image: Image.Image, profile: bytes) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            done = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            done = None
        if done is not None:
            return done
    return image.convert("RGB")


def _encode(picture: Image.Image, wanted: str, profile: bytes) -> bytes:
    out = io.BytesIO()
    colours = {"icc_profile": profile} if profile else {}
    if wanted == "JPEG":
        if picture.mode == "RGBA":
            page = Image.new("RGB", picture.size, "white")
            page.paste(picture, mask=picture.getchannel("A"))
            picture = page
        picture.save(out, "JPEG", quality=88, optimize=True, **colours)
    elif wanted == "WEBP":
        picture.save(out, "WEBP", quality=88, method=4, **colours)
    elif wanted == "GIF":
        picture.save(out, "GIF")
    else:
        picture.save(out, "PNG", **colours)
    return out.getvalue()


def _without_exif(raw: bytes) -> bytes:
    """A JPEG without its Exif segments, which may say where its maker lives."""
    kept = [raw[:2]]
    at = 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] not in {0xDA, 0xD9}:
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if not (raw[at + 1] == 0xE1 and raw[at + 4 : at + 10] == _EXIF):
            kept.append(raw[at:end])
        at = end
    return b"".join([*kept, raw[at:]])


def _reason(error: BaseException) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return "it is too large to open"
    if isinstance(error, UnidentifiedImageError):
        return "it is no image that we know"
    return f"it is damaged ({error})"
