"""Notes are parsed side by side where there are enough of them to pay, and once if they are kept."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from publisher.cache import Cache, digest_of
from publisher.interrupt import deaf
from publisher.problem import Problem
from publisher.provenance import provenance
from publisher.vault.note import Note, parse_note
from publisher.vault.scan import Habits, Vault, VaultFile

# Starting workers costs about as much as setting this many characters.
WORTH_WORKERS = 400_000
_MOST_WORKERS = 8
_BATCH = 24

Read = tuple[Note, tuple[Problem, ...]]
Progress = Callable[[str, int, int], None]
Tell = Callable[[int], None]


def read_notes(
    vault: Vault, progress: Progress, cache: Cache | None = None
) -> tuple[tuple[Note, ...], tuple[Problem, ...]]:
    """Every note of the vault in order, the same whichever worker read it and when.

    What the cache holds of earlier builds is not read again.
    """
    keys = [_key(file, vault.habits) for file in vault.files] if cache else []
    read = {n: found for n, key in enumerate(keys) if (found := _kept(cache, key)) is not None}
    new = [n for n in range(len(vault.files)) if n not in read]
    done = len(read)
    for n, found in zip(new, _parsed(vault, new, progress, done), strict=True):
        read[n] = found
        if cache:
            cache.put(keys[n], pickle.dumps(found, protocol=5))
    ordered = [read[n] for n in range(len(vault.files))]
    problems = tuple(problem for _, found in ordered for problem in found)
    return tuple(note for note, _ in ordered), problems


def _key(file: VaultFile, habits: Habits) -> str:
    """All that a note depends on: its bytes, its place, the vault's habits, and us."""
    return digest_of("note", provenance(), file.digest, file.path, repr(habits))


def _kept(cache: Cache | None, key: str) -> Read | None:
    kept = cache.get(key) if cache else None
    if kept is None:
        return None
    found: Read = pickle.loads(kept)  # noqa: S301 - sealed, and written by this user
    return found


def _parsed(vault: Vault, wanted: Sequence[int], progress: Progress, done: int) -> list[Read]:
    files = [vault.files[n] for n in wanted]
    size = sum(len(file.text) for file in files)
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)

    def tell(read: int) -> None:
        progress("read", done + read, len(vault.files))

    tell(0)
    read: list[Read] = []
    if workers > 1 and size > WORTH_WORKERS:
        read = _side_by_side(files, vault.habits, workers, tell)
    return read or _one_by_one(files, vault.habits, tell)


def _one_by_one(files: Sequence[VaultFile], habits: Habits, tell: Tell) -> list[Read]:
    read: list[Read] = []
    for file in files:
        read.append(parse_note(file, habits))
        tell(len(read))
    return read


def _read_batch(files: Sequence[VaultFile], habits: Habits) -> list[Read]:
    return [parse_note(file, habits) for file in files]


def _way_to_start() -> str:
    """How processes start: forked where that is safe.

    A fork takes along the locks that other threads hold, and nobody in it lets them go. A server
    to fork from is the printers': whoever started it first would say what is loaded there.
    """
    alone = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if alone else "spawn"


def _side_by_side(
    files: Sequence[VaultFile], habits: Habits, workers: int, tell: Tell
) -> list[Read]:
    """What the workers read, or nothing where they died: then the vault is read alone."""
    context = multiprocessing.get_context(_way_to_start())
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    read: list[Read] = []
    try:
        # Ctrl-C is for this process alone, which lets go of what nobody has begun.
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            with deaf():
                jobs = [pool.submit(_read_batch, batch, habits) for batch in batches]
            try:
                for job in jobs:
                    read.extend(job.result())
                    tell(len(read))
            except KeyboardInterrupt:
                pool.shutdown(cancel_futures=True)
                raise
    except (BrokenProcessPool, OSError):
        return []
    return read
