"""The one grammar: Markdown as Obsidian's authors write it."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from publisher.vault.rules import callout, depth, embed, wikilink


@cache
def grammar() -> MarkdownIt:
    """Built once a process; parsing leaves nothing behind in it."""
    md = MarkdownIt("commonmark", {"maxNesting": depth.LIMIT, "typographer": False})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    for rule in (depth, callout, wikilink, embed):
        md.use(rule.plugin)
    return md


def parse(body: str) -> list[Token]:
    """The tokens of a note without its front matter; lines count from 0."""
    return grammar().parse(body, {})
