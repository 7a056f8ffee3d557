"""A passage of a note: all of it, a section or a block, as an embed asks for it."""

from __future__ import annotations

from functools import lru_cache

from publisher.anthology.catalogue import Same, find_heading, fold, fold_heading
from publisher.vault.galley import BlockEnd, BlockStart, Chunk, HeadingEnd, HeadingStart, Target
from publisher.vault.note import Note


def find_passage(note: Note, target: Target) -> tuple[Chunk, ...] | None:
    """The chunks that `![[Note#A#B]]` or `![[Note#^id]]` puts in place, or nothing."""
    if target.block:
        return _block(note, fold(target.block))
    if not target.headings:
        return note.body.chunks
    heading = find_heading(note, target)
    if heading is not None:
        return _section(note, heading)
    names = (fold_heading(note.title_heading), fold_heading(note.title))
    return note.body.chunks if fold_heading(target.headings[0]) in names else None


@lru_cache(maxsize=1024)
def _places(same: Same) -> tuple[dict[str, int], dict[str, int]]:
    """Where the note's headings (by their anchors) and blocks (by their ids) start."""
    headings: dict[str, int] = {}
    blocks: dict[str, int] = {}
    for place, chunk in enumerate(same.note.body.chunks):
        if isinstance(chunk, HeadingStart):
            headings[chunk.local] = place
        elif isinstance(chunk, BlockStart):
            blocks.setdefault(fold(chunk.block_id), place)
    return headings, blocks


def _section(note: Note, heading: HeadingStart) -> tuple[Chunk, ...]:
    chunks = note.body.chunks
    start = _places(Same(note))[0][heading.local]
    if heading.depth:
        # Inside a quote or list the section has no end of its own: its heading must do.
        end = next(i for i in range(start, len(chunks)) if isinstance(chunks[i], HeadingEnd))
        return tuple(chunks[start : end + 1])
    for place in range(start + 1, len(chunks)):
        chunk = chunks[place]
        if isinstance(chunk, HeadingStart) and not chunk.depth and chunk.level <= heading.level:
            return tuple(chunks[start:place])
    return tuple(chunks[start:])


def _block(note: Note, block_id: str) -> tuple[Chunk, ...] | None:
    chunks = note.body.chunks
    start = _places(Same(note))[1].get(block_id, -1)
    opened = chunks[start] if start >= 0 else None
    if not isinstance(opened, BlockStart):
        return None
    for end in range(start + 1, len(chunks)):
        closed = chunks[end]
        if isinstance(closed, BlockEnd) and closed.local == opened.local:
            inner = tuple(chunks[start + 1 : end])
            wrap = opened.wrap
            return (f"<{wrap}>", *inner, f"</{wrap}>") if wrap else inner
    return None


def passage_name(target: Target) -> str:
    """A target in a reader's words, without Obsidian's signs."""
    steps = [target.path.rpartition("/")[2], *target.headings, target.block]
    return " > ".join(step for step in steps if step)
