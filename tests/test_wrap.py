"""Covers of printed books: sheets as printers compute them, words that fit, bars that scan."""

from __future__ import annotations

import io
import subprocess
from functools import cache

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # no types
import pytest
import zxingcpp
from booksample import METADATA
from conftest import press_profile, tool_path
from msgspec.structs import replace
from PIL import Image

from publisher.book.model import Metadata
from publisher.printer import load_printer, on_paper, spine_width
from publisher.problem import SetupError
from publisher.render.cover import MEASURE
from publisher.render.ornament import PALETTES, Palette, paper
from publisher.render.preflight.check import preflight
from publisher.render.preflight.finding import Verdict
from publisher.render.prepress.profile import Profile
from publisher.render.theme import load_theme
from publisher.render.wrap import Wrap, draw_wrap, finish_wrap
from publisher.render.wrap_back import LEAST, Blurb, Hand, set_panel
from publisher.render.wrap_boards import cleared
from publisher.render.wrap_inks import by_curve, limited, mix_inks
from publisher.render.wrap_sheet import Box, lay_out
from publisher.render.wrap_words import em_width, set_label, set_spine, spine_room
from publisher.trim import trim_of
from publisher.wording import wording

CLASSIC = load_theme("classic")
ENGLISH = wording("en")
REGULAR = next(font for font in CLASSIC.fonts() if "Regular" in font.name)
INCH = 72.0
BLURB = """A lighthouse in a small northern port has been dark for three winters. Four writers
who grew up within sight of it go back to ask why.

What they bring home is no answer but an argument: about work, weather and memory."""
ABOUT = replace(METADATA, description=BLURB)
CROWD = tuple((f"Maximiliane of the Long Quay {n}", f"Quay {n}") for n in range(400))


@cache
def drawn(
    about: Metadata = ABOUT,
    printer: str = "kdp",
    stock: str = "cream",
    pages: int = 300,
    trim: str = "6x9in",
    price: str = "$19.99",
    profile: Profile | None = None,
) -> Wrap:
    return draw_wrap(
        about, CLASSIC, wording(about.language), load_printer(printer), stock, pages,
        trim_of(trim), isbn_price=price, profile=profile,
    )  # fmt: skip


def codes(wrap: Wrap) -> list[str]:
    return [problem.code for problem in wrap.problems]


def picture(pdf: bytes, dots: float) -> Image.Image:
    page = pypdfium2.PdfDocument(pdf)[0]
    image: Image.Image = page.render(scale=dots / INCH).to_pil()
    return image.convert("RGB")


def words_in(pdf: bytes, left: float, right: float) -> str:
    """What stands between two distances from the finished cover's left edge."""
    page = pypdfium2.PdfDocument(pdf)[0]
    _, bottom, _, top = page.get_mediabox()
    return str(page.get_textpage().get_text_bounded(left, bottom, right, top))


def palette_of(about: Metadata) -> str:
    return paper(f"{about.title}\n{about.subtitle}", 1, 1).palette.ground


# The widths and heights are the printers' own sums, in inches.
SHEETS = [
    ("kdp", "cream", 300, "6x9in", 2 * 6 + 300 * 0.0025 + 0.25, 9.25),
    ("kdp", "white", 200, "6x9in", 2 * 6 + 200 * 0.002252 + 0.25, 9.25),
    ("kdp", "white", 24, "5x8in", 2 * 5 + 24 * 0.002252 + 0.25, 8.25),
    ("kdp", "premium-colour", 828, "8.5x11in", 2 * 8.5 + 828 * 0.002347 + 0.25, 11.25),
    ("lulu", "", 400, "6x9in", 2 * 6 + 400 / 444 + 0.06 + 0.25, 9.25),
    # Wrap .591 on each side, boards .125 wider and higher, a spine .28 thicker than the block.
    ("kdp-hardcover", "white", 200, "6x9in",
     2 * 0.591 + 2 * 6.125 + 200 * 0.002252 + 0.28, 9.125 + 2 * 0.591),
]  # fmt: skip


@pytest.mark.parametrize(("printer", "stock", "pages", "trim", "wide", "tall"), SHEETS)
def test_the_sheet_is_as_large_as_the_printer_says(
    printer: str, stock: str, pages: int, trim: str, wide: float, tall: float
) -> None:
    preset = load_printer(printer)
    sheet = lay_out(preset, stock, pages, trim_of(trim))
    assert sheet.width / INCH == pytest.approx(wide, abs=0.0006)
    assert sheet.height / INCH == pytest.approx(tall, abs=0.0006)
    assert sheet.spine.width == pytest.approx(spine_width(preset, stock, pages))
    assert sheet.front.right + sheet.turn == pytest.approx(sheet.width)


def test_both_files_have_the_sheet_s_boxes() -> None:
    wrap = drawn()
    assert wrap.guides != wrap.pdf
    for file in (wrap.pdf, wrap.guides):
        with pikepdf.open(io.BytesIO(file)) as pdf:
            (page,) = pdf.pages
            finished = [float(corner) for corner in page.trimbox]
            sheet = [float(corner) for corner in page.mediabox]
            bleed = [float(corner) for corner in page.bleedbox]
            assert "/Annots" not in page.obj
        assert finished == pytest.approx([0, 0, 12.75 * INCH, 9 * INCH])
        assert sheet == bleed == pytest.approx([-9, -9, 12.75 * INCH + 9, 9 * INCH + 9])
    assert (wrap.width, wrap.height) == pytest.approx((13 * INCH, 9.25 * INCH))
    assert wrap.spine == pytest.approx(0.75 * INCH)


def test_the_print_edition_s_own_isbn_is_on_the_cover() -> None:
    wrap = drawn(replace(ABOUT, print_isbn="9789295055124"))
    assert "978-92-95055-12-4" in words_in(wrap.pdf, 0, 6 * INCH)


def test_colours_follow_the_press_s_profile() -> None:
    profile = press_profile()
    by_profile = mix_inks(PALETTES[0], 240, profile, screen=False)
    by_rule = mix_inks(PALETTES[0], 240, None, screen=False)
    assert by_profile.ground != by_rule.ground
    assert by_profile.black == by_rule.black


def test_a_scanner_reads_the_barcode_from_the_page() -> None:
    image = picture(drawn().pdf, 300)
    found = zxingcpp.read_barcodes(image, ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read)
    assert max((one.text for one in found), key=len) == "978030640615751999"


def test_the_barcode_keeps_the_printer_s_distance() -> None:
    wrap = drawn()
    assert wrap.barcode is not None
    left, bottom, right, top = wrap.barcode
    assert bottom >= 0.25 * INCH
    assert right <= 6 * INCH - 0.25 * INCH
    assert right - left <= 2 * INCH + 0.01
    assert top - bottom <= 1.2 * INCH + 0.01
    assert "978-0-306-40615-7" in words_in(wrap.pdf, 0, 6 * INCH)


def test_without_an_isbn_the_printer_s_own_place_stays_white() -> None:
    about = replace(ABOUT, isbn="")
    wrap = drawn(about, price="")
    left, bottom, right, top = wrap.barcode or (0, 0, 0, 0)
    assert (right - left, top - bottom) == pytest.approx((144, 86.4))
    assert (right, bottom) == pytest.approx((6 * INCH - 18, 18))
    image = picture(wrap.pdf, INCH)
    box = image.crop((int(left) + 11, int(648 - top) + 11, int(right) + 7, int(648 - bottom) + 7))
    assert box.getcolors() == [(box.width * box.height, (255, 255, 255))]
    assert drawn(about, printer="6x9", price="").barcode is None


def test_colour_runs_into_the_bleed_on_all_sides() -> None:
    image = picture(drawn().pdf, INCH)
    width, height = image.size
    edges = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height)]
    for edge in (*edges, (width - 1, 0, width, height)):
        shades = image.crop(edge).convert("L").tobytes()
        assert max(shades) < 225


def test_the_wrap_wears_the_colours_of_the_epub_s_cover() -> None:
    image = picture(drawn().pdf, INCH)
    ground = tuple(int(palette_of(ABOUT)[at : at + 2], 16) for at in (1, 3, 5))
    colours = image.getcolors(1_000_000) or []
    assert max(colours)[1] == ground


def test_the_spine_carries_words_only_where_the_printer_lets_it() -> None:
    thick = drawn()
    assert "The Harbour Lamp" in words_in(thick.pdf, 6 * INCH, 6.75 * INCH)
    thin = drawn(pages=78)
    assert words_in(thin.pdf, 6 * INCH, (6 + 78 * 0.0025) * INCH).strip() == ""
    assert codes(thin) == ["spine-bare"]


@pytest.mark.parametrize(
    ("printer", "pages", "said"),
    [("kdp", 78, False), ("kdp", 100, True), ("ingram", 150, False), ("ingram", 170, True)],
)
def test_words_on_the_spine_begin_where_the_printer_says(
    printer: str, pages: int, said: bool
) -> None:
    sheet = lay_out(load_printer(printer), "white", pages, trim_of("6x9in"))
    assert (set_spine(ABOUT, REGULAR, sheet) is not None) is said


def test_spines_are_read_as_the_language_has_it() -> None:
    sheet = lay_out(load_printer("kdp"), "white", 300, trim_of("6x9in"))
    for language, turn in (("en", 90), ("fr-CA", -90), ("de", 90)):
        spine = set_spine(replace(ABOUT, language=language), REGULAR, sheet)
        assert spine is not None
        assert spine.turn == turn
    japanese = set_spine(replace(ABOUT, title="港の灯", editors=(), publisher=""), REGULAR, sheet)
    assert japanese is not None
    assert japanese.ideographs


TITLES = [
    "Fog",
    "The Class, the Party and the Leadership",
    "Why the Lamp Was Out: a question put to every member of the Harbour Board",
    "word " * 40,
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4,
    "港の灯" * 60,
    "مصباح الميناء " * 14,
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(("trim", "pages"), [("6x9in", 828), ("8.25x6in", 120), ("4x6in", 90)])
def test_a_title_of_any_length_fits_front_and_spine(title: str, trim: str, pages: int) -> None:
    about = replace(ABOUT, title=title)
    sheet = lay_out(load_printer("kdp"), "cream", pages, trim_of(trim))
    label = set_label(about, ENGLISH, REGULAR, sheet)
    assert label.title.width <= MEASURE
    assert label.top + label.tall <= label.height
    assert "".join(title.split()).startswith("".join(label.title.lines[0].split()))
    spine = set_spine(about, REGULAR, sheet)
    assert spine is not None
    assert em_width(spine.title, REGULAR) * spine.size <= spine_room(sheet)
    assert spine.size * 0.95 <= sheet.spine.width - 2 * sheet.spine_safety


def test_a_long_title_leaves_its_colon_s_rest_off_the_spine() -> None:
    title = "Why the Lamp Was Out: " + "a question put to every member of the Harbour Board, " * 3
    sheet = lay_out(load_printer("kdp"), "cream", 250, trim_of("6x9in"))
    spine = set_spine(replace(ABOUT, title=title), REGULAR, sheet)
    assert spine is not None
    assert spine.title == "Why the Lamp Was Out"
    assert spine.imprint == "Breakwater Press"


def by_letters(blurb: Blurb, width: float) -> float:
    """A stand-in for the engine: every letter takes 0.4 em."""
    return sum(
        -(-len(paragraph) * blurb.size * 0.4 // width) * blurb.size * 1.34
        for paragraph in (*blurb.paragraphs, *blurb.names)
    )


HAND = Hand(by_letters, lambda text, _: (text,))
ROOM = Box(40, 50, 330, 460)


def test_a_blurb_shrinks_to_a_limit_and_is_then_cut_at_a_sentence() -> None:
    sizes = []
    for count in (1, 8, 20, 28, 80, 5000):
        text = " ".join(
            f"Sentence {n} of the blurb says a little more than the last." for n in range(count)
        )
        panel = set_panel((text, "", ()), ROOM, 60, HAND)
        assert panel is not None
        sizes.append(panel.blurb.size)
        assert panel.box.y >= ROOM.y
        assert panel.box.foot <= ROOM.foot + 0.001
        assert panel.blurb.cut is (count >= 80)
        said = " ".join(panel.blurb.paragraphs)
        assert text.startswith(said)
        assert said.endswith("than the last.")
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == LEAST < sizes[0]


def test_an_endless_sentence_is_cut_between_words() -> None:
    panel = set_panel(("word " * 4000, "", ()), ROOM, 60, HAND)
    assert panel is not None
    assert panel.blurb.paragraphs[0].endswith("word…")
    whole = set_panel(("x" * 20_000, "", ()), ROOM, 60, HAND)
    assert whole is not None
    assert whole.blurb.paragraphs[0].endswith("x…")


def test_a_blurb_yields_to_the_names() -> None:
    text = "A sentence of the blurb says a little. " * 45
    names = tuple(f"Author of the Long Name {n}" for n in range(20))
    panel = set_panel((text, "", names), ROOM, 60, HAND)
    assert panel is not None
    assert panel.blurb.names == names
    assert panel.blurb.cut
    assert panel.blurb.paragraphs[0].endswith("says a little.")
    short = set_panel((text[:400], "", names), ROOM, 60, HAND)
    assert short is not None
    assert short.blurb.names == names
    assert not short.blurb.cut
    endless = set_panel(("word " * 4000, "", names), ROOM, 60, HAND)
    assert endless is not None
    assert endless.blurb.names == names
    crowd = set_panel((text[:400], "", names * 20), ROOM, 60, HAND)
    assert crowd is not None
    assert crowd.blurb.names == ()
    assert not crowd.blurb.cut


def test_a_book_without_a_blurb_has_no_panel() -> None:
    assert set_panel((" \n", "", ()), ROOM, 60, HAND) is None
    wrap = drawn(replace(ABOUT, description="", series="", isbn="", publisher=""), price="")
    assert wrap.problems == ()
    assert words_in(wrap.pdf, 0, 6 * INCH).strip() == ""


def test_those_whom_the_front_does_not_name_stand_on_the_back() -> None:
    crowd = tuple((f"Author {n}", "") for n in range(12))
    wrap = drawn(replace(ABOUT, authors=crowd))
    back, front = words_in(wrap.pdf, 0, 5.8 * INCH), words_in(wrap.pdf, 6.9 * INCH, 13 * INCH)
    assert "Author 11" in back
    assert "Author" not in front
    assert "Edited by Tomas Reed" in front


def test_many_authors_stand_on_the_back_below_a_long_blurb() -> None:
    about = replace(ABOUT, authors=CROWD[:23], editors=(), description="It is about fog. " * 110)
    wrap = drawn(about, "kdp", trim="5x8in")
    assert codes(wrap) == ["blurb-cut"]
    assert "Quay 22" in " ".join(words_in(wrap.pdf, 0, 5 * INCH).split())


def test_a_book_read_from_the_right_has_its_front_on_the_left() -> None:
    about = replace(
        ABOUT, title="מנורת הנמל", subtitle="", language="he", direction="rtl",
        description="A blurb that stands on the right.",
    )  # fmt: skip
    wrap = drawn(about)
    assert "blurb" in words_in(wrap.pdf, 6.8 * INCH, 13 * INCH)
    assert wrap.barcode is not None
    assert wrap.barcode[0] >= (6.75 + 0.25) * INCH


@pytest.mark.parametrize(
    ("about", "price", "code"),
    [
        (replace(ABOUT, isbn="9780306406158"), "", "isbn-check-digit"),
        (ABOUT, "cheap", "isbn-price"),
        (replace(ABOUT, isbn=""), "$19.99", "isbn-price"),
        (replace(ABOUT, description="The lamp is out again tonight. " * 300), "", "blurb-cut"),
        (replace(ABOUT, authors=CROWD), "", "authors-left-out"),
    ],
)
def test_what_the_cover_cannot_hold_is_told(about: Metadata, price: str, code: str) -> None:
    wrap = drawn(about, price=price)
    assert codes(wrap) == [code]
    if code == "isbn-check-digit":
        assert wrap.barcode is None
        assert not zxingcpp.read_barcodes(picture(wrap.pdf, 200))


def test_a_letter_that_no_font_has_is_told() -> None:
    told = drawn(replace(ABOUT, title="Lamp \U0010ff00")).problems
    assert [(p.code, "U+10FF00" in p.message) for p in told] == [("glyph-missing", True)]


def test_nothing_cuts_the_pattern_s_flowers_in_two() -> None:
    dots = "M10.0 10.0a5 5 0 1 1 10 0zM100.0 100.0l1 1zM200.0 50.0l1 1z"
    assert cleared(dots, iter([Box(90, 90, 40, 40)]), 1) == dots.replace("M100.0 100.0l1 1z", "")
    assert cleared(dots, iter([Box(0, 0, 400, 400)]), 0.5) == ""
    assert cleared(dots, iter([]), 1) == dots


def test_a_long_imprint_stands_on_the_front_alone() -> None:
    about = replace(ABOUT, publisher="The Worshipful Company of Lamplighters and Sons, Limited")
    wrap = drawn(about)
    # The spaced letters are read as words of their own.
    assert "Lamplighters" in "".join(words_in(wrap.pdf, 6.8 * INCH, 13 * INCH).split())
    assert "Lamplighters" not in "".join(words_in(wrap.pdf, 0, 5.8 * INCH).split())


def test_a_printer_with_a_template_is_named() -> None:
    wrap = drawn(printer="ingram", stock="white")
    assert codes(wrap) == ["cover-by-template"]
    assert not wrap.screen


def test_a_printer_without_covers_is_an_error() -> None:
    printer = load_printer("kdp")
    none = replace(printer, cover=replace(printer.cover, kind="none"))
    with pytest.raises(SetupError, match="takes no cover"):
        draw_wrap(ABOUT, CLASSIC, ENGLISH, none, "", 100, trim_of("6x9in"))


def test_the_same_book_has_the_same_wrap() -> None:
    again = drawn.__wrapped__(ABOUT)
    assert (again.pdf, again.guides) == (drawn().pdf, drawn().guides)


PRESSES = [
    ("kdp", "cream", 300, "6x9in", ABOUT),
    ("kdp", "white", 24, "5x8in", replace(ABOUT, title="Fog", description="")),
    ("kdp-hardcover", "white", 250, "6x9in", ABOUT),
    ("lulu", "", 400, "8.5x11in", replace(ABOUT, description=BLURB * 20)),
    ("ingram", "white", 400, "6x9in", replace(ABOUT, title="word " * 40)),
    ("a6", "", 150, "a6", ABOUT),
]


@pytest.mark.parametrize(("printer", "stock", "pages", "trim", "about"), PRESSES)
def test_the_printer_s_check_finds_nothing(
    printer: str, stock: str, pages: int, trim: str, about: Metadata
) -> None:
    preset = load_printer(printer)
    profile = press_profile() if preset.flavour != "pdf" else None
    wrap = drawn(about, printer, stock, pages, trim, "51999", profile)
    made, problems = finish_wrap(wrap, about, preset, profile)
    assert problems == ()
    report = preflight(made, on_paper(preset, stock), trim=trim_of(trim), kind="cover", pages=pages)
    assert [found for found in report.findings if found.severity is not Verdict.NOTE] == []


@pytest.mark.parametrize("printer", ["kdp", "ingram"])
def test_nothing_but_the_printer_s_colours_is_on_the_sheet(printer: str) -> None:
    wrap = drawn(printer=printer, stock="white" if printer == "ingram" else "cream")
    with pikepdf.open(io.BytesIO(wrap.pdf)) as pdf:
        drawn_with = {
            str(instruction.operator): list(map(str, instruction.operands))
            for instruction in pikepdf.parse_content_stream(pdf.pages[0])
        }
        fonts = pdf.pages[0].Resources.Font
        assert len(fonts) >= 2
        for font in fonts.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    if printer == "kdp":
        assert not {"cs", "CS", "k", "K", "scn"} & set(drawn_with)
        assert drawn_with["g"] == ["0"]
    else:
        assert not {"rg", "RG", "g", "G"} & set(drawn_with)
        assert drawn_with["cs"] == ["/DeviceCMYK"]


def test_qpdf_finds_nothing_wrong(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("wrap") / "cover.pdf"
    for file in (drawn().pdf, drawn().guides):
        path.write_bytes(file)
        done = subprocess.run(
            [tool_path("qpdf"), "--check", str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("palette", PALETTES)
def test_no_ground_holds_more_ink_than_the_printer_takes(palette: Palette) -> None:
    inks = mix_inks(palette, 160, None, screen=False)
    for ink in (inks.ground, inks.tone, inks.spark, inks.cloth, inks.accent, inks.paper):
        parts = [float(part) for part in ink.removeprefix("device-cmyk(").rstrip(")").split()]
        assert sum(parts) <= 1.605
        assert all(0 <= part <= 1 for part in parts)
    assert inks.black == "device-cmyk(0 0 0 1)"


def test_ink_over_the_limit_goes_over_to_black_first() -> None:
    assert limited((0.9, 0.8, 0.7, 0.3), 240) == pytest.approx((0.75, 0.65, 0.55, 0.45))
    assert sum(limited((1.0, 1.0, 0.0, 0.9), 200)) == pytest.approx(2.0)
    assert limited((0.5, 0.4, 0.3, 0.2), 0) == (0.5, 0.4, 0.3, 0.2)
    assert by_curve("#000000") == (0, 0, 0, 1)
    assert sum(by_curve("#ffffff")) == 0
