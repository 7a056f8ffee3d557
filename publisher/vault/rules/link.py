"""CommonMark's links and images, where there can be one at all."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link


def rule(state: StateInline, silent: bool) -> bool:
    """Looking for a label's end costs much, so nobody looks where none can follow."""
    return state.src[state.pos] == "[" and _may_follow(state) and link(state, silent)


def picture(state: StateInline, silent: bool) -> bool:
    """The same with `!` before it."""
    return state.src.startswith("![", state.pos) and _may_follow(state) and image(state, silent)


def _may_follow(state: StateInline) -> bool:
    ending = "]" if "references" in state.env else "]("
    return state.html_terminator_last(ending) > state.pos


def plugin(md: MarkdownIt) -> None:
    """In the place of CommonMark's."""
    md.inline.ruler.at("link", rule)
    md.inline.ruler.at("image", picture)
