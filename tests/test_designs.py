"""The themes that come with us: each drawn for its own page, sound in every medium."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import booksample
import pypdfium2  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from publisher.book.model import Chapter
from publisher.config import Plan
from publisher.presswork import in_theme, job_for
from publisher.problem import SetupError
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.sheet import set_sheet
from publisher.render.prepress.geometry import geometry, page_css, proportions_of
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_check import check_theme
from publisher.wording import wording

ROOT = Path(__file__).parent.parent
NAMES = tuple(sorted(path.parent.name for path in (ROOT / "themes").glob("*/theme.toml")))
WORDS = wording("en")
AA = 4.5


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


def test_covers_can_be_read(theme: Theme) -> None:
    """Type on each palette's ground, or on the paper laid on it, is of good contrast."""
    for palette in theme.palettes:
        if theme.name == "modern":
            assert contrast(palette.ink, palette.ground) >= AA
        else:
            assert contrast(palette.ink, palette.paper) >= AA
        if theme.name in ("journal", "pocket"):
            assert contrast(palette.paper, palette.ground) >= AA


def test_each_theme_has_faces_of_its_own_with_small_capitals(theme: Theme) -> None:
    own = [font for font in theme.fonts() if font.parent.parent == theme.folders[0]]
    regular = next(font for font in own if "Regular" in font.stem and "Sans" not in font.stem)
    assert {"smcp", "onum", "lnum", "tnum", "liga"} <= features(regular)
    families = {font.stem.partition("-")[0] for font in own}
    licences = " ".join(path.stem for path in (theme.folders[0] / "fonts").glob("OFL*.txt"))
    assert len(families) == 1 or all(family in licences for family in families)


def test_headings_run_in_where_the_theme_says_so() -> None:
    xhtml = (
        "<h2>One</h2><h3>Two</h3><p>Text.</p><h3>Three</h3><ul><li>A</li></ul><h4>F</h4><p>G</p>"
    )
    chapter = Chapter("a", "A", "A", xhtml, "A.md")

    def boxes(level: str) -> int:
        body = set_sheet(chapter, frozenset(), {}, run_in=level).body
        return body.count('<div class="runs-in"')

    assert (boxes("none"), boxes("h4"), boxes("h3")) == (0, 1, 2)


@pytest.mark.parametrize(
    ("palettes", "said"),
    [
        ('["red"]', "a palette has the colours"),
        ("[]", "wants a list of tables"),
        ('[{ ground = "#ffffff" }]', "accent, ground, ink, spark, tone"),
        (
            '[{ ground = "red", tone = "#fff000", spark = "#fff000", accent = "#fff000", ink = "#fff000" }]',
            "ground of a palette is written #rrggbb",
        ),
    ],
)
def test_palettes_that_are_none(palettes: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    text = f'title = "Odd"\nparent = "classic"\npalettes = {palettes}\n'
    (tmp_path / "odd" / "theme.toml").write_text(text, "utf-8")
    with pytest.raises(SetupError, match=said):
        load_theme("odd", (tmp_path,))


def contrast(one: str, other: str) -> float:
    """As WCAG reckons it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def features(font: Path) -> set[str]:
    table = TTFont(font)["GSUB"].table
    return {record.FeatureTag for record in table.FeatureList.FeatureRecord}


def test_a_theme_without_a_trim_has_the_margins_of_classic() -> None:
    classic = load_theme("classic")
    bare = replace(classic, trim=None)
    assert proportions_of(bare) == proportions_of(classic)
