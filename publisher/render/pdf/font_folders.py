"""Where a process keeps the fonts that the engine has written to files: in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp


def font_folder() -> Path:
    """A new folder for the fonts of this process."""
    return Path(mkdtemp(prefix=_prefix(os.getpid())))


def clear_away(process: int) -> None:
    """The folders of a process that ended without doing so itself."""
    for folder in Path(gettempdir()).glob(f"{_prefix(process)}*"):
        rmtree(folder, ignore_errors=True)


def _prefix(process: int) -> str:
    return f"publisher-fonts-{process}-"
