"""Plain text, up to the next sign that may mean something."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline


def rule(state: StateInline, silent: bool) -> bool:
    """Stops where a link's words or a field's value end, as CommonMark's does not."""
    start = state.pos
    found = state.md.inline.terminator_re.search(state.src, start, state.posMax)
    end = found.start() if found else state.posMax
    if end == start:
        return False
    if not silent:
        state.append_pending(state.src[start:end])
    state.pos = end
    return True


def plugin(md: MarkdownIt) -> None:
    """In the place of CommonMark's."""
    md.inline.ruler.at("text", rule)
