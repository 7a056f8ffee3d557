"""Verse: blanks at the start of a line are indentation, and never code."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import code as commonmark_code

from publisher.vault.rules.comment import paragraph as prose

# What a Markdown parser does not take for a blank at the start of a line.
BLANK = "\u00a0"
# Set in the environment of a parse where its blocks are verse.
VERSE = "verse"


def code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Indented lines are code but in verse; fenced code is code everywhere."""
    return not state.env.get(VERSE) and commonmark_code(state, start, end, silent)


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph; in verse with the blanks its lines begin with, a tab as far as it goes."""
    found = prose(state, start, end, silent)
    if found and not silent and state.env.get(VERSE):
        lines = (_indented(state, line) for line in range(start, state.line))
        state.tokens[-2].content = "\n".join(lines).rstrip(" \t\n")
    return found


def _indented(state: StateBlock, line: int) -> str:
    words = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    # A line that only follows a quote lazily counts -1.
    return BLANK * max(state.sCount[line] - state.blkIndent, 0) + words


def plugin(md: MarkdownIt) -> None:
    """In the place of those for prose; code keeps its name, for other rules ask for it."""
    md.block.ruler.at("code", code)
    md.block.ruler.at("paragraph", paragraph)
