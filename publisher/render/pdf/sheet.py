"""A chapter's XHTML is set for paper: its notes, formulas, references and opening."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from publisher.book.model import Chapter, Footnote
from publisher.render.pdf.blocks import fit_tables, run_in_heads, set_blocks
from publisher.render.pdf.formulas import set_formulas
from publisher.render.pdf.notes import place_notes, stands_at_foot
from publisher.render.pdf.openings import set_opening, set_verse
from publisher.render.pdf.poems import centre_poems
from publisher.render.pdf.references import clean, mark_references
from publisher.render.pdf.titles import keep_groups
from publisher.render.pdf.tree import Element, parse, to_html, words_of
from publisher.render.pdf.turns import number_blocks
from publisher.render.proofing.last_words import (
    bind_last_words,
    bind_title,
    hold_brief_openings,
    loosen_code,
)

# What begins with no paragraph whose first words could lead in.
UNOPENED = frozenset({"verse", "letter", "interview", "aphorisms"})
MEASURE = 26.5  # em of the text in a line
OUTSIDE = ("http://", "https://", "mailto:", "ftp://")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link leads that paper cannot follow, the words it stands on, and their place."""

    url: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A piece ready for the press: its body, and the notes that close it, if any do."""

    body: Markup
    end_notes: tuple[tuple[Footnote, Markup], ...] = ()
    addresses: tuple[Address, ...] = ()
    sound: bool = True


def set_sheet(
    chapter: Chapter,
    targets: frozenset[str],
    rooms: Mapping[str, float],
    *,
    end_notes: bool = False,
    run_in: str = "none",
) -> Sheet:
    """The piece as print HTML with its page references still marked.

    With `end_notes` its notes stand after the text, whatever they hold. `rooms` are the
    tables that were too wide, with the share of their width that there is room for. `run_in`
    is the highest heading that runs into its paragraph.
    """
    body, sound = parse(clean(chapter.xhtml))
    number_blocks(body)
    notes = [(note, parse(clean(note.xhtml))[0]) for note in chapter.footnotes]
    at_foot = not end_notes and stands_at_foot(chapter, [text for _, text in notes])
    if chapter.design not in UNOPENED and not set_verse(body):
        set_opening(body)
    centre_poems(body)
    addresses: list[Address] = []
    for number, element in enumerate((body, *(text for _, text in notes))):
        name = f"{chapter.anchor}--{number}"
        set_blocks(element)
        fit_tables(element, name, rooms)
        loosen_code(element)
        hold_brief_openings(element)
        bind_last_words(element)
        run_in_heads(element, run_in)
        addresses += find_addresses(element, name)
        set_formulas(element, MEASURE)
        mark_references(element, name, targets)
    if at_foot:
        place_notes(body, {note.anchor: (note, text) for note, text in notes})
    closing = () if at_foot else tuple((note, to_html(text)) for note, text in notes)
    return Sheet(to_html(body), closing, tuple(addresses), sound)


def find_addresses(body: Element, name: str) -> Iterator[Address]:
    """The links out of the book, each address once; those printed in full are known."""
    seen: set[str] = set()
    for number, link in enumerate(body.iter("a")):
        url = link.get("href", "")
        words = " ".join(words_of(link).split())
        if not url.startswith(OUTSIDE) or url in seen or words == url or not words:
            continue
        seen.add(url)
        if not link.get("id"):
            link.set("id", f"{name}-a{number}")
        yield Address(url, words, link.get("id", ""))


def fragment(xhtml: str) -> Markup:
    """A definition or a biography for paper."""
    body, _ = parse(clean(xhtml))
    set_blocks(body)
    bind_last_words(body)
    set_formulas(body, MEASURE)
    return to_html(body)


def displayed(title: str) -> Markup:
    """A title for its own page or opening: markup, or plain words."""
    body, _ = parse(clean(str(escape(title))))
    keep_groups(body)
    set_blocks(body)
    bind_title(body)
    set_formulas(body, MEASURE)
    return to_html(body)


def run_in(xhtml: str) -> tuple[Markup, Markup]:
    """A definition's first paragraph without its tags, to follow its term, and the rest."""
    body, _ = parse(clean(xhtml))
    set_blocks(body)
    bind_last_words(body)
    set_formulas(body, MEASURE)
    first = body[0] if len(body) and not (body.text or "").strip() else None
    if first is None or first.tag != "p":
        return Markup(), to_html(body)
    body.remove(first)
    first.tail = None
    return to_html(first), to_html(body)
