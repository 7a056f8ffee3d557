"""List items in which nothing stands: a star alone on its line is a break, any other is nothing."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def rule(state: StateCore) -> None:
    """An outliner leaves an empty point where one stopped writing; poets part stanzas with a star."""
    tokens = state.tokens
    if not any(map(_is_hollow, tokens, tokens[1:])):
        return
    out: list[Token] = []
    for token in tokens:
        if out and token.type == "list_item_close" and out[-1].type == "list_item_open":
            if token.markup in "*-+":
                out.pop()
                continue
        elif out and token.type == "bullet_list_close" and out[-1].type == "bullet_list_open":
            opening = out.pop()
            if token.markup == "*" and not opening.level:
                out.append(Token("hr", "hr", 0, markup="***", map=opening.map, block=True))
            continue
        out.append(token)
    state.tokens = out


def _is_hollow(token: Token, following: Token) -> bool:
    return token.type == "list_item_open" and following.type == "list_item_close"


def plugin(md: MarkdownIt) -> None:
    """When all blocks are known."""
    md.core.ruler.after("block", "hollow", rule)
