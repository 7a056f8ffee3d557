"""Aphorisms: each is an entry, kept whole."""

from __future__ import annotations

from typing import Final

from publisher.book.tree import Element, add_class, classes, words_of
from publisher.book.verse import set_motto

LONG: Final = 900  # letters; a longer entry may part over a page


def set_aphorisms(body: Element) -> None:
    """Every paragraph is an entry, or, where rules part them, all between two rules."""
    set_motto(body)
    ruled = sum(block.tag == "hr" for block in body) > 1
    opens = True
    for block in body:
        if block.tag in ("ol", "ul"):
            add_class(block, "aphorisms")
        if block.tag == "p" and not classes(block):
            add_class(block, "aphorism" if opens or not ruled else "aphorism goes-on")
            if len(words_of(block)) > LONG:
                add_class(block, "long")
            opens = False
        else:
            opens = True
