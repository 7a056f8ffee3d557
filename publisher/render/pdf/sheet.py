"""A chapter's XHTML is set for paper: its notes, formulas, references and opening."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape
from msgspec import Struct

from publisher.book.model import Chapter, Footnote
from publisher.book.tree import HEADINGS, Element
from publisher.render.page_starts import BLOCKS
from publisher.render.pdf.blocks import fit_tables, number_blocks, run_in_heads, set_blocks
from publisher.render.pdf.displays import part_at_displays
from publisher.render.pdf.formulas import set_formulas
from publisher.render.pdf.notes import place_notes, stands_at_foot
from publisher.render.pdf.openings import set_opening, set_verse
from publisher.render.pdf.poems import centre_poems
from publisher.render.pdf.references import clean, mark_references
from publisher.render.pdf.ruby import bracket_readings
from publisher.render.pdf.titles import keep_groups
from publisher.render.pdf.tree import parse, to_html, words_of
from publisher.render.proofing.last_words import (
    bind_last_words,
    bind_title,
    fit_code,
    hold_brief_openings,
    loosen_hard_spaces,
)

# What begins with no paragraph whose first words could lead in.
UNOPENED = frozenset({"verse", "letter", "interview", "aphorisms"})
MEASURE = 26.5  # em of the text in a line
OUTSIDE = ("http://", "https://", "mailto:", "ftp://")


class Address(Struct, frozen=True):
    """Where a link leads that paper cannot follow, the words it stands on, and their place."""

    url: str
    words: str
    anchor: str


class Sheet(Struct, frozen=True):
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
    drawn: Mapping[str, str] | None = None,
) -> Sheet:
    """The piece as print HTML with its page references still marked.

    With `end_notes` its notes stand after the text, whatever they hold. `rooms` are the
    tables that were too wide, with the share of their width that there is room for. `run_in`
    is the highest heading that runs into its paragraph. `drawn` are formulas' drawings.
    """
    body, sound = parse(clean(chapter.xhtml))
    number_blocks(body)
    part_at_displays(body)
    notes = [(note, parse(clean(note.xhtml))[0]) for note in chapter.footnotes]
    at_foot = not end_notes and stands_at_foot(chapter, [text for _, text in notes])
    if chapter.design not in UNOPENED and not set_verse(body):
        set_opening(body)
    centre_poems(body)
    addresses: list[Address] = []
    for number, element in enumerate((body, *(text for _, text in notes))):
        name = f"{chapter.anchor}--{number}"
        set_blocks(element)
        bracket_readings(element)
        fit_tables(element, name, rooms)
        fit_code(element)
        _bind(element, run_in)
        addresses += find_addresses(element, name)
        set_formulas(element, MEASURE, drawn)
        mark_references(element, name, targets)
    mark_ends(body, chapter.ends)
    if at_foot:
        place_notes(body, {note.anchor: (note, text) for note, text in notes})
    closing = () if at_foot else tuple((note, to_html(text)) for note, text in notes)
    return Sheet(to_html(body), closing, tuple(addresses), sound)


def _bind(body: Element, run_in: str) -> None:
    """Hold together what shall not be parted by the end of a line or a page."""
    loosen_hard_spaces(body)
    hold_brief_openings(body)
    bind_last_words(body)
    run_in_heads(body, run_in)


def _is_said(url: str, words: str) -> bool:
    """The words are the address, but for what a browser adds."""
    plain = [
        re.sub(r"^(?:https?://|ftp://|mailto:)?(?:www\.)?|[?#].*$|/$", "", text)
        for text in (url, words)
    ]
    return words == url or (plain[0] == plain[1] and "." in words)


def mark_ends(body: Element, headings: tuple[str, ...]) -> None:
    """Give the last block of each of these headings' sections a name: the index asks for it."""
    for name in headings:
        inside, level, last = False, 7, None
        for element in body.iter():
            if element.tag in HEADINGS:
                if inside and int(element.tag[1]) <= level:
                    break
                if element.get("id") == name:
                    inside, level = True, int(element.tag[1])
                    continue
            if inside and element.tag in BLOCKS and not element.get("id"):
                last = element
        if last is not None:
            last.set("id", f"{name}--end")


def find_addresses(body: Element, name: str) -> Iterator[Address]:
    """The links out of the book, each address once; those printed in full are known."""
    seen: set[str] = set()
    for number, link in enumerate(body.iter("a")):
        url = link.get("href", "")
        words = " ".join(words_of(link).split())
        if not url.startswith(OUTSIDE) or url in seen or not words or _is_said(url, words):
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


def run_in(
    xhtml: str, term: str, name: str, targets: frozenset[str] = frozenset()
) -> tuple[Markup, Markup]:
    """A definition's first paragraph without its tags, to follow its term, and the rest.

    One that begins with the term goes on from it: nobody is introduced twice. `targets` are
    what page numbers are printed for.
    """
    body, _ = parse(clean(xhtml))
    set_blocks(body)
    bind_last_words(body)
    set_formulas(body, MEASURE)
    mark_references(body, f"{name}--d", targets)
    first = body[0] if len(body) and not (body.text or "").strip() else None
    if first is None or first.tag != "p":
        return Markup(), to_html(body)
    body.remove(first)
    first.tail = None
    joined = "" if _drop_term(first, term) else " "
    return Markup(joined) + to_html(first), to_html(body)  # noqa: S704 - a blank


def _drop_term(paragraph: Element, term: str) -> bool:
    """Take the term off the paragraph's beginning; whether that was done."""
    text = (paragraph.text or "").lstrip()
    lead = paragraph[0] if len(paragraph) else None
    rest = ""
    if not text and lead is not None and lead.tag in ("strong", "em", "b", "i", "dfn"):
        rest = (lead.tail or "") if words_of(lead).strip() == term and not lead.get("id") else ""
    elif text.startswith(term) and not text[len(term) : len(term) + 1].isalnum():
        lead, rest = None, text[len(term) :]
    if not rest.strip():
        return False
    if lead is not None:
        paragraph.remove(lead)
    paragraph.text = rest
    return True
