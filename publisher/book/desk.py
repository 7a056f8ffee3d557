"""What lies on the desk while a chapter is set."""

from __future__ import annotations

from msgspec import Struct, field

from publisher.book.allowance import Allowance
from publisher.book.links import Resolver
from publisher.book.pictures import PictureDesk
from publisher.genres import Genres
from publisher.vault.note import Note


class Mention(Struct, frozen=True):
    """A concept met in a chapter: in which section, at which anchor, in which sentence.

    `again` says that the section mentioned it before, `note` that it stands in a footnote,
    `words` are the link's, `heading` is the anchor of the heading or chapter whose title it stands in. A link to a
    piece is a mention of `piece:` and its path.
    """

    concept: str
    section: str
    anchor: str
    sentence: str = ""
    again: bool = False
    note: bool = False
    heading: str = ""
    words: str = ""


class Desk(Struct, frozen=True):
    """What all chapters are set with; `repeat` is `section`, `always` or `first`.

    With `indexed` every mention has an anchor, for an index leads to each.
    """

    resolver: Resolver
    pictures: PictureDesk
    repeat: str = "section"
    genres: Genres = field(default_factory=Genres)
    indexed: bool = True
    allowance: Allowance = field(default_factory=Allowance)


class Scope(Struct):
    """The note whose chunks are being set, and how its anchors and levels are shifted."""

    note: Note
    prefix: str
    base: int
    ladder: list[tuple[int, int]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def level(self, typed: int) -> int:
        """A level that skips none, below everything around it."""
        while self.ladder and self.ladder[-1][0] >= typed:
            self.ladder.pop()
        level = min(6, (self.ladder[-1][1] if self.ladder else self.base) + 1)
        self.ladder.append((typed, level))
        return level
