"""`- [ ] open`, `- [x] done`, `- [?] any other`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

BOX = re.compile(r"\[([^\[\]\n])\](?:[ \t]+|(?=\n)|$)")


def rule(state: StateCore) -> None:
    """Before the text is read, else `[x]` could be a link."""
    tokens = state.tokens
    for at, token in enumerate(tokens):
        if token.type != "list_item_open" or tokens[at + 1].type != "paragraph_open":
            continue
        text = tokens[at + 2]
        if found := BOX.match(text.content):
            token.meta["task"] = found[1]
            text.content = text.content[found.end() :]


def plugin(md: MarkdownIt) -> None:
    """Between blocks and text."""
    md.core.ruler.before("inline", "task", rule)
