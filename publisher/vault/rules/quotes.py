"""Quotation marks and apostrophes as a printer sets them, where that is wanted."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.token import Token

Quotes = tuple[str, str, str, str]
_OPENING = re.compile(r"(?<!\d)'(?=\w)")


def plugin(md: MarkdownIt, quotes: Quotes) -> None:
    """`quotes` are the outer and the inner marks, each opening and closing."""
    md.options["typographer"] = True
    md.options["quotes"] = list(quotes)
    md.core.ruler.enable("smartquotes")
    md.core.ruler.after("smartquotes", "apostrophes", _apostrophes)


def _apostrophes(state: StateCore) -> None:
    """What no rule of pairs could place, as in '90s, stands for letters left out."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text" and "'" in child.content:
                child.content = _OPENING.sub("’", child.content)


def curled(text: str, quotes: Quotes | None) -> str:
    """A plain text with these marks for straight ones; without them the same text."""
    if quotes is None or not any(mark in text for mark in "'\""):
        return text
    md = MarkdownIt("zero", {"typographer": True, "quotes": list(quotes)})
    inline = Token("inline", "", 0, content=text, children=[Token("text", "", 0, content=text)])
    state = StateCore(text, md, {}, [inline])
    smartquotes(state)
    _apostrophes(state)
    return "".join(child.content for child in inline.children or ())
