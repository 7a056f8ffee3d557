"""`%% … %%`, within a line or over blank lines, leaves nothing."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import paragraph as commonmark_paragraph
from markdown_it.rules_inline import StateInline, backtick

from publisher.vault.rules.depth import INTERRUPTS
from publisher.vault.rules.math import DOUBLE, SINGLE
from publisher.vault.rules.remainder import is_open, is_outside, resume

SIGN = "%%"
FENCE = re.compile(r"`{3,}|~{3,}")
TICK = re.compile(r"`|%%")
# So many blocks with signs of their own one comment may run over.
PATIENCE = 50
# A sign that begins a comment is not taken for the end of one far above.
OPENS = re.compile(r"\s%%\w")
LITERAL = re.compile(r"`|%%|\$|\\.", re.DOTALL)
# Where signs in raw HTML are no comment's: in code, in a tag, in a comment of HTML's own.
MARKUP = re.compile(
    r"%%|(?P<comment><!--)|<(?P<raw>pre|code|script|style|textarea|kbd|samp)\b|</?[a-z][^<>]*>",
    re.IGNORECASE,
)


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
    place = None if silent and is_open(state, SIGN, begin) else closing(state, start, end)
    if place is None:
        return False
    if not silent:
        resume(state, *place)
    return True


def closing(state: StateBlock, start: int, end: int) -> tuple[int, int] | None:
    """Where a comment closes below the line `start`: the line, and the place behind the sign."""
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


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """CommonMark's, but one that a comment opens in goes on to where the comment closes."""
    commonmark_paragraph(state, start, end, silent)
    opening, inline = state.tokens[-3], state.tokens[-2]
    content, line = inline.content, state.line
    for _ in range(PATIENCE):
        if SIGN not in content or not _is_left_open(state, content):
            break
        place = closing(state, line - 1, min(end, state.lineMax))
        if place is None or OPENS.match(state.src, place[1] - 3):
            return True
        commonmark_paragraph(state, place[0], end, silent)
        del state.tokens[-3:]
        line, state.line = state.line, opening.map[1] if opening.map else line
        content = state.getLines(start, line, state.blkIndent, False).strip()
    inline.content, state.line = content, line
    opening.map = inline.map = [start, line]
    return True


def _is_left_open(state: StateBlock, text: str) -> bool:
    """Whether a comment begins in a paragraph, after a blank, and does not end in it."""
    line, opened = StateInline(text, state.md, {}, []), -1
    while found := LITERAL.search(text, line.pos):
        line.pos = found.end()
        if found[0] == SIGN:
            opened = found.start() if opened < 0 else -1
        elif found[0] == "`":
            line.pos = found.start()
            backtick(line, True)
        elif found[0] == "$" and opened < 0:
            formula = DOUBLE.match(text, found.start()) or SINGLE.match(text, found.start())
            line.pos = formula.end() if formula else line.pos
    return opened == 0 or (opened > 0 and text[opened - 1].isspace())


def without(source: str) -> tuple[str, bool]:
    """Raw HTML without the comments in its words, and whether one is left open at its end."""
    out, at, done = list[str](), 0, 0
    endless: set[str] = set()
    while found := MARKUP.search(source, at):
        at = found.end()
        if found[0] == SIGN:
            closed = source.find(SIGN, at)
            if closed < 0:
                return "".join(out) + source[done:], True
            out.append(source[done : found.start()])
            at = done = closed + 2
        elif found["comment"] or found["raw"]:
            ending = "-->" if found["comment"] else f"</{found['raw']}"
            closed = -1 if ending in endless else source.find(ending, at)
            if closed < 0:
                endless.add(ending)
            else:
                at = closed + len(ending)
    return "".join(out) + source[done:], False


def plugin(md: MarkdownIt) -> None:
    """Before anything that a comment might hold."""
    md.block.ruler.at("paragraph", paragraph)
    md.block.ruler.before("table", "comment", block, INTERRUPTS)
    md.inline.ruler.before("escape", "comment", inline)
