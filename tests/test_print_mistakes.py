"""What a user gets wrong on the way to a printer: one clear line each, and nothing is written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import ImageCms

from publisher.cli import main

# The words typed after `publisher build print VAULT`, and the line they are answered with.
MISTAKES = [
    ("--for kpd", "there is no printer “kpd”; did you mean kdp?"),
    ("--for ingrm", "there is no printer “ingrm”; did you mean ingram?"),
    ("--for the-shop", "there is no printer “the-shop”; there are 4.25x7, 5.5x8.5, 5x8, 6x9, a4,"),
    ("--for kdp --paper creme", "Amazon KDP, paperback has no paper “creme”"),
    ("--for kdp --trim 3x5in",
     ("Amazon KDP, paperback does not offer the trim 3x5in; the nearest is 5.06x7.81in,"
     " or any from 4x6in to 8.5x11.69in")),
    ("--for ingram --trim 5x9in",
     "IngramSpark, paperback does not offer the trim 5x9in; the nearest is 5x8in"),
    ("--paper cream", "--paper needs a printer: --for NAME, or [print] printer in anthology.toml"),
    ("--guides --bleed", "--bleed and --guides need a printer: --for NAME, or [print] printer in"),
    ("--trim 2x3in", "the trim 2x3in is none for a book: they go from 2.5x3.5in to 12.5x18in"),
    ("--trim wide", "“wide” is no trim; write width and height, such as 6x9in or 148x210mm"),
    ("--for narrow", "margins"),
    ("--for ingram --profile gone.icc", "the colour profile gone.icc cannot be read"),
    ("--for ingram --profile notes/Fog.md", "is no colour profile"),
    ("--for ingram --profile rgb.icc", "rgb.icc is a profile for RGB; a press wants one for CMYK"),
    ("--for kdp --output notes/Fog.md/book.pdf", "book.pdf can't be written"),
    ("--for kdp --output book.epub", "book.epub is a name for the EPUB; this is the PDF"),
]  # fmt: skip
NARROW = """
[printers.narrow]
based_on = "5x8"
trim = "2.5x4in"
trims = ["2.5x4in"]
margins = { inside = [[900, "1.5in"]], outside = "0.9in", outside_with_bleed = "0.9in" }
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault of one note, and beside it a profile of the wrong kind."""
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "notes"
    root.mkdir()
    (root / "Fog.md").write_text("---\nauthor: Ann Lee\n---\nA cloud.\n", "utf-8")
    (root / "anthology.toml").write_text(NARROW, "utf-8")
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    (tmp_path / "rgb.icc").write_bytes(screen.tobytes())
    return root


def told(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[str]]:
    monkeypatch.setattr(sys, "argv", ["publisher", *words.split()])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert said.out == ""
    return int(left.value.code or 0), said.err.splitlines()


@pytest.mark.parametrize(("words", "line"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_a_mistake_is_one_line_and_nothing_is_written(
    notes: Path,
    words: str,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(notes.parent.rglob("*"))
    code, said = told(f"build print notes {words}", monkeypatch, capsys)
    assert code == 2
    assert len(said) == 1, said
    assert line in said[0]
    assert sorted(path for path in notes.parent.rglob("*") if path.is_file()) == [
        path for path in before if path.is_file()
    ]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("gone.pdf --pages 0", "--pages wants how many pages the book has, not 0"),
        ("gone.pdf --kind cover --pages -3", "--pages wants how many pages the book has, not -3"),
        ("notes/Fog.md", "notes/Fog.md is no PDF, or too broken to be opened"),
        ("gone.pdf", "gone.pdf cannot be read: No such file or directory"),
        ("notes", "notes cannot be read"),
    ],
)
def test_a_preflight_of_what_is_no_pdf(
    notes: Path,
    file: str,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert notes.is_dir()
    code, said = told(f"preflight {file} --for kdp", monkeypatch, capsys)
    assert (code, len(said)) == (2, 1)
    assert line in said[0]


def test_a_paper_for_no_printer_is_told_with_its_place(
    notes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes / "anthology.toml").write_text('[print]\npaper = "cream"\nbleed = true\n', "utf-8")
    monkeypatch.setattr(sys, "argv", ["publisher", "build", "print", "notes", "-j", "1"])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    said = capsys.readouterr().out
    for line, name in ((2, "paper"), (3, "bleed")):
        told_here = f"anthology.toml:{line}:1: warning[printer-missing]: [print] {name} is passed"
        assert told_here in said
