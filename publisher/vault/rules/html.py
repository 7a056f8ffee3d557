"""HTML as in CommonMark, but comments vanish and nothing left open swallows a note."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import html_block as commonmark_block
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import html_inline as commonmark_inline

from publisher.vault.rules import comment
from publisher.vault.rules.remainder import is_outside, resume

# What CommonMark lets run over blank lines until its own end is found.
LONG = re.compile(r"<(?:(?P<raw>script|pre|style|textarea)\b|\?|!\[CDATA\[|![a-z])", re.IGNORECASE)
COMMENT_END = re.compile("-->")
RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)


def inline(state: StateInline, silent: bool) -> bool:
    """A comment is passed over."""
    if state.src[state.pos] != "<":
        return False
    return commonmark_inline(state, silent or state.src.startswith("<!--", state.pos))


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Without the comments between its words; one left open takes the block along."""
    at = len(state.tokens)
    if not _block(state, start, end, silent):
        return False
    if silent or len(state.tokens) == at or comment.SIGN not in state.tokens[-1].content:
        return True
    token = state.tokens[-1]
    token.content, is_open = comment.without(token.content)
    for _ in range(comment.PATIENCE):
        place = comment.closing(state, state.line - 1, end) if is_open else None
        if place is None:
            break
        state.line = _blank_below(state, place[0] + 1, end)
        token.map = [start, state.line]
        content = state.getLines(start, state.line, state.blkIndent, True)
        token.content, is_open = comment.without(content)
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An element left open ends at the next blank line, like any other HTML block."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<", begin) or state.is_code_block(start):
        return False
    if state.src.startswith("<!--", begin):
        return _comment(state, start, end, silent)
    found = LONG.match(state.src, begin, state.eMarks[start])
    if found is None or silent or _ends_below(state, _ending(found), found.end()):
        at = len(state.tokens)
        if not commonmark_block(state, start, end, silent):
            return False
        if silent or found is None or _ending(found).search(state.tokens[at].content):
            return True
        state.tokens.pop()
    line = _blank_below(state, start + 1, end)
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, True)
    state.line = line
    return True


def _blank_below(state: StateBlock, line: int, end: int) -> int:
    while line < end and not state.isEmpty(line) and not is_outside(state, line):
        line += 1
    return line


def _ending(found: re.Match[str]) -> re.Pattern[str]:
    if found["raw"]:
        return RAW_END
    return re.compile({"<?": r"\?>", "<![CDATA[": r"\]\]>"}.get(found[0].upper(), ">"))


def _ends_below(state: StateBlock, ending: re.Pattern[str], pos: int) -> bool:
    """Whether there is an end anywhere below; looked up once for each kind of end."""
    last: dict[str, int] = state.env.setdefault("html_ends", {})
    if ending.pattern not in last:
        last[ending.pattern] = max((m.start() for m in ending.finditer(state.src)), default=-1)
    return last[ending.pattern] >= pos


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Text after the comment is read on; a comment without end is text itself."""
    begin = state.bMarks[start]
    if not _ends_below(state, COMMENT_END, begin):
        return False
    if state.src.find("-->", begin, state.eMarks[end - 1]) < 0:
        return False
    for line in range(start, end):
        begin = state.bMarks[line] + state.tShift[line]
        if line > start and is_outside(state, line):
            return False
        at = state.src.find("-->", begin + (2 if line == start else 0), state.eMarks[line])
        if at < 0:
            continue
        if line > start:
            if not silent:
                resume(state, line, at + 3)
            return True
        if state.src[at + 3 : state.eMarks[line]].strip():
            return False
        if not silent:
            state.line = line + 1
        return True
    return False


def plugin(md: MarkdownIt) -> None:
    """In the place of CommonMark's."""
    md.block.ruler.at("html_block", block, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler.at("html_inline", inline)
