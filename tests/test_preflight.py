"""Each thing a printer refuses, set by hand, and found; good files, and let through."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zlib
from pathlib import Path

import booksample
import pikepdf
import pytest
from examples import hold
from handset import Handset
from msgspec.structs import replace
from patience import comes_to_an_end
from PIL import Image
from rich.console import Console

from publisher.printer import load_printer
from publisher.problem import Position, SetupError, Severity
from publisher.render.pdf.press import print_book
from publisher.render.preflight.check import preflight
from publisher.render.preflight.clauses import CLAUSES, clause_of
from publisher.render.preflight.conformance import RULES
from publisher.render.preflight.finding import Verdict, page_ranges
from publisher.render.preflight.table import as_json, as_problems, as_table
from publisher.render.prepress.geometry import geometry
from publisher.render.prepress.ready import make_press_ready
from publisher.render.theme import load_theme
from publisher.trim import trim_of
from publisher.wording import wording

CASES = sorted((Path(__file__).parent / "preflight").glob("*.test"))


def said(text: str) -> str:
    made = Handset(text)
    report = preflight(made.bytes(), made.printer, kind=made.kind, pages=made.block)
    return "\n".join(
        f"{f.severity.name.lower()} {f.code}{f' [{page_ranges(f.pages)}]' if f.pages else ''}:"
        f" {f.message}"
        for f in report.findings
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fault_is_found_and_nothing_else(path: Path) -> None:
    assert hold(path, said) == ""


def codes(pdf: bytes | Path, name: str = "kdp") -> set[str]:
    return {f.code for f in preflight(pdf, load_printer(name)).findings}


@pytest.fixture(scope="module")
def printed() -> bytes:
    book = print_book(booksample.BOOK, load_theme("classic"), wording("en"), booksample.read_asset)
    return book.pdf


def test_a_book_made_for_the_screen_is_refused_for_what_a_screen_wants(printed: bytes) -> None:
    report = preflight(printed, load_printer("kdp"))
    refused = {f.code for f in report.findings if f.severity is Verdict.REFUSAL}
    assert refused == {"annotations", "bookmarks"}
    assert report.refused


def test_a_book_made_ready_for_the_printer_is_taken(printed: bytes) -> None:
    printer = load_printer("kdp")
    made = geometry(printer, printer.trim, len(pikepdf.open(io.BytesIO(printed)).pages))
    ready, _ = make_press_ready(printed, printer, made)
    report = preflight(ready, printer)
    assert [f for f in report.findings if f.severity is Verdict.REFUSAL] == []
    assert not report.refused
    assert set(report.facts.colours) <= {"cmyk", "grey", "mask"}
    assert report.facts.most_ink <= 100
    assert (report.facts.width, report.facts.height) == (432, 648)


def test_a_file_on_disk_says_the_same_as_its_bytes(tmp_path: Path, printed: bytes) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(printed)
    printer = load_printer("ingram")
    assert preflight(path, printer) == preflight(printed, printer)


GOOD = Handset("pages 24").bytes()
LOCKED = io.BytesIO()
with pikepdf.open(io.BytesIO(GOOD)) as _pdf:
    _pdf.save(LOCKED, encryption=pikepdf.Encryption(owner="a", user="b"))
RING = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj
trailer<</Root 1 0 R>>"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no PDF"),
        (b"Just words.\n" * 99, "is no PDF"),
        (b"%PDF-1.4\n", "is no PDF"),
        (GOOD[len(GOOD) // 2 :], "is no PDF"),
        (RING, "is no PDF"),
        (LOCKED.getvalue(), "password"),
    ],
    ids=["empty", "text", "head", "tail", "ring", "locked"],
)
def test_what_is_no_pdf_is_one_clear_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "strange.pdf"
    path.write_bytes(content)
    with pytest.raises(SetupError, match=words) as found:
        preflight(path, load_printer("kdp"))
    assert str(path) in str(found.value)
    assert "\n" not in str(found.value)
    with pytest.raises(SetupError, match=words):
        preflight(content, load_printer("kdp"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"none\.pdf cannot be read"):
        preflight(tmp_path / "none.pdf", load_printer("kdp"))


def test_a_pdf_without_pages_is_one_refusal() -> None:
    out = io.BytesIO()
    pikepdf.new().save(out)
    assert codes(out.getvalue()) == {"no-pages"}


def test_a_file_that_was_cut_off_is_read_and_called_damaged() -> None:
    assert "file-damaged" in codes(GOOD[:-300])


def test_bytes_struck_by_lightning_never_end_in_a_traceback() -> None:
    chance = random.Random(7)
    for _ in range(40):
        struck = bytearray(GOOD)
        for _ in range(chance.choice([1, 5, 40, 300])):
            struck[chance.randrange(len(struck))] = chance.randrange(256)
        try:
            preflight(bytes(struck), load_printer("kdp"))
        except SetupError:
            continue


@pytest.mark.parametrize("operators", [b"0 0 m 1 1 l S " * 20_000_000, b"q " * 2_000_000])
def test_a_page_that_unpacks_to_gigabytes_is_left_alone(operators: bytes) -> None:
    with pikepdf.open(io.BytesIO(GOOD)) as pdf:
        stream = pdf.make_stream(b"")
        stream.write(zlib.compress(operators), filter=pikepdf.Name.FlateDecode)
        pdf.pages[2].obj.Contents = stream
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    with comes_to_an_end():
        assert "content-heavy" in codes(out.getvalue())


def test_forms_within_forms_come_to_an_end() -> None:
    with pikepdf.open(io.BytesIO(GOOD)) as pdf:
        inner = None
        for _ in range(12):
            form = pdf.make_stream(b"0 0 1 1 re f" if inner is None else b"/F Do " * 10)
            form.Subtype, form.BBox = pikepdf.Name.Form, [0, 0, 10, 10]
            if inner is not None:
                form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = form
        pdf.pages[2].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        pdf.pages[2].obj.Contents = pdf.make_stream(b"/F Do")
        out = io.BytesIO()
        pdf.save(out)
    assert "content-heavy" in codes(out.getvalue())


@pytest.mark.parametrize(("turned", "ink"), [(True, 320), (False, 80)])
def test_the_ink_of_a_jpeg_follows_both_inversions(turned: bool, ink: int) -> None:
    """Pillow writes CMYK as Adobe does, upside down; only /Decode turns it again in a PDF."""
    plates = tuple(round(255 * part) for part in (0.8, 0.8, 0.8, 0.8))
    packed = io.BytesIO()
    Image.new("CMYK", (300, 300), plates).save(packed, "JPEG", quality=95)
    made = Handset("for ingram\nimage Im1 300 300 /DeviceCMYK 80\n"
                   "page 3 72 0 0 72 120 200 cm /Im1 Do")  # fmt: skip
    image = made.resources.XObject["/Im1"]
    image.write(packed.getvalue(), filter=pikepdf.Name.DCTDecode)
    if turned:
        image.Decode = [1, 0] * 4
    facts = preflight(made.bytes(), made.printer).facts
    assert facts.most_ink == pytest.approx(max(ink, 100), abs=4)


def test_a_file_larger_than_the_printer_takes() -> None:
    printer = replace(load_printer("kdp"), most_bytes=1000)
    assert "file-too-large" in {f.code for f in preflight(GOOD, printer).findings}


def test_a_printer_who_wants_marks_gets_them() -> None:
    text = (
        "for 6x9\nevery /MediaBox [-36 -36 468 684]\nevery /BleedBox [-8.5 -8.5 440.5 656.5]\n"
        "page 2 0 0 0 1 K 1 w -30 0 m -12 0 l S"
    )
    made = Handset(text)
    wants = replace(made.printer, wants_marks=True)
    assert preflight(made.bytes(), wants).findings == ()
    assert {f.code for f in preflight(made.bytes(), made.printer).findings} == {"marks"}


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        ("-30 0 m -12 0 l S", set()),
        ("-36 -36 20 684 re f", set()),
        ("q 1 0 0 1 -40 0 cm 10 0 m 28 0 l S Q", set()),
        ("-30 0 m -4 0 l S", {"registration-ink", "ink-total"}),
        ("120 200 50 50 re n -30 0 m -12 0 l S", set()),
        ("-30 0 m -12 0 l n 120 200 50 50 re f", {"registration-ink", "ink-total"}),
    ],
)
def test_marks_in_all_inks_are_no_content(drawn: str, found: set[str]) -> None:
    made = Handset(
        "for 6x9\nevery /MediaBox [-36 -36 468 684]\nevery /BleedBox [-8.5 -8.5 440.5 656.5]\n"
        "pages 25\nresources /ColorSpace << /All [/Separation /All /DeviceCMYK"
        " << /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [1 1 1 1] /N 1 >>] >>\n"
        f"page 2 1 w /All CS 1 SCN /All cs 1 scn {drawn}"
    )
    wants = replace(made.printer, wants_marks=True, ink_limit=240, multiple=1)
    assert {f.code for f in preflight(made.bytes(), wants).findings} == found
    unasked = replace(wants, wants_marks=False)
    assert "registration-ink" in {f.code for f in preflight(made.bytes(), unasked).findings}


def test_another_trim_may_be_ordered() -> None:
    a5 = trim_of("a5")
    report = preflight(GOOD, load_printer("kdp"), trim=a5)
    assert {f.code for f in report.findings} == {"trim-wrong"}


def test_the_table_and_the_json_say_all_of_it() -> None:
    made = Handset("font missing\npages 25\npage 3 BT /F1 12 Tf 0 0 0 rg 120 200 Td (Lamp) Tj ET")
    report = preflight(made.bytes(), made.printer)
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(as_table(report))
    shown = console.export_text()
    data = json.loads(json.dumps(as_json(report)))
    assert not data["accepted"]
    assert (data["refusals"], data["warnings"], data["notes"]) == (1, 2, 0)
    assert data["facts"]["pages"] == 25
    for found in data["findings"]:
        assert found["code"] in shown
        assert found["severity"] in shown
        assert found["source"].split()[0] in shown
    assert [f["pages"] for f in data["findings"] if f["code"] == "type-rgb-black"] == [[3]]
    assert "1 thing the printer would refuse" in shown
    problems = as_problems(report, "book.pdf")
    assert [p.severity for p in problems] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]
    assert problems[0].message == "the font Garamond is not embedded (page 1–25)"
    assert {p.at for p in problems} == {Position("book.pdf")}


# What another preflight says of the same files, where both look at the same thing.
THEIRS = [
    ("", ""),
    ("pages 25", "page_count pages-not-multiple"),
    ("font missing", "font_embedding font-not-embedded pdfx-fonts"),
    ("every /MediaBox [0 0 420 595]\nevery /TrimBox [0 0 420 595]", "page_size trim-wrong"),
    ("image Im1 80 80 /DeviceGray 80\npage 3 72 0 0 72 120 200 cm /Im1 Do",
     "resolution image-coarse"),
    ("page 3 BT /F1 12 Tf 0 0 0 1 k 20 300 Td (Harbour) Tj ET", "margins type-in-margin"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "both"), THEIRS, ids=[b.split()[0] if b else "good" for _, b in THEIRS]
)
def test_ingram_checker_sees_the_same(tmp_path: Path, text: str, both: str) -> None:
    made = Handset(f"for ingram\n{text}")
    path = tmp_path / "book.pdf"
    path.write_bytes(made.bytes())
    program = [sys.executable, "-W", "ignore", "-m", "ingram_checker", "interior", str(path)]
    run = subprocess.run(
        [*program, "-t", "6x9", "-c", "bw", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    data = json.loads(run.stdout[run.stdout.index("{") :])
    theirs = {c["check_name"] for c in data["checks"] if c["status"] not in ("pass", "skip")}
    ours = {f.code for f in preflight(path, made.printer).findings}
    expected = set(both.split()[:1]), set(both.split()[1:])
    assert (theirs, ours) == expected


def test_every_rule_of_pdf_x_cites_its_clause() -> None:
    for rule in RULES:
        for flavour in rule.standards.split():
            cited = clause_of(rule.subject, flavour)
            part, number = ("15930-7:2010", "6.") if flavour == "x4" else ("15930-1:2001", "")
            assert part in cited
            assert number in cited
    numbers = [tuple(map(int, newer.split("."))) for newer, _, _ in CLAUSES.values()]
    assert numbers == sorted(numbers)
    used = {rule.subject for rule in RULES}
    assert used == set(CLAUSES)


def test_a_clause_is_told_with_the_finding() -> None:
    made = Handset("for 6x9\ninfo /Trapped /Unknown")
    (found,) = preflight(made.bytes(), made.printer).findings
    assert found.source == "ISO 15930-7:2010 (PDF/X-4), 6.9 trapping; ISO 32000-1, 14.11.6"
    made = Handset("for ingram\ninfo /Trapped /Unknown")
    (found,) = preflight(made.bytes(), made.printer).findings
    assert found.source == (
        "ISO 15930-1:2001 (PDF/X-1a), trapping (6.6 in ISO 15930-4:2003); ISO 32000-1, 14.11.6"
    )
