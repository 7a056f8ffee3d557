"""A palette's colours as a printer's inks: flat, within the ink limit, type in few of them."""

from __future__ import annotations

import io
from typing import Protocol

from msgspec import Struct
from PIL import Image, ImageCms

from publisher.problem import SetupError
from publisher.render.ornament import Palette
from publisher.render.prepress.profile import Profile

Cmyk = tuple[float, float, float, float]
BLACK: Cmyk = (0.0, 0.0, 0.0, 1.0)
WHITE: Cmyk = (0.0, 0.0, 0.0, 0.0)
BLACK_CURVE = 1.5
BROWN = 0.18


class _Convert(Protocol):
    def __call__(self, colour: str) -> Cmyk: ...


class Inks(Struct, frozen=True):
    """CSS colours. Dark type is always `black`: thin strokes in three inks show when plates shift."""

    ground: str
    tone: str
    spark: str
    gilt: str
    cloth: str
    accent: str
    paper: str
    black: str
    white: str


def mix_inks(palette: Palette, limit: float, profile: Profile | None, *, screen: bool) -> Inks:
    """The palette in sRGB (`screen`), else in CMYK by the profile, or by rule without one.

    `limit` is the most ink in per cent, 0 for none.
    """
    hues = {
        "ground": palette.ground,
        "tone": palette.tone,
        "spark": palette.spark,
        "gilt": _gilt(palette),
        "cloth": palette.ink,
        "accent": palette.accent,
        "paper": palette.paper,
    }
    if screen:
        return Inks(**hues, black=css(BLACK), white="#ffffff")
    convert = _by_profile(profile) if profile is not None else by_curve
    mixed = {name: css(limited(convert(hue), limit)) for name, hue in hues.items()}
    return Inks(**mixed, black=css(BLACK), white=css(WHITE))


def _gilt(palette: Palette) -> str:
    """What shines on the cloth: the lighter of the pattern's two colours."""
    return max(palette.spark, palette.tone, key=lambda colour: sum(_channels(colour)))


def css(ink: Cmyk) -> str:
    """The colour as CSS."""
    return "device-cmyk({} {} {} {})".format(*(f"{round(part, 3):g}" for part in ink))


def by_curve(colour: str) -> Cmyk:
    """Without a profile: grey becomes black the more the darker it is, so that grounds are deep."""
    channels = _channels(colour)
    black = (1 - max(channels)) ** BLACK_CURVE
    if black == 1:
        return BLACK
    cyan, magenta, yellow = ((1 - part - black) / (1 - black) for part in channels)
    # As much magenta and yellow as cyan would not be grey on paper but brown.
    brown = BROWN * min(cyan, magenta, yellow)
    return (cyan, magenta - brown, yellow - brown, black)


def limited(ink: Cmyk, limit: float) -> Cmyk:
    """No more ink than the limit: grey goes over to black first, then colour thins."""
    most = limit / 100 if limit else 4.0
    total = sum(ink)
    if total <= most:
        return ink
    *colours, black = ink
    moved = min((total - most) / 2, *colours, 1 - black)
    colours, black = [part - moved for part in colours], black + moved
    if sum(colours) + black > most:
        scale = (most - black) / sum(colours)
        colours = [part * scale for part in colours]
    cyan, magenta, yellow = colours
    return (cyan, magenta, yellow, black)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _by_profile(profile: Profile) -> _Convert:
    try:
        press = ImageCms.ImageCmsProfile(io.BytesIO(profile.content))
        transform = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            press,
            "RGB",
            "CMYK",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError) as error:
        raise SetupError(f"the colour profile {profile.name} cannot be used: {error}") from error

    def convert(colour: str) -> Cmyk:
        red, green, blue = (round(part * 255) for part in _channels(colour))
        dot = ImageCms.applyTransform(Image.new("RGB", (1, 1), (red, green, blue)), transform)
        cyan, magenta, yellow, black = dot.tobytes()  # type: ignore[union-attr]  # not in place
        return (cyan / 255, magenta / 255, yellow / 255, black / 255)

    return convert
