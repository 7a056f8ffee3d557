"""A bare `https://…` is a link."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

SCHEME = re.compile(r"(?<![^\W_])https?$", re.IGNORECASE)
REST = re.compile(r"://[^\s<>\"`\\|]+")
AFTER = "?!.,:;*_~'’”"


def rule(state: StateInline, silent: bool) -> bool:
    """Seen at the colon; the scheme is already in the text before it."""
    pos, src = state.pos, state.src
    if silent or state.linkLevel or not src.startswith("://", pos):
        return False
    scheme = SCHEME.search(state.pending[-6:])
    if scheme is None:
        return False
    found = REST.match(src, pos, state.posMax)
    rest = _trim(found[0]) if found else ""
    if len(rest) <= len("://"):
        return False
    state.pending = state.pending[: -len(scheme[0])]
    state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(scheme[0] + rest)}
    state.tokens[-1].markup, state.tokens[-1].info = "autolink", "auto"
    state.push("text", "", 0).content = scheme[0] + rest
    state.push("link_close", "a", -1).markup = "autolink"
    state.pos += len(rest)
    return True


def _trim(rest: str) -> str:
    """The sentence's own signs stay outside; brackets only where they opened inside."""
    spare = {mark: rest.count(mark) - rest.count(pair) for mark, pair in (")(", "][")}
    end = len(rest)
    while end:
        mark = rest[end - 1]
        if spare.get(mark, 0) > 0:
            spare[mark] -= 1
        elif rest.endswith("==", 0, end):
            end -= 1
        elif mark not in AFTER:
            break
        end -= 1
    return rest[:end]


def plugin(md: MarkdownIt) -> None:
    """Last of all: few colons belong to an address."""
    md.inline.ruler.push("address", rule)
