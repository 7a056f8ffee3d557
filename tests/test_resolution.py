"""Pictures too coarse for paper are told where the note embeds them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from publisher.config import Plan
from publisher.pipeline import Result
from publisher.printing import build_print
from publisher.problem import Position, Problem, Severity
from publisher.render.preflight.table import as_table

NOTES = {
    "Fog.md": "---\nauthor: Ann Lee\n---\nSmall ![[lamp.png|60]] here.\n\n![[lamp.png|600]]\n",
    "Sea.md": "---\nauthor: Ann Lee\n---\nBefore it ![[lamp.png|240]] and ![[buoy.png]].\n",
    "Log.md": "---\nauthor: Ann Lee\n---\nOf the tide:\n\n![[Tide]]\n",
    "Tide.md": "A table.\n\n![[tide.png|900]]\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "files").mkdir()
    for name, size in (("lamp", (160, 120)), ("buoy", (300, 300)), ("tide", (240, 90))):
        noise = Image.effect_noise(size, 40).convert("RGB")
        noise.save(folder / "files" / f"{name}.png")
    return folder


def built(vault: Path, folder: Path, plan: Plan) -> tuple[Result, dict[Position, Problem]]:
    made = build_print(vault, plan, folder / "book.pdf", folder)
    coarse = [problem for problem in made.problems if problem.code == "image-coarse"]
    assert len({problem.at for problem in coarse}) == len(coarse)
    return made, {problem.at: problem for problem in coarse}


def test_each_is_told_once_where_it_is_coarsest(vault: Path, tmp_path: Path) -> None:
    made, found = built(vault, tmp_path, Plan(printer="kdp"))
    # A picture that a note has from another is told where its words stand.
    assert set(found) == {
        Position("Fog.md", 6, 1),
        Position("Sea.md", 4, 33),
        Position("Tide.md", 3, 1),
    }
    lamp = found[Position("Fog.md", 6, 1)]
    # 600 pixels of a screen are 4 inches of paper, and the column is as wide as that.
    assert "“files/lamp.png” is printed 4.00 × 3.00 in, with 40 pixels to the inch" in lamp.message
    assert "Amazon KDP, paperback wants 200 at the least" in lamp.message
    assert lamp.hint == "print it smaller, or from an original of 1,200 × 900 pixels"
    assert lamp.severity is Severity.ERROR
    assert found[Position("Sea.md", 4, 33)].severity is Severity.WARNING
    # The preflight counts them, and says no more of them.
    shown = Console(width=120, file=io.StringIO(), record=True)
    shown.print(as_table(made.reports[0]))
    words = shown.export_text()
    assert "image-coarse" not in words
    assert re.search(r"\d things the printer would refuse \(told among the problems\)", words)
    assert [f.code for f in made.reports[0].findings].count("image-coarse") == 3


def test_without_a_printer_what_none_would_take_is_told(vault: Path, tmp_path: Path) -> None:
    _, found = built(vault, tmp_path, Plan())
    assert set(found) == {Position("Fog.md", 6, 1), Position("Tide.md", 3, 1)}
    assert {problem.severity for problem in found.values()} == {Severity.WARNING}


def test_a_picture_that_is_fine_enough_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "Fog.md").write_text("![[lamp.png|150]]", "utf-8")
    Image.new("RGB", (300, 200), "grey").save(tmp_path / "lamp.png")
    assert built(tmp_path, tmp_path, Plan(printer="kdp"))[1] == {}
