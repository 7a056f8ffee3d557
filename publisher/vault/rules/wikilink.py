"""`[[Note#Heading|display]]`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from publisher.vault import wikilink

# No line break and no second `[[`: a scan that fails stops at the next `[[`, so that
# a page of unclosed brackets is read once and not once for each of them. Brackets in
# pairs come first (`[[Note|[sic]]]`), then any (`[[Note|a [b]]`).
_ANY = r"[^\[\]\n]|\[(?!\[)|\](?!\])"
INSIDE = rf"(?:(?P<paired>(?:\[[^\[\]\n]*\]|{_ANY})*+)\]\]|(?P<any>(?:{_ANY})*+)\]\])"
LINK = re.compile(r"\[\[(?!\[)" + INSIDE)


def inside(found: re.Match[str]) -> str:
    """What stood between the brackets."""
    paired: str | None = found["paired"]
    return found["any"] if paired is None else paired


def rule(state: StateInline, silent: bool) -> bool:
    """Links never nest, so the display text is read with links switched off."""
    pos, src = state.pos, state.src
    if not src.startswith("[[", pos):
        return False
    found = LINK.match(src, pos, state.posMax)
    if found is None:
        return False
    where, display = wikilink.split(inside(found))
    if wikilink.is_empty(wikilink.target(where)) and not display:
        return False
    if not silent:
        _push(state, found, where, display)
    state.pos = found.end()
    return True


def _push(state: StateInline, found: re.Match[str], where: str, display: str) -> None:
    target = wikilink.target(where)
    named = not wikilink.is_empty(target)
    address = bool(wikilink.ADDRESS.match(where))
    if address:
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(where)}
    elif named:
        meta = {"target": target, "typed": not display, "raw": found[0]}
        state.push("wikilink_open", "a", 1).meta = meta
    if display:
        maximum, state.posMax = (
            state.posMax,
            state.src.rindex(display, 0, found.end()) + len(display),
        )
        state.pos = state.posMax - len(display)
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.posMax = maximum
    else:
        state.push("text", "", 0).content = wikilink.display(target)
    if address:
        state.push("link_close", "a", -1)
    elif named:
        state.push("wikilink_close", "a", -1)


def plugin(md: MarkdownIt) -> None:
    """Before Markdown's own links: `[[Note]](x)` is a wikilink."""
    md.inline.ruler.before("link", "wikilink", rule)
