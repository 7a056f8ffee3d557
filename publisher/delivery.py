"""Finished books are put in their place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from publisher.names import slug
from publisher.problem import SetupError

_KINDS = {".epub": "EPUB", ".pdf": "PDF"}


def output_path(given: Path | None, title: str, ending: str, here: Path) -> Path:
    """Where the book goes: as given, else `build/<slug of the title><ending>`.

    Raises SetupError for a name that says it is another kind of book, and for that of a file
    which is none: a note's, say.
    """
    if given is None:
        return here / "build" / f"{slug(title)}{ending}"
    kind, wanted = given.suffix.casefold(), "." + ending.rpartition(".")[2]
    if kind in _KINDS and kind != wanted and not given.is_dir():
        raise SetupError(f"{given} is a name for the {_KINDS[kind]}; this is the {_KINDS[wanted]}")
    if given.is_dir():
        return given / f"{slug(title)}{ending}"
    if given.exists() and not (kind in _KINDS or (not kind and _is_book(given))):
        raise SetupError(
            f"{given} is there already, and is no book: name one that ends in {wanted}"
        )
    return given


def _is_book(path: Path) -> bool:
    """Whether a file without an ending is one of ours."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"%PDF", b"PK\3\4")
    except OSError:
        return False


def put_in_place(target: Path, write: Callable[[Path], object]) -> None:
    """Have the file written beside its place, then moved there; SetupError if it can't be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
    except OSError as error:
        message = f"{target} can't be written: {error.strerror or error}"
        raise SetupError(message) from error
    draft = Path(name)
    try:
        write(draft)
        # mkstemp makes files for their owner alone; a book is for everyone to read.
        draft.chmod(0o666 & ~_umask())
        draft.replace(target)
    except OSError as error:
        message = f"{target} can't be written: {error.strerror or error}"
        raise SetupError(message) from error
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def put_bytes(target: Path, content: bytes) -> None:
    """The same, for a file that is at hand."""
    put_in_place(target, lambda path: path.write_bytes(content))
