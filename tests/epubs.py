"""Sample books made into EPUBs, and EPUBCheck's opinion of them."""

from __future__ import annotations

import json
from pathlib import Path

import booksample
from epubchecker import report_on

from publisher.book.model import Book
from publisher.render.cover import draw_cover
from publisher.render.epub import write_epub
from publisher.render.page_starts import PageStart
from publisher.render.pages import epub_pages
from publisher.render.theme import load_theme
from publisher.wording import wording

# EPUBCheck remarks on every embedded font; there is no other way to embed one.
EXPECTED = {"CSS-028"}


def make_epub(book: Book, target: Path, starts: tuple[PageStart, ...] = ()) -> Path:
    """The book as an EPUB, all images drawn; fails if anything went wrong."""
    theme = load_theme("classic")
    words = wording(book.metadata.language)
    pages, problems = epub_pages(book, theme, words, starts)
    assert problems == ()
    cover = draw_cover(book.metadata, theme, words)
    assert write_epub(target, book, pages, theme, cover, booksample.read_asset) == ()
    return target


def complaints(epub: Path) -> list[str]:
    """All that EPUBCheck has to say, down to remarks on usage."""
    told = epub.with_name(f"{epub.name}.epubcheck.json")
    report_on(epub.absolute(), told.absolute())
    report = json.loads(told.read_text("utf-8"))
    assert report["checker"]["nFatal"] is not None
    return [
        f"{message['severity']} {message['ID']}: {message['message']}"
        f" {message['locations'][0]['path'] if message['locations'] else ''}"
        for message in report["messages"]
        if message["ID"] not in EXPECTED
    ]
