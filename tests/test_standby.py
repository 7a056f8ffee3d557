"""Workers on standby are ready before the book is, and a book that wants another kit gets it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from tempfile import gettempdir

import pytest
from msgspec.structs import replace

from publisher.problem import SetupError
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.font_folders import font_folder
from publisher.render.pdf.jobs import Kit, PapersJob, Printed, TakeJob
from publisher.render.pdf.kit import kit_for
from publisher.render.pdf.standby import Standby
from publisher.render.theme import load_theme

PRESSES = "__import__('sys').modules['publisher.render.pdf.journeyman'].press_for.cache_info()"
KIT = kit_for("en", load_theme("classic"))[0]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the engine is not loaded before")
def test_who_is_on_standby_is_warm_when_taken_on() -> None:
    standby = Standby(1)
    standby.call(lambda: KIT)
    with Crew(KIT, jobs=1, standby=standby) as crew:
        assert crew._hire()
        assert crew._pool is not None
        crew.get_ready(1)  # one is
        assert crew._pool.submit(eval, f"{PRESSES}[1:]").result() == (1, 1, 1)
        assert standby.take_on() is None


@pytest.mark.parametrize("kit", [KIT, replace(KIT, css=KIT.css + "p{color:red}", language="de")])
def test_a_book_of_another_kit_is_printed_with_its_own(kit: Kit) -> None:
    job = TakeJob("<html lang='de'><body><p>Word</p></body></html>", 1, "")
    with Crew(kit, jobs=1) as crew:
        wanted = crew.ask(job)
    standby = Standby(2)
    standby.call(lambda: KIT)
    with Crew(kit, jobs=2, prompt=True, standby=standby) as crew:
        found = crew.ask(job)
    assert isinstance(found.value, Printed)
    assert found == wanted


def test_nobody_on_standby_is_no_harm() -> None:
    def lost() -> Kit:
        raise SetupError("a font went away meanwhile")

    standby = Standby(2)
    with Crew(KIT, jobs=2, prompt=True, standby=standby) as crew:
        assert crew.ask(PapersJob("<title>T</title>")).done
    standby.call(lost)
    with Crew(KIT, jobs=2, prompt=True, standby=standby) as crew:
        assert crew.ask(PapersJob("<title>T</title>")).done


def test_a_little_waits_for_who_gets_ready() -> None:
    standby = Standby(2)
    standby.call(lambda: KIT)
    with Crew(KIT, jobs=2, prompt=True, standby=standby) as crew:
        assert crew.ask(PapersJob("<title>T</title>")).done
        assert standby.ready is not None
        assert standby.ready.done()


def test_the_others_get_ready_while_one_is_at_work() -> None:
    standby = Standby(2)
    standby.call(lambda: KIT)
    with Crew(KIT, jobs=2, prompt=True, standby=standby) as crew:
        assert crew.ask(PapersJob("<title>T</title>")).done
        pool = crew._pool
        assert pool is not None
        assert len(pool._processes) == 2  # type: ignore[attr-defined]
        assert crew._warm is pool


def test_who_was_not_taken_on_is_sent_away() -> None:
    standby = Standby(1)
    standby.call(lambda: KIT)
    coming = standby._coming
    assert coming is not None
    coming.join()
    pool = standby._pool
    assert pool is not None
    (worker,) = pool._processes.values()

    def fonts() -> list[Path]:
        return list(Path(gettempdir()).glob(f"publisher-fonts-{worker.pid}-*"))

    # In the midst of getting ready, when it has begun to write its fonts.
    late = time.monotonic() + 30
    while not fonts() and time.monotonic() < late:
        time.sleep(0.01)
    assert fonts()
    standby.dismiss()
    worker.join(10)
    assert worker.exitcode
    assert fonts() == []
    assert standby.take_on() is None
    standby.dismiss()  # nobody is left


def test_what_a_killed_worker_left_is_cleared_away_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, young, used, strange = (
        tmp_path / f"publisher-fonts-{name}"
        for name in (f"{ended.pid}-a", f"{ended.pid}-b", f"{os.getpid()}-a", "mine-a")
    )
    for folder in (left, young, used, strange):
        folder.mkdir()
        (folder / "font").write_bytes(b"f")
        if folder != young:
            os.utime(folder, (0, 0))
    made = font_folder()
    assert made.parent == tmp_path
    assert not left.exists()
    assert young.exists()
    assert used.exists()
    assert strange.exists()
