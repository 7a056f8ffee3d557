"""The design of a piece: what in its text is a stanza, a speaker, a signature.

A guess marks elements with a class and moves none; where nothing is sure all stays plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml.etree import XMLSyntaxError
from msgspec import Struct

from publisher.book.aphorisms import set_aphorisms
from publisher.book.interview import set_interview
from publisher.book.letter import set_letter
from publisher.book.tree import Element, add_class, classes, parse_body, words_of, written
from publisher.book.verse import set_headnote, set_insets, set_motto, set_poem

VERSE: Final = "verse"
LINES_ENOUGH: Final = 180  # letters, for three lines of a book and as many of a phone
_HEADNOTE: Final = re.compile(r"\s*<p(?: id=\"[^\"]*\")?><(?:em|i)>")
_INSET: Final = 'class="poem inset"'


class Facts(Struct, frozen=True):
    """What is known of a piece beside its text."""

    design: str
    authors: tuple[str, ...] = ()


def shape(xhtml: str, facts: Facts) -> str | None:
    """The chapter's text with the parts of its design named; None where it is not well-formed."""
    try:
        body = parse_body(xhtml)
    except XMLSyntaxError:
        return None
    shaper = _SHAPERS.get(facts.design)
    if shaper is None and _HEADNOTE.match(xhtml):
        shaper = _set_prose
    if shaper is None and _INSET not in xhtml:
        return xhtml
    try:
        if shaper is not None:
            shaper(body, facts)
        set_insets(body)
        return written(body)
    except RecursionError:  # elements nested by the thousand are nobody's verse
        return xhtml


def _set_prose(body: Element, _: Facts) -> None:
    set_headnote(body)


def _set_story(body: Element) -> None:
    """The paragraph that opens a story, where it has lines enough for a large letter."""
    set_motto(body)
    first = next((block for block in body if "epigraph" not in classes(block)), None)
    if first is None or first.tag != "p" or classes(first):
        return
    if len(words_of(first)) >= LINES_ENOUGH and (first.text or "").strip():
        add_class(first, "opens")


_SHAPERS: Final[dict[str, Callable[[Element, Facts], None]]] = {
    VERSE: lambda body, _: set_poem(body),
    "letter": lambda body, facts: set_letter(body, facts.authors),
    "interview": lambda body, _: set_interview(body),
    "aphorisms": lambda body, _: set_aphorisms(body),
    "story": lambda body, _: _set_story(body),
}
