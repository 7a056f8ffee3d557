"""A worker gets ready while a vault is read: the crew that comes for it finds it warm.

Half of what it takes to print one edited piece is done before the piece is known: fonts, the
theme's style sheet, all that the engine does once.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from hashlib import sha256
from threading import Thread

from publisher.render.pdf.font_folders import clear_away
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.lodge import lodge
from publisher.render.pdf.stint import enlist, warm_up


def pack(kit: Kit) -> tuple[str, bytes]:
    """A kit's name, and all of it as workers are handed it."""
    packed = pickle.dumps(kit)
    # It is nine megabytes: with the digest that processors are built for.
    return sha256(packed).hexdigest()[:40], packed


def workers(hands: int, kit_name: str, kit: bytes, *, giving_way: bool) -> ProcessPoolExecutor:
    """Processes of this machine that have a book's kit. Raises OSError where there can be none."""
    return ProcessPoolExecutor(
        hands,
        mp_context=lodge(),
        initializer=enlist,
        initargs=(kit_name, kit, giving_way),
    )


def send_away(pool: ProcessPoolExecutor) -> None:
    """Have them leave at once, whatever they have in hand, and clear away what was theirs."""
    # There is no public name for it before Python 3.14: `kill_workers`.
    sent = list((pool._processes or {}).values())  # noqa: SLF001
    for process in sent:
        process.kill()
    pool.shutdown(cancel_futures=True)
    for process in sent:
        clear_away(process.pid or 0)


class Standby:
    """Workers who are called before there is work, with the kit that they will most likely need.

    Where the book turns out to want another, they are handed that; what both have in common,
    such as the theme's fonts, they have read by then.
    """

    def __init__(self, hands: int = 0) -> None:
        """As many as there are cores for 0."""
        self._hands = hands or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._coming: Thread | None = None
        self.ready: Future[None] | None = None  # done when the one who gets ready is

    def call(self, kit: Callable[[], Kit]) -> None:
        """Have them come, and one of them get ready."""
        self._coming = Thread(target=self._call, args=(kit,), daemon=True)
        self._coming.start()

    def _call(self, kit: Callable[[], Kit]) -> None:
        # What is wrong with a theme or its files is told when the book needs them.
        with suppress(Exception):
            name, packed = pack(kit())
            self._pool = workers(self._hands, name, packed, giving_way=False)
            self.ready = self._pool.submit(warm_up, name)

    def take_on(self) -> ProcessPoolExecutor | None:
        """Them, for whoever asks first; whoever does lets them go in the end."""
        if self._coming:
            self._coming.join()
            self._coming = None
        pool, self._pool = self._pool, None
        return pool

    def dismiss(self) -> None:
        """Send them away at once, if nobody took them on: they have nothing in hand."""
        pool = self.take_on()
        if pool is not None:
            send_away(pool)
