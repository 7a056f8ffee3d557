"""The book, ready to be rendered: nothing here knows of Markdown or of a medium.

Every anchor is unique in the whole book and every `href="#…"` in any `xhtml` names
one that exists. XHTML is well-formed, escaped text with closed tags, in no namespace
prefix but `epub:`. A renderer splits it into files and rewrites the hrefs.
"""

from __future__ import annotations

from msgspec import Struct

from publisher.genres import PLAIN
from publisher.vault.properties import Day, Rating, Source


class Metadata(Struct, frozen=True):
    """What a catalogue says of the book. `identifier` is a URN, `isbn` 13 digits or ""."""

    title: str
    language: str
    identifier: str
    modified: int  # seconds since 1970, UTC
    subtitle: str = ""
    authors: tuple[tuple[str, str], ...] = ()  # (name, file-as), the contributors in order
    editors: tuple[tuple[str, str], ...] = ()  # (name, file-as), who made the anthology
    publisher: str = ""
    rights: str = ""
    isbn: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    series: str = ""
    series_index: str = ""
    date: str = ""
    direction: str = "ltr"
    print_isbn: str = ""


class Heading(Struct, frozen=True):
    """A heading in a chapter, for the contents; `level` is 2 to 6, none skipped."""

    anchor: str
    text: str
    level: int


class Byline(Struct, frozen=True):
    """An author on a chapter, and the anchor of their entry among the contributors."""

    name: str
    anchor: str = ""


class Footnote(Struct, frozen=True):
    """A note's text: its anchor, the anchor of its first call, its number from 1."""

    anchor: str
    call: str
    number: int
    xhtml: str


class Reviewed(Struct, frozen=True):
    """The work that a review is of, as its properties name it; what is not said is "".

    The piece's author is who reviews: who wrote the work is `writer`.
    """

    title: str = ""
    writer: str = ""
    translator: str = ""
    press: str = ""
    year: str = ""


class Chapter(Struct, frozen=True):
    """A piece, set. `xhtml` is its body: headings from `h2` down, no title.

    Footnotes stand in the body as
    `<a epub:type="noteref" role="doc-noteref" href="#N" id="M" class="noteref">1</a>`
    with their texts, in order, in `footnotes` as (N, M, number, inner XHTML of blocks).
    `title_xhtml` is the title with its inline markup, without links or ids.
    `assets` are the book names of the images it shows. `genre` is the note's own word,
    the first of several, `design` what it is set as; `place` is where it was written,
    `reviewed` what a review is of,
    `ends` the anchors of headings of whose sections the index wants the last page.
    """

    anchor: str
    title: str
    title_xhtml: str
    xhtml: str
    path: str
    subtitle: str = ""
    bylines: tuple[Byline, ...] = ()
    headings: tuple[Heading, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    language: str = ""
    direction: str = "ltr"
    genre: str = ""
    more_genres: tuple[str, ...] = ()
    design: str = PLAIN
    place: str = ""
    date: Day | None = None
    rating: Rating | None = None
    sources: tuple[Source, ...] = ()
    reviewed: Reviewed | None = None
    assets: tuple[str, ...] = ()
    words: int = 0
    ends: tuple[str, ...] = ()

    @property
    def genres(self) -> tuple[str, ...]:
        """All the genres it has."""
        return (self.genre, *self.more_genres) if self.genre else ()


class Part(Struct, frozen=True):
    """Chapters under one title; `number` counts the parts that have one, from 1."""

    anchor: str
    title: str
    chapters: tuple[Chapter, ...]
    number: int = 0


class Place(Struct, frozen=True):
    """Where something is discussed: a chapter, a section of it (or ""), and the anchor."""

    chapter: str
    section: str
    anchor: str


class GlossaryEntry(Struct, frozen=True):
    """A concept: `definition` is XHTML (blocks) or "".

    Without a definition, `quote` is the sentence of its first use, as XHTML phrases, found
    at `places[0]`. `also` are other names, `see_also` (term, anchor) of other entries.
    """

    anchor: str
    term: str
    sort_letter: str
    also: tuple[str, ...] = ()
    definition: str = ""
    quote: str = ""
    places: tuple[Place, ...] = ()
    see_also: tuple[tuple[str, str], ...] = ()


class GlossaryGroup(Struct, frozen=True):
    """Entries of one kind (people, concepts, claims), sorted; `title` may be "".

    With `lettered` the entries want letter headings by their `sort_letter`.
    """

    anchor: str
    title: str
    entries: tuple[GlossaryEntry, ...]
    lettered: bool = False


class Locator(Place, frozen=True):
    """A place that the index leads to: `note` in a footnote, `main` the main discussion.

    With `until` it goes on to the last page of the element with that anchor, or, where that
    is a heading's with `--end`, of the heading's section.
    """

    note: bool = False
    main: bool = False
    until: str = ""


class IndexEntry(Struct, frozen=True):
    """A heading of the index with its places, or with the headings (and anchors) to see."""

    anchor: str
    heading: str
    letter: str
    by: str = ""  # who wrote the piece that it is the title of
    language: str = ""
    is_title: bool = False
    places: tuple[Locator, ...] = ()
    see: tuple[tuple[str, str], ...] = ()
    see_also: tuple[tuple[str, str], ...] = ()


class Contributor(Struct, frozen=True):
    """An author: `bio` is XHTML (blocks) or ""; `pieces` are (title, anchor)."""

    anchor: str
    name: str
    file_as: str
    bio: str = ""
    pieces: tuple[tuple[str, str], ...] = ()


class Credit(Struct, frozen=True):
    """The sources of one piece, for the list of sources."""

    title: str
    anchor: str
    authors: tuple[str, ...]
    sources: tuple[Source, ...]
    date: Day | None = None


class BookAsset(Struct, frozen=True):
    """An image the book shows: `name` as in `src="images/…"`, `path` in the vault."""

    name: str
    path: str
    media_type: str


class Book(Struct, frozen=True):
    """The whole book, in reading order."""

    metadata: Metadata
    parts: tuple[Part, ...]
    glossary: tuple[GlossaryGroup, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    credits: tuple[Credit, ...] = ()
    assets: tuple[BookAsset, ...] = ()
    index: tuple[IndexEntry, ...] = ()
