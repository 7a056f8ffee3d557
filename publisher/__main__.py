"""The command's front door: what takes longest to load is sent for before anything else is."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

LAID_OUT = frozenset({"print", "screen", "all"})
# With these no worker of this machine is called.
WITHOUT = (" --help ", " --jobs 1 ", " --jobs=1 ", " --scheduler")
PATIENCE = 5.0  # seconds in which what is stopped must have come to its end


def main() -> None:
    """Run the command line; for pages, have another process load what lays them out meanwhile."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    try:
        _run()
    except KeyboardInterrupt:  # before there was anything to stop
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.write("publisher: stopped\n")
        _leave(130)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Ctrl-C: have all that is open closed, but wait for nobody who does not answer."""
    late = threading.Timer(PATIENCE, _give_up)
    late.daemon = True
    late.start()
    raise KeyboardInterrupt


def _give_up() -> None:
    os.write(2, b"publisher: stopped\n")
    os._exit(130)


def _run() -> None:
    # A book is a million small values that last to its end: looking for rings is in vain.
    gc.set_threshold(500_000, 50, 100)
    if wants_pages(sys.argv[1:]) and (os.cpu_count() or 1) > 1:
        from publisher.render.pdf.lodge import open_up  # noqa: PLC0415 - an EPUB needs none

        open_up()
    from publisher.cli import main as run  # noqa: PLC0415 - it takes a while, too

    try:
        run()
    except SystemExit as ended:
        # What is left to do is tidying up: whoever presses Ctrl-C again need not see how.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # A worker that was killed may never have taken what is still being handed to it.
        alone = ended.code == 130 or threading.active_count() == 1
        if isinstance(ended.code, int | None) and alone:
            _leave(ended.code or 0)
        raise


def _leave(code: int) -> None:
    """End at once: to take the values of a long book apart again takes as long as to bind it."""
    atexit._run_exitfuncs()  # noqa: SLF001 - what is to be tidied up is; there is no other name
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def wants_pages(words: Sequence[str]) -> bool:
    """Whether workers will be called, as far as the words of a command show at a glance."""
    build, edition = (*words, "", "")[:2]
    said = f" {' '.join(words)} "
    return build == "build" and edition in LAID_OUT and not any(one in said for one in WITHOUT)


if __name__ == "__main__":
    main()
