"""`$…$`, and `$$…$$` on one line, on several, or within one."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from publisher.vault.rules.depth import INTERRUPTS
from publisher.vault.rules.remainder import is_open, is_outside, resume

SIGN = "$$"
# No blank inside the signs and no digit after them: `$5 and then $10` is money.
SINGLE = re.compile(r"\$(?![\s$])((?:[^$\\]|\\[\s\S])++)(?<!\s)\$(?!\d)")
DOUBLE = re.compile(r"\$\$((?:[^$\\]|\\[\s\S]|\$(?!\$))++)\$\$")
CLOSING = re.compile(r"(?<!\\)\$\$")


def inline(state: StateInline, silent: bool) -> bool:
    """Tokens as those of the plugin `dollarmath`."""
    if state.src[state.pos] != "$":
        return False
    double = state.src.startswith(SIGN, state.pos)
    found = (DOUBLE if double else SINGLE).match(state.src, state.pos, state.posMax)
    if found is None or not found[1].strip():
        return False
    if not silent:
        token = state.push("math_inline_double" if double else "math_inline", "math", 0)
        token.content, token.markup = found[1], SIGN if double else "$"
    state.pos = found.end()
    return True


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """At a line's start; with text behind the formula on its only line it is `inline`."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(SIGN, begin) or state.is_code_block(start):
        return False
    place = _closing(state, start, end, begin + 2)
    if place is None or (silent and is_open(state, SIGN, begin)):
        return False
    line, at = place
    rest = state.src[at + 2 : state.eMarks[line]].strip()
    content = _content(state, start, line, begin + 2, at)
    if not content.strip() or (line == start and rest):
        return False
    if silent:
        return True
    if line == start:
        state.line = line + 1
    else:
        resume(state, line, at + 2)
    token = state.push("math_block", "math", 0)
    token.content, token.markup = content, SIGN
    token.map = [start, line + 1]
    return True


def _closing(state: StateBlock, start: int, end: int, pos: int) -> tuple[int, int] | None:
    """Blank lines may stand only between signs that have their lines to themselves."""
    alone, blank = not state.src[pos : state.eMarks[start]].strip(), False
    for line in range(start, end):
        if line > start:
            if state.isEmpty(line):
                if not alone:
                    return None
                blank = True
                continue
            if is_outside(state, line):
                return None
            pos = state.bMarks[line] + state.tShift[line]
        if found := CLOSING.search(state.src, pos, state.eMarks[line]):
            around = state.src[pos : found.start()] + state.src[found.end() : state.eMarks[line]]
            return None if blank and around.strip() else (line, found.start())
    return None


def _content(state: StateBlock, start: int, line: int, begin: int, at: int) -> str:
    if line == start:
        return state.src[begin:at]
    between = state.getLines(start + 1, line, state.blkIndent, True)
    last = state.src[state.bMarks[line] + state.tShift[line] : at]
    return f"{state.src[begin : state.eMarks[start]]}\n{between}{last}"


def plugin(md: MarkdownIt) -> None:
    """Before fences and escapes; formulas are as literal as code."""
    md.block.ruler.before("fence", "math_block", block, INTERRUPTS)
    md.inline.ruler.before("escape", "math_inline", inline)
