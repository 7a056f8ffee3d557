"""A note's galley becomes a chapter, or a passage of the back matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from msgspec import Struct

from publisher.book.captions import with_captions
from publisher.book.closing import Setter
from publisher.book.desk import Desk, Mention, Scope
from publisher.book.links import local_anchor
from publisher.book.model import Footnote, Heading
from publisher.book.shape import Facts, shape
from publisher.book.tree import is_well_formed
from publisher.problem import Position, Problem, Severity
from publisher.vault.galley import Chunk, LinkStart, NoteCall, Target
from publisher.vault.note import Note

_TAGS = re.compile(r"<[^>]*>")


class Prose(Struct, frozen=True):
    """A chapter's text with everything found while setting it."""

    xhtml: str
    headings: tuple[Heading, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    mentions: tuple[Mention, ...] = ()
    assets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    links: int = 0


def set_chapter(note: Note, chapter: str, desk: Desk) -> Prose:
    """A piece's body as XHTML, with its anchors below the chapter's own."""
    setter = Setter(chapter, desk)
    setter.stack.append((note.path, Target("")))
    scope = Scope(note, local_anchor(chapter, ""), base=1)
    for chunk in note.heading:
        if isinstance(chunk, LinkStart):
            found = desk.resolver.resolve(chunk, note.path)
            if found.concept:
                setter.mentions.append(
                    Mention(
                        found.concept,
                        "",
                        chapter,
                        chunk.sentence,
                        heading=chapter,
                        words=chunk.display,
                    )
                )
                setter.met.add(found.concept)
    setter.walk(note.body.chunks, scope)
    authors = tuple(person.name for person in note.properties.authors)
    design = desk.genres.design(note.properties.genre)
    return _checked(setter, note, Facts(design, authors))


class Extract(Struct, frozen=True):
    """A passage of a note in the back matter: its text, images, and what is wrong with it."""

    xhtml: str = ""
    assets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def set_extract(chunks: Iterable[Chunk], note: Note, desk: Desk) -> Extract:
    """A passage for the back matter: live links, no anchors of its own.

    A link that leads nowhere is no fault here: its words stand, and nobody was to follow it.
    """
    setter = Setter("", desk, live=False)
    without_calls = [c for c in chunks if not isinstance(c, NoteCall)]
    setter.walk(without_calls, Scope(note, "", base=2))
    problems = tuple(p for p in setter.problems if not p.code.startswith("link-"))
    return Extract("".join(setter.out), tuple(setter.assets), problems)


def set_title(note: Note) -> str:
    """The title with its inline markup, without links or anchors."""
    title = "".join(chunk for chunk in note.heading if isinstance(chunk, str))
    return title if title and is_well_formed(title) else escape(note.title)


def _checked(setter: Setter, note: Note, facts: Facts) -> Prose:
    xhtml = with_captions("".join(setter.out))
    notes = tuple(setter.footnotes[number] for number in sorted(setter.footnotes))
    shaped = shape(xhtml, facts)
    if shaped is None or not is_well_formed("".join(n.xhtml for n in notes)):
        setter.problems.append(Problem(
            "chapter-broken", f"“{note.title}” could not be set: it is printed as plain text",
            Position(note.path), Severity.ERROR,
        ))  # fmt: skip
        words = " ".join(c for c in note.body.chunks if isinstance(c, str))
        return Prose(f"<p>{_TAGS.sub(' ', words)}</p>", problems=tuple(setter.problems))
    return Prose(
        shaped, tuple(setter.headings), notes, tuple(setter.mentions),
        tuple(setter.assets), tuple(setter.problems), setter.links,
    )  # fmt: skip
