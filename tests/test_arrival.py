"""Every word of every piece is in the finished books, read by other means than ours."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from conftest import ROOT
from lxml import etree

from publisher.config import Plan
from publisher.pipeline import Result, build_ebook
from publisher.printing import build_print

CONTENT = ROOT / "content"
# What a reader is told by the setting: markers of fields, formulas, comments, embeds' names.
MARKUP = re.compile(
    r"\A---\n.*?\n---\n"
    r"|%%.*?%%|<!--.*?-->|\$\$.*?\$\$|\$[^$\n]+\$"
    r"|^[> ]*> \[!.*?\]|!\[\[.*?\]\]|\[\[[^\]|]*\||&\w+;"
    r"|^`[A-Z]+`?:`?[^\n]*$|\]\([^\n]*?\)",
    re.DOTALL | re.MULTILINE,
)


def words(text: str) -> set[str]:
    """Runs of four letters and more, whatever marks stand around them."""
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def written(result: Result) -> dict[str, set[str]]:
    """The words of each piece as its file has them; a plain `re` is no parser of ours."""
    found = {}
    for note in result.draft.anthology.pieces:
        source = (CONTENT / note.path).read_text("utf-8").replace("\r\n", "\n")
        found[note.path] = words(MARKUP.sub(" ", source))
    return found


def missing(result: Result, arrived: set[str]) -> dict[str, set[str]]:
    return {path: lost for path, there in written(result).items() if (lost := there - arrived)}


def test_every_word_arrives_in_the_epub(tmp_path: Path) -> None:
    result = build_ebook(CONTENT, Plan(), tmp_path / "book.epub", tmp_path)
    arrived: set[str] = set()
    with zipfile.ZipFile(result.path) as book:
        for name in book.namelist():
            if name.endswith(".xhtml"):
                arrived |= words(" ".join(map(str, etree.fromstring(book.read(name)).itertext())))
    assert missing(result, arrived) == {}


def test_every_word_arrives_in_print(tmp_path: Path) -> None:
    # Divided words would have to be put together again across pages and their heads.
    plan = Plan(theme_tokens=(("hyphens", "false"),))
    result = build_print(CONTENT, plan, tmp_path / "book.pdf", tmp_path)
    book = pypdfium2.PdfDocument(result.path)
    arrived = words(" ".join(page.get_textpage().get_text_range() for page in book))
    assert missing(result, arrived) == {}


def test_a_lost_word_is_noticed(tmp_path: Path) -> None:
    result = build_ebook(CONTENT, Plan(), tmp_path / "book.epub", tmp_path)
    everything = set().union(*written(result).values())
    assert len(everything) > 1_500
    assert missing(result, everything - {"goat"})
