"""`^id`, at the end of a block or alone below it, names the block."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from publisher.vault.rules.depth import INTERRUPTS

ALONE = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*")
# After a blank, or glued to an embed: Obsidian's own help has `![[image.png]]^id`.
LAST = re.compile(r"(?:[ \t\n]+|(?<=\]\]))\^([A-Za-z0-9-]+)$")
QUOTES = {"blockquote_close", "callout_close"}


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Alone on its line, whether or not a blank line stands above it.

    Below a paragraph it counts as the paragraph's end, and `text` finds it there.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("^", begin) or state.is_code_block(start):
        return False
    found = ALONE.fullmatch(state.src, begin, state.eMarks[start])
    if found is None:
        return False
    if not silent:
        if state.tokens and state.tokens[-1].type == "paragraph_close":
            state.tokens[-2].content += f"\n^{found[1]}"
        elif state.tokens:
            _name(_above(state), found[1])
        state.line = start + 1
    return True


def text(state: StateCore) -> None:
    """At the end of a paragraph, heading, list item or callout's title."""
    tokens = state.tokens
    for at, token in enumerate(tokens):
        if token.type != "inline" or "^" not in token.content:
            continue
        opening = tokens[at - 1]
        if opening.type not in {"paragraph_open", "heading_open", "callout_title_open"}:
            continue
        while found := LAST.search(token.content[-200:]):
            if found[0].startswith("^") and not token.content.startswith("![["):
                break
            _name(_around(state, at), found[1])
            token.content = token.content[: -len(found[0])]


def _around(state: StateCore, at: int) -> Token:
    """The block whose text ends here: a quote ends with its last paragraph."""
    tokens = state.tokens
    opening, before = tokens[at - 1], tokens[at - 2]
    if at > 1 and before.type in {"list_item_open", "callout_open"}:
        return before
    after = at + 2
    while after < len(tokens) and tokens[after].type in QUOTES:
        after += 1
    return opening if after == at + 2 else tokens[_opening(state, after - 1)]


def _above(state: StateBlock) -> Token:
    """The block that ends just before, else the container that has just begun."""
    tokens = state.tokens
    last = tokens[-1]
    if last.nesting >= 0:
        return last
    at = _opening(state, len(tokens) - 1)
    return tokens[at - 1] if last.type == "callout_title_close" else tokens[at]


def _opening(state: StateBlock | StateCore, closing: int) -> int:
    """Found once and remembered: several ids may stand below one long list."""
    known: dict[int, int] = state.env.setdefault("openings", {})
    if closing not in known:
        at = closing - 1
        while (
            state.tokens[at].nesting != 1 or state.tokens[at].level != state.tokens[closing].level
        ):
            at -= 1
        known[closing] = at
    return known[closing]


def _name(token: Token, block_id: str) -> None:
    token.meta.setdefault("block_ids", []).append(block_id.lower())


def plugin(md: MarkdownIt) -> None:
    """The line ends quotes and tables, which it would else be drawn into."""
    md.block.ruler.before("table", "block_id", block, INTERRUPTS)
    md.core.ruler.before("inline", "block_id", text)
