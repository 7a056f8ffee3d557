"""Pictures that the engine would leave out are in every edition, and what became of them is told."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image

from publisher.config import Plan
from publisher.pipeline import Result
from publisher.printing import build_print, build_screen
from publisher.problem import Position, Severity
from publisher.render.placeable import is_undrawn, placeable

SVG = "image/svg+xml"
NOTE = (
    "---\nauthor: Ann Lee\n---\nFour pictures:\n\n![[inks.tif|90]]\n\n![[held.svg|90]]\n\n"
    "![[blur.svg|90]]\n\n![[deep.png|90]]\n"
)


def painted(mode: str, colour: tuple[int, ...] | int, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (300, 300), colour).save(out, kind, **options)
    return out.getvalue()


def drawing(inside: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="300" height="300">{inside}</svg>'
    ).encode()


RED = base64.b64encode(painted("RGB", (200, 0, 0), "PNG")).decode()
HELD = drawing(f'<image width="300" height="300" xlink:href="data:image/png;base64,{RED}"/>')
BLUR = drawing(
    '<filter id="f"><feGaussianBlur stdDeviation="20"/></filter>'
    '<rect x="60" y="60" width="180" height="180" fill="#00c800" filter="url(#f)"/>'
)
# Near blue, and in the middle of grey: each has a colour that no other has.
INKS = painted("CMYK", (255, 255, 0, 60), "TIFF", compression="tiff_lzw")
DEEP = painted("I;16", 32_768, "PNG")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    (folder / "Fog.md").write_text(NOTE, "utf-8")
    (folder / "pics").mkdir()
    files = {"inks.tif": INKS, "held.svg": HELD, "blur.svg": BLUR, "deep.png": DEEP}
    for name, content in files.items():
        (folder / "pics" / name).write_bytes(content)
    return folder


def colours(path: Path) -> dict[tuple[int, int, int], int]:
    """How often each colour is there, of all pages, in steps of 8."""
    found: dict[tuple[int, int, int], int] = {}
    for page in pdfium.PdfDocument(path):
        image = page.render(scale=1).to_pil().convert("RGB").point(lambda value: value // 8 * 8)
        for number, colour in image.getcolors(1 << 24) or ():
            found[colour] = found.get(colour, 0) + number
    return found


def flattened(made: Result) -> list[tuple[Position, str]]:
    return [(p.at, p.message) for p in made.problems if p.code == "drawing-flattened"]


@pytest.mark.parametrize("edition", ["plain", "a5", "screen"])
def test_no_edition_is_without_them(vault: Path, tmp_path: Path, edition: str) -> None:
    out = tmp_path / "book.pdf"
    if edition == "screen":
        made = build_screen(vault, Plan(), out, tmp_path)
    else:
        plan = Plan(printer="a5", paper="colour") if edition == "a5" else Plan()
        made = build_print(vault, plan, out, tmp_path)
    seen = colours(out)
    red = [n for (r, g, b), n in seen.items() if r > 150 and g < 60 and b < 60]
    blue = [n for (r, g, b), n in seen.items() if b > r + 60 and b > g + 60]
    green = [n for (r, g, b), n in seen.items() if g > r + 20 and g > b + 20]
    grey = [n for (r, g, b), n in seen.items() if r == g == b and 120 <= r <= 136]
    assert min(map(sum, (red, blue, green, grey))) > 900
    assert len(green) > 8  # it is blurred
    assert flattened(made) == [
        (
            Position("Fog.md", line, 1),
            f"the drawing “pics/{name}.svg” is printed as a picture: it holds a picture, a filter or a mask",
        )
        for line, name in ((8, "held"), (10, "blur"))
    ]
    assert not [p for p in made.problems if p.severity is Severity.ERROR]


def test_a_printer_that_takes_no_transparency_says_so_at_the_embed(
    vault: Path, tmp_path: Path
) -> None:
    made = build_print(vault, Plan(printer="kdp"), tmp_path / "book.pdf", tmp_path)
    assert [at for at, _ in flattened(made)] == [
        Position("Fog.md", 8, 1),
        Position("Fog.md", 10, 1),
    ]
    assert "“pics/held.svg”" in flattened(made)[0][1]


def test_what_can_be_placed_stays_as_it_is() -> None:
    plain = drawing('<filter id="f"/><rect width="9" height="9" filter="none"/>')
    jpeg, webp = painted("RGB", (9, 9, 9), "JPEG"), painted("RGB", (9, 9, 9), "WEBP")
    for raw, kind in ((plain, SVG), (jpeg, "image/jpeg"), (webp, "image/webp")):
        assert placeable(raw, kind, lambda _: b"") == (kind, raw)
    assert is_undrawn(drawing('<g style="filter: url(#f)"/>'))
    assert is_undrawn(drawing('<g mask="url(#m)"/>'))
    with pytest.raises(ValueError, match="no image that we know"):
        placeable(b"?", "image/png", lambda _: b"")
