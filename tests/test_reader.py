"""The EPUB in a reader's hands: foliate-js in a browser, opened, paged and clicked."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from booksample import BOOK
from conftest import ROOT, chromium_path, node_module
from epubs import make_epub
from playwright.sync_api import Page, sync_playwright

BROWSER = ROOT / "tests" / "browser"


class Shelf(http.server.SimpleHTTPRequestHandler):
    """Serves the reader, the library it stands on, and the book."""

    book: Path

    def translate_path(self, path: str) -> str:
        if path == "/book.epub":
            return str(self.book)
        return super().translate_path(path)

    def log_message(self, *_args: Any) -> None:
        """Nothing: a server in a test has nobody to tell."""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    node_module("foliate-js")
    chromium = chromium_path()
    Shelf.book = make_epub(BOOK, tmp_path_factory.mktemp("reader") / "book.epub")
    handler = functools.partial(Shelf, directory=str(BROWSER))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 800, "height": 1000})
            page.goto(f"http://127.0.0.1:{server.server_port}/reader.html")
            page.wait_for_function("window.reader")
            yield page
            browser.close()
        server.shutdown()


@pytest.fixture(scope="module")
def opened(reader: Page) -> dict[str, Any]:
    told = reader.evaluate("reader.open('/book.epub')")
    assert isinstance(told, dict)
    return told


def wait_for(reader: Page, label: str) -> None:
    reader.wait_for_function("label => reader.place().label === label", arg=label)


def test_the_contents_are_the_books(opened: dict[str, Any]) -> None:
    assert opened["title"] == "The Harbour Lamp"
    assert [entry["label"] for entry in opened["toc"]] == [
        "Lamps", "Other Tongues", "Glossary", "Contributors", "Sources", "Colophon",
    ]  # fmt: skip
    assert [entry["label"] for entry in opened["toc"][0]["items"]] == [
        "On Keeping a Lamp · Ada Quill",
        "Letter from the Pier · Bram van der Meer, Ada Quill",
        "Three Lines for a Bell · Ada Quill",
    ]
    assert {"cover", "toc", "bodymatter"} <= set(opened["landmarks"])


def test_the_contents_lead_to_their_pages(reader: Page, opened: dict[str, Any]) -> None:
    assert opened
    for href, label in (
        ("text/piece-3.xhtml", "Three Lines for a Bell · Ada Quill"),
        ("text/glossary.xhtml", "Glossary"),
    ):
        reader.evaluate("href => reader.goTo('EPUB/' + href)", href)
        wait_for(reader, label)


def test_a_glossary_link_leads_there_and_back(reader: Page, opened: dict[str, Any]) -> None:
    assert opened
    reader.evaluate("reader.goTo('EPUB/text/piece-2.xhtml')")
    wait_for(reader, "Letter from the Pier · Bram van der Meer, Ada Quill")
    # This link is also shown as a popup by readers that wish to; following it must work.
    reader.evaluate("reader.goTo('EPUB/text/glossary.xhtml#glossary-keeper')")
    wait_for(reader, "Glossary")
    words = reader.evaluate("reader.click('#glossary-keeper .places a[href*=\"letter-keeper\"]')")
    assert words == "Letter from the Pier"
    wait_for(reader, "Letter from the Pier · Bram van der Meer, Ada Quill")


def test_a_term_pops_up_its_definition(reader: Page, opened: dict[str, Any]) -> None:
    assert opened
    popup = popup_of(reader, "piece-2", "#letter-keeper")
    assert "Who tends the lamp." in popup["text"]


def test_a_footnote_pops_up(reader: Page, opened: dict[str, Any]) -> None:
    assert opened
    popup = popup_of(reader, "piece-1", "#lamp-note-1-call")
    assert popup["type"] == "footnote"
    assert popup["text"].endswith("The ledger says forty; the keeper said fifty.")


def popup_of(reader: Page, piece: str, selector: str) -> dict[str, str]:
    before = len(reader.evaluate("reader.popups()"))
    reader.evaluate("href => reader.goTo(href)", f"EPUB/text/{piece}.xhtml")
    reader.wait_for_function("reader.place().label")
    reader.evaluate("selector => reader.click(selector)", selector)
    reader.wait_for_function("before => reader.popups().length > before", arg=before)
    popup: dict[str, str] = reader.evaluate("reader.popups()")[-1]
    return popup


def test_no_link_is_lost(reader: Page, opened: dict[str, Any]) -> None:
    assert opened
    links = reader.evaluate("reader.lostLinks()")
    assert links["lost"] == []
    assert links["count"] > 60
