"""A long list, such as an index, is printed in several takes: where one is full the next goes on.

A theme's template says between which entries, with the comment `<!-- goes on -->`. A change in
one entry is then printed with a few pages around it, and no take grows with the book.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from publisher.render.pdf.references import MARKER

if TYPE_CHECKING:
    from collections.abc import Sequence

GOES_ON = "<!-- goes on -->"
ENTRY = "data-entry"
# More than a page of most indexes: a take ends with a full one.
LETTERS = 3_600
_NAME = re.compile(r'\sid="[^"]*"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_FIRST = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*")
_BARE = re.compile(r">([^<]+)")


class Flow(Struct, frozen=True):
    """A list's entries, with what stands before the first of a take and after its last.

    `again` stands before all but the very first; `letters` are those of each entry.
    """

    before: str
    again: str
    after: str
    entries: tuple[str, ...]
    letters: tuple[int, ...]

    def end(self, at: int, reach: int = 1) -> int:
        """How far a take is filled that begins with entry `at`; more than it will hold."""
        room = LETTERS * reach
        while at < len(self.entries) and room > 0:
            room -= self.letters[at]
            at += 1
        return at

    def html(self, at: int, end: int) -> str:
        """The entries from `at` on, numbered from nought."""
        text = (_numbered(bit, n) for n, bit in enumerate(self.entries[at:end]))
        return f"{self.again if at else self.before}{''.join(text)}{self.after}"

    def letters_from(self, at: int) -> int:
        """The letters of all entries from `at` on."""
        return sum(self.letters[at:])


def flow_of(sheet: str, opened: Sequence[tuple[str, str]], around: str, closed: str) -> Flow | None:
    """The list in a sheet; nothing where it has none.

    `opened` are the elements open before the first entry, the sheet's own first; `around`
    and `closed` what stands before and after the sheet.
    """
    before, *entries = sheet.split(GOES_ON)
    if len(entries) < 2:
        return None
    # What closes the list stands behind its last entry, which has as many elements itself.
    last, after = _cut_behind(entries[-1], len(opened))
    bits = (*entries[:-1], last)
    again = "".join(_going_on(tag, n) for n, (_, tag) in enumerate(opened))
    letters = tuple(map(_letters, bits))
    return Flow(around + before, around + again, after + closed, bits, letters)


def letters_in(html: str) -> int:
    """How many stand between its tags."""
    return sum(map(len, _BARE.findall(html)))


def _letters(bit: str) -> int:
    """About as many as will be printed: a list of pages is not known yet."""
    text, lists = MARKER.subn("", bit)
    places = sum(found[2].count(" ") + 1 for found in MARKER.finditer(bit)) if lists else 0
    return letters_in(text) + 5 * places


def _cut_behind(text: str, depth: int) -> tuple[str, str]:
    """The text before and from where its last `depth` elements close."""
    at = len(text)
    for _ in range(depth):
        at = text.rfind("</", 0, at)
    return text[:at], text[at:]


def _going_on(tag: str, number: int) -> str:
    """The tag of an element that is opened again."""
    tag = _NAME.sub("", tag)
    if number or " goes-on" in tag:
        return tag
    return _CLASS.sub(lambda found: f' class="{found[1]} goes-on"', tag, count=1)


def _numbered(bit: str, number: int) -> str:
    return _FIRST.sub(lambda found: f'{found[0]} {ENTRY}="{number}"', bit, count=1)
