"""Fields in text: `[key:: value]`, `(key:: value)`, or `key:: value` as a whole line.

Round brackets are for a key that is not to be seen; `**key**:: value` is a line's key, too.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_KEY = r"[^\W_][\w /-]{0,60}?"
KEY = re.compile(rf"[ \t]*({_KEY})[ \t]*")
# Brackets nest one deep, as in links; each failing scan stops at the next open one.
BRACKETED = {
    "[": re.compile(
        rf"\[({_KEY})::(?![^\W\d])[ \t]*+((?:[^\[\]\n]|\[\[[^\[\]\n]*+\]\]|\[[^\[\]\n]*+\])*+)\]"
    ),
    "(": re.compile(
        rf"\(({_KEY})::(?![^\W\d])[ \t]*+((?:[^()\n\[]|\[\[[^\[\]\n]*+\]\]|\[|\([^()\n]*+\))*+)\)"
    ),
}
FORMATTED = re.compile(rf"(\*\*|__|\*|_|==)({_KEY})(::)?\1(?(3)|::)(?=\s|$)")
BREAKS = {"softbreak", "hardbreak"}


def bracketed(state: StateInline, silent: bool) -> bool:
    """`(std::move)` is none: where the blank is missing, no letter may follow."""
    pattern = BRACKETED.get(state.src[state.pos])
    if pattern is None:
        return False
    found = pattern.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        hidden = state.src[state.pos] == "("
        _push(state, found[1], found.start(2), found.end(2), hidden=hidden)
    state.pos = found.end()
    return True


def formatted(state: StateInline, silent: bool) -> bool:
    """A key set off by its author, with the colons inside or behind."""
    if silent or state.level or state.src[state.pos] not in "*_=" or state.pending.strip():
        return False
    if state.tokens and state.tokens[-1].type not in BREAKS:
        return False
    found = FORMATTED.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    state.pending = ""
    _push_line(state, found[2], found.end())
    return True


def line(state: StateInline, silent: bool) -> bool:
    """Seen at the colons: all that stands before them on the line must be the key."""
    pos, src = state.pos, state.src
    if silent or state.level or not src.startswith("::", pos):
        return False
    if pos + 2 < state.posMax and not src[pos + 2].isspace():
        return False
    if state.tokens and state.tokens[-1].type not in BREAKS:
        return False
    found = KEY.fullmatch(state.pending)
    if found is None:
        return False
    state.pending = ""
    _push_line(state, found[1], pos + 2)
    return True


def _push_line(state: StateInline, key: str, start: int) -> None:
    """The rest of the line is the value."""
    end = state.src.find("\n", start, state.posMax)
    end = state.posMax if end < 0 else end
    _push(state, key, min(start, end), end)
    state.pos = end


def _push(state: StateInline, key: str, start: int, end: int, *, hidden: bool = False) -> None:
    maximum = state.posMax
    state.push("field_open", "", 1).meta = {"key": key.strip()} | (
        {"hidden": True} if hidden else {}
    )
    while start < end and state.src[start] in " \t":
        start += 1
    state.pos, state.posMax = start, end
    state.md.inline.tokenize(state)
    state.posMax = maximum
    state.push("field_close", "", -1)


def plugin(md: MarkdownIt) -> None:
    """Before links, which share the bracket."""
    md.inline.add_terminator_char("(")
    md.inline.ruler.before("link", "field", bracketed)
    md.inline.ruler.before("link", "field_line", line)
    md.inline.ruler.before("emphasis", "field_formatted", formatted)
