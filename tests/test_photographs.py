"""Pictures are printed with the pixels that paper can show, and no worse than they came."""

from __future__ import annotations

import base64
import io
from typing import Any, NamedTuple

import pikepdf
import pytest
from PIL import Image
from weasyprint import HTML

from publisher.render.pdf import mending


@pytest.fixture(autouse=True)
def _mended() -> None:
    mending.mend()


class Placed(NamedTuple):
    """A PDF with one picture, the picture in it, and its bytes as they stand there."""

    pdf: bytes
    picture: Image.Image
    raw: bytes


def photograph(mode: str, width: int, kind: str) -> bytes:
    """Noise, other in each band."""
    noise = [Image.effect_noise((width, width // 2), 20 + 10 * n) for n in range(4)]
    bands = noise[: len(Image.new(mode, (1, 1)).getbands())]
    out = io.BytesIO()
    Image.merge(mode, bands).save(out, kind, **({"quality": 96} if kind == "JPEG" else {}))
    return out.getvalue()


def placed(raw: bytes, *inches: float) -> Placed:
    """The picture at these widths."""
    kind = "png" if raw[1:4] == b"PNG" else "jpeg"
    url = f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"
    body = "".join(f'<p><img alt="a" src="{url}" style="width: {width}in">' for width in inches)
    made: bytes = HTML(string=f"<html lang=en>{body}").write_pdf(dpi=300)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        ((_, image),) = pdf.pages[0].images.items()
        return Placed(made, pikepdf.PdfImage(image).as_pil_image(), image.read_raw_bytes())


def mean(image: Image.Image) -> Any:
    return image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "PNG"), ("L", "PNG")],
)
def test_a_picture_of_far_too_many_pixels_is_made_smaller(mode: str, kind: str) -> None:
    raw = photograph(mode, 1600, kind)
    made = placed(raw, 2)
    assert made.picture.size == (600, 300)
    assert made.pdf == placed(raw, 2).pdf
    with Image.open(io.BytesIO(raw)) as image:
        assert mean(made.picture) == pytest.approx(mean(image), abs=3)


def test_what_is_seen_through_stays_so() -> None:
    assert placed(photograph("RGBA", 1600, "PNG"), 2).picture.size == (600, 300)


def test_its_largest_place_counts() -> None:
    assert placed(photograph("RGB", 1600, "JPEG"), 1, 2.5, 2).picture.width == 750


@pytest.mark.parametrize("inches", [4, 3.7])
def test_a_picture_of_few_pixels_more_stays_as_it_came(inches: float) -> None:
    raw = photograph("RGB", 1600, "JPEG")
    assert placed(raw, inches).raw == raw


def test_a_photograph_keeps_all_its_colours() -> None:
    raw = placed(photograph("RGB", 1600, "JPEG"), 2).raw
    with Image.open(io.BytesIO(raw)) as image:
        shown: Any = image
        assert {(down, across) for _, down, across, _ in shown.layer} == {(1, 1)}
        assert max(shown.quantization[0]) < 30  # at quality 75 it is 60


def test_what_cannot_be_averaged_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("cannot resize this mode")

    monkeypatch.setattr(Image.Image, "thumbnail", refuse)
    assert placed(photograph("RGB", 1600, "PNG"), 2).picture.width == 1600
