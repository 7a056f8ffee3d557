"""A property as it stands in a note's body."""

from __future__ import annotations

from msgspec import Struct


class FieldLink(Struct, frozen=True):
    """A link in a field: its words, and a note's `target` or an address."""

    text: str
    target: str = ""
    url: str = ""


class Field(Struct, frozen=True):
    """A property written in the body: `` `AUTHOR`: [[Trotsky]] ``.

    `text` is the value as read, without markup, the words of links included.
    """

    key: str
    text: str
    links: tuple[FieldLink, ...] = ()
    line: int = 0
