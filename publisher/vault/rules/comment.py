"""`%% … %%`, within a line or over blank lines, leaves nothing."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, backtick

from publisher.vault.rules.depth import INTERRUPTS
from publisher.vault.rules.remainder import is_open, is_outside, resume

SIGN = "%%"
FENCE = re.compile(r"`{3,}|~{3,}")
TICK = re.compile(r"`|%%")


def inline(state: StateInline, silent: bool) -> bool:
    """Signs in code do not close a comment; one that nothing closes is text."""
    start = state.pos
    if not state.src.startswith(SIGN, start) or start + 4 > state.posMax:
        return False
    state.pos += 2
    while (found := TICK.search(state.src, state.pos, state.posMax)) and found[0] == "`":
        state.pos = found.start()
        backtick(state, True)
    if found is None:
        state.pos = start
        return False
    state.pos = found.end()
    # A comment that fills its line takes the line break along.
    if (start == 0 or state.src[start - 1] == "\n") and state.src.startswith("\n", state.pos):
        state.pos = min(state.pos + 1, state.posMax)
    return True


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """One that starts a line; within one line of a paragraph it is left to `inline`."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(SIGN, begin) or state.is_code_block(start):
        return False
    last = state.eMarks[start]
    closed = state.src.find(SIGN, begin + 2, last)
    if closed >= 0:
        if silent or state.src[closed + 2 : last].strip():
            return False
        state.line = start + 1
        return True
    place = None if silent and is_open(state, SIGN, begin) else _closing(state, start, end)
    if place is None:
        return False
    if not silent:
        resume(state, *place)
    return True


def _closing(state: StateBlock, start: int, end: int) -> tuple[int, int] | None:
    fence = ""
    for line in range(start + 1, end):
        if is_outside(state, line):
            return None
        begin, last = state.bMarks[line] + state.tShift[line], state.eMarks[line]
        found = FENCE.match(state.src, begin, last)
        if fence:
            if found and found[0].startswith(fence):
                fence = ""
        elif found:
            fence = found[0]
        elif (at := state.src.find(SIGN, begin, last)) >= 0:
            return line, at + 2
    return None


def plugin(md: MarkdownIt) -> None:
    """Before anything that a comment might hold."""
    md.block.ruler.before("table", "comment", block, INTERRUPTS)
    md.inline.ruler.before("escape", "comment", inline)
