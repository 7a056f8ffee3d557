"""An anthology becomes a book: front matter, parts, back matter."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from publisher.anthology.concepts import Concept
from publisher.anthology.persons import Author, authors_by_key
from publisher.anthology.selection import Anthology
from publisher.book.desk import Desk, Mention
from publisher.book.glossary import Compiler
from publisher.book.index import Indexer, wanted_ends, with_ends
from publisher.book.model import (
    Book,
    BookAsset,
    Byline,
    Chapter,
    Contributor,
    Credit,
    Metadata,
    Part,
    Reviewed,
)
from publisher.book.prose import Extract, Prose, set_chapter, set_extract, set_title
from publisher.config import Plan
from publisher.language import direction_of
from publisher.names import file_as, sort_key
from publisher.problem import Problem
from publisher.vault.note import Note, marks_of
from publisher.vault.properties import Properties
from publisher.vault.rules.quotes import curled
from publisher.wording import Wording

# A book's identity must not change with the machine or the day: it is a name in here.
_NAMES = uuid.UUID("6f1d5a0e-3b0c-5d7e-9a44-70756273686f")


class Order(Struct, frozen=True):
    """What to assemble: the choice made, the desk to set it at, and the book's words."""

    anthology: Anthology
    concepts: tuple[Concept, ...]
    desk: Desk
    plan: Plan
    words: Wording
    modified: int
    curly_quotes: bool = False


class Assembled(Struct, frozen=True):
    """A book, its problems, and how many links its pieces hold."""

    book: Book
    problems: tuple[Problem, ...]
    links: int


def assemble(order: Order, on_chapter: Callable[[int, int], None] | None = None) -> Assembled:
    """The whole book and what went wrong in it; `on_chapter(done, of)` tells progress."""
    total = len(order.anthology.pieces)
    links = titled = 0
    problems: list[Problem] = []
    met: list[tuple[Chapter, tuple[Mention, ...]]] = []
    parts: list[Part] = []
    for number, section in enumerate(order.anthology.sections, 1):
        chapters: list[Chapter] = []
        for note in section.notes:
            prose = set_chapter(note, order.desk.resolver.register.chapters[note.path], order.desk)
            problems.extend(prose.problems)
            links += prose.links
            chapter = _chapter(note, prose, order)
            chapters.append(chapter)
            met.append((chapter, prose.mentions))
            if on_chapter:
                on_chapter(len(met), total)
        titled += bool(section.title)
        parts.append(Part(f"part_{number}", section.title, tuple(chapters), titled))
    book, extracts = _bind(order, tuple(parts), met)
    # A note that is a piece, too, has said so already.
    said = {(problem.code, problem.at) for problem in problems}
    problems += [p for one in extracts for p in one.problems if (p.code, p.at) not in said]
    return Assembled(book, tuple(problems), links)


def _bind(
    order: Order, parts: tuple[Part, ...], met: Sequence[tuple[Chapter, tuple[Mention, ...]]]
) -> tuple[Book, tuple[Extract, ...]]:
    """The book, and what of the notes stands in its back matter."""
    order = replace(order, desk=_knowing(order.desk, met))
    compiler = Compiler(
        order.desk,
        authors_by_key(order.anthology.authors),
        order.words,
        order.anthology.language,
        dict(order.plan.groups),
    )
    glossary, definitions = compiler.compile(order.concepts, met)
    index = Indexer(
        order.desk, order.plan, authors_by_key(order.anthology.authors), order.anthology.language
    ).index(order.concepts, met)
    ends = wanted_ends(index)
    contributors, bios = _contributors(order)
    extracts = (*definitions, *bios)
    shown = {name for chapter, _ in met for name in chapter.assets}
    shown |= {name for extract in extracts for name in extract.assets}
    book = Book(
        metadata=_metadata(order, [chapter for chapter, _ in met]),
        parts=tuple(
            replace(part, chapters=tuple(with_ends(c, ends) for c in part.chapters))
            for part in parts
        ),
        glossary=glossary,
        contributors=contributors,
        credits=_credits(order, [chapter for chapter, _ in met]) if order.plan.sources else (),
        assets=_assets(order.desk, shown),
        index=index,
    )
    return book, extracts


def _knowing(desk: Desk, met: Sequence[tuple[Chapter, tuple[Mention, ...]]]) -> Desk:
    """The desk for the back matter: only concepts that a piece mentions have an entry."""
    mentioned = {mention.concept for _, mentions in met for mention in mentions}
    register = desk.resolver.register
    concepts = {key: anchor for key, anchor in register.concepts.items() if key in mentioned}
    return replace(
        desk, resolver=replace(desk.resolver, register=replace(register, concepts=concepts))
    )


def _assets(desk: Desk, shown: set[str]) -> tuple[BookAsset, ...]:
    plates = (plate.asset for plate in desk.pictures.plates.values())
    return tuple(sorted((a for a in plates if a.name in shown), key=lambda a: a.name))


def _chapter(note: Note, prose: Prose, order: Order) -> Chapter:
    own = note.properties
    register = order.desk.resolver.register
    language = order.anthology.tongues[note.path]
    design = order.desk.genres.design(own.genre)
    return Chapter(
        anchor=register.chapters[note.path],
        title=note.title,
        title_xhtml=set_title(note),
        xhtml=prose.xhtml,
        path=note.path,
        subtitle=own.subtitle,
        bylines=tuple(
            Byline(a.name, register.contributors.get(a, ""))
            for a in order.anthology.authors.of(note)
        ),
        headings=prose.headings,
        footnotes=prose.footnotes,
        language=language,
        direction=own.direction or direction_of(language) or "ltr",
        genre=own.genre,
        more_genres=own.more_genres,
        design=design,
        place=own.said("place"),
        date=own.date,
        rating=own.rating,
        sources=own.sources,
        reviewed=_reviewed(own) if design == "review" else None,
        assets=prose.assets,
        words=note.body.words,
    )


def _reviewed(own: Properties) -> Reviewed:
    return Reviewed(
        title=own.said("work"),
        writer=own.said("writer"),
        translator=own.said("translator"),
        press=own.said("press"),
        year=own.said("appeared"),
    )


def _contributors(order: Order) -> tuple[tuple[Contributor, ...], tuple[Extract, ...]]:
    pieces: dict[Author, list[tuple[str, str]]] = {}
    register = order.desk.resolver.register
    if not order.plan.contributors:
        return (), ()
    for note in order.anthology.pieces:
        for author in order.anthology.authors.of(note):
            pieces.setdefault(author, []).append((note.title, register.chapters[note.path]))
    found: list[Contributor] = []
    bios: list[Extract] = []
    for author, written in pieces.items():
        bios.append(_bio(author, order))
        bio = bios[-1].xhtml
        found.append(Contributor(
            register.contributors[author], author.name, author.file_as, bio, tuple(written)
        ))  # fmt: skip
    found.sort(key=lambda c: (sort_key(c.file_as, order.anthology.language), c.anchor))
    return tuple(found), tuple(bios)


def _bio(author: Author, order: Order) -> Extract:
    note = order.desk.resolver.catalogue.notes.get(author.note)
    if note is None or not note.properties.publish:
        return Extract()
    return set_extract(note.lead_chunks or note.definition, note, order.desk)


def _credits(order: Order, chapters: Iterable[Chapter]) -> tuple[Credit, ...]:
    found = [
        Credit(c.title, c.anchor, tuple(b.name for b in c.bylines), c.sources, c.date)
        for c in chapters
        if c.sources
    ]
    found.sort(key=lambda c: (sort_key(c.title, order.anthology.language), c.anchor))
    return tuple(found)


def _metadata(order: Order, chapters: Sequence[Chapter]) -> Metadata:
    plan, anthology = order.plan, order.anthology
    genres = dict.fromkeys(genre for c in chapters for genre in c.genres)
    authors: dict[str, str] = {}
    for note in anthology.pieces:
        for author in anthology.authors.of(note):
            authors.setdefault(author.name, author.file_as)
    title = anthology.title
    named = "\n".join([title, plan.subtitle, *plan.editors, anthology.language, plan.isbn])
    marks = marks_of(anthology.language) if order.curly_quotes else None
    return Metadata(
        title=curled(title, marks),
        language=anthology.language,
        identifier=f"urn:uuid:{uuid.uuid5(_NAMES, named)}",
        modified=order.modified,
        subtitle=curled(plan.subtitle, marks),
        authors=tuple(authors.items()),
        editors=tuple((name, file_as(name)) for name in plan.editors),
        publisher=plan.publisher,
        rights=plan.rights,
        isbn=plan.isbn,
        print_isbn=plan.print_isbn,
        description=curled(plan.description, marks),
        subjects=plan.subjects or tuple(genres),
        series=curled(plan.series, marks),
        series_index=plan.series_index,
        date=plan.date,
        direction=direction_of(anthology.language) or "ltr",
    )
