"""Where a process keeps the fonts that the engine has written to files: in a folder of its own."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp

LONG = 86_400  # seconds after which nobody comes back for what a process left that is no more
_ANY = "publisher-fonts-"


def font_folder() -> Path:
    """A new folder for the fonts of this process."""
    _clear_away_lost()
    return Path(mkdtemp(prefix=_prefix(os.getpid())))


def clear_away(process: int) -> None:
    """The folders of a process that ended without doing so itself."""
    for folder in Path(gettempdir()).glob(f"{_prefix(process)}*"):
        rmtree(folder, ignore_errors=True)


def _clear_away_lost() -> None:
    """What workers left that were killed, long ago: nobody was there to clear it away."""
    for folder in Path(gettempdir()).glob(f"{_ANY}*-*"):
        process = folder.name.removeprefix(_ANY).partition("-")[0]
        with suppress(OSError, OverflowError):  # any number may stand there
            old = time.time() - folder.stat().st_mtime > LONG
            if old and process.isdigit() and not _lives(int(process)):
                rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    if os.name != "posix":  # to ask would end it
        return True
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _prefix(process: int) -> str:
    return f"{_ANY}{process}-"
