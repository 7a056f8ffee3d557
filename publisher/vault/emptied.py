"""Headings that stand over nothing, once what stood below them is set elsewhere or left out."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token
from msgspec import Struct

from publisher.problem import Severity
from publisher.vault.escape import legal
from publisher.vault.stick import Stick

# What plugins put something else in the place of, which no reader ever saw.
_QUERIES: Final = frozenset(
    "dataview dataviewjs query tasks base button tracker meta-bind meta-bind-button"
    " meta-bind-js-view folder-overview".split()
)
# A heading that holds more than words, such as a picture or a link, is never left out.
_WORDS: Final = frozenset("text code_inline strong_open strong_close em_open em_close".split())


class _Section(Struct, frozen=True):
    """A heading's rank, whether it stays, and whether something below it goes elsewhere."""

    rank: int
    stays: bool
    held: bool


def fence_name(token: Token) -> str:
    """The language that a fence names, without the signs around it."""
    language = token.info.split()[0] if token.info.strip() else ""
    return language.strip("{}.").casefold()


def is_query(token: Token) -> bool:
    """A question to a plugin, whose answer no book can know."""
    return token.type == "fence" and fence_name(token) in _QUERIES


def without_emptied(stick: Stick, body: list[Token], notes: Sequence[Token]) -> list[Token]:
    """The body without headings over nothing but queries and the texts of footnotes.

    `notes` open the footnotes. A heading with nothing under it as typed stays.
    """
    lines = [token.map[0] for token in notes if token.map]
    lines += [token.map[0] for token in body if is_query(token) and token.map]
    places = [n for n, t in enumerate(body) if t.type == "heading_open" and not t.level]
    if not lines or not places:
        return body
    gone = list(_emptied(body, places, sorted(lines)))
    for at in gone:
        words = legal(body[at + 1].content)[:60]
        stick.report(
            "heading-left-out",
            f"“{words}” has nothing below it in the book, and is left out",
            stick.position(body[at].map),
            Severity.NOTE,
            hint="footnotes and queries stood there; write a sentence below it to keep it",
        )
    left = {n for at in gone for n in range(at, at + 3)}
    return [token for n, token in enumerate(body) if n not in left]


def _emptied(body: list[Token], places: list[int], lines: list[int]) -> Iterator[int]:
    """From the last heading to the first: what is below one is known when it is judged."""
    end, end_line = len(body), sys.maxsize
    following: list[_Section] = []  # whose headings no later one has taken in
    for at in reversed(places):
        rank, line = int(body[at].tag[1:]), (body[at].map or [0])[0]
        below: list[_Section] = []
        while following and following[-1].rank > rank:
            below.append(following.pop())
        said = any(not is_query(token) for token in body[at + 3 : end])
        held = bisect_left(lines, line) < bisect_left(lines, end_line)
        held = held or any(section.held for section in below)
        stays = said or not held or any(section.stays for section in below)
        stays = stays or any(c.type not in _WORDS for c in body[at + 1].children or ())
        if not stays:
            yield at
        following.append(_Section(rank, stays, held))
        end, end_line = at, line
