"""Elements such as `<details>` that open in one block of raw HTML and close in another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from msgspec import Struct

from publisher.vault.html import parse_attributes

_CONTAINERS = frozenset(
    "div details center section figure blockquote article aside main header footer nav".split()
)
_TAG = re.compile(
    rf"<(?P<raw>script|style|pre|textarea)\b|(?P<comment><!--)"
    rf"|<(?P<end>/?)(?P<name>{'|'.join(sorted(_CONTAINERS))})(?P<rest>(?:\s[^<>]*)?/?)>",
    re.IGNORECASE,
)
_MOST_OPEN = 50


class Edge(Struct, frozen=True):
    """The start or end tag of a container whose other tag stands elsewhere, if anywhere."""

    name: str
    opens: bool
    attributes: dict[str, str]
    raw: str


Segment = str | Edge


def segments(source: str) -> list[Segment]:
    """A block of HTML, cut at the tags of containers that it doesn't hold as a whole."""
    loose: list[re.Match[str]] = []
    standing: list[re.Match[str]] = []
    for tag in _tags(source):
        if not tag["end"]:
            standing.append(tag)
            continue
        name = tag["name"].lower()
        for back in range(len(standing) - 1, max(len(standing) - _MOST_OPEN, 0) - 1, -1):
            if standing[back]["name"].lower() == name:
                loose += standing[back + 1 :]
                del standing[back:]
                break
        else:
            loose.append(tag)
    out: list[Segment] = []
    last = 0
    for tag in sorted(loose + standing, key=lambda found: found.start()):
        out.append(source[last : tag.start()])
        attributes = parse_attributes(tag["rest"])
        out.append(Edge(tag["name"].lower(), not tag["end"], attributes, tag.group()))
        last = tag.end()
    out.append(source[last:])
    return [segment for segment in out if not isinstance(segment, str) or segment.strip()]


def _tags(source: str) -> Iterator[re.Match[str]]:
    """The tags of containers, but not those in comments, scripts and preformatted text."""
    endless: set[str] = set()
    at = 0
    while tag := _TAG.search(source, at):
        at = tag.end()
        if tag["name"]:
            yield tag
            continue
        ending = "-->" if tag["comment"] else f"</{tag['raw'].lower()}"
        # What is not found once is not looked for again.
        found = None if ending in endless else re.compile(ending, re.IGNORECASE).search(source, at)
        if found is None:
            endless.add(ending)
        else:
            at = found.end()


class Pairs:
    """Which edges of a note's HTML blocks find each other, on one level of its Markdown."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.segments: dict[int, list[Segment]] = {}
        self.paired: set[tuple[int, int]] = set()
        standing: list[list[tuple[str, int, int]]] = [[]]
        for index, token in enumerate(tokens):
            if token.nesting > 0:
                standing.append([])
            elif token.nesting < 0:
                if len(standing) > 1:
                    standing.pop()
            elif token.type == "html_block":
                self.segments[index] = segments(token.content)
                self._match(index, standing[-1])

    def _match(self, index: int, standing: list[tuple[str, int, int]]) -> None:
        for at, segment in enumerate(self.segments[index]):
            if isinstance(segment, str):
                continue
            if segment.opens:
                standing.append((segment.name, index, at))
                continue
            for back in range(len(standing) - 1, max(len(standing) - _MOST_OPEN, 0) - 1, -1):
                name, block, place = standing[back]
                if name == segment.name:
                    self.paired |= {(block, place), (index, at)}
                    del standing[back:]
                    break
