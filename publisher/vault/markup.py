"""The one grammar: Markdown as Obsidian's authors write it."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publisher.vault.rules import (
    address,
    admonition,
    block_id,
    callout,
    comment,
    depth,
    embed,
    footnote,
    highlight,
    hollow,
    html,
    inline_field,
    link,
    math,
    quotes,
    table,
    tag,
    task,
    text,
    verse,
    wikilink,
)

UNSAFE = re.compile(
    r"\s*(?:javascript|vbscript|file|data(?!:image/(?:gif|jpe?g|png|webp)[;,])):", re.IGNORECASE
)


class Grammar(MarkdownIt):
    """An address that must not reach a reader becomes empty; the link's words stay."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """Percent-encoded, or nothing."""
        return "" if UNSAFE.match(url) else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Never a reason to print a link's brackets."""
        return True


@cache
def grammar(marks: quotes.Quotes | None = None) -> MarkdownIt:
    """Built once a process for each kind of quotation marks; parsing leaves nothing in it."""
    md = Grammar("commonmark", {"maxNesting": depth.LIMIT})
    md.enable(["table", "strikethrough"])
    for rule in (
        text,
        depth,
        callout,
        comment,
        block_id,
        math,
        footnote,
        html,
        link,
        wikilink,
        embed,
        inline_field,
        highlight,
        tag,
        task,
        address,
        verse,
        table,
        hollow,
        admonition,
    ):
        md.use(rule.plugin)
    if marks:
        md.use(quotes.plugin, quotes=marks)
    return md


def parse(body: str, marks: quotes.Quotes | None = None, *, in_verse: bool = False) -> list[Token]:
    """The tokens of a note without its front matter; lines count from 0.

    With `marks` straight quotation marks are set as these, else as typed. `in_verse` the
    blanks that lines begin with are kept, and are no sign of code.
    """
    return grammar(marks).parse(body, {verse.VERSE: in_verse})
