"""Runs a command and watches its memory, its children's with it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.05
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Run:
    """How long a command took, and how much memory (bytes) it held at each moment."""

    started: float
    seconds: float
    samples: tuple[tuple[float, int], ...]
    returncode: int
    stdout: str
    stderr: str

    @property
    def peak(self) -> int:
        """The most it ever held."""
        return self.peak_between(0, float("inf"))

    def peak_between(self, start: float, end: float) -> int:
        """The most it held in that span of the monotonic clock, 0 if it was too short."""
        return max((size for when, size in self.samples if start <= when <= end), default=0)


def measure(command: Sequence[str | Path], cwd: Path | None = None) -> Run:
    """Runs it to its end; memory shared between processes counts once where Linux tells."""
    samples = []
    started = time.monotonic()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        out: tuple[str, str] | None = None
        while out is None:
            samples.append((time.monotonic(), memory(process.pid)))
            try:
                out = process.communicate(timeout=INTERVAL)
            except subprocess.TimeoutExpired:
                continue
    seconds = time.monotonic() - started
    return Run(started, seconds, tuple(samples), process.returncode, *out)


def memory(pid: int) -> int:
    """Bytes held by the process and all that descend from it."""
    return sum(resident(one) for one in family(pid)) if PROC.exists() else memory_by_ps(pid)


def family(pid: int) -> list[int]:
    """The process and its descendants, as far as they still live."""
    found = [pid]
    for parent in found:
        try:
            for children in (PROC / str(parent) / "task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return found


def resident(pid: int) -> int:
    """Its share of resident memory: pages shared by n processes count as one nth."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def memory_by_ps(pid: int) -> int:
    """The same on other systems, shared pages counted once for each process."""
    table = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=False
    ).stdout
    rows = [tuple(map(int, line.split())) for line in table.splitlines()]
    ours = {pid}
    while more := {child for child, parent, _ in rows if parent in ours} - ours:
        ours |= more
    return sum(rss * 1024 for child, _, rss in rows if child in ours)
