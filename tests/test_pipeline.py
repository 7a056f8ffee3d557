"""From a vault on disk to books on disk: the same bytes, and nothing half-written."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from publisher import pipeline
from publisher.config import Plan, parse_plan
from publisher.delivery import put_in_place
from publisher.pipeline import compose, draft_book
from publisher.problem import SetupError
from publisher.vault import reading
from publisher.vault.scan import scan

ROOT = Path(__file__).parent.parent


def build(medium: str, vault: Path, out: Path, **environment: str) -> bytes:
    command = [sys.executable, "-m", "publisher", "build", medium, str(vault), "-o", str(out)]
    done = subprocess.run(
        command,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            # Each build lays out its pages itself.
            "PUBLISHER_CACHE": f"{out}.cache",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out.read_bytes()


@pytest.mark.parametrize("medium", ["ebook", "print"])
def test_same_notes_same_bytes(medium: str, tmp_path: Path) -> None:
    # Another folder, other file times, another time zone, another order of hashes.
    copy = tmp_path / "content"
    shutil.copytree(ROOT / "content", copy, copy_function=shutil.copyfile)
    one = build(medium, ROOT / "content", tmp_path / "one", TZ="UTC", PYTHONHASHSEED="1")
    two = build(medium, copy, tmp_path / "two", TZ="Pacific/Kiritimati", PYTHONHASHSEED="2")
    assert one == two


def test_source_date_epoch_is_the_books_date(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Fog.md").write_text("Fog.", encoding="utf-8")
    out = tmp_path / "fog.epub"
    build("ebook", tmp_path / "vault", out, SOURCE_DATE_EPOCH="1000000000", TZ="Asia/Tokyo")
    with zipfile.ZipFile(out) as book:
        assert b"2001-09-09T01:46:40Z" in book.read("EPUB/content.opf")


@pytest.mark.parametrize("epoch", ["soon", "1e9", "99999999999999999999"])
def test_a_wrong_epoch_is_said(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    draft = pipeline.draft_book(ROOT / "content", Plan())
    with pytest.raises(SetupError, match="SOURCE_DATE_EPOCH"):
        pipeline.compose(draft)


@pytest.mark.parametrize("beside", [False, True])
def test_workers_read_what_one_reads(monkeypatch: pytest.MonkeyPatch, beside: bool) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1 + beside)
    vault, _ = scan(ROOT / "content")
    alone = reading.read_notes(vault, pipeline.silent)
    monkeypatch.setattr(reading, "WORTH_WORKERS", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    asked: list[str] = []
    context = multiprocessing.get_context

    def noted(way: str) -> BaseContext:
        asked.append(way)
        return context(way)

    monkeypatch.setattr(multiprocessing, "get_context", noted)
    assert reading.read_notes(vault, pipeline.silent) == alone
    if sys.platform == "linux":
        assert asked == ["spawn" if beside else "fork"]


def test_a_failed_build_leaves_the_last_good_book(tmp_path: Path) -> None:
    book = tmp_path / "book.epub"
    book.write_bytes(b"the last good book")

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(SetupError, match="No space left on device"):
        put_in_place(book, fail)
    assert book.read_bytes() == b"the last good book"
    assert [file.name for file in tmp_path.iterdir()] == ["book.epub"]


def test_drawings_are_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "Fog.md").write_text("Fog.", encoding="utf-8")
    (tmp_path / "Map.excalidraw.md").write_text("{}", encoding="utf-8")
    (tmp_path / "Old.md").write_text("---\nexcalidraw-plugin: raw\n---\n{}", encoding="utf-8")
    (tmp_path / "Empty.md").write_text("", encoding="utf-8")
    draft = pipeline.draft_book(tmp_path, Plan())
    assert [(out.path, out.reason) for out in draft.anthology.left_out] == [
        ("Empty.md", "empty"),
        ("Map.excalidraw.md", "an Excalidraw drawing"),
        ("Old.md", "an Excalidraw drawing"),
    ]


def test_what_the_plan_says_of_a_book_has_the_marks_of_its_text(tmp_path: Path) -> None:
    (tmp_path / "Note.md").write_text("---\nlang: de\n---\nText.")
    given = 'title = "Ann\'s \\"Fog\\""\nlanguage = "de"\ndescription = "\\"Gut\\", sagt sie."'
    plan, problems = parse_plan(f"[book]\n{given}", "anthology.toml")
    assert not problems
    curly = compose(draft_book(tmp_path, plan, curly_quotes=True)).book.metadata
    assert (curly.title, curly.description) == ("Ann’s „Fog“", "„Gut“, sagt sie.")
    plain = compose(draft_book(tmp_path, plan)).book.metadata
    assert plain.title == 'Ann\'s "Fog"'
    assert plain.identifier == curly.identifier
