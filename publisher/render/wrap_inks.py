"""A palette's colours as a printer's inks: flat, within the ink limit, type in few of them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageCms

from publisher.problem import SetupError
from publisher.render.ornament import Palette

Cmyk = tuple[float, float, float, float]
BLACK: Cmyk = (0.0, 0.0, 0.0, 1.0)
WHITE: Cmyk = (0.0, 0.0, 0.0, 0.0)


class _Convert(Protocol):
    def __call__(self, colour: str) -> Cmyk: ...


@dataclass(frozen=True, slots=True)
class Inks:
    """CSS colours. `ink` and `cloth` are the palette's darkest: one for type, one for grounds."""

    ground: str
    tone: str
    spark: str
    cloth: str
    ink: str
    accent: str
    paper: str
    black: str
    white: str


def mix_inks(palette: Palette, *, screen: bool, limit: float, profile: Path | bytes | None) -> Inks:
    """The palette in sRGB (`screen`), else in CMYK by the profile, or by rule without one.

    `limit` is the most ink in per cent, 0 for none.
    """
    black = css(BLACK)  # black alone in both: bars and small type never in four inks
    if screen:
        return Inks(
            palette.ground,
            palette.tone,
            palette.spark,
            palette.ink,
            palette.ink,
            palette.accent,
            palette.paper,
            black,
            "#ffffff",
        )
    convert = _by_profile(profile) if profile is not None else by_rule
    mixed = {
        name: css(limited(convert(getattr(palette, name)), limit))
        for name in ("ground", "tone", "spark", "accent", "paper")
    }
    cloth = css(limited(convert(palette.ink), limit))
    # Type is mostly black: thin strokes of three inks would show when the plates shift.
    return Inks(
        cloth=cloth,
        ink=css(limited(by_rule(palette.ink), limit)),
        black=black,
        white=css(WHITE),
        **mixed,
    )


def css(ink: Cmyk) -> str:
    """The colour as CSS."""
    return "device-cmyk({} {} {} {})".format(*(f"{round(part, 3):g}" for part in ink))


def by_rule(colour: str) -> Cmyk:
    """Without a profile: what is grey in the colour becomes black."""
    red, green, blue = _channels(colour)
    light = max(red, green, blue)
    if light == 0:
        return BLACK
    return (1 - red / light, 1 - green / light, 1 - blue / light, 1 - light)


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


def _by_profile(profile: Path | bytes) -> _Convert:
    try:
        source = io.BytesIO(profile) if isinstance(profile, bytes) else str(profile)
        press = ImageCms.getOpenProfile(source)
        transform = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            press,
            "RGB",
            "CMYK",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError) as error:
        raise SetupError(f"the cover's colours need a CMYK profile; this is none: {error}") from error

    def convert(colour: str) -> Cmyk:
        red, green, blue = (round(part * 255) for part in _channels(colour))
        dot = ImageCms.applyTransform(Image.new("RGB", (1, 1), (red, green, blue)), transform)
        cyan, magenta, yellow, black = dot.tobytes()  # type: ignore[union-attr]  # not in place
        return (cyan / 255, magenta / 255, yellow / 255, black / 255)

    return convert
