"""A worker's stint: a job is unpacked and done, by the journeyman where it takes the engine.

The worker may be a process of this machine or of another: all it is handed, and all it hands
back, is bytes. Whoever shares work out need not load what does it.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import publisher.render.pdf.libraries  # noqa: F401 - it must come before WeasyPrint
from publisher.render.pdf.jobs import Job, Kit, SheetJob
from publisher.render.pdf.sheet import set_sheet

LOWER = 10  # in the order of processes
SWEEP = 300_000  # bytes of jobs, some thirty pages
SELDOM = (500_000, 20, 100)  # new things, before they are swept through in the midst of a job


def receive(kit_name: str, kit: bytes) -> None:
    """Lay out a book's kit; the one before is put away."""
    if _litter["own"]:
        gc.unfreeze()  # what was made of that one may go
    _KITS.clear()
    _KITS[kit_name] = pickle.loads(kit)  # noqa: S301 - made by the process that asks


def enlist(kit_name: str, kit: bytes, giving_way: bool = False) -> None:
    """Begin as a process that does nothing else, with a book's kit."""
    if giving_way:
        with suppress(AttributeError, OSError):  # there is none on Windows
            os.nice(LOWER)
    # Ctrl-C is for who called it, and then sends it away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receive(kit_name, kit)
    _litter["own"] = 1
    gc.set_threshold(*SELDOM)
    gc.enable()


def warm_up(kit_name: str) -> None:
    """Do what is slow the first time, while nobody waits for it."""
    with _AT_WORK, quiet(), suppress(Exception):
        _journeyman().warm_up(_KITS[kit_name])
        # What is here now stays: no need to look through it at each sweep.
        gc.freeze()


def work(kit_name: str, kit: bytes | None, packed: bytes) -> bytes:
    """Do one job; what comes back is `(done, result or reason)`, or None where there is no kit."""
    with _AT_WORK:
        return _work(kit_name, kit, packed)


def _work(kit_name: str, kit: bytes | None, packed: bytes) -> bytes:
    if kit is not None:
        receive(kit_name, kit)
    if kit_name not in _KITS:
        return pickle.dumps(None)
    job = pickle.loads(packed)  # noqa: S301
    try:
        with quiet():
            result = _done(job, _KITS[kit_name])
        _sweep(len(packed))
    except Exception as error:  # noqa: BLE001 - one take that fails must not stop the book
        return pickle.dumps((False, f"{type(error).__name__}: {error}"[:500]))
    return pickle.dumps((True, result), protocol=5)


def _done(job: Job, kit: Kit) -> Any:
    """What a job gives; a piece is set without the engine."""
    if isinstance(job, SheetJob):
        notes, run_in = job.end_notes, job.run_in
        return set_sheet(
            job.chapter, job.targets, {}, end_notes=notes, run_in=run_in, drawn=job.drawn
        )
    return _journeyman().DUTIES[type(job)](job, kit)


def _journeyman() -> ModuleType:
    """Who has the engine, which takes as long to load as a book to be bound."""
    import publisher.render.pdf.deferred  # noqa: F401, PLC0415 - it must come before the engine
    from publisher.render.pdf import journeyman  # noqa: PLC0415 - as said

    return journeyman


def _sweep(more: int) -> None:
    """Let go of laid-out pages, whose boxes hold on to each other, before they pile up."""
    _litter["bytes"] += more
    if _litter["bytes"] > SWEEP:
        _litter["bytes"] = 0
        gc.collect()
        if _litter["own"]:
            # What is left is kept for other jobs: it need not be looked through again.
            gc.freeze()


_litter = {"bytes": 0, "own": 0}  # and whether the process is ours alone
# WeasyPrint is mended for a whole process, whatever threads an executor has.
_AT_WORK = threading.RLock()
_KITS: dict[str, Kit] = {}


@contextmanager
def quiet() -> Iterator[None]:
    """Hold WeasyPrint's log and the collector back, and make room for deep nesting."""
    log = logging.getLogger("weasyprint")
    level, thresholds, depth = log.level, gc.get_threshold(), sys.getrecursionlimit()
    log.setLevel(logging.CRITICAL)
    # To set it back to less sweeps at once.
    gc.set_threshold(*max(thresholds, SELDOM))
    # Each block within a block costs WeasyPrint a dozen calls within calls.
    sys.setrecursionlimit(max(depth, 8_000))
    try:
        yield
    finally:
        log.setLevel(level)
        gc.set_threshold(*thresholds)
        sys.setrecursionlimit(depth)
