"""`![[Note]]`, `![[image.png|100]]`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from publisher.vault import wikilink
from publisher.vault.rules.wikilink import INSIDE, inside

EMBED = re.compile(r"!\[\[(?!\[)" + INSIDE)


def rule(state: StateInline, silent: bool) -> bool:
    """What kind of file it is shows only when the vault is known."""
    if not state.src.startswith("![[", state.pos):
        return False
    found = EMBED.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    where, display = wikilink.split(inside(found))
    target = wikilink.target(where)
    if wikilink.is_empty(target):
        return False
    if not silent:
        token = state.push("embed", "", 0)
        token.meta = {"target": target, "display": display, "raw": found[0]}
    state.pos = found.end()
    return True


def plugin(md: MarkdownIt) -> None:
    """Before Markdown's own images, which start alike."""
    md.inline.ruler.before("image", "embed", rule)
