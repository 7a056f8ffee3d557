"""The specimen shows all that a theme has to set, in any theme, and is not long."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import pytest
from epubs import EXPECTED, complaints

from publisher.cli import main
from publisher.commands.specimen import VAULT

# What a designer must find in it: patterns of its pages as the EPUB has them.
ELEMENTS = r"""
class="part
class="opening"
class="subtitle"
class="byline"
class="dateline
genre-verse
genre-essay
genre-letter
genre-interview
genre-review
genre-story
genre-aphorisms
<h1
<h2
<h3
<h4
<h5
<h6
<hr
<blockquote>.*<blockquote
<ul>.*<ul>.*<ol>
<ol
class="task
<table
<th[^>]* class="right
<pre
<code>
<kbd>
<mark>
<del>|<s>
<strong>
<em>
<sub>
<sup>
<small>
<dl
class="field
class="embed
<math[^>]*display="block"
<math
<figure
class="caption"
epub:type="noteref"
role="doc-footnote"|epub:type="footnote"
<section[^>]*dir="rtl"|<html[^>]*dir="rtl"
lang="he"
lang="zh-Hant"
lang="ja"
lang="ko"
lang="de"
href="https://
href="glossary.xhtml#
href="piece-\d+.xhtml#
class="also
class="quote
""".split("\n")[1:-1]
CALLOUTS = "note tip warning abstract info success question failure danger bug example quote"


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    monkeypatch.setenv("PUBLISHER_THEMES", str(folder / "none"))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["publisher", "theme", "specimen", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("specimen")
    with pytest.MonkeyPatch.context() as patch:
        assert run(patch, folder, "classic", "--edition", "ebook", "--strict") == 0
    return folder / "build" / "specimen-of-classic.epub"


@pytest.fixture(scope="module")
def pages(epub: Path) -> str:
    with zipfile.ZipFile(epub) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        return "\n".join(" ".join(book.read(name).decode().split()) for name in names)


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_specimen_has_each_element(pages: str, element: str) -> None:
    assert re.search(element, pages)


@pytest.mark.parametrize("kind", CALLOUTS.split())
def test_the_specimen_has_each_callout(pages: str, kind: str) -> None:
    assert re.search(rf'class="callout [^"]*callout-{kind}\b', pages)


def test_callouts_nest_three_deep(pages: str) -> None:
    assert re.search(r"You have already begun\.(?:</\w+> ?){6}", pages)


def test_epubcheck_likes_the_specimen(epub: Path) -> None:
    assert [c for c in complaints(epub) if not any(code in c for code in EXPECTED)] == []


def test_the_specimen_is_short_in_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "--edition", "print", "--format", "json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert 30 <= facts["pages"] <= 44
    codes = {problem["code"] for problem in facts["problems"]}
    # A line of code is too long on purpose, a link leads nowhere, and CJK is the system's.
    assert codes <= {"code-turned-over", "glyph-missing", "link-unresolved"}


def test_the_specimen_is_set_in_the_books_own_theme_and_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "themes" / "dusk"
    own.mkdir(parents=True)
    (own / "theme.toml").write_text('title = "Dusk"\nparent = "classic"\n', "utf-8")
    plan = '[theme]\nname = "dusk"\n[theme.tokens]\naccent = "#7a1f1f"\n'
    (tmp_path / "anthology.toml").write_text(plan, "utf-8")
    assert run(monkeypatch, tmp_path, "--edition", "ebook") == 0
    with zipfile.ZipFile(tmp_path / "build" / "specimen-of-dusk.epub") as book:
        assert "#7a1f1f" in book.read("EPUB/style/book.css").decode()


def test_the_specimen_of_no_theme_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "clasic") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "build").exists()


def test_every_picture_of_the_specimen_is_described() -> None:
    for picture in VAULT.rglob("*.svg"):
        assert "<title>" in picture.read_text("utf-8")
        assert "<desc>" in picture.read_text("utf-8")
