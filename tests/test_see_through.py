"""Drawings that one sees through look the same on every way to the press."""

from __future__ import annotations

import pickle
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from publisher.cli import app
from publisher.render.pdf.impression import OWN, Impression
from publisher.render.pdf.jobs import TakeJob
from publisher.render.pdf.journeyman import DUTIES
from publisher.render.pdf.kit import kit_for
from publisher.render.theme import load_theme

SHAPES = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">
<defs><linearGradient id="g"><stop offset="0" stop-color="#00c"/>
<stop offset="1" stop-color="#00c" stop-opacity="0"/></linearGradient></defs>
<g opacity="0.4"><rect fill="#c00" width="100" height="200"/></g>
<rect fill="#0a0" fill-opacity="0.3" x="100" width="50" height="200"/>
<rect fill="#0a0" fill-opacity="0.3" x="150" width="50" height="200"/>
<rect fill="#0a0" x="200" width="100" height="200"/>
<rect fill="url(#g)" x="300" width="100" height="200"/>
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
    # Two of a colour at 0.3, red at 0.4, then the one that hides what lies under it.
    assert len(colours) == 3
    assert colours[0] == pytest.approx(0.3, abs=0.05)
    assert colours[1] == pytest.approx(0.4, abs=0.08)


def test_a_mask_is_found_wherever_its_take_is_bound() -> None:
    masked = '<mask id="m"><rect width="9" height="9" fill="#fff"/></mask>'
    masked += '<rect width="9" height="9" mask="url(#m)"/>'
    html = f'<html><body><section id="a"><svg viewBox="0 0 9 9" width="9">{masked}</svg></section>'
    kit, _ = kit_for("en", load_theme("classic"))
    printed = DUTIES[TakeJob](TakeJob(f"{html}</body></html>", 1, "mark"), kit)
    impression: Impression = pickle.loads(printed.impression)
    assert impression.masks.source.count(b"/SMask") == 1
    # A number in it is one of the take's own, which the binder knows.
    assert min(impression.masks.numbers) >= OWN
    assert not any(b" 0 R" in state for _, state in impression.states)


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
