"""The vault's guard: only real files below the root are opened, and none of hidden folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from publisher.problem import Position, Problem

SKIPPED = "node_modules"


class RefusedError(Exception):
    """A file that may not or cannot be read; holds the Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is no part of the vault."""
    return name.startswith(".") or name == SKIPPED


def check_link(base: Path, on_disk: str, shown: str) -> Path:
    """The real path of a file that is really in the vault and not in a hidden folder."""
    try:
        real = (base / on_disk).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise RefusedError(unreadable(shown, reason_of(error))) from None
    if real.is_relative_to(base) and not any(map(is_hidden, real.relative_to(base).parts)):
        return real
    raise RefusedError(
        Problem(
            "link-outside-vault",
            "a symbolic link that leads out of the vault is not followed",
            Position(shown),
            hint="copy the file into the vault",
        )
    )


def open_regular(real: Path, shown: str) -> BinaryIO:
    """A file whose real path is known, opened; a link put in its place is refused."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Not blocking, or a pipe named Note.md would hold up the book for ever.
        handle = os.open(real, flags | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise RefusedError(unreadable(shown, reason_of(error))) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RefusedError(unreadable(shown, "it is no regular file"))
    return os.fdopen(handle, "rb")


def unreadable(path: str, reason: str) -> Problem:
    """The problem of a file that cannot be read."""
    return Problem("file-unreadable", f"cannot be read: {reason}", Position(path))


def reason_of(error: Exception) -> str:
    """What the system says, in a few words."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return (str(error).splitlines() or [type(error).__name__])[0]


def shown_path(on_disk: str) -> str:
    """A path as text: bytes of a name that are not UTF-8 are taken for Windows Latin."""
    try:
        on_disk.encode()
    except UnicodeEncodeError:
        return os.fsencode(on_disk).decode("cp1252", errors="replace")
    return on_disk
