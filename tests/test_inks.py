"""Pictures in a press's inks: which conversion, held to littlecms's own."""

from __future__ import annotations

import io
from typing import Any

import pytest
from conftest import press_profile
from PIL import Image, ImageCms

from publisher.printer import Printer, load_printer, on_paper
from publisher.render.prepress.colour import Press
from publisher.render.prepress.pictures import prepare_for_press
from publisher.render.prepress.profile import Profile

RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC
BLACK_POINT = ImageCms.Flags.BLACKPOINTCOMPENSATION
OTHERS = [
    (ImageCms.Intent.PERCEPTUAL, BLACK_POINT),
    (ImageCms.Intent.SATURATION, BLACK_POINT),
    (ImageCms.Intent.ABSOLUTE_COLORIMETRIC, ImageCms.Flags.NONE),
    (RELATIVE, ImageCms.Flags.NONE),
]
STEPS = (0, 24, 64, 128, 200, 255)
PATCHES = [(red, green, blue) for red in STEPS for green in STEPS for blue in STEPS]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return press_profile()


@pytest.fixture(scope="module")
def printer() -> Printer:
    """One that prints four inks, with no limit that would change them."""
    found = load_printer("a5")
    return on_paper(found, next(p.name for p in found.papers if p.colour == "cmyk"))


def patches() -> Image.Image:
    image = Image.new("RGB", (len(PATCHES), 1))
    image.putdata(PATCHES)
    return image


def inks(
    source: Any, profile: Profile, intent: ImageCms.Intent, flags: ImageCms.Flags
) -> list[Any]:
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile.content))
    made = ImageCms.profileToProfile(patches(), source, press, intent, "CMYK", flags=flags)
    assert made is not None
    return list(made.getdata())


def furthest(one: list[Any], other: list[Any]) -> int:
    """The largest difference of any ink in any patch, of 255."""
    pairs = zip(one, other, strict=True)
    return max(abs(int(a) - int(b)) for p, q in pairs for a, b in zip(p, q, strict=True))


def test_pictures_are_converted_relative_colorimetric_with_black_point_compensation(
    printer: Printer, profile: Profile
) -> None:
    assert printer.ink_limit in (0, None)
    made = list(Press(printer, profile).picture(patches()).getdata())
    assert made == inks(ImageCms.createProfile("sRGB"), profile, RELATIVE, BLACK_POINT)


@pytest.mark.parametrize(("intent", "flags"), OTHERS)
def test_any_other_conversion_would_show(
    printer: Printer, profile: Profile, intent: ImageCms.Intent, flags: ImageCms.Flags
) -> None:
    made = list(Press(printer, profile).picture(patches()).getdata())
    assert furthest(made, inks(ImageCms.createProfile("sRGB"), profile, intent, flags)) > 2


def test_the_printed_file_holds_these_inks(printer: Printer, profile: Profile) -> None:
    for colour in [(200, 24, 24), (0, 128, 200), (64, 64, 24)]:
        out = io.BytesIO()
        Image.new("RGB", (16, 16), colour).save(out, "PNG")
        raw, kind, _ = prepare_for_press(out.getvalue(), "image/png", printer, profile)
        assert kind == "image/jpeg"
        with Image.open(io.BytesIO(raw)) as image:
            found: Any = image.getpixel((8, 8))
        wanted = inks(ImageCms.createProfile("sRGB"), profile, RELATIVE, BLACK_POINT)
        assert found == pytest.approx(wanted[PATCHES.index(colour)], abs=2)


def test_a_picture_with_a_profile_goes_to_the_inks_at_one_go(
    printer: Printer, profile: Profile
) -> None:
    wide = wide_gamut()
    image = patches()
    image.info["icc_profile"] = wide
    made = list(Press(printer, profile).picture(image).getdata())
    source = ImageCms.ImageCmsProfile(io.BytesIO(wide))
    assert made == inks(source, profile, RELATIVE, BLACK_POINT)
    assert furthest(made, inks(ImageCms.createProfile("sRGB"), profile, RELATIVE, BLACK_POINT)) > 8


@pytest.mark.parametrize("broken", [b"no profile", b"\0" * 200])
def test_a_broken_profile_is_taken_for_srgb(
    printer: Printer, profile: Profile, broken: bytes
) -> None:
    image = patches()
    image.info["icc_profile"] = broken
    made = list(Press(printer, profile).picture(image).getdata())
    assert made == inks(ImageCms.createProfile("sRGB"), profile, RELATIVE, BLACK_POINT)


def wide_gamut() -> bytes:
    """sRGB's profile with red and green exchanged: another one than sRGB, from nowhere else."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return content.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
