"""A galley: a note set in XHTML once, with its open ends still open.

Where a link lands, what an embed holds and how deep a heading sits depend on the
whole anthology, so they stay as values between finished strings. A galley is small,
pickles cheaply and never needs its source again.

In the strings every `&`, `<`, `>` and `"` of the text is escaped, all tags are closed,
and any slice between a `BlockStart` and its `BlockEnd`, or between two headings of
depth 0, is balanced.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from publisher.problem import Position


class Syntax(Enum):
    """How the author wrote a link: the display text follows from it."""

    WIKI = "wiki"
    MARKDOWN = "markdown"


class Target(Struct, frozen=True):
    """Where a link points, as typed and trimmed: `Folder/Note#A#B` or `Note#^id`.

    `path` is empty for a link into the same note. Percent signs of Markdown links
    are already decoded; a backslash before `|` in tables is gone.
    """

    path: str
    headings: tuple[str, ...] = ()
    block: str = ""
    syntax: Syntax = Syntax.WIKI


class LinkStart(Struct, frozen=True):
    """A link opens here; the chunks up to the matching LinkEnd are its words.

    `display` is the plain text of those words. `typed` is true where the author gave no
    display text of their own. `sentence` is the plain sentence around the link, for
    the glossary's quotation; `at` is where `[[` or `[` stands in the file.
    """

    target: Target
    display: str
    at: Position
    typed: bool = True
    sentence: str = ""


class LinkEnd(Struct, frozen=True):
    """The words of the last opened link end here; links never nest."""


class Embed(Struct, frozen=True):
    """`![[Note]]`, standing between blocks (never inside a paragraph's tags)."""

    target: Target
    at: Position


class Image(Struct, frozen=True):
    """An image by name or path; the asset is found when the vault is known.

    `source` is a vault path as typed (fragment gone, percent signs decoded) or an
    http(s) address. `width` and `height` are in CSS pixels, 0 where not given.
    `alone` is true when the image is all that its paragraph holds: then it stands
    between blocks, outside `<p>`, and may become a figure, of which `title` is the caption.
    """

    source: str
    alt: str
    at: Position
    width: int = 0
    height: int = 0
    alone: bool = False
    title: str = ""


class Media(Struct, frozen=True):
    """Sound, film, PDF or any other file embedded by name; printed as a line.

    `alone` is true when it stands between blocks, outside `<p>`.
    """

    source: str
    text: str
    at: Position
    alone: bool = False


class Mark(Struct, frozen=True):
    """Becomes ` id="…"` inside the start tag it stands in; `local` is unique in the note."""

    local: str


class HeadingStart(Struct, frozen=True):
    """`level` is the author's 1 to 6; depth 0 stands at the note's top level.

    `plain` is the text as read, `source` as typed; both are matched by links.
    """

    level: int
    local: str
    plain: str
    source: str
    depth: int = 0


class HeadingEnd(Struct, frozen=True):
    """The words of the last opened heading end here."""


class BlockStart(Struct, frozen=True):
    """A block that carries ids such as `^fog`; what `![[Note#^fog]]` puts in place.

    `wrap` names the element a slice needs around it to be valid (`ul`, `ol` for an
    item), else it is empty. The block's own element carries a Mark of the same local.
    """

    block_id: str
    local: str
    wrap: str = ""


class BlockEnd(Struct, frozen=True):
    """Closes the BlockStart of the same local."""

    local: str


class NoteCall(Struct, frozen=True):
    """A footnote's reference; `index` counts the galley's footnotes from 0."""

    index: int


Chunk = (
    str | LinkStart | LinkEnd | Embed | Image | Media | Mark | HeadingStart | HeadingEnd
    | BlockStart | BlockEnd | NoteCall
)  # fmt: skip


class Galley(Struct, frozen=True):
    """A note's body, and its footnotes in the order of their first reference."""

    chunks: tuple[Chunk, ...] = ()
    footnotes: tuple[tuple[Chunk, ...], ...] = ()
    words: int = 0
