"""Colours and pictures as the press takes them: K alone, four inks within a limit, or sRGB."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from PIL import Image, ImageCms, ImageMath

from publisher.printer import Printer
from publisher.render.prepress.profile import Profile

# What is as dark and as grey as this is meant to be black.
DARKEST = 0.27
GREYEST = 0.1
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC

Ink = tuple[float, float, float, float]


class Press:
    """Turns what a screen shows into what one printer prints."""

    def __init__(self, printer: Printer, profile: Profile | None) -> None:
        self.colour = printer.colour
        self.limit = printer.ink_limit or 400.0
        self._profile = profile.content if profile else b""
        self._known: dict[tuple[float, float, float], Ink] = {}

    def ink(self, red: float, green: float, blue: float) -> Ink:
        """A colour of type or a drawing as inks from 0 to 1; greys and near blacks in K alone."""
        rgb = (red, green, blue)
        if rgb not in self._known:
            self._known[rgb] = self._ink(rgb)
        return self._known[rgb]

    def _ink(self, rgb: tuple[float, float, float]) -> Ink:
        spread = max(rgb) - min(rgb)
        dark = max(rgb) <= DARKEST and spread <= GREYEST
        if spread < 0.02 or dark or self.colour != "cmyk" or not self._profile:
            red, green, blue = rgb
            light = 0.299 * red + 0.587 * green + 0.114 * blue
            if spread >= 0.02 and dark:
                light = min(light, *rgb)
            return 0.0, 0.0, 0.0, round(min(1.0, max(0.0, 1.0 - light)), 4)
        pixel = Image.new("RGB", (1, 1), tuple(round(255 * part) for part in rgb))
        inks: Any = self._to_cmyk(pixel).getpixel((0, 0))
        cyan, magenta, yellow, black = (round(part / 255, 4) for part in inks)
        return cyan, magenta, yellow, black

    def picture(self, image: Image.Image) -> Image.Image:
        """The picture in this printer's colours, opaque, upright as it came."""
        known = image.info.get("icc_profile") or b""
        if image.mode == "CMYK" and self.colour == "cmyk":
            return _limited(image, self.limit) if self.limit < 400 else image
        image = _opaque(image)
        if self.colour == "k":
            return image if image.mode == "L" else _srgb(image, known).convert("L")
        if image.mode == "L":
            return image
        if self.colour == "rgb" or not self._profile:
            return _srgb(image, known)
        # At one go: sRGB on the way would cut off what it cannot show and a press can print.
        own = known if image.mode == "RGB" and _is_rgb(known) else b""
        return self._to_cmyk(image if own else _srgb(image, known), own)

    def _to_cmyk(self, image: Image.Image, source: bytes = b"") -> Image.Image:
        made = ImageCms.applyTransform(image, _transform(source, self._profile))
        if made is None:  # only where a picture is turned in place
            return image
        return _limited(made, self.limit) if self.limit < 400 else made


@lru_cache(maxsize=16)
def _transform(source: bytes, profile: bytes) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(source)) if source else ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        "RGB",
        "CMYK",
        INTENT,
        FLAGS,
    )


def _opaque(image: Image.Image) -> Image.Image:
    """On white paper, in grey or RGB or CMYK with eight bits."""
    if image.mode.startswith("I"):
        # Sixteen bits to eight; a plain conversion would clip instead.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        grey = image.mode in ("LA", "La")
        layer = image.convert("RGBA")
        sheet = Image.new("RGB", image.size, "white")
        sheet.paste(layer, mask=layer.getchannel("A"))
        return sheet.convert("L") if grey else sheet
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


@lru_cache(maxsize=16)
def _is_rgb(profile: bytes) -> bool:
    """Whether littlecms can read the profile, and it describes a screen, scanner or camera."""
    if not profile:
        return False
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
        ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            "RGB",
            "RGB",
            INTENT,
            FLAGS,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return found.xcolor_space.strip() == "RGB"


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), INTENT, "RGB", flags=FLAGS
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None
        if made is not None:
            return made
    return image if image.mode == "RGB" else image.convert("RGB")


def _limited(image: Image.Image, limit: float) -> Image.Image:
    """Less of the three colours where all four inks together are more than the paper holds."""
    most = int(limit * 255 / 100)
    cyan, magenta, yellow, black = image.split()
    allowed = _all_of(lambda c, m, y, k: (c + m + y) * 0 + most - k, cyan, magenta, yellow, black)
    sums = _all_of(lambda c, m, y, k: c + m + y + k * 0, cyan, magenta, yellow, black)
    bands = [
        ImageMath.lambda_eval(
            lambda args: args["convert"](
                args["min"](args["ink"], args["ink"] * args["room"] / args["max"](args["sum"], 1)),
                "L",
            ),
            ink=band,
            room=allowed,
            sum=sums,
        )
        for band in (cyan, magenta, yellow)
    ]
    return Image.merge("CMYK", (*bands, black))


def _all_of(formula: Any, *bands: Image.Image) -> Image.Image:
    names = ("c", "m", "y", "k")
    made: Image.Image = ImageMath.lambda_eval(
        lambda args: args["convert"](formula(*(args[name] for name in names)), "I"),
        **dict(zip(names, bands, strict=True)),
    )
    return made
