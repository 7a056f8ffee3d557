"""The names in a text and what it links to, found faster than by patterns of whole tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

# It begins with letters that are looked for as they are: a pattern that begins otherwise is
# tried at each place of the text.
_HREF = re.compile(r'href="#([^"<>]*)"')


def identities(html: str) -> Iterator[tuple[str, int]]:
    """Every name in the text, and where its tag says it."""
    at = html.find('id="')
    while at >= 0:
        end = html.find('"', at + 4)
        if html[at - 1].isspace() and html.rfind("<", 0, at) > html.rfind(">", 0, at):
            yield unescape(html[at + 4 : end]), at
        at = html.find('id="', at + 4)


def linked(texts: Iterable[str]) -> frozenset[str]:
    """What these texts link to within the book."""
    return frozenset(unescape(name) for text in texts for name in _HREF.findall(text))
