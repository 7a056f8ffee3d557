"""Lines that lead elsewhere, such as `Up: [[Index]] | [[Next]] →`: they define nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from markdown_it.token import Token

_LINKS = frozenset({"wikilink_open", "link_open"})
_LINK = "\ue000"
_COLONS = re.compile("[:：]")
_STOPS = tuple(".!?…。！？")
_MOST_WORDS = 4  # before a colon
# What stands before a link without a colon.
_WAYS = frozenset(
    "and und et up top home parent next prev previous back related tag tags weiter zurück"
    " nächste vorige suivant précédent siguiente anterior successivo precedente volgende"
    " vorige seguinte".split()
)


def is_navigation(children: Sequence[Token], *, item: bool) -> bool:
    """Whether a run is nothing but links, or an `item` of a list of links.

    Arrows, bars and other signs may stand among them, and a word with a colon before each.
    """
    text = "".join(_told(children))
    if _LINK not in text:
        return False
    if item and _opens_with_link(text) and not text.rstrip(' *_")”’').endswith(_STOPS):
        return True
    return all(_leads_on(line) for line in text.split("\n"))


def _told(children: Sequence[Token]) -> list[str]:
    """What is read of each token; a link or tag is a sign, whatever its words are."""
    depths = accumulate(
        (token.type in _LINKS) - (token.type in {"wikilink_close", "link_close"})
        for token in children
    )
    return [_word(token, depth) for token, depth in zip(children, depths, strict=True)]


def _word(token: Token, depth: int) -> str:
    if token.type in _LINKS or token.type == "tag":
        return _LINK
    if depth > 0:
        return ""
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "field_open":
        return f"{token.meta['key']}:"
    is_read = token.type in {"text", "code_inline", "math_inline", "math_inline_double"}
    return token.content.replace(_LINK, "") if is_read else ""


def _opens_with_link(text: str) -> bool:
    return not _says(text.partition(_LINK)[0])


def _leads_on(line: str) -> bool:
    *before, last = line.split(_LINK)
    return all(map(_is_label, before)) and (not _says(last) or _is_label(last, colon=True))


def _is_label(text: str, *, colon: bool = False) -> bool:
    if not _says(text):
        return True
    head, *rest = _COLONS.split(text)
    if rest:
        return not any(map(_says, rest)) and len(head.split()) <= _MOST_WORDS
    return not colon and re.sub(r"[\W_]+", "", text).casefold() in _WAYS


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
