"""Notes are parsed side by side where there are enough of them to pay."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from publisher.problem import Problem
from publisher.vault.note import Note, parse_note
from publisher.vault.scan import Habits, Vault, VaultFile

# Starting workers costs about as much as setting this many characters.
WORTH_WORKERS = 400_000
_MOST_WORKERS = 8
_BATCH = 24

Read = tuple[Note, tuple[Problem, ...]]
Progress = Callable[[str, int, int], None]


def read_notes(vault: Vault, progress: Progress) -> tuple[tuple[Note, ...], tuple[Problem, ...]]:
    """Every note of the vault in order, the same whichever worker read it."""
    size = sum(len(file.text) for file in vault.files)
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    read: list[Read] = []
    if workers > 1 and size > WORTH_WORKERS:
        read = _side_by_side(vault, workers, progress)
    if not read:
        read = _one_by_one(vault, progress)
    problems = tuple(problem for _, found in read for problem in found)
    return tuple(note for note, _ in read), problems


def _one_by_one(vault: Vault, progress: Progress) -> list[Read]:
    read: list[Read] = []
    for file in vault.files:
        read.append(parse_note(file, vault.habits))
        progress("read", len(read), len(vault.files))
    return read


def _read_batch(files: Sequence[VaultFile], habits: Habits) -> list[Read]:
    return [parse_note(file, habits) for file in files]


def _side_by_side(vault: Vault, workers: int, progress: Progress) -> list[Read]:
    """What the workers read, or nothing where they died: then the vault is read alone."""
    # Only Linux forks safely; elsewhere a fresh interpreter is started.
    start = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(start)
    files = vault.files
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    read: list[Read] = []
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            jobs = [pool.submit(_read_batch, batch, vault.habits) for batch in batches]
            for job in jobs:
                read.extend(job.result())
                progress("read", len(read), len(files))
    except (BrokenProcessPool, OSError):
        return []
    return read
