"""Drawings that one sees through look the same on every way to the press."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from publisher.cli import app

SHAPES = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">
<defs><mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="400" height="200">
<rect x="300" y="0" width="50" height="200" fill="#fff"/></mask></defs>
<g opacity="0.4"><rect fill="#c00" width="100" height="200"/></g>
<rect fill="#0a0" fill-opacity="0.3" x="100" width="50" height="200"/>
<rect fill="#0a0" fill-opacity="0.3" x="150" width="50" height="200"/>
<rect fill="#0a0" x="200" width="100" height="200"/>
<rect fill="#00c" mask="url(#m)" x="300" width="100" height="200"/>
</svg>
"""


@pytest.mark.parametrize("way", [(), ("--for", "a5", "--paper", "colour")])
def test_shapes_are_as_see_through_as_they_were_drawn(tmp_path: Path, way: tuple[str, ...]) -> None:
    (tmp_path / "shapes.svg").write_text(SHAPES)
    (tmp_path / "Note.md").write_text("---\nauthor: Ann Lee\n---\nShapes:\n\n![[shapes.svg]]\n")
    target = tmp_path / "book.pdf"
    given = ["build", "print", str(tmp_path), "--output", str(target), *way]
    assert CliRunner().invoke(app(), given).exit_code == 0
    colours = sorted(map(_strength, _solid(target)))
    # Two of a colour at 0.3, red at 0.4, then the two that hide what lies under them.
    assert len(colours) == 4
    assert colours[0] == pytest.approx(0.3, abs=0.05)
    assert colours[1] == pytest.approx(0.4, abs=0.08)
    with pikepdf.open(target) as pdf:
        states = [
            state
            for page in pdf.pages
            for state in page.obj.Resources.get("/ExtGState", pikepdf.Dictionary()).values()
        ]
        masks = [state.SMask for state in states if "/SMask" in state]
        assert masks
        assert all("/Group" in mask.G for mask in masks)


def _solid(path: Path) -> list[tuple[int, int, int]]:
    """The colours that fill much of the page with the drawing."""
    document = pdfium.PdfDocument(path)
    found: list[tuple[int, int, int]] = []
    for page in document:
        picture = page.render(scale=1).to_pil().convert("RGB")
        counted = picture.getcolors(picture.width * picture.height) or []
        found += [colour for number, colour in counted if number > 900 and len({*colour}) > 1]
    return found


def _strength(colour: tuple[int, int, int]) -> float:
    return round(1 - min(colour) / 255, 2)
