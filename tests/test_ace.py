"""DAISY Ace, which sees what EPUBCheck does not, finds no barrier in our books."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

from booksample import BOOK
from conftest import ROOT, chromium_path, node_module, tool_path
from epubs import make_epub

from publisher.config import Plan
from publisher.pipeline import build_ebook


def violations(epub: Path, folder: Path) -> list[str]:
    """What Ace has against the book: file, impact, rule."""
    ace = node_module("@daisy/ace-cli") / "bin" / "ace.js"
    command = [tool_path("node"), str(ace), "--silent", "--force"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(epub)],
        env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": chromium_path(), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout + done.stderr
    judged = json.loads(report.read_text("utf-8"))
    found = [
        f"{page['earl:testSubject']['url']}: {fault['earl:test']['earl:impact']}"
        f" {fault['earl:test']['dct:title']}"
        for page in judged["assertions"]
        for fault in page["assertions"]
        if fault["earl:result"]["earl:outcome"] != "pass"
    ]
    assert (judged["earl:result"]["earl:outcome"] == "fail") == bool(found)
    return found


def test_the_sample_anthology_has_no_barrier(tmp_path: Path) -> None:
    book = tmp_path / "book.epub"
    build_ebook(ROOT / "content", Plan(), book, tmp_path)
    assert violations(book, tmp_path / "ace") == []


def test_a_book_with_every_feature_has_no_barrier(tmp_path: Path) -> None:
    assert violations(make_epub(BOOK, tmp_path / "book.epub"), tmp_path / "ace") == []


def test_ace_is_awake(tmp_path: Path) -> None:
    """A book that skips a heading is refused."""
    book = tmp_path / "book.epub"
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>A</title></head>'
        "<body>{}</body></html>"
    )
    nav = (
        '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc">'
        '<ol><li><a href="one.xhtml">One</a></li></ol></nav>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:identifier id="i">urn:x</dc:identifier><dc:title>A</dc:title>'
        '<dc:language>en</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z'
        '</meta></metadata><manifest><item id="n" href="nav.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/><item id="o" href="one.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="o"/></spine>'
        "</package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="a.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("a.opf", opf)
        archive.writestr("nav.xhtml", page.format(nav))
        archive.writestr("one.xhtml", page.format("<h1>One</h1><h3>Three</h3>"))
    found = violations(book, tmp_path / "ace")
    assert any("heading-order" in fault for fault in found), found
