"""Which saved files matter to a book, and word of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, awatch

QUIET = 40  # milliseconds without another change, before word is given
LONGEST = 400
# Obsidian writes down every click in its folder; these files say how notes read.
_HABITS = ("app.json", "templates.json", "data.json")
_LEAVINGS = ("~", ".swp", ".swx", ".tmp", ".part", ".crswap")


def matters(path: str, roots: Iterable[str]) -> bool:
    """Whether a change of this file can change the book."""
    root = max((r for r in roots if path.startswith(r)), key=len, default="")
    *folders, name = Path(path[len(root) :].lstrip("/\\")).parts or ("",)
    if ".obsidian" in folders:
        return name in _HABITS
    hidden = any(part.startswith(".") or part == "node_modules" for part in (*folders, name))
    return not hidden and not name.endswith(_LEAVINGS) and name not in ("4913", "Thumbs.db")


async def changes(places: Iterable[Path], stop: asyncio.Event) -> AsyncIterator[tuple[str, ...]]:
    """The files that matter, each time some were saved; folders that are not there are not."""
    folders = tuple(dict.fromkeys(place.resolve() for place in places if place.is_dir()))
    roots = tuple(map(str, folders))

    def wanted(_change: Change, path: str) -> bool:
        return matters(path, roots)

    async for found in awatch(
        *folders, watch_filter=wanted, debounce=LONGEST, step=QUIET, stop_event=stop
    ):
        yield tuple(sorted({path for _, path in found}))
