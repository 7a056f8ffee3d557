"""The EPUB's pages, made to be looked at one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from publisher.book.model import BookAsset, Metadata
from publisher.cache import Cache, cache_folder
from publisher.config import Plan
from publisher.pipeline import Copy, Progress, collected, prepare
from publisher.preview.entry import Entry, entries_of
from publisher.preview.panel import Panel, panel_of
from publisher.preview.remark import Remark, remarks
from publisher.problem import Problem
from publisher.render.pages import Page, epub_pages
from publisher.render.theme import Theme
from publisher.wording import Wording

# A cover takes longer to draw than most books to set, and few look at it.
CoverOrder = tuple[Metadata, Theme, Wording]
OpenPlan = Callable[[], tuple[Path, Plan, tuple[Problem, ...]]]


class Outline(Struct, frozen=True):
    """What the preview says of a book, whatever the medium."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    panel: Panel


class Ebook(Struct, frozen=True):
    """An EPUB before it is packed: its files by name, its pictures still in the vault."""

    outline: Outline
    files: dict[str, tuple[str, bytes]]  # media type, content
    pictures: dict[str, BookAsset]
    root: str
    cover: CoverOrder


def make_ebook(open_plan: OpenPlan, progress: Progress) -> Ebook:
    """Read, choose, set and fill the pages. Raises SetupError as those do."""
    root, plan, found = open_plan()
    cache = Cache(cache_folder())
    copy = prepare(root, plan, progress, cache=cache)
    book, words, theme = copy.assembled.book, copy.draft.words, copy.theme
    progress("pages", 0, 1)
    pages, lost = epub_pages(book, theme, words, cache=cache)
    problems = collected(found, copy.draft.problems, copy.assembled.problems, lost)
    texts = {page.chapter.anchor: page.content for page in pages if page.chapter}
    return Ebook(
        outline_of(copy, texts, problems),
        files_of(pages, theme),
        {asset.name: asset for asset in book.assets},
        copy.draft.vault.root,
        (book.metadata, theme, words),
    )


def outline_of(copy: Copy, texts: Mapping[str, bytes], problems: tuple[Problem, ...]) -> Outline:
    """The contents, and the problems beside them; `texts` are pages by their entries' keys."""
    book = copy.assembled.book
    entries = entries_of(book, copy.draft.words)
    typed = {file.path: file.text for file in copy.draft.vault.files}
    placed = remarks(problems, entries, typed, lambda entry: texts.get(entry.key, b""))
    panel = panel_of(copy.theme)
    return Outline(book.metadata.title, book.metadata.language, entries, placed, panel)


def files_of(pages: tuple[Page, ...], theme: Theme) -> dict[str, tuple[str, bytes]]:
    """Everything a page may ask for, but its pictures."""
    files = {page.name: ("application/xhtml+xml", page.content) for page in pages}
    files["style/book.css"] = ("text/css", theme.epub_css.encode())
    return files
