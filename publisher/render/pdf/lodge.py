"""Where workers come from: a lodge that has all they work with, and nothing else."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from publisher.interrupt import deaf

# The first lets the collector be; the engine's libraries are to be known before it is loaded.
# What draws formulas is not among them: few books have any, and all would wait for it.
LOADED = [
    f"publisher.render.pdf.{name}"
    for name in ("unswept", "libraries", "deferred", "journeyman", "stint")
]

if sys.platform == "linux":
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    class Hand(ForkServerProcess):
        """A worker that does not load the command it works for: that takes as long as ten pages."""

        @staticmethod
        def _Popen(process: BaseProcess) -> Any:  # noqa: N802 - multiprocessing's name
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return ForkServerProcess._Popen(process)  # noqa: SLF001
            finally:
                sys.modules["__main__"] = main

    class Lodge(ForkServerContext):
        """Fonts and their threads must not be forked; a server forks before it has any."""

        Process = Hand


def lodge() -> BaseContext:
    """How workers start on this platform, and now."""
    if sys.platform == "linux" and open_up():
        return Lodge()
    return multiprocessing.get_context("spawn")


def open_up() -> bool:
    """Have all that workers work with loaded, by another process, while a vault is read.

    False where there is no such process: its address is a file among temporary ones, and where
    their folder has a long name there is none.
    """
    if sys.platform != "linux":
        return False
    from multiprocessing.forkserver import ensure_running  # noqa: PLC0415 - not elsewhere

    Lodge().set_forkserver_preload(LOADED)
    try:
        with deaf():
            ensure_running()
    except OSError:
        return False
    return True
