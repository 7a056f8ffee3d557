"""A book becomes the print HTML of all its sheets, through the theme's templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from jinja2 import TemplateError
from lxml import etree
from markupsafe import Markup, escape
from msgspec import Struct

from publisher.book.model import Book, Chapter, Part
from publisher.problem import SetupError
from publisher.render.contents import lists_headings
from publisher.render.filters import filters, people_named
from publisher.render.locators import index_marks
from publisher.render.pdf.anchors import identities
from publisher.render.pdf.blocks import breakable
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.heads import room_in, running_head
from publisher.render.pdf.references import folio_mark, locator_mark, print_references
from publisher.render.pdf.sheet import displayed, fragment, run_in, set_sheet
from publisher.render.prepress.geometry import proportions_of
from publisher.render.theme import Theme
from publisher.wording import Wording

LONG_INDEX = 800  # entries; beyond, it is set in parts
LONG_GLOSSARY = 200  # entries; beyond, a new letter is a new page
LONGEST_NAME = 30  # letters; a longer one may be parted between its words


def print_html(book: Book, theme: Theme, words: Wording, folios: Folios | None = None) -> str:
    """The whole book as one HTML document for the press.

    Without `folios` every page number is three noughts, as wide as most will be.
    """
    forme = set_book(book, theme, words)
    return print_references(forme.html, folios or Folios(), words)


class Forme(Struct, frozen=True):
    """The book set, its page references still marked; whose notes stand at the foot."""

    html: str
    at_foot: frozenset[str]
    unsound: frozenset[str]


class Correction(Struct, frozen=True):
    """What a proof has shown: pieces whose notes must close them, tables to set smaller."""

    end_notes: frozenset[str] = frozenset()
    tables: tuple[tuple[str, float], ...] = ()


def set_book(
    book: Book, theme: Theme, words: Wording, correction: Correction | None = None
) -> Forme:
    """All sheets, corrected as the last proof asked."""
    correction = correction or Correction()
    targets = piece_targets(book)
    rooms = dict(correction.tables)
    sheets = {
        chapter.anchor: set_sheet(
            chapter, targets, rooms, end_notes=chapter.anchor in correction.end_notes
        )
        for part in book.parts
        for chapter in part.chapters
    }
    return Forme(
        "".join(
            fill_sheets(
                book,
                theme,
                words,
                sheets,
                addresses=any(sheet.addresses for sheet in sheets.values()),
            )
        ),
        frozenset(anchor for anchor, sheet in sheets.items() if not sheet.end_notes),
        frozenset(anchor for anchor, sheet in sheets.items() if not sheet.sound),
    )


def piece_targets(book: Book) -> frozenset[str]:
    """Every anchor a page number may be printed for: the pieces and all in them."""
    found: set[str] = set()
    for part in book.parts:
        if part.title:
            found.add(part.anchor)
        for chapter in part.chapters:
            found.add(chapter.anchor)
            found.update(name for name, _ in identities(chapter.xhtml))
            found.difference_update(note.call for note in chapter.footnotes)
    return frozenset(found)


def fill_sheets(
    book: Book,
    theme: Theme,
    words: Wording,
    sheets: Mapping[str, Any],
    own: Mapping[str, Callable[..., Any]] | None = None,
    *,
    addresses: bool,
) -> Iterator[str]:
    """The theme's print template as it is filled, bit by bit; SetupError where it can't be.

    `own` are filters in the place of ours.
    """
    environment = theme.environment()
    environment.filters |= _filters(book, theme, words) | {**(own or {})}
    fields: dict[str, Any] = {
        "book": book,
        "about": book.metadata,
        "words": words,
        "theme": theme,
        "sheets": sheets,
        "few": lists_headings(book),
        "long_glossary": sum(len(group.entries) for group in book.glossary) > LONG_GLOSSARY,
        "long_index": len(book.index) > LONG_INDEX,
        "index_marks": index_marks(book),
        "locators": locator_mark,
        "byline": byline,
        "names": names,
        "verso": verso,
        "credits": {credit.anchor: credit for credit in book.credits},
        "any_sources": bool(book.credits) or addresses,
        "modified": stamp(book.metadata.modified),
    }
    try:
        yield from environment.get_template("print.html.j2").generate(fields)
    except TemplateError as error:
        raise SetupError(f"the theme's print template cannot be filled: {error}") from error
    except etree.XMLSyntaxError as error:
        raise SetupError(f"a definition in the book is not XHTML: {error}") from error


def _filters(book: Book, theme: Theme, words: Wording) -> dict[str, Any]:
    targets = cache(lambda: piece_targets(book))
    return filters(words) | {
        "folio": folio_mark,
        "head": partial(running_head, room=_room(theme)),
        "run_in": lambda xhtml, term, name: run_in(xhtml, term, name, targets()),
        "breakable": breakable,
        "fragment": fragment,
        "displayed": displayed,
        "bylined": lambda bylines: whole_names(tuple(byline.name for byline in bylines)),
        "people": lambda people: whole_people(people, words),
    }


def _room(theme: Theme) -> int:
    """How many letters a running head may have on the theme's page."""
    wide = theme.trim.width if theme.trim else 432.0
    page = proportions_of(theme)
    return room_in(wide * (1 - page.inside - page.outside))


def names(chapter: Chapter) -> str:
    """A piece's authors in one line."""
    return ", ".join(byline.name for byline in chapter.bylines)


def whole_people(people: tuple[tuple[str, str], ...], words: Wording) -> Markup:
    """`A, B and C`, no name of which is parted at a line's end."""
    marked = tuple((_whole(name), file_as) for name, file_as in people)
    return Markup(people_named(marked, words))  # noqa: S704 - each name is escaped


def whole_names(names: tuple[str, ...]) -> Markup:
    """Names in one line, none of which is parted at its end."""
    return Markup(", ".join(map(_whole, names)))  # noqa: S704 - each name is escaped


def _whole(name: str) -> str:
    kept = len(name) <= LONGEST_NAME
    return f'<span class="whole-name">{escape(name)}</span>' if kept else str(escape(name))


def byline(chapter: Chapter, part: Part) -> str:
    """The authors of a piece, where its part does not name them."""
    said = names(chapter)
    return "" if said == part.title else said


def verso(chapter: Chapter, part: Part, book: Book) -> str:
    """What the left-hand running head says: who wrote, else where we are."""
    return names(chapter) or part.title or book.metadata.title


def stamp(seconds: int) -> str:
    """A moment as the W3C writes it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
