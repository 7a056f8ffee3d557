"""Workers start light, and the page engine's libraries are found without a compiler."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.machinery import ModuleSpec
from types import ModuleType

import booksample
import pytest

from publisher.__main__ import wants_pages
from publisher.render.pdf.crew import Crew, Outcome
from publisher.render.pdf.jobs import Job, Kit, SheetJob
from publisher.render.pdf.lodge import lodge
from publisher.render.pdf.stint import LOWER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no lodge")
SEARCHED = """
import ctypes.util, sys
import publisher.render.pdf.libraries
asked = []
for finder in ("_findLib_gcc", "_findLib_ld", "_findSoname_ldconfig"):
    setattr(ctypes.util, finder, lambda name: asked.append(name))
import weasyprint.text.ffi
print(*asked)
"""
# A process that asks workers how they stand in the order of processes.
NICENESS = """
import os
from publisher.render.pdf.crew import Crew, Outcome
from publisher.render.pdf.jobs import Kit
for giving_way in (False, True):
    with Crew(Kit("", "", ()), jobs=2, giving_way=giving_way) as crew:
        crew._hire()
        print(crew._pool.submit(os.nice, 0).result())
"""


def test_workers_do_not_load_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ModuleType("__main__")
    command.__spec__ = ModuleSpec("publisher.cli", None)
    monkeypatch.setitem(sys.modules, "__main__", command)
    with ProcessPoolExecutor(1, mp_context=lodge()) as pool:
        found = "[n in __import__('sys').modules for n in ('publisher.cli', 'weasyprint')]"
        assert pool.submit(eval, found).result() == [False, True]
    assert sys.modules["__main__"] is command


def test_whoever_works_sweeps() -> None:
    with ProcessPoolExecutor(1, mp_context=lodge()) as pool:
        assert not pool.submit(gc.isenabled).result()
    with Crew(Kit("", "", ()), jobs=1) as crew:
        assert crew._hire()
        assert crew._pool is not None
        assert crew._pool.submit(gc.isenabled).result()


@pytest.mark.parametrize("told", [0, 1])
def test_workers_get_ready_when_they_are_told(told: int) -> None:
    presses = "__import__('sys').modules['publisher.render.pdf.journeyman'].press_for.cache_info()"
    with Crew(Kit("", "", ()), jobs=1) as crew:
        assert crew._hire()
        assert crew._pool is not None
        crew.get_ready(told)
        crew.get_ready(9)  # once is enough
        assert crew._pool.submit(eval, f"{presses}[2:]").result() == (1, min(told, 1))


def test_no_compiler_is_asked_for_a_library() -> None:
    order = [sys.executable, "-W", "ignore", "-c", SEARCHED]
    assert subprocess.run(order, capture_output=True, text=True, check=True).stdout.split() == []


def test_workers_of_a_preview_let_others_have_the_processor_first() -> None:
    asked = [sys.executable, "-W", "ignore", "-c", NICENESS]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert [int(one) - os.nice(0) for one in done.stdout.split()] == [0, LOWER]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("build print vault", True),
        ("build all", True),
        ("build screen vault --jobs 12", True),
        ("build print vault --jobs 1", False),
        ("build print --jobs=1 vault", False),
        ("build print vault --scheduler tcp://here:1", False),
        ("build print --help", False),
        ("build ebook vault", False),
        ("build", False),
        ("", False),
        ("plan print", False),
    ],
)
def test_the_lodge_is_opened_for_those_who_will_want_workers(words: str, wanted: bool) -> None:
    assert wants_pages(words.split()) is wanted


def test_what_can_not_wait_for_workers_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    done_here: list[Job] = []
    alone = Crew.alone

    def noted(crew: Crew, job: Job) -> Outcome:
        done_here.append(job)
        return alone(crew, job)

    monkeypatch.setattr(Crew, "alone", noted)
    job = SheetJob(booksample.BOOK.parts[0].chapters[0], frozenset())
    with Crew(Kit("", "", ()), jobs=2, prompt=True) as crew:
        with crew.before_they_come():
            here = crew.ask(job)
        assert here.done
        assert done_here == [job]
        there = crew.ask(job)
        with crew.before_they_come():
            assert crew.ask(job) == there == here
        assert done_here == [job]
