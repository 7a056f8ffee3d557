"""How deep blocks may nest before they are read as plain paragraphs."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, list_block

# Twenty lists in one another; markdown-it drops what lies deeper than its own limit,
# so containers must stop before it and leave the rest to the paragraph.
DEEPEST = 40
LIMIT = DEEPEST + 8

# Block rules that may begin in the middle of a paragraph, and of lazy lines.
INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def too_deep(state: StateBlock) -> bool:
    """No further list, quote or footnote opens here."""
    return state.level >= DEEPEST


def shallow_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """CommonMark's list, as long as there is room."""
    return not too_deep(state) and list_block(state, start, end, silent)


def plugin(md: MarkdownIt) -> None:
    """In the place of CommonMark's list."""
    md.block.ruler.at("list", shallow_list, {"alt": ["paragraph", "reference", "blockquote"]})
