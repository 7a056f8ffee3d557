"""Which pages a book has, in order, and what stands on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from msgspec import Struct, field

from publisher.book.model import Book, Chapter, GlossaryEntry, GlossaryGroup, IndexEntry, Part
from publisher.render.contents import LEVEL, lists_headings
from publisher.render.locators import index_marks
from publisher.wording import Wording

# Kobo refuses HTML files over 10 MB and turns pages slowly long before that.
GLOSSARY_FILE = 250_000


class Leaf(Struct, frozen=True):
    """A page to be: `template` is filled from `fields`; `anchor` is where links reach it."""

    name: str
    template: str
    title: str
    anchor: str = ""
    landmark: str = ""
    matter: str = "bodymatter"
    linear: bool = True
    language: str = ""
    direction: str = ""
    path: str = ""
    chapter: Chapter | None = None
    fields: dict[str, Any] = field(default_factory=dict)


class ContentsLine(Struct, frozen=True):
    """A line of the contents; `byline` names authors whom its part does not name."""

    anchor: str
    title: str
    byline: str = ""
    language: str = ""
    direction: str = ""
    lines: tuple[ContentsLine, ...] = ()
    part: bool = False


class GlossarySection(Struct, frozen=True):
    """Entries under one heading; `group` is set where a new group begins."""

    group: GlossaryGroup | None
    letter: str
    entries: tuple[GlossaryEntry, ...]


Letter = tuple[IndexEntry, ...]


def leaves(book: Book, words: Wording) -> tuple[Leaf, ...]:
    """Every page of the book in reading order, the contents among them."""
    front = tuple(_front(book, words))
    body = tuple(_body(book))
    back = tuple(_back(book, words))
    rest = (*front, *body, *back)
    contents = Leaf(
        "contents",
        "contents",
        words.contents,
        anchor="_contents",
        landmark="toc",
        matter="frontmatter",
        fields={
            "lines": (
                *_contents(book),
                *(ContentsLine(b.anchor, b.title) for b in back if b.anchor),
            ),
            "landmarks": tuple((f.landmark, f.anchor, f.title) for f in rest if f.landmark),
            "start": body[0].anchor if body else "",
        },
    )
    return (*front, contents, *body, *back)


def _front(book: Book, words: Wording) -> Iterator[Leaf]:
    about = book.metadata

    def leaf(name: str, title: str, landmark: str = "", *, linear: bool = True) -> Leaf:
        return Leaf(name, name, title, f"_{name}", landmark, "frontmatter", linear)

    yield leaf("cover", words.cover, "cover", linear=False)
    yield leaf("half-title", about.title)
    yield leaf("title-page", about.title, "titlepage")
    yield leaf("copyright", words.copyright, "copyright-page")


def _body(book: Book) -> Iterator[Leaf]:
    width = len(str(_pieces(book)))
    number = 0
    for index, part in enumerate(book.parts, 1):
        if part.title:
            yield Leaf(f"part-{index}", "part", part.title, part.anchor, fields={"part": part})
        for chapter in part.chapters:
            number += 1
            yield Leaf(
                f"piece-{number:0{width}}",
                "piece",
                chapter.title,
                chapter.anchor,
                language=chapter.language,
                direction=chapter.direction,
                path=chapter.path,
                chapter=chapter,
                fields={"chapter": chapter},
            )


def _back(book: Book, words: Wording) -> Iterator[Leaf]:
    yield from _glossary(book, words)
    for name, title, filled in (
        ("contributors", words.contributors, book.contributors),
        ("sources", words.sources, book.credits),
    ):
        if filled:
            yield Leaf(name, name, title, f"_{name}", matter="backmatter")
    yield from _index(book, words)
    yield Leaf("colophon", "colophon", words.colophon, "_colophon", "colophon", "backmatter")


def _pieces(book: Book) -> int:
    return sum(len(part.chapters) for part in book.parts)


def _contents(book: Book) -> Iterator[ContentsLine]:
    few = lists_headings(book)
    for part in book.parts:
        lines = tuple(_contents_line(chapter, part, deep=few) for chapter in part.chapters)
        if part.title:
            yield ContentsLine(part.anchor, part.title, lines=lines, part=True)
        else:
            yield from lines


def _contents_line(chapter: Chapter, part: Part, *, deep: bool) -> ContentsLine:
    names = ", ".join(byline.name for byline in chapter.bylines)
    headings = [h for h in chapter.headings if h.level == LEVEL and h.text] if deep else []
    return ContentsLine(
        chapter.anchor,
        chapter.title,
        "" if names == part.title else names,
        chapter.language,
        chapter.direction,
        tuple(ContentsLine(h.anchor, h.text) for h in headings),
    )


def _glossary(book: Book, words: Wording) -> Iterator[Leaf]:
    files = list(_glossary_files(tuple(_glossary_sections(book.glossary))))
    for number, sections in enumerate(files, 1):
        entries = [entry for section in sections for entry in section.entries]
        first = number == 1
        yield Leaf(
            "glossary" if first else f"glossary-{number}",
            "glossary",
            words.glossary if first else f"{words.glossary}: {entries[0].term}",
            anchor="_glossary" if first else "",
            landmark="glossary" if first else "",
            matter="backmatter",
            fields={"sections": sections, "first": first, "lone": _pieces(book) == 1},
        )


def _index(book: Book, words: Wording) -> Iterator[Leaf]:
    letters = (tuple(entries) for _, entries in groupby(book.index, lambda entry: entry.letter))
    for number, held in enumerate(_index_files(letters), 1):
        first = number == 1
        yield Leaf(
            "index" if first else f"index-{number}",
            "index",
            words.index if first else f"{words.index}: {held[0][0].heading}",
            anchor="_index" if first else "",
            landmark="index" if first else "",
            matter="backmatter",
            fields={
                "letters": held,
                "first": first,
                "lone": _pieces(book) == 1,
                "index_marks": index_marks(book),
            },
        )


def _index_files(letters: Iterable[tuple[IndexEntry, ...]]) -> Iterator[list[Letter]]:
    """Letters together as long as they fit; a letter too long goes on in the next file."""
    held: list[Letter] = []
    weight = 0
    for letter in letters:
        kept: list[IndexEntry] = []
        for entry in letter:
            size = 300 + 200 * len(entry.places) + 100 * len(entry.see + entry.see_also)
            if weight and weight + size > GLOSSARY_FILE:
                yield [*held, tuple(kept)] if kept else held
                held, kept, weight = [], [], 0
            kept.append(entry)
            weight += size
        held.append(tuple(kept))
    if held:
        yield held


def _glossary_sections(groups: tuple[GlossaryGroup, ...]) -> Iterator[GlossarySection]:
    for group in groups:
        opening: GlossaryGroup | None = group
        for letter, entries in groupby(group.entries, _letter if group.lettered else _no_letter):
            yield GlossarySection(opening, letter, tuple(entries))
            opening = None


def _letter(entry: GlossaryEntry) -> str:
    return entry.sort_letter


def _no_letter(_entry: GlossaryEntry) -> str:
    return ""


def _glossary_files(sections: tuple[GlossarySection, ...]) -> Iterator[list[GlossarySection]]:
    held: list[GlossarySection] = []
    weight = 0
    for section in sections:
        kept: list[GlossaryEntry] = []
        group = section.group
        for entry in section.entries:
            size = _weight(entry)
            if weight and weight + size > GLOSSARY_FILE:
                if kept:
                    held.append(GlossarySection(group, section.letter, tuple(kept)))
                    group = None
                yield held
                held, kept, weight = [], [], 0
            kept.append(entry)
            weight += size
        if kept:
            held.append(GlossarySection(group, section.letter, tuple(kept)))
    if held:
        yield held


def _weight(entry: GlossaryEntry) -> int:
    """About how many bytes an entry will fill; markup weighs more than words."""
    places = sum(120 + 2 * len(place.chapter + place.section) for place in entry.places)
    return 400 + 3 * len(entry.definition + entry.quote) + places + 150 * len(entry.see_also)
