"""Images in the book: fit for readers, private, harmless, and untouched where they can be."""

from __future__ import annotations

import contextlib
import io
import random

import pytest
from lxml import etree
from PIL import Image, ImageFile

from publisher.render.drawing import UnsoundImageError, clean_drawing
from publisher.render.images import PIXELS, missing_image, prepare_image

GPS, ORIENTATION = 0x8825, 0x0112


def picture(
    kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, kind, **options)
    return out.getvalue()


def reopened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
    ],
)
def test_a_fit_image_is_untouched(kind: str, media_type: str) -> None:
    raw = picture(kind)
    assert prepare_image(raw, media_type) == raw


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "AVIF", "JPEG"])
def test_an_image_becomes_the_type_the_book_says(kind: str) -> None:
    made = reopened(prepare_image(picture(kind), "image/png"))
    assert (made.format, made.size) == ("PNG", (40, 30))


def test_a_large_image_is_brought_within_the_limit_and_keeps_its_shape() -> None:
    made = reopened(prepare_image(picture("JPEG", (4000, 2000)), "image/jpeg"))
    assert made.width * made.height <= PIXELS
    assert made.width / made.height == pytest.approx(2, rel=0.001)
    assert made.width * made.height > PIXELS * 0.99


def test_the_same_image_is_prepared_alike() -> None:
    out = io.BytesIO()
    Image.radial_gradient("L").resize((3000, 2000)).convert("P").save(out, "PNG")
    raw = out.getvalue()
    assert prepare_image(raw, "image/png") == prepare_image(raw, "image/png")


def test_where_a_photograph_was_taken_is_left_out_without_a_new_encoding() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (52.0, 22.0, 0.0)}
    raw = picture("JPEG", exif=exif)
    made = prepare_image(raw, "image/jpeg")
    assert GPS in reopened(raw).getexif()
    assert not reopened(made).getexif()
    assert reopened(made).tobytes() == reopened(raw).tobytes()
    assert len(made) < len(raw)


def test_a_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    made = reopened(prepare_image(picture("JPEG", exif=exif), "image/jpeg"))
    assert made.size == (30, 40)
    assert not made.getexif()


def test_colours_for_print_become_colours_for_screens() -> None:
    made = reopened(prepare_image(picture("JPEG", mode="CMYK"), "image/jpeg"))
    assert made.mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_can_be_scaled(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (3000, 2000)).save(out, "PNG")
    made = reopened(prepare_image(out.getvalue(), "image/png"))
    assert made.width * made.height <= PIXELS


@pytest.mark.parametrize("raw", [b"", b"not an image", picture("PNG")[:200], picture("JPEG")[:300]])
def test_a_damaged_image_is_refused(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(UnsoundImageError):
        prepare_image(raw, "image/png")


def test_a_decompression_bomb_is_refused() -> None:
    # 400 million pixels of nothing, in a few hundred bytes.
    header = b"GIF89a" + (20000).to_bytes(2, "little") * 2 + b"\x80\x00\x00" + b"\x00" * 6
    frame = b"," + b"\x00" * 4 + (20000).to_bytes(2, "little") * 2 + b"\x00\x02\x02L\x01\x00;"
    with pytest.raises(UnsoundImageError, match="too large"):
        prepare_image(header + frame, "image/gif")


def test_random_damage_never_escapes() -> None:
    chance = random.Random(7)
    for kind, media_type in (("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")):
        whole = bytearray(picture(kind))
        for _ in range(60):
            broken = bytearray(whole)
            for _ in range(8):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            with contextlib.suppress(UnsoundImageError):
                prepare_image(bytes(broken), media_type)


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/gif", "image/webp"])
def test_a_blank_is_of_the_type_it_stands_for(media_type: str) -> None:
    assert f"image/{reopened(missing_image(media_type)).format}".lower() == media_type


def drawing(inside: str, attributes: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="0 0 9 9" {attributes}>{inside}</svg>'
    ).encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">alert(1)</div></foreignObject>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<a xlink:href=" JavaScript:alert(1)"><rect/></a>',
        '<image href="https://example.com/alert(1).png"/>',
        '<image xlink:href="file:///alert(1)"/>',
        '<use href="other.svg#alert(1)"/>',
        "<style>@import url(https://example.com/alert(1).css);</style>",
        '<rect style="fill: url(https://example.com/alert(1))"/>',
        '<rect style="fill: u\\72l(https://example.com/alert(1))"/>',
        "<rect fill=\"url('https://example.com/alert(1)')\"/>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onmouseover" to="alert(1)"/>',
        '<image href="data:image/svg+xml;base64,alert(1)"/>',
        "<!-- alert(1) --><?alert (1)?>",
        '<x:rect xmlns:x="urn:alert(1)"/>',
    ],
)
def test_nothing_in_a_drawing_acts_or_reaches_out(inside: str) -> None:
    made = clean_drawing(drawing(inside + '<circle r="3"/>'))
    assert b"alert" not in made
    assert b'<circle r="3"/>' in made


def test_what_a_drawing_is_made_of_stays() -> None:
    inside = (
        '<title>Fog</title><defs><linearGradient id="fog"><stop offset="0" stop-color="#fff"/>'
        '</linearGradient></defs><rect fill="url(#fog)" style="stroke: red"/>'
        '<style>.a { fill: blue }</style><use href="#fog"/><text xml:space="preserve">A <tspan>b'
        '</tspan></text><image href="data:image/png;base64,AAAA"/>'
        '<a href="https://example.com/"><rect/></a>'
    )
    made = etree.fromstring(clean_drawing(drawing(inside)))
    expected = etree.fromstring(drawing(inside))
    assert etree.tostring(made, method="c14n2") == etree.tostring(expected, method="c14n2").replace(
        b' xmlns:xlink="http://www.w3.org/1999/xlink"', b""
    )


def test_entities_bring_nothing_in() -> None:
    outside = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + drawing(
        "<text>&x;</text>"
    )
    with contextlib.suppress(UnsoundImageError):
        assert b"root:" not in clean_drawing(outside)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]>'.encode() + drawing("<text>&l11;</text>")
    with pytest.raises(UnsoundImageError):
        clean_drawing(bomb)


@pytest.mark.parametrize("raw", [b"", b"<svg", b"<html/>", b"\xff\xfe\x00"])
def test_what_is_no_drawing_is_refused(raw: bytes) -> None:
    with pytest.raises(UnsoundImageError):
        prepare_image(raw, "image/svg+xml")


def test_a_drawing_without_its_namespace_gets_it() -> None:
    made = etree.fromstring(clean_drawing(b'<svg width="3"><rect/></svg>'))
    assert made.tag == "{http://www.w3.org/2000/svg}svg"
    assert made[0].tag == "{http://www.w3.org/2000/svg}rect"
