"""A formula that was drawn before is taken as it was drawn; another is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.book.model import Book, Chapter, Metadata, Part
from publisher.cache import Cache
from publisher.render.pdf import formulas
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.sheet import set_sheet
from publisher.render.pdf.shelf import Shelf
from publisher.render.pdf.store import Store
from publisher.vault.mathematics import mathml

KIT = Kit("", "", ())
WAVE, ROOT = (mathml(tex, display=False) for tex in (r"e^{i\pi} < 1 \& 2", r"\sqrt{2}"))
ABOUT = Metadata("A", "en", "urn:x", 0)


def piece(text: str) -> Chapter:
    return Chapter("a", "A", "A", text, "a.md")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn from now on, by its TeX."""
    made: list[str] = []
    draw = formulas._draw.__wrapped__  # each as on another day, in another process

    def counting(source: str, tex: str, measure: float, name: str) -> str:
        made.append(tex)
        return draw(source, tex, measure, name)

    monkeypatch.setattr(formulas, "_draw", counting)
    return made


def test_what_is_taken_over_is_the_same(drawn: list[str]) -> None:
    first = set_sheet(piece(f"<p>{WAVE} and {ROOT}.</p>"), frozenset(), {})
    known = formulas.drawn_in([first.body])
    assert len(known) == 2
    again = set_sheet(piece(f"<p>{WAVE} and {ROOT}.</p>"), frozenset(), {}, drawn=known)
    assert again == first
    assert len(drawn) == 2


def test_a_formula_of_other_room_is_drawn_anew(drawn: list[str]) -> None:
    wide = mathml("+".join("xyzw" * 9), display=True)
    narrow = wide.replace("<math", '<math data-room="4"', 1)
    sheet = set_sheet(piece(f"<p>{wide}</p><p>{narrow}</p>"), frozenset(), {})
    assert len(formulas.drawn_in([sheet.body])) == len(drawn) == 2


def test_an_edited_piece_keeps_its_drawings(drawn: list[str], tmp_path: Path) -> None:
    def built(text: str) -> str:
        book = Book(ABOUT, (Part("part-1", "", (piece(text),)),))
        with Store(Cache(tmp_path)) as store, Crew(KIT, jobs=1) as crew:
            return str(Shelf(book, frozenset(), crew, store)["a"].body)

    built(f"<p>Once {WAVE}.</p>")
    edited = built(f"<p>Twice {WAVE} and {ROOT}.</p>")
    assert len(drawn) == 2
    assert drawn[1] != drawn[0]
    assert edited.count('class="formula"') == 2
