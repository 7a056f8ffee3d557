"""A folder of bytes that may be made again: named by digest, bounded, the user's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

MOST_BYTES = 2 * 1024**3
FRESH = 3_600  # seconds in which another use of an entry is not worth a note
SELDOM = 1_800  # seconds in which a little more is not worth a look at all there is
LITTLE = 100  # less than such a part of all
_TIDIED = ".tidied"
# SHA-256 is what processors have instructions for: half the time of others.
_DIGEST = 32
_NAME = 40  # letters


def cache_folder(environment: dict[str, str] | None = None) -> Path:
    """Where the user's platform keeps what may be lost; PUBLISHER_CACHE goes before."""
    env = dict(os.environ) if environment is None else environment
    if own := env.get("PUBLISHER_CACHE", ""):
        return Path(own).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "publisher"
    base = env.get("XDG_CACHE_HOME", "")
    # The standard has relative paths ignored.
    home = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return home / "publisher"


def digest_of(*parts: str | bytes) -> str:
    """A name for what is made of these parts; no two lists of parts share one."""
    made = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(raw).to_bytes(8, "big"))
        made.update(raw)
    return made.hexdigest()[:_NAME]


class Cache(Struct, frozen=True):
    """Entries are written whole or not at all, and read only if nothing has touched them.

    Any number of builds may share the folder. An entry that cannot be written or was
    damaged is as if it had never been there. So is one that another user wrote or could
    change, for what is kept may be run when it is unpacked.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or nothing."""
        path = self._path(key)
        try:
            # A long book reads ten thousand: file objects would take as long as the reading.
            file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                found = os.fstat(file)
                kept = _whole(file, found.st_size) if _ours_alone(found) else b""
            finally:
                os.close(file)
        except OSError:
            return None
        payload = kept[_DIGEST:]
        if kept[:_DIGEST] != _seal(key, payload):
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - see `_path`
            return None
        if time.time() - found.st_mtime > FRESH:
            with suppress(OSError):
                os.utime(path)
        return payload

    def has(self, key: str) -> bool:
        """Whether there is an entry, sound or not."""
        return os.path.exists(self._path(key))  # noqa: PTH110 - Path asks ten times as slowly

    def put(self, key: str, payload: bytes) -> bool:
        """Keep the bytes; whether that could be done."""
        path = Path(self._path(key))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        except OSError:
            return False
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(key, payload))
                file.write(payload)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            return False
        return True

    def size(self) -> int:
        """Bytes in all entries."""
        return sum(length for _, length, _ in self._entries())

    def prune(self, keep: Iterable[str] = ()) -> int:
        """Drop what was not used for longest until the rest is within bounds; bytes freed.

        What is named in `keep` is in use and stays.
        """
        entries = sorted(self._entries())
        total = sum(length for _, length, _ in entries)
        held = {Path(self._path(key)) for key in keep}
        freed = 0
        for _, length, path in entries:
            if total - freed <= self.most_bytes:
                break
            if path not in held:
                path.unlink(missing_ok=True)
                freed += length
        return freed

    def tidy(self, keep: Iterable[str] = (), added: int = 0) -> None:
        """Prune after much was `added`, in bytes, and else once in a while.

        To look at all entries of a long book takes longer than to print the piece that was edited.
        """
        mark = self.folder / _TIDIED
        with suppress(OSError):
            lately = 0 <= time.time() - mark.stat().st_mtime < SELDOM
            if lately and added * LITTLE < self.most_bytes:
                return
        self.prune(keep)
        with suppress(OSError):
            mark.touch()

    def clear(self) -> int:
        """Drop everything; bytes freed. Files of others in the folder are left alone."""
        freed = self.size()
        for home in self._homes():
            shutil.rmtree(home, ignore_errors=True)
        with suppress(OSError):
            (self.folder / _TIDIED).unlink()
        return freed

    def _path(self, key: str) -> str:
        # Text, not a Path: one is made for each of ten thousand entries.
        return f"{self.folder}{os.sep}{key[:2]}{os.sep}{key}"

    def _homes(self) -> Iterator[Path]:
        if self.folder.is_dir():
            for home in self.folder.iterdir():
                if len(home.name) == 2 and home.is_dir() and not home.is_symlink():
                    yield home

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for home in self._homes():
            for path in home.iterdir():
                with suppress(OSError):
                    found = path.stat()
                    yield found.st_mtime, found.st_size, path


def _whole(file: int, size: int) -> bytes:
    kept = os.read(file, size + 1)
    while len(kept) < size and (more := os.read(file, size - len(kept))):
        kept += more
    return kept


def _ours_alone(found: os.stat_result) -> bool:
    """Whether this user wrote the file, and no other may."""
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _seal(key: str, payload: bytes) -> bytes:
    """Binds an entry to its name: neither damage nor a file moved here goes unseen."""
    made = hashlib.sha256(key.encode())
    made.update(b"\0")
    made.update(payload)
    return made.digest()
