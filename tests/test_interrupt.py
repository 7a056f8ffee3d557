"""Ctrl-C ends a build with one line, wherever it comes, and leaves the last good book alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals are others elsewhere")


def notes(root: Path, number: int) -> Path:
    root.mkdir()
    text = "The lamp went out over the harbour, and the boats came home by the bell. " * 60
    for n in range(number):
        note = f"---\nauthor: Ann Lee\n---\n{text}\n\n{n}. {text}\n"
        (root / f"Fog {n}.md").write_text(note, "utf-8")
    return root


@pytest.fixture
def _heard() -> Iterator[None]:
    """A run in the background has Ctrl-C ignored, and so have all whom it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
@pytest.mark.parametrize("moment", [0.3, 1.5, 3.0])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_is_stopped_in_one_line(tmp_path: Path, moment: float, jobs: str) -> None:
    vault = notes(tmp_path / "notes", 120)
    book = tmp_path / "book.pdf"
    book.write_bytes(b"the last good book")
    words = ["build", "print", str(vault), "--output", str(book), "--jobs", jobs, "--no-cache"]
    with subprocess.Popen(
        [sys.executable, "-m", "publisher", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as run:  # fmt: skip
        time.sleep(moment)
        # To all of them, as a terminal does.
        os.killpg(run.pid, signal.SIGINT)
        try:
            out, err = run.communicate(timeout=60)
        finally:
            run.kill()
    assert (run.returncode, out, err) == (130, "", "publisher: stopped\n")
    assert book.read_bytes() == b"the last good book"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".book")] == []
