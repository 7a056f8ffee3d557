"""The pages that the preview draws are the printed book's, whatever was printed before them."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops

from publisher.config import Plan
from publisher.preview import plate
from publisher.preview.plate import SCALE
from publisher.preview.pressroom import Pressroom
from publisher.preview.spread import Spreads
from publisher.printing import print_edition

WORDS = "The tide came in as it was told to, and took the ladder, the lamp and the better boat. "
NOTES = {
    "Fog.md": f"---\nauthor: Ann Lee\n---\nOf fog see [[Harbour]], and [[Tide#Ebb]].\n\n{WORDS * 30}",
    "Harbour.md": f"---\nauthor: Bo Quay\n---\n{WORDS * 9}[^1]\n\n[^1]: Or so the ledger says: \u05e9\u05dc\u05d5\u05dd, \u0633\u0644\u0627\u0645.",
    "Tide.md": f"---\nauthor: Bo Quay\n---\n{WORDS * 40}\n\n## Ebb\n\n{WORDS} [[Nobody]].",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def printed(room: Pressroom, vault: Path, plan: Plan = Plan()) -> Spreads:  # noqa: B008
    *_, last = room.print(lambda: (vault, plan, ()), silent)
    return last


def silent(_stage: str, _done: int, _of: int) -> None:
    pass


def test_each_page_is_drawn_as_the_book_prints_it(vault: Path) -> None:
    room = Pressroom()
    shown = printed(room, vault)
    book = pdfium.PdfDocument(print_edition(vault, Plan()))
    assert len(shown.sides) == len(book) > 12
    assert (shown.width, shown.height) == (432, 648)
    for side, page in zip(shown.sides, book, strict=True):
        expected = page.render(scale=SCALE).to_pil().convert("RGB")
        if not side.sheet:
            assert expected.getextrema() == ((255, 255),) * 3
            continue
        drawn = Image.open(io.BytesIO(plate.draw(room.bind(side.sheet), side.number))).convert(
            "RGB"
        )
        assert ImageChops.difference(expected, drawn).getbbox() is None, side.label
    assert room.bind("no such sheet") == b""


def test_what_was_printed_before_leaves_no_trace(vault: Path) -> None:
    room = Pressroom()
    printed(room, vault)
    # A page more in the first piece moves all others, and the numbers that refer to them.
    (vault / "Fog.md").write_text(NOTES["Fog.md"] + f"\n\n{WORDS * 40}", "utf-8")
    after = printed(room, vault)
    (vault / "Fog.md").write_text(NOTES["Fog.md"], "utf-8")
    again = printed(room, vault)
    fresh = printed(Pressroom(), vault)
    assert again.sides == fresh.sides
    assert len(after.sides) > len(fresh.sides)
    assert {side.sheet for side in after.sides} & {side.sheet for side in fresh.sides} > {""}


def test_a_problem_is_found_on_its_page_and_at_its_height(vault: Path) -> None:
    room = Pressroom()
    shown = printed(room, vault)
    (at,) = (n for n, one in enumerate(shown.outline.remarks) if "Nobody" in one.problem.message)
    remark, side = shown.outline.remarks[at], shown.sides[shown.places[at]]
    assert side.entry == remark.entry == "tide"
    assert shown.sides[shown.places[at] + 1].entry != "tide"  # the section ends the piece
    pdf = room.bind(side.sheet)
    height = plate.height(pdf, side.number, remark.letters)
    first = plate.height(pdf, 0, remark.letters)
    assert 0.05 < height < 0.95
    assert first != height
    assert plate.height(pdf, side.number, "nothing of this is there") == 0.0


def test_the_piece_that_is_shown_comes_first(vault: Path) -> None:
    room = Pressroom()
    before = printed(room, vault)
    plan = Plan(theme_tokens=(("accent", "#00507a"),))
    first, last = room.print(lambda: (vault, plan, ()), silent, "harbour")
    assert {side.entry for side in first.sides if not side.stale and side.sheet} == {"harbour"}
    old = {side.sheet for side in before.sides}
    assert {side.sheet for side in first.sides if side.stale} <= old
    (sheet,) = first.bound
    assert sheet in {side.sheet for side in last.sides}
    assert not any(side.stale for side in last.sides)
    # Its folios were printed for it alone; those of the whole book are the same.
    for number in (side.number for side in last.sides if side.sheet == sheet):
        assert plate.draw(first.bound[sheet], number) == plate.draw(room.bind(sheet), number)
    assert last.sides == printed(Pressroom(), vault, plan).sides


def test_the_crew_stays_until_the_kit_is_another(vault: Path) -> None:
    room = Pressroom()
    printed(room, vault)
    crew = room._crew
    printed(room, vault)
    assert room._crew is crew
    printed(room, vault, Plan(theme="modern"))
    assert room._crew is not crew
    room.close()
    assert room._crew is None
    assert len(printed(room, vault).sides) > 12
    room.close()
