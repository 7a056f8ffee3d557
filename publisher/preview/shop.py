"""The workshop behind the preview: a process that makes books while the page stays at hand.

It is one process and stays warm: what it has loaded and read serves the next build.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

from publisher.preview.ebook import Ebook, OpenPlan, make_ebook
from publisher.preview.spread import Spreads
from publisher.render.cover import draw_cover

T = TypeVar("T")
_NEWEST, _DONE, _OF = range(3)
_ENDED = 2**62
TRIES = 20
# Workers listen at sockets in it, and a socket's name has a hundred letters at most.
SHORT = 70
_board: Any = None  # what this process shares with the server
_room: list[Any] = []  # the pressroom, once somebody looks at print, and what it prints


class SupersededError(Exception):
    """Something was saved since: there is no use in going on."""


class Shop:
    """Takes one order at a time; a newer one stops what can be stopped."""

    def __init__(self) -> None:
        # Who ends while pages are laid out has the crew end too: what it left behind is then
        # tidied up, and that is nothing to tell the user.
        sys.warnoptions.append("ignore:resource_tracker:UserWarning")
        self._context = multiprocessing.get_context("spawn")
        # Nobody who is sent home at once tidies up.
        self._folder = tempfile.mkdtemp(prefix="publisher-")
        self._board = self._context.Array("q", 3)
        self._pid = 0
        self._open()

    def _open(self) -> None:
        self._pool = ProcessPoolExecutor(
            1,
            mp_context=self._context,
            initializer=_settle_in,
            initargs=(self._board, self._folder),
        )
        self._first = self._pool.submit(os.getpid)

    def order(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Have it done, when what was ordered before is done."""
        try:
            return self._pool.submit(work, *given)
        except BrokenProcessPool:
            self._open()
            return self._pool.submit(work, *given)

    def supersede(self, number: int) -> None:
        """Builds older than this one are wanted no more."""
        self._board[_NEWEST] = number

    def progress(self) -> tuple[int, int]:
        """Pages laid out, of how many."""
        return int(self._board[_DONE]), int(self._board[_OF])

    def close(self) -> None:
        """Send everybody home, at once."""
        self.supersede(_ENDED)
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._first.done() and not self._first.exception():
            with contextlib.suppress(OSError, AttributeError):
                os.killpg(self._first.result(), signal.SIGTERM)
        _clear_away(self._folder)


def _clear_away(folder: str) -> None:
    for _ in range(TRIES):
        rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return
        time.sleep(0.05)  # somebody is still on the way out


def _settle_in(board: Any, folder: str) -> None:
    global _board  # noqa: PLW0603 - a process has one board
    _board = board
    if len(folder) < SHORT:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
    # Ctrl-C is for the server, which then sends this process home with its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        os.setsid()
    threading.Thread(target=_leave_with_the_server, args=(folder,), daemon=True).start()


def _leave_with_the_server(folder: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # Nobody is left to send the crew home.
        rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)


def _watching(number: int) -> Callable[[str, int, int], None]:
    """Progress that is shown, and that ends a build nobody waits for."""

    def tell(stage: str, done: int, of: int) -> None:
        if stage == "print":
            _board[_DONE], _board[_OF] = done, of
            if _board[_NEWEST] > number:
                raise SupersededError

    _board[_DONE] = _board[_OF] = 0
    return tell


def ebook(open_plan: OpenPlan, number: int, _shown: str) -> Ebook:
    """In the workshop: the EPUB's pages."""
    return make_ebook(open_plan, _watching(number))


def spreads(open_plan: OpenPlan, number: int, shown: str) -> Spreads:
    """In the workshop: the printed pages, or those of the piece shown and the rest as it was."""
    if not _room:
        # The engine that lays out pages is slow to load, and the server has no need of it.
        from publisher.preview.pressroom import Pressroom  # noqa: PLC0415

        _room.append(Pressroom())
    if len(_room) > 1:
        _room.pop().close()  # what a newer save has overtaken
    _room.append(_room[0].print(open_plan, _watching(number), shown))
    made: Spreads = next(_room[1])
    return made


def more_spreads(_open_plan: OpenPlan, _number: int, _shown: str) -> Spreads | None:
    """In the workshop: all printed pages, where those before were not."""
    made: Spreads | None = next(_room[1], None)
    return made


def bound(sheet: str) -> bytes:
    """In the workshop: a take of the printed book as a file."""
    made: bytes = _room[0].bind(sheet) if _room else b""
    return made


cover = draw_cover
