"""Quotation marks and apostrophes as a printer sets them, where that is wanted."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.token import Token

Quotes = tuple[str, str, str, str]


def plugin(md: MarkdownIt, quotes: Quotes) -> None:
    """`quotes` are the outer and the inner marks, each opening and closing."""
    md.options["typographer"] = True
    md.options["quotes"] = list(quotes)
    md.enable("smartquotes")


def curled(text: str, md: MarkdownIt) -> str:
    """A plain text with the marks of a grammar that sets them; else the same text."""
    if not md.options.typographer or not any(mark in text for mark in "'\""):
        return text
    inline = Token("inline", "", 0, content=text, children=[Token("text", "", 0, content=text)])
    smartquotes(StateCore(text, md, {}, [inline]))
    return "".join(child.content for child in inline.children or ())
