"""Where a block ends: in the middle of a line, or where its container does."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock


def resume(state: StateBlock, line: int, pos: int) -> None:
    """Goes on reading in the middle of a line, or on the next where nothing is left.

    `line` must lie below the block's first line: a block rule that stays where it
    started would never end.
    """
    last = state.eMarks[line]
    while pos < last and state.src[pos] in " \t":
        pos += 1
    if pos >= last:
        state.line = line + 1
        return
    state.bMarks[line], state.tShift[line] = pos, 0
    state.sCount[line] = state.blkIndent
    state.line = line


def is_open(state: StateBlock, sign: str, pos: int) -> bool:
    """Whether the paragraph read so far has opened what a sign at `pos` would close.

    Asked line by line, so that the count goes on from where the last one ended.
    """
    begin = state.bMarks[state.line]
    counts: dict[str, tuple[int, int, int]] = state.env.setdefault("signs", {})
    start, end, count = counts.get(sign, (begin, begin, 0))
    if start != begin or end > pos:
        end, count = begin, 0
    count += state.src.count(sign, end, pos)
    counts[sign] = (begin, pos, count)
    return count % 2 == 1


def is_outside(state: StateBlock, line: int) -> bool:
    """A line that belongs to a block further out, or to none (lazy lines)."""
    return state.sCount[line] < state.blkIndent and not state.isEmpty(line)
