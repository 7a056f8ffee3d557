"""The interior as printers take it: pages, inks, boxes and flavours of PDF."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import booksample
import page as page_validation
import pikepdf
import pytest
from conftest import press_profile, tool_path
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageCms, ImageDraw

from publisher.printer import Printer, choose_trim, load_printer, on_paper
from publisher.problem import Problem, SetupError, Severity
from publisher.render.drawing_faces import faces_of
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.preflight.check import preflight
from publisher.render.prepress import ready
from publisher.render.prepress.colour import Press
from publisher.render.prepress.geometry import (
    PageGeometry,
    geometry,
    gutter,
    gutter_step,
    leaves_wanting,
    page_count_problem,
    page_css,
)
from publisher.render.prepress.interior import Job, make_interior, press_assets
from publisher.render.prepress.pictures import prepare_for_press
from publisher.render.prepress.profile import (
    find_profile,
    load_profile,
    needs_profile,
)
from publisher.render.prepress.ready import make_press_ready
from publisher.render.prepress.sheet import prepress_css
from publisher.render.theme import load_theme
from publisher.trim import trim_of
from publisher.wording import wording

MODIFIED = 1_767_607_200
SVG = "image/svg+xml"
THEME, WORDS = load_theme("classic"), wording("en")


def printed(
    printer: Printer, *, bleed: bool = False, extra_css: str = ""
) -> tuple[bytes, tuple[Problem, ...], PageGeometry]:
    """The sample book for a printer, all the way."""
    profile = press_profile() if needs_profile(printer) else None
    made = geometry(printer, printer.trim, 40, bleed=bleed)

    def asset(one: Any) -> bytes:
        raw = booksample.read_asset(one)
        return prepare_for_press(raw, one.media_type, printer, profile, one.name)[0]

    css = page_css(made) + prepress_css(printer) + extra_css
    edition = print_book(booksample.single_piece(), THEME, WORDS, asset, extra_css=css)
    out, problems = make_press_ready(edition.pdf, printer, made, profile, modified=MODIFIED)
    return out, problems, made


def from_html(
    html: str, printer: Printer, *, bleed: bool = False
) -> tuple[bytes, tuple[Problem, ...]]:
    """Any pages for a printer."""
    from weasyprint import HTML

    made = geometry(printer, printer.trim, 40, bleed=bleed)
    raw = HTML(string=f"<style>{page_css(made)}</style>{html}").write_pdf(pdf_tags=True)
    profile = press_profile() if needs_profile(printer) else None
    return make_press_ready(raw, printer, made, profile, title="Test", modified=MODIFIED)


@cache
def book_for(name: str, *, bleed: bool = False) -> tuple[bytes, tuple[Problem, ...], PageGeometry]:
    return printed(load_printer(name), bleed=bleed)


def plates(pdf: bytes, folder: Path) -> dict[str, list[int]]:
    """The darkest spot of every page on each plate, by Ghostscript's separation: 255 is none."""
    source = folder / "book.pdf"
    source.write_bytes(pdf)
    subprocess.run(
        [tool_path("gs"), "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r40",
         f"-sOutputFile={folder}/page%03d.tif", str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    found: dict[str, list[int]] = {"Cyan": [], "Magenta": [], "Yellow": [], "Black": []}
    for path in sorted(folder.glob("page*(*).tif")):
        plate = path.stem.partition("(")[2].rstrip(")")
        with Image.open(path) as image:
            found[plate].append(int(image.convert("L").getextrema()[0]))  # type: ignore[arg-type]
    return found


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


# ---- Pages ----


@pytest.mark.parametrize(
    ("name", "pages", "inside"),
    [("kdp", 150, 27), ("kdp", 151, 36), ("kdp", 828, 63), ("kdp", 9_999, 63), ("lulu", 61, 45)],
)
def test_the_gutter_follows_the_page_count(name: str, pages: int, inside: float) -> None:
    assert gutter(load_printer(name), pages) == inside


def test_steps_of_the_gutter() -> None:
    kdp = load_printer("kdp")
    assert [gutter_step(kdp, pages) for pages in (24, 150, 151, 501, 829)] == [0, 0, 1, 3, 4]


@pytest.mark.parametrize("name", ["kdp", "ingram", "lulu", "a5", "a6", "4.25x7", "kdp-hardcover"])
@pytest.mark.parametrize("pages", [24, 151, 420, 799])
@pytest.mark.parametrize("bleed", [True, False])
def test_no_margin_is_less_than_the_printers(name: str, pages: int, bleed: bool) -> None:
    printer = load_printer(name)
    made = geometry(printer, printer.trim, pages, bleed=bleed)
    edge = printer.outside_margin_bleed if bleed else printer.outside_margin
    assert made.inside >= gutter(printer, pages)
    assert min(made.outside, made.top - 20, made.bottom - 20) >= edge
    assert (made.bleed.outside > 0) is bleed


def test_the_themes_own_margins_where_the_printer_allows_them() -> None:
    kdp = load_printer("kdp")
    made = geometry(kdp, kdp.trim, 100)
    margins = (made.inside, made.outside, made.top, made.bottom)
    assert margins == pytest.approx((63, 72, 63, 77.5))


def test_the_text_moves_before_it_grows_narrower() -> None:
    lulu = load_printer("lulu")
    thin, thick = geometry(lulu, lulu.trim, 50), geometry(lulu, lulu.trim, 420)
    assert thick.inside > thin.inside
    assert thick.inside + thick.outside == thin.inside + thin.outside


def test_a_trim_too_small_for_its_margins() -> None:
    own: dict[str, dict[str, Any]] = {"thick": {"based_on": "a6", "margins": {"outside": "1.3in"}}}
    printer = load_printer("thick", own)
    with pytest.raises(SetupError, match=r"pages: they leave 1\.96 × "):
        geometry(printer, printer.trim, 1_000)
    with pytest.raises(SetupError, match="asks for: they leave no room for the text"):
        geometry(printer, replace(printer.trim, width=72), 0)


def test_page_counts_out_of_the_limits() -> None:
    kdp = load_printer("kdp")
    assert page_count_problem(kdp, kdp.trim, "white", 24) is None
    few = page_count_problem(kdp, kdp.trim, "white", 22)
    many = page_count_problem(kdp, kdp.trim, "cream", 800)
    assert few is not None
    assert many is not None
    assert few.code == many.code == "page-count"
    assert few.severity == Severity.ERROR
    assert "24 to 776 pages of 6x9in on cream paper, this book has 800" in many.message


def test_blank_leaves() -> None:
    kdp = load_printer("kdp")
    assert [leaves_wanting(kdp, pages) for pages in (1, 2, 3)] == [1, 0, 1]
    assert leaves_wanting(replace(kdp, multiple=16), 33) == 15
    # Ingram wants the last page blank, and adds a leaf itself where it is not.
    ingram = load_printer("ingram")
    assert [leaves_wanting(ingram, pages) for pages in (99, 100, 101)] == [1, 2, 1]


def test_bleed_lies_on_the_outer_edges_alone() -> None:
    printer = load_printer("ingram")
    css = page_css(geometry(printer, printer.trim, 100, bleed=True))
    right = next(line for line in css.splitlines() if line.startswith("@page :right"))
    left = next(line for line in css.splitlines() if line.startswith("@page :left"))
    assert "bleed-right: 9pt" in right
    assert "bleed-left: 0pt" in right
    assert "bleed-left: 9pt" in left
    assert "bleed-right: 0pt" in left


@pytest.mark.parametrize("name", ["a6", "4.25x7", "5x8", "letter"])
def test_front_matter_keeps_to_its_pages_on_any_trim(name: str) -> None:
    printer = replace(load_printer(name), flavour="pdf")
    made = geometry(printer, printer.trim, 40)
    css = page_css(made) + prepress_css(printer)
    edition = print_book(booksample.BOOK, THEME, WORDS, booksample.read_asset, extra_css=css)
    done = subprocess.run(
        [tool_path("pdftotext"), "-l", "5", "-", "-"],
        input=edition.pdf,
        capture_output=True,
        check=True,
    )
    _, blank, title, rights, contents = done.stdout.decode().split("\f")[:5]
    assert "Breakwater Press" in title
    assert "ISBN" in rights
    assert contents.startswith("Contents")
    assert blank.strip() == ""


# ---- Profiles ----


def test_a_profile_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "text.icc").write_text("no profile")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    (tmp_path / "screen.icc").write_bytes(srgb.tobytes())
    with pytest.raises(SetupError, match=r"text\.icc is no colour profile"):
        load_profile(tmp_path / "text.icc")
    with pytest.raises(SetupError, match=r"screen\.icc is a profile for RGB; a press wants .*CMYK"):
        load_profile(tmp_path / "screen.icc")
    with pytest.raises(SetupError, match=r"gone\.icc cannot be read: no such file"):
        load_profile(tmp_path / "gone.icc")


def test_without_a_profile_it_is_said_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"--profile.*icc-profiles.*libgs-common"):
        find_profile(None, (str(tmp_path),))


def test_the_better_profile_is_taken(tmp_path: Path) -> None:
    content = press_profile().content
    for name in ("default_cmyk", "GRACoL2006_Coated1v2", "Unknown"):
        (tmp_path / f"{name}.icc").write_bytes(content)
    found = find_profile(None, (str(tmp_path / "none"), str(tmp_path)))
    assert (found.name, found.condition) == ("GRACoL2006_Coated1v2", "CGATS TR 006")


def test_black_alone_needs_no_profile() -> None:
    kdp = load_printer("kdp")
    assert not needs_profile(kdp)
    assert needs_profile(load_printer("ingram"))
    assert needs_profile(load_printer("a5"))
    with pytest.raises(SetupError, match="without a colour profile"):
        make_press_ready(b"", load_printer("a5"), geometry(kdp, kdp.trim, 30))


# ---- Pictures ----

COLOURED = Image.new("RGB", (40, 30), (0, 0, 0))
ImageDraw.Draw(COLOURED).rectangle((0, 0, 19, 29), fill=(180, 40, 90))


def colour_printer(name: str = "ingram") -> Printer:
    printer = load_printer(name)
    return on_paper(printer, next(p.name for p in printer.papers if p.colour))


def opened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    image.load()
    return image


def test_a_black_press_gets_greys() -> None:
    made, kind, problems = prepare_for_press(png(COLOURED), "image/png", load_printer("kdp"))
    assert (kind, opened(made).mode, problems) == ("image/png", "L", ())


def test_four_inks_stay_within_the_limit() -> None:
    printer, profile = colour_printer(), press_profile()
    full, _, _ = prepare_for_press(
        png(COLOURED), "image/png", replace(printer, ink_limit=0.0), profile
    )
    made, kind, _ = prepare_for_press(png(COLOURED), "image/png", printer, profile)
    total = [max(sum(pixel) for pixel in _pixels(opened(raw))) for raw in (full, made)]
    assert kind == "image/jpeg"
    assert total[0] > 2.5 * 255, "the profile's own black must be beyond the limit"
    assert total[1] <= 2.4 * 255 + 8  # the JPEG's own noise
    red = opened(made).getpixel((5, 15))
    assert isinstance(red, tuple)
    assert red[1] > red[0]  # magenta over cyan: not inverted


def _pixels(image: Image.Image) -> list[tuple[int, ...]]:
    return [image.getpixel((x, y)) for x in range(image.width) for y in range(image.height)]  # type: ignore[misc]


def test_a_picture_that_fits_is_left_alone() -> None:
    kdp = load_printer("kdp")
    grey = png(COLOURED.convert("L"))
    assert prepare_for_press(grey, "image/png", kdp)[0] is grey
    coloured = png(COLOURED)
    assert prepare_for_press(coloured, "image/png", colour_printer("kdp"))[0] is coloured


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
@pytest.mark.parametrize("name", ["kdp", "ingram", "lulu"])
def test_every_kind_of_picture_becomes_opaque(mode: str, name: str) -> None:
    source = COLOURED.convert("L").convert("I;16") if mode == "I;16" else COLOURED.convert(mode)
    for printer in (load_printer(name), colour_printer(name)):
        profile = press_profile() if printer.colour == "cmyk" else None
        made, _, problems = prepare_for_press(png(source), "image/png", printer, profile)
        assert problems == ()
        assert (
            opened(made).mode
            in {"k": "L", "cmyk": ("CMYK", "L"), "rgb": ("RGB", "L")}[printer.colour]
        )


def test_what_shines_through_is_paper() -> None:
    glass = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    made, _, _ = prepare_for_press(png(glass), "image/png", load_printer("kdp"))
    assert opened(made).getextrema() == (255, 255)


def test_an_unsound_picture_is_reported() -> None:
    raw, kind, problems = prepare_for_press(b"?", "image/png", load_printer("kdp"), None, "a.png")
    assert (raw, kind) == (b"?", "image/png")
    assert [(p.code, p.at.path) for p in problems] == [("picture-unprintable", "a.png")]


PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
GLASS = PLAIN.replace(b"<path", b'<path opacity="0.5" stroke="red"')


def test_drawings_stay_drawings_unless_they_are_see_through() -> None:
    kdp, a5 = load_printer("kdp"), load_printer("a5")
    assert prepare_for_press(PLAIN, SVG, kdp) == (PLAIN, SVG, ())
    assert prepare_for_press(GLASS, SVG, a5) == (GLASS, SVG, ())
    made, kind, problems = prepare_for_press(GLASS, SVG, kdp, None, "glass.svg")
    assert (kind, opened(made).mode) == ("image/png", "L")
    assert [(p.code, p.severity) for p in problems] == [("drawing-flattened", Severity.NOTE)]


SIGN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100" opacity="0.9">'
    b'<text x="9" y="70" font-size="60">Harbour</text></svg>'
)


def drawn(svg: bytes, theme: str = "classic") -> Image.Image:
    faces = faces_of(load_theme(theme), "en")
    made, _, _ = prepare_for_press(svg, SVG, load_printer("kdp"), None, "sign.svg", faces)
    return opened(made)


def asking(family: str) -> bytes:
    return SIGN.replace(b"<text", f'<text font-family="{family}"'.encode())


def test_the_words_of_a_flattened_drawing_are_printed() -> None:
    plain = drawn(SIGN)
    left, top, right, bottom = ImageChops.invert(plain).getbbox() or (0, 0, 0, 0)
    assert right - left > 900
    assert bottom - top > 200
    # What no family is known of is set as where none is named; a kind of type is the theme's.
    assert drawn(asking("sans-serif")).tobytes() == plain.tobytes()
    assert drawn(asking("Nowhere Grotesque")).tobytes() == plain.tobytes()
    assert drawn(asking("serif")).tobytes() == drawn(asking("EB Garamond")).tobytes()
    assert drawn(asking("monospace")).tobytes() == drawn(asking("Inconsolata")).tobytes()
    assert drawn(SIGN, "modern").tobytes() == drawn(asking("Fira Sans"), "modern").tobytes()
    looks = {drawn(asking(kind)).tobytes() for kind in ("serif", "sans-serif", "monospace")}
    assert len(looks) == 3


# ---- Inks ----


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ((0.0, 0.0, 0.0), (0, 0, 0, 1)),
        ((0.07, 0.07, 0.07), (0, 0, 0, 0.93)),
        ((0.1, 0.1, 0.18), (0, 0, 0, 0.9)),
        ((0.5, 0.5, 0.5), (0, 0, 0, 0.5)),
        ((1.0, 1.0, 1.0), (0, 0, 0, 0)),
    ],
)
def test_greys_and_near_blacks_are_k_alone(
    colour: tuple[float, float, float], ink: tuple[float, ...]
) -> None:
    assert Press(colour_printer(), press_profile()).ink(*colour) == pytest.approx(ink, abs=0.02)


def test_colours_go_through_the_profile_and_stay_within_the_limit() -> None:
    press = Press(colour_printer(), press_profile())
    cyan, magenta, yellow, _ = press.ink(0.8, 0.1, 0.1)
    assert magenta > cyan < yellow
    assert sum(press.ink(0.0, 0.0, 0.4)) <= 2.41


def test_the_whole_book_is_k_alone(tmp_path: Path) -> None:
    found = plates(book_for("kdp")[0], tmp_path)
    assert len(found["Black"]) > 4
    assert min(found["Black"]) < 60
    assert set(found["Cyan"] + found["Magenta"] + found["Yellow"]) == {255}


MIXED = """
<style>.blend { height: 40pt; background: linear-gradient(red, blue) } .lab { color: lab(40 9 9) }
</style><h1 style="color: #111">Nearly black</h1><p>Black</p><p style="color: black">Black</p>
<p class="lab">Lab</p><svg width="90" height="20"><title>Bar</title><rect width="90" height="20"/></svg>
"""
COLOURFUL = """<p style="break-before: page; color: #c02020">Red</p><div class="blend"></div>
<svg width="90" height="20"><title>Blend</title><linearGradient id="a"><stop offset="0"
stop-color="green"/><stop offset="0.4" stop-color="red"/><stop offset="1" stop-color="white"/>
</linearGradient><rect width="90" height="20" fill="url(#a)"/></svg>"""


def test_screen_colours_of_type_and_drawings_become_inks(tmp_path: Path) -> None:
    out, problems = from_html(MIXED + COLOURFUL, colour_printer())
    found = plates(out, tmp_path)
    assert (found["Cyan"][0], found["Magenta"][0], found["Yellow"][0]) == (255, 255, 255)
    assert found["Black"][0] < 60
    assert found["Magenta"][1] < 120
    assert [problem.code for problem in problems] == ["colour-left"]  # the Lab
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert b"DeviceRGB" not in b"".join(bytes(str(o), "utf8") for o in map(repr, pdf.objects))


def test_a_black_press_gets_no_other_ink(tmp_path: Path) -> None:
    out, _ = from_html(MIXED + COLOURFUL, load_printer("ingram"))
    found = plates(out, tmp_path)
    assert set(found["Cyan"] + found["Magenta"] + found["Yellow"]) == {255}


# ---- The printer's PDF ----


def boxes(page: pikepdf.Page) -> dict[str, list[float]]:
    return {
        name: [float(corner) for corner in getattr(page, name)]
        for name in ("mediabox", "bleedbox", "trimbox")
    }


def test_boxes_with_bleed() -> None:
    out, _, _ = book_for("ingram", bleed=True)
    with pikepdf.open(io.BytesIO(out)) as pdf:
        recto, verso = boxes(pdf.pages[0]), boxes(pdf.pages[1])
    assert recto["trimbox"] == verso["trimbox"] == [0, 0, 432, 648]
    assert recto["bleedbox"] == recto["mediabox"] == [0, -9, 441, 657]
    assert verso["bleedbox"] == verso["mediabox"] == [-9, -9, 432, 657]


def test_nothing_that_the_printer_refuses_is_left() -> None:
    out, problems, _ = book_for("kdp")
    assert problems == ()
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert "/Outlines" not in pdf.Root
        assert not any("/Annots" in page.obj for page in pdf.pages)
        assert not any("/Group" in page.obj for page in pdf.pages)
        assert len(pdf.pages) % 2 == 0


def test_a_book_without_links_stays_tagged() -> None:
    printer = replace(load_printer("kdp"), multiple=16)
    out, _, _ = printed(printer)
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert len(pdf.pages) % 16 == 0
        assert pdf.pages[-1].obj.Contents.read_bytes().strip() == b"q Q"
    report = page_validation.validate_pdf_bytes(out, profile="ua1")
    assert report.is_compliant, report.failures


def test_x4_says_what_it_is() -> None:
    out, _, _ = book_for("a5")
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert pdf.pdf_version == "1.6"
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        assert intent.DestOutputProfile.read_bytes() == press_profile().content
        assert str(pdf.docinfo["/Trapped"]) == "/False"
        with pdf.open_metadata() as xmp:
            assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
            assert xmp["pdf:Trapped"] == "False"
            assert xmp["xmp:CreateDate"] == "2026-01-05T10:00:00+00:00"
        assert "/ID" in pdf.trailer
        assert "/Outlines" in pdf.Root  # a plain printer refuses none


def test_x1a_is_of_its_time() -> None:
    out, _, _ = book_for("ingram")
    assert out.startswith(b"%PDF-1.3")
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-1:2001"
        assert str(pdf.docinfo["/GTS_PDFXConformance"]) == "PDF/X-1a:2001"
        for key in ("/Metadata", "/StructTreeRoot", "/MarkInfo"):
            assert key not in pdf.Root
        assert not any("/Group" in page.obj for page in pdf.pages)
        assert all(
            o.get("/Type") != "/ObjStm" for o in pdf.objects if isinstance(o, pikepdf.Stream)
        )


def test_x1a_wants_an_old_profile() -> None:
    printer = load_printer("ingram")
    made = geometry(printer, printer.trim, 30)
    new = replace(press_profile(), version=4.2)
    with pytest.raises(SetupError, match="ICC version 2"):
        make_press_ready(_one_page(), printer, made, new)


def _one_page() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(432, 648))
        pdf.save(out)
    return out.getvalue()


SEE_THROUGH = """<p>Plain</p><p style="break-before: page; opacity: 0.4">Faint</p>
<p style="break-before: page">Plain</p>"""


def test_only_a_transparent_page_becomes_a_bitmap(tmp_path: Path) -> None:
    tool_path("gs")
    out, problems = from_html(SEE_THROUGH, load_printer("ingram"))
    assert [problem.code for problem in problems] == ["transparency"]
    assert "page 2 became" in problems[0].message
    with pikepdf.open(io.BytesIO(out)) as pdf:
        pictures = [len(page.images) for page in pdf.pages]
    assert pictures == [0, 1, 0, 0]
    found = plates(out, tmp_path)
    assert set(found["Cyan"] + found["Magenta"] + found["Yellow"]) == {255}


def test_transparency_is_told_where_it_cannot_be_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ready, "can_flatten", lambda: False)
    _, problems = from_html(SEE_THROUGH, load_printer("kdp"))
    assert [(p.code, str(p.at)) for p in problems] == [("transparency", "page 2")]
    assert "may be refused" in problems[0].message
    assert from_html(SEE_THROUGH, load_printer("a5"))[1] == ()


def test_printers_that_refuse_transparency_are_spared_it(tmp_path: Path) -> None:
    tool_path("gs")
    out, problems = from_html(SEE_THROUGH, load_printer("kdp"))
    assert "page 2 became" in problems[0].message
    report = preflight(out, load_printer("kdp"))
    assert not [found.code for found in report.findings if "transparen" in found.code]


def test_marks_stand_outside_the_bleed(tmp_path: Path) -> None:
    printer = replace(load_printer("a5"), wants_marks=True)
    out, _ = from_html("<p>Text</p>", printer, bleed=True)
    with pikepdf.open(io.BytesIO(out)) as pdf:
        found = boxes(pdf.pages[0])
        assert found["mediabox"][0] == -30
        assert found["bleedbox"][0] == pytest.approx(-8.504, abs=0.01)
    dark = plates(out, tmp_path)
    assert max(dark["Cyan"] + dark["Black"]) < 255  # on every plate, blank leaves too


def test_our_own_marks_are_taken_by_our_own_preflight() -> None:
    printer = replace(load_printer("a5"), wants_marks=True, ink_limit=240)
    out, _ = from_html("<p>Text</p>", printer)
    report = preflight(out, printer)
    assert [f for f in report.findings if f.code != "pages-too-few"] == []


def test_marks_are_no_part_of_a_flattened_page() -> None:
    tool_path("gs")
    printer = replace(load_printer("ingram"), wants_marks=True, refuses=("transparency",))
    report = preflight(from_html(SEE_THROUGH, printer)[0], printer)
    assert not {f.code for f in report.findings} & {"ink-total", "registration-ink", "page-white"}


def test_the_same_book_is_the_same_bytes() -> None:
    for name in ("kdp", "ingram", "a5"):
        assert printed(load_printer(name))[0] == book_for(name)[0]


def test_a_file_too_large_is_reported() -> None:
    printer = replace(load_printer("kdp"), most_bytes=1_000)
    out, problems = from_html("<p>Text</p>", printer)
    assert len(out) > 1_000
    assert [problem.code for problem in problems] == ["file-size"]


@pytest.mark.parametrize("name", ["kdp", "ingram", "lulu", "a5", "kdp-hardcover"])
def test_qpdf_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(book_for(name)[0])
    done = subprocess.run(
        [tool_path("qpdf"), "--check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("bleed", [True, False])
def test_ingrams_checker_finds_nothing_wrong(bleed: bool, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(book_for("ingram", bleed=bleed)[0])
    wanted = ["interior", str(path), "-t", "6x9", "-c", "bw", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "ingram_checker", *wanted, *["--bleed"][: int(bleed)]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    checks = {check["check_name"]: check for check in json.loads(done.stdout)["checks"]}
    # The sample's picture is a small one on purpose.
    odd = {name for name, check in checks.items() if check["status"] not in ("pass", "skip")}
    assert odd <= {"resolution"}, done.stdout
    assert {"margins", "bleed", "page_size", "color_space", "pdfx_compliance"} <= checks.keys()


def test_a_trim_is_chosen_before_the_page_is_laid_out() -> None:
    kdp = load_printer("kdp")
    made = geometry(kdp, choose_trim(kdp, "5.5x8.5in"), 200)
    assert made.trim == trim_of("5.5x8.5in")
    assert "size: 396pt 612pt" in page_css(made)


# ---- All of it ----


def test_a_thicker_book_is_laid_out_again() -> None:
    lulu = load_printer("lulu")
    sheets: list[str] = []

    def layout(css: str) -> PrintEdition:
        sheets.append(css)
        with pikepdf.new() as pdf:
            for _ in range(410):
                pdf.add_blank_page(page_size=(432, 648))
            out = io.BytesIO()
            pdf.save(out)
        return PrintEdition(out.getvalue(), 410, Folios())

    made = make_interior(layout, Job(lulu, lulu.trim), title="Thick", modified=MODIFIED)
    assert len(sheets) == 2
    assert "margin-left: 81pt" in sheets[1]
    assert (made.pages, made.geometry.inside, made.problems) == (410, 81, ())


def test_an_interior_from_a_book(tmp_path: Path) -> None:
    job = Job(load_printer("kdp"), trim_of("5x8in"))
    book = booksample.BOOK
    assets, problems = press_assets(book, THEME, booksample.read_asset, job, tmp_path)
    assert pickle.loads(pickle.dumps(assets)) == assets
    assert problems == ()

    def layout(css: str) -> PrintEdition:
        return print_book(book, THEME, WORDS, assets, extra_css=css)

    made = make_interior(layout, job, title="Lamp", modified=MODIFIED)
    assert made.pages == made.edition.pages + made.edition.pages % 2
    # The sample's code is wider than so narrow a page.
    assert {problem.code for problem in made.problems} <= {"code-turned-over"}
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert len(pdf.pages) == made.pages


def test_a_book_too_thin_for_its_printer() -> None:
    job = Job(load_printer("kdp-hardcover"), trim_of("6x9in"))

    def layout(css: str) -> PrintEdition:
        return PrintEdition(_one_page(), 1, Folios())

    made = make_interior(layout, job, title="Thin", modified=MODIFIED)
    assert (made.pages, [p.code for p in made.problems]) == (2, ["page-count"])
