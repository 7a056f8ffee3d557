"""`> [!type]± Title`: a quote whose first line names its kind."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import blockquote as commonmark_quote

from publisher.genres import is_verse
from publisher.vault.rules.depth import INTERRUPTS, too_deep
from publisher.vault.rules.verse import VERSE

MARKER = re.compile(r"\[!([^\[\]|\n]+)(\|[^\[\]\n]*)?\]([+-]?)(?!\()[ \t]*([^\n]*)")
# Every level looks at each of its lines again, lazy ones above all.
DEEPEST = 16
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """CommonMark strips the `>` of every line; `title` has seen which kind it is."""
    depth: int = state.env.get("quotes", 0)
    if depth >= DEEPEST or too_deep(state):
        return False
    at = len(state.tokens)
    outside = state.env.get(VERSE)
    state.env["quotes"] = depth + (not silent)
    matched = commonmark_quote(state, start, end, silent)
    state.env["quotes"], state.env[VERSE] = depth, outside
    if not matched:
        return False
    if not silent and state.tokens[at].type == "callout_open":
        state.tokens[-1].type, state.tokens[-1].tag = "callout_close", "div"
    return True


def title(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Takes the first line of a quote, so that any block may follow it."""
    if silent or not state.tokens:
        return False
    opening = state.tokens[-1]
    if opening.type != "blockquote_open" or not opening.map or opening.map[0] != start:
        return False
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    found = MARKER.match(state.src, begin, state.eMarks[start])
    if found is None or not found[1].strip():
        return False
    typed = found[1].strip()
    opening.type, opening.tag = "callout_open", "div"
    opening.meta = {
        "type": typed.casefold(),
        "typed": typed,
        "fold": found[3],
        "metadata": (found[2] or "")[1:],
    }
    # What a note's box says in the middle of a poem is prose.
    state.env[VERSE] = is_verse(typed)
    if state.env[VERSE]:
        opening.meta["verse"] = "titled" if found[4].strip() else "untitled"
    _push_title(state, start, found[4].strip() or _default(typed))
    # A line without `>` belongs to the callout, but not to its title.
    if start + 1 < end and state.sCount[start + 1] < 0:
        state.sCount[start + 1] = 0
    state.line = start + 1
    return True


def _push_title(state: StateBlock, line: int, content: str) -> None:
    state.push("callout_title_open", "p", 1).map = [line, line + 1]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content, [line, line + 1], []
    state.push("callout_title_close", "p", -1)


def _default(typed: str) -> str:
    return PUNCTUATION.sub(r"\\\1", typed[:1].upper() + typed[1:])


def plugin(md: MarkdownIt) -> None:
    """In the place of CommonMark's block quote."""
    md.block.ruler.at("blockquote", quote, INTERRUPTS)
    md.block.ruler.before("table", "callout_title", title)
