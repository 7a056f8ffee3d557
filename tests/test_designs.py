"""The themes that come with us: each drawn for its own page, sound in every medium."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import booksample
import pypdfium2  # type: ignore[import-untyped]
import pytest

from publisher.config import Plan
from publisher.presswork import in_theme, job_for
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.prepress.geometry import geometry, page_css, proportions_of
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_check import check_theme
from publisher.wording import wording

ROOT = Path(__file__).parent.parent
NAMES = tuple(sorted(path.parent.name for path in (ROOT / "themes").glob("*/theme.toml")))
WORDS = wording("en")


@pytest.fixture(scope="module", params=NAMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


@pytest.fixture(scope="module")
def printed(theme: Theme) -> PrintEdition:
    return print_book(booksample.BOOK, theme, WORDS, booksample.read_asset)


def test_a_check_finds_nothing(theme: Theme) -> None:
    assert check_theme(theme.name) == ()


def test_the_page_is_the_one_it_names(theme: Theme, printed: PrintEdition) -> None:
    assert theme.trim
    trim = (theme.trim.width, theme.trim.height)
    for sheet in pypdfium2.PdfDocument(printed.pdf):
        assert sheet.get_size() == pytest.approx(trim, abs=0.01)


def test_on_its_own_trim_a_printer_changes_nothing(theme: Theme) -> None:
    """Margins that a printer accepts are the theme's, and titles stand where it has them."""
    job = job_for(Plan(printer="kdp"))
    assert job
    job = in_theme(job, Plan(printer="kdp"), theme)
    assert theme.trim
    assert job.trim.like(theme.trim)
    made = geometry(job.printer, job.trim, 100, proportions=job.proportions)
    tokens = theme.values("print")
    for edge in ("inside", "outside", "top", "bottom"):
        assert f"{getattr(made, edge):.1f}" == f"{float(tokens[f'margin-{edge}'][:-2]):.1f}"
    assert "--depth: 1 " in page_css(made)


@pytest.mark.parametrize(
    ("plan", "trim"),
    [
        (Plan(printer="kdp"), "6.69x9.61in"),
        (Plan(printer="a5"), "148x210mm"),
        (Plan(printer="kdp", trim="5x8in"), "5x8in"),
        (Plan(trim="5x8in"), "5x8in"),
    ],
)
def test_a_plan_and_a_printer_come_before_the_theme(plan: Plan, trim: str) -> None:
    job = job_for(plan)
    assert job
    assert in_theme(job, plan, load_theme("modern")).trim.name == trim


def test_a_theme_without_a_trim_has_the_margins_of_classic() -> None:
    classic = load_theme("classic")
    bare = replace(classic, trim=None)
    assert proportions_of(bare) == proportions_of(classic)
