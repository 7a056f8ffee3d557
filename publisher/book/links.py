"""Where a link lands: an anchor in the book, an address outside, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field

from publisher.anthology.catalogue import Catalogue, find_heading, fold, fold_heading
from publisher.anthology.concepts import Concept, concept_key, names_a_file, names_a_moment
from publisher.anthology.persons import Author, authors_by_key
from publisher.anthology.selection import Anthology
from publisher.names import Anchors, slug
from publisher.problem import Problem, Severity
from publisher.vault.galley import BlockStart, LinkStart, Target
from publisher.vault.note import Note

_ADDRESS = re.compile(r"^(https?|mailto|tel|ftp):", re.IGNORECASE)


class Destination(Struct, frozen=True):
    """`anchor` within the book or `url` outside; both "" where the words stay words.

    `concept` is the key of the concept it names, whether or not that has a glossary entry;
    `piece` is the path of the note it leads to, or into.
    """

    anchor: str = ""
    url: str = ""
    concept: str = ""
    problem: Problem | None = None
    piece: str = ""


class Register(Struct, frozen=True):
    """Every anchor that links can land on, given out before any chapter is set.

    `people` are the contributors by the keys of the concepts they would be, `indexed` the
    keys of concepts that only an index lists.
    """

    chapters: dict[str, str]
    concepts: dict[str, str]
    contributors: dict[Author, str]
    blocks: dict[str, dict[str, str]]
    people: dict[str, str] = field(default_factory=dict)
    indexed: frozenset[str] = frozenset()


def open_register(
    anthology: Anthology,
    concepts: tuple[Concept, ...],
    *,
    contributors: bool = True,
    indexed: Iterable[Concept] = (),
) -> Register:
    """Give each chapter, concept and contributor its anchor, unique in the book.

    A book without a glossary or list of contributors gives out no anchors there: links
    to them are words.
    """
    anchors = Anchors()
    authors = anthology.authors.all() if contributors else ()
    chapters = {note.path: anchors.unique(slug(note.title)) for note in anthology.pieces}
    entries = {c.key: anchors.unique("g_" + slug(c.term)) for c in concepts}
    persons = {a: anchors.unique("c_" + slug(a.name)) for a in authors}
    known = authors_by_key(anthology.authors)
    return Register(
        chapters=chapters,
        concepts=entries,
        contributors=persons,
        blocks={note.path: _blocks(note) for note in anthology.pieces},
        people={key: persons[author] for key, author in known.items() if author in persons},
        indexed=frozenset(concept.key for concept in indexed),
    )


def _blocks(note: Note) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in note.body.chunks:
        if isinstance(chunk, BlockStart):
            found.setdefault(fold(chunk.block_id), chunk.local)
    return found


def local_anchor(chapter: str, local: str) -> str:
    """The book's anchor for a note's own heading or block."""
    return f"{chapter}--{local}"


class Resolver(Struct, frozen=True):
    """Decides for all outputs where a link lands."""

    catalogue: Catalogue
    register: Register

    def resolve(self, link: LinkStart, source: str) -> Destination:
        """The destination of a link typed in the note at `source`."""
        target = link.target
        if _ADDRESS.match(target.path):
            return Destination(url=target.path)
        note = self.catalogue.find_note(target.path, source)
        if note is not None and note.path in self.register.chapters:
            return self._in_chapter(note, link)
        if note is None and self._is_file(target.path, source):
            return self._file(link, source)
        key, shown = concept_key(target.path or source, source, self.catalogue)
        anchor = self.register.concepts.get(key)
        if anchor is None:
            # An author whom no piece discusses has no entry, but wrote some.
            listed = key if key in self.register.indexed else ""
            lost = _unresolved(link, None) if note is None and names_a_moment(target.path) else None
            return Destination(self.register.people.get(key, ""), concept=listed, problem=lost)
        return Destination(anchor, concept=key, problem=None if shown else _unresolved(link, note))

    def _is_file(self, typed: str, source: str) -> bool:
        return names_a_file(typed) or self.catalogue.find_asset(typed, source) is not None

    def _file(self, link: LinkStart, source: str) -> Destination:
        asset = self.catalogue.find_asset(link.target.path, source)
        what = "is a file, not a note" if asset else "is not a file of this vault"
        return Destination(problem=Problem(
            code="link-to-file" if asset else "file-missing",
            message=f"“{link.target.path}” {what}: its words stay, the link goes",
            at=link.at,
            severity=Severity.NOTE if asset else Severity.WARNING,
        ))  # fmt: skip

    def _in_chapter(self, note: Note, link: LinkStart) -> Destination:
        chapter = self.register.chapters[note.path]
        target = link.target
        if target.block:
            local = self.register.blocks[note.path].get(fold(target.block))
            if local is None and fold(target.block) in note.title_blocks:
                return Destination(chapter)
            if local is None:
                return Destination(
                    chapter, problem=_lost(link, "block", f"^{target.block}"), piece=note.path
                )
            return Destination(local_anchor(chapter, local), piece=note.path)
        if not target.headings:
            return Destination(chapter, piece=note.path)
        heading = find_heading(note, target)
        if heading is not None:
            return Destination(local_anchor(chapter, heading.local), piece=note.path)
        if _names_title(note, target):
            return Destination(chapter, piece=note.path)
        lost = _lost(link, "heading", "#".join(target.headings))
        return Destination(chapter, problem=lost, piece=note.path)


def _names_title(note: Note, target: Target) -> bool:
    wanted = fold_heading(target.headings[0])
    return wanted in (fold_heading(note.title_heading), fold_heading(note.title))


def _unresolved(link: LinkStart, note: Note | None) -> Problem:
    if note is not None:
        return Problem(
            code="link-unpublished",
            message=f"“{link.target.path}” is not published: nothing of it is shown",
            at=link.at,
            severity=Severity.NOTE,
            hint="its glossary entry has only the places that mention it",
        )
    hint = "it has a glossary entry; `publisher glossary --write-stubs DIR` makes a note"
    if names_a_moment(link.target.path):
        hint = "a date or a number has no entry in a glossary: its words stand"
    return Problem(
        code="link-unresolved",
        message=f"“{link.target.path}” is not a note of this vault",
        at=link.at,
        severity=Severity.NOTE,
        hint=hint,
    )


def _lost(link: LinkStart, what: str, name: str) -> Problem:
    return Problem(
        code=f"{what}-missing",
        message=f"“{link.target.path or 'this note'}” has no {what} “{name}”",
        at=link.at,
        hint="the link leads to the note itself",
    )
