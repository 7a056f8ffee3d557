"""Page references: marked while the sheets are set, printed when the pages are known.

A marker stands between two noncharacters, which no author's text holds: `n` for the
bare folio of an anchor, `l` for a list of locators, `r` for a reference after a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from publisher.book.model import Place
from publisher.book.tree import HEADINGS, Element
from publisher.render.locators import Run, Spot, in_words, runs, spots
from publisher.render.pdf.folios import Folios
from publisher.wording import Wording

OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARKER = re.compile(f"{OPEN}([nlr]):([^{OPEN}{CLOSE}]*){CLOSE}")
_FIGURES = re.compile(r'(<(a|span)[^<>]*?) data-of="([^"]*)">([^<]*)</\2>')
# A reference inside these would stand in the running text of something else.
NO_REFERENCE = HEADINGS | {"pre", "code", "figcaption", "summary"}
EMPHASIS = frozenset({"em", "strong", "mark", "i", "b"})
# What belongs to the word before the reference: the rest of the word, a closing quote.
WORD_END = re.compile(r"[\w’'”»\"]*")


def clean(text: str) -> str:
    """The author's text without the characters our markers are made of."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def folio_mark(anchor: str) -> str:
    """To become the folio of one anchor."""
    return f"{OPEN}n:{anchor}{CLOSE}"


def locator_mark(places: Iterable[Place]) -> str:
    """To become the folios of several places, each page once."""
    marks = (
        f"{spot.anchor}|{'n' * spot.note}{'m' * spot.main}|{spot.until}" for spot in spots(places)
    )
    return f"{OPEN}l:{' '.join(marks)}{CLOSE}"


def mark_references(body: Element, name: str, targets: frozenset[str]) -> None:
    """Put a marker after every link to a piece or a place in one.

    Glossary and contributors are in the order of the alphabet: no reader needs a page
    number to find an entry there.
    """
    section = 0
    for number, element in enumerate(list(body.iter())):
        if not isinstance(element.tag, str):
            continue
        if element.tag in HEADINGS:
            section += 1
        target = element.get("href", "")[1:]
        if element.tag != "a" or target not in targets or _barred(element):
            continue
        if not element.get("id"):
            element.set("id", f"{name}-r{number}")
        style = "comma" if _in_parentheses(element) else "brackets"
        place = element.get("id", "")
        mark = f"{OPEN}r:{style} {name}/{section} {place} {target}{CLOSE}"
        _insert_after(element, mark)


def _barred(link: Element) -> bool:
    if link.get("class") in ("noteref", "backlink"):
        return True
    return any(above.tag in NO_REFERENCE for above in link.iterancestors())


def _in_parentheses(link: Element) -> bool:
    """Whether a bracket is open just before the link, within its parent's own text."""
    parent = link.getparent()
    if parent is None:
        return False
    before = [parent.text or ""]
    for child in parent:
        if child is link:
            break
        before.append(child.tail or "")
    text = "".join(before)[-400:]
    return text.rfind("(") > text.rfind(")")


def _insert_after(link: Element, mark: str) -> None:
    # “*see [[Fog]]*” takes its reference after the emphasis.
    parent = link.getparent()
    while parent is not None and parent.tag in EMPHASIS and not link.tail and _is_last(link):
        link, parent = parent, parent.getparent()
    tail = link.tail or ""
    found = WORD_END.match(tail)
    end = found.end() if found else 0
    link.tail = tail[:end] + mark + tail[end:]


def _is_last(element: Element) -> bool:
    return element.getnext() is None


class Marker(NamedTuple):
    """What a marker asks for: a kind of reference, and to what."""

    kind: str
    given: str


def markers(html: str) -> tuple[Marker, ...]:
    """All markers of a text, in order."""
    return tuple(Marker(found[1], found[2]) for found in MARKER.finditer(html))


def fill(html: str, texts: Iterable[str]) -> str:
    """The text with every marker replaced by what is printed there."""
    waiting = iter(texts)
    return MARKER.sub(lambda _: next(waiting), html)


def print_references(html: str, folios: Folios, words: Wording) -> str:
    """The sheets with every marker replaced by what is known of the pages."""
    return fill(html, printed(markers(html), folios, words))


def printed(
    given: Sequence[Marker], folios: Folios, words: Wording, kept: frozenset[int] = frozenset()
) -> tuple[str, ...]:
    """What is printed for each marker; those `kept` are printed even where they help little."""
    said: set[tuple[str, str]] = set()
    texts = []
    for number, marker in enumerate(given):
        if marker.kind == "n":
            texts.append(figures(marker.given, folios))
        elif marker.kind == "l":
            texts.append(_locators(marker.given.split(), folios, words))
        else:
            parts = marker.given.split(" ")
            texts.append(_reference(parts, folios, words, said, keep=number in kept))
    return tuple(texts)


def figures(anchor: str, folios: Folios) -> str:
    """A folio in figures of one width, which can be changed after the page is set."""
    return f'<span class="sorts" data-of="{escape(anchor)}">{folios.of(anchor)}</span>'


def changeable(text: str) -> str:
    """Figures as noughts: which they are is settled when the book is bound."""

    def noughts(found: re.Match[str]) -> str:
        if not (found[4].isascii() and found[4].isdigit()):
            return f"{found[1]}>{found[4]}</{found[2]}>"
        return f'{found[1]} data-of="{found[3]}">{"0" * len(found[4])}</{found[2]}>'

    return _FIGURES.sub(noughts, text)


def fixed(text: str) -> str:
    """Figures that stay as they are, for want of ones that are all of a width."""
    return _FIGURES.sub(r"\1>\4</\2>", text)


def _reference(
    given: list[str],
    folios: Folios,
    words: Wording,
    said: set[tuple[str, str]],
    *,
    keep: bool,
) -> str:
    if len(given) != 4:
        return ""
    style, section, place, target = given
    if (section, target) in said or (folios.together(place, target) and not keep):
        return ""
    if folios.leaves and not folios.knows(target):
        return ""
    said.add((section, target))
    text = escape(words.page_reference.format(page=OPEN)).replace(" ", "\u00a0")
    text = text.replace(OPEN, figures(target, folios))
    before, after = (_mark(", "), "") if style == "comma" else (_mark(" ("), _mark(")"))
    return f'{before}<span class="page-reference">{text}</span>{after}'


def _mark(text: str) -> str:
    """What joins a reference to the line; a theme that prints it in the margin hides this."""
    return f'<span class="joins">{text}</span>'


def _locators(given: list[str], folios: Folios, words: Wording) -> str:
    """Each page once, as a link to the first anchor on it; pages in a row as a range."""
    if not folios.leaves:
        return ", ".join(["000"] * min(len(given), 8))
    if len(given) == 1 and given[0].endswith("|") and "|n" not in given[0]:
        return _single(given[0], folios)
    wanted = (mark.split("|") for mark in given)
    found = runs((Spot(a, "n" in how, "m" in how, until) for a, how, until in wanted), folios)
    return ", ".join(_locator(run, folios, words) for run in found)


def _single(mark: str, folios: Folios) -> str:
    """One place on one page, which is what most entries have: as `_locator` gives it."""
    anchor, how, _ = mark.split("|")
    if anchor not in folios.leaves:
        return ""
    link = _page(anchor, folios)
    return f'<b class="main">{link}</b>' if "m" in how else link


def _page(anchor: str, folios: Folios) -> str:
    # An index has thousands: one element each, not two, is half the time it takes to set.
    figure, name = folios.of(anchor), escape(anchor)
    return f'<a class="pages sorts" href="#{name}" data-of="{name}">{figure}</a>'


def _locator(run: Run, folios: Folios, words: Wording) -> str:
    if not (run.last or run.note):
        link = _page(run.first, folios)
        return f'<b class="main">{link}</b>' if run.main else link
    anchor = escape(run.first)
    text = in_words(
        run, lambda anchor: figures(anchor, folios), words.page_range, words.note_locator
    )
    link = f'<a class="pages" href="#{anchor}">{text}</a>'
    return f'<b class="main">{link}</b>' if run.main else link
