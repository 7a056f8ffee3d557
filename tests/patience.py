"""Work that must come to an end: a hang is a failure, a slow or busy machine is none."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

ENOUGH = 60  # seconds of the processor; the work takes a few at most


@contextmanager
def comes_to_an_end(within: float = ENOUGH) -> Iterator[None]:
    """Ends what has used the processor for so long, or has waited ten times as long."""

    def give_up(_signal: int, _frame: object) -> None:
        # No Exception: nothing that is tried may catch it.
        pytest.fail(f"no end after {within:g} seconds of work", pytrace=False)

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, 1), (signal.ITIMER_REAL, signal.SIGALRM, 10))
    before = [signal.signal(sign, give_up) for _, sign, _ in timers]
    for timer, _, times in timers:
        signal.setitimer(timer, within * times)
    try:
        yield
    finally:
        for timer, _, _ in timers:
            signal.setitimer(timer, 0)
        for (_, sign, _), handler in zip(timers, before, strict=True):
            signal.signal(sign, handler)
