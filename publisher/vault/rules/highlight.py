"""`==text==`, by the rules of emphasis: `a == b` is text."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

SIGN = "=="
MARKER = ord("=")


def rule(state: StateInline, silent: bool) -> bool:
    """A pair of signs and no more: `===` is text."""
    if state.src[state.pos] != "=":
        return False
    if silent:
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length != len(SIGN):
        state.append_pending("=" * scanned.length)
    else:
        state.push("text", "", 0).content = SIGN
        at = len(state.tokens) - 1
        open_, close = scanned.can_open, scanned.can_close
        state.delimiters.append(Delimiter(MARKER, 0, at, -1, open_, close))
    state.pos += scanned.length
    return True


def pair(state: StateInline) -> None:
    """The signs that found each other become tags; the others stay text."""
    if SIGN not in state.src:
        return
    _pair(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state, meta["delimiters"])


def _pair(state: StateInline, delimiters: list[Delimiter]) -> None:
    for delimiter in delimiters:
        if delimiter.marker != MARKER or delimiter.end < 0:
            continue
        for at, kind, nesting in (
            (delimiter.token, "highlight_open", 1),
            (delimiters[delimiter.end].token, "highlight_close", -1),
        ):
            token = state.tokens[at]
            token.type, token.tag, token.nesting = kind, "mark", nesting  # type: ignore[assignment]
            token.content, token.markup = "", SIGN


def plugin(md: MarkdownIt) -> None:
    """Beside its likes."""
    md.inline.ruler.before("strikethrough", "highlight", rule)
    md.inline.ruler2.before("strikethrough", "highlight", pair)
