"""The bar of a wikilink in a table, which ends no cell: `| [[Goblin|goblins]] |`.

Obsidian wants it escaped, and cuts the link in two where it is not; nobody ever meant that.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table

BAR = "\ufdd5"  # a noncharacter, for as long as the cells are parted
_LINK = re.compile(r"\[\[[^\[\]\n]*\]\]")
_BARE_BAR = re.compile(r"(?<!\\)\|")
_DELIMITERS = re.compile(r"[ \t>]*\|?[ \t]*:?-[-:| \t]*$")


def mask(text: str) -> str:
    """The text with the bars of its wikilinks hidden; it is as long as before."""
    return _LINK.sub(lambda link: _BARE_BAR.sub(BAR, link[0]), text)


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """As Markdown has tables, but that links stay whole."""
    if silent or start + 2 > end or not _DELIMITERS.match(_line(state, start + 1)):
        return table(state, start, end, silent)
    last = start
    while last < end and not state.isEmpty(last):
        last += 1
    begins, ends = state.bMarks[start], state.eMarks[last - 1]
    rows = state.src[begins:ends]
    hidden = mask(rows)
    if hidden == rows:
        return table(state, start, end, silent)
    typed, made = state.src, len(state.tokens)
    state.src = typed[:begins] + hidden + typed[ends:]
    try:
        return table(state, start, end, silent)
    finally:
        state.src = typed
        for token in state.tokens[made:]:
            token.content = token.content.replace(BAR, "|")


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


def plugin(md: MarkdownIt) -> None:
    """In the place of Markdown's own rule."""
    md.block.ruler.at("table", rule, {"alt": ["paragraph", "reference"]})
