"""Quotation marks and apostrophes as a printer sets them, where that is wanted."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.token import Token

Quotes = tuple[str, str, str, str]
_OPENING = re.compile(r"(?<!\d)'(?=\w)")
# Letters left out before a word, whatever mark there is further on to pair with: '68, 'tis, 'n'.
_LEFT_OUT = re.compile(
    r"(?<![^\s(\[“‘\"—–-])'(?=\d\ds?\b|(?:tis|twas|twere|twill|em|til|cause|bout)\b|[stnkmr][ -])",
    re.IGNORECASE,
)
_AND = re.compile(r"(?<=\w)( ?)'([nN])'(?= ?\w)")
_FEET = re.compile(r"(?<![\w'])(\d{1,3})'( ?\d{1,2}(?:[.½¼¾]\d*)?)\"")


def plugin(md: MarkdownIt, quotes: Quotes) -> None:
    """`quotes` are the outer and the inner marks, each opening and closing."""
    md.options["typographer"] = True
    md.options["quotes"] = list(quotes)
    md.core.ruler.enable("smartquotes")
    md.core.ruler.before("smartquotes", "sure_apostrophes", _sure_apostrophes)
    md.core.ruler.after("smartquotes", "apostrophes", _apostrophes)


def _sure_apostrophes(state: StateCore) -> None:
    """What can be no quotation mark is none: letters left out, feet and inches."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text" and "'" in child.content:
                text = _FEET.sub(r"\1′\2″", child.content)
                text = _AND.sub(r"\1’\2’", text)
                child.content = _LEFT_OUT.sub("’", text)


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
    _sure_apostrophes(state)
    smartquotes(state)
    _apostrophes(state)
    return "".join(child.content for child in inline.children or ())
