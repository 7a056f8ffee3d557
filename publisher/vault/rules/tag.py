"""`#nested/tag`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Ends at blanks and punctuation; the joiner U+200D holds emoji together.
TAG = re.compile(
    r"#((?:[^\s!-,.:-@\[-^`{-~\u2000-\u200c\u200e-\u206f\u2e00-\u2e7f\u3000-\u3003]|(?<=[^#])/)+)"
)
NUMBER = re.compile(r"[\d/_-]*")


def rule(state: StateInline, silent: bool) -> bool:
    """After a blank or at a line's start; a number is no tag."""
    pos, src = state.pos, state.src
    if src[pos] != "#" or (pos and not src[pos - 1].isspace()):
        return False
    found = TAG.match(src, pos, state.posMax)
    if found is None or NUMBER.fullmatch(found[1]):
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content, token.markup = found[1], "#"
    state.pos = found.end()
    return True


def plugin(md: MarkdownIt) -> None:
    """No other rule wants the sign."""
    md.inline.ruler.before("link", "tag", rule)
