"""What can be done before layout so that fewer lines fall badly; the engine can't do it itself."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from publisher.book.tree import HEADINGS, Element, add_class
from publisher.render.pdf.tree import put_after, words_of

BLOCKS = ("p", "li", "dd", "figcaption", "blockquote")
UNBOUND = frozenset({"verse", "stanza"})  # their lines end where the poet says
INLINE = frozenset({"em", "strong", "i", "b", "mark", "a"})
SHORT = 3  # letters: bound to the word before
SHORT_IN_TITLES = 6  # which are centred: a single short word below a line looks lost
BREAKABLE = 6  # letters: kept in one piece
LAST_WORD = "last-word"
ONE_LINE = 24  # letters; what is shorter has no last line of its own, on any trim
FULL_LINE = 72  # letters; what is longer has a second line
LONG_CODE = 14  # letters without a place to break
SHORT_CODE = 12  # letters, blanks among them
BOUND = 40  # letters: nobody means to hold so many together
CODE = ("code", "kbd", "samp")
_BOUND = re.compile(rf"[^ \t\r\n\u200b]{{{BOUND},}}")
_HARD = re.compile(r"(?<=\S)\u00a0(?=\S)")
# Beside a word; short ones, figures and signs may well be tied to what is marked up.
_LAST_HARD = re.compile(r"(?<=[^\W\d_]{3})\u00a0$")
_FIRST_HARD = re.compile(r"^\u00a0(?=[^\W\d_]{3})")


def bind_last_words(body: Element) -> None:
    """Keep a paragraph's last word whole, and a short one with the word before it.

    The engine breaks lines one by one and knows nothing of a last line: it would leave
    “it.” there, or the “ing.” of a broken word.
    """
    for block in list(body.iter(*BLOCKS)):
        bound = UNBOUND.intersection(block.get("class", "").split())
        if not bound and _longer(block, ONE_LINE):
            _bind(block)


def bind_title(title: Element) -> None:
    """A title that may need a second line does not leave a short word alone there."""
    if _longer(title, ONE_LINE):
        _bind(title, SHORT_IN_TITLES)


def hold_brief_openings(body: Element) -> None:
    """A line, item or line of code below a heading holds on to what follows: both end no page."""
    for paragraph in body.iter("p", "pre"):
        above, below = paragraph.getprevious(), paragraph.getnext()
        if above is None or below is None or above.tag not in HEADINGS:
            continue
        # Only a lower heading: a row of questions and answers must be able to part somewhere.
        if below.tag in HEADINGS and str(below.tag) <= str(above.tag):
            continue
        if not _longer(paragraph, FULL_LINE) and "introduces" not in paragraph.get("class", ""):
            add_class(paragraph, "introduces")
    for items in body.iter("ul", "ol"):
        above = items.getprevious()
        if above is None or above.tag not in HEADINGS or len(items) < 2:
            continue
        if not _longer(items[0], FULL_LINE):
            add_class(items[0], "introduces")


def _longer(block: Element, most: int) -> bool:
    """Whether the block has more letters than that; counts no further than it must."""
    letters = 0
    for text in block.itertext():
        letters += len(text)
        if letters > most:
            return True
    return False


def loosen_hard_spaces(body: Element) -> None:
    """Let lines end at hard spaces that nobody meant, as editors and web pages leave them.

    Those of a long stretch, and those between a word and code, emphasis or a link.
    """
    for block in list(body.iter(*BLOCKS, *HEADINGS, "td", "th", "dt")):
        outer = any(child.tag in BLOCKS for child in block)
        if outer or UNBOUND.intersection(block.get("class", "").split()):
            continue
        texts: Any = block.xpath(".//text()")
        loose = "".join(texts)
        if "\u00a0" not in loose:
            continue
        loose = _BOUND.sub(_loosened, loose)
        for number, text in enumerate(texts):
            mine, loose = loose[: len(text)], loose[len(text) :]
            mine = _LAST_HARD.sub(" ", mine) if number + 1 < len(texts) else mine
            mine = _FIRST_HARD.sub(" ", mine) if number else mine
            holder = text.getparent()
            if text.is_tail:
                holder.tail = mine
            elif holder.tag not in CODE:
                holder.text = mine


def _loosened(run: re.Match[str]) -> str:
    return _HARD.sub(" ", run[0]) if len(_HARD.findall(run[0])) > 1 else run[0]


def fit_code(body: Element) -> None:
    """Hold short code such as `[1, 2, 3]` together, and leave lines ragged beside long stretches.

    A column of a table may be narrower than the shortest code.
    """
    for code in body.iter(*CODE):
        text = words_of(code)
        if (
            " " in text
            and len(text) <= SHORT_CODE
            and next(code.iterancestors("td", "th", "pre"), None) is None
        ):
            code.set("style", "white-space:nowrap")
        if max(map(len, text.split()), default=0) < LONG_CODE:
            continue
        block = next((element for element in code.iterancestors(*BLOCKS, "pre")), None)
        if block is not None and block.tag != "pre" and "ragged" not in block.get("class", ""):
            add_class(block, "ragged")


def _bind(block: Element, short: int = SHORT) -> None:
    holder = block
    while len(holder) and _ends_in(holder[-1]):
        holder = holder[-1]
    last = holder[-1] if len(holder) else None
    text = str((holder.text if last is None else last.tail) or "")
    before, word, after = _parted(text)
    letters = sum(letter.isalnum() for letter in word)
    alone = not before and last is None and holder is not block
    if alone and letters <= short:
        _tie(holder, block)
    elif holder.tag in CODE or not (before or alone):
        return
    elif letters <= short:
        put_after(holder, last, f"{before.rstrip()}\u00a0{word}{after}")
    elif letters >= BREAKABLE:
        whole = etree.Element("span")
        whole.set("class", LAST_WORD)
        whole.text, whole.tail = word, after
        put_after(holder, last, before)
        holder.append(whole)


def _ends_in(child: Element) -> bool:
    """Whether the last word stands in the element: no more than a full stop follows it."""
    tail = str(child.tail or "").rstrip()
    stops = not tail or not (tail[0].isspace() or any(letter.isalnum() for letter in tail))
    return stops and child.tag in (*INLINE, *CODE)


def _tie(element: Element, block: Element) -> None:
    """Keep an element of one short word with the word before it."""
    parent = element.getparent()
    while parent is not None and element is not block:
        previous = element.getprevious()
        text = str((parent.text if previous is None else previous.tail) or "")
        if text.strip() and text != text.rstrip():
            put_after(parent, previous, f"{text.rstrip()}\u00a0")
        if text or previous is not None:
            return
        element, parent = parent, parent.getparent()


def _parted(text: str) -> tuple[str, str, str]:
    """The last word, what stands before it up to a space, and the white after it."""
    bare = text.rstrip()
    word = (bare.split(" ")[-1].split("\n")[-1]) if bare else ""
    before = bare[: len(bare) - len(word)]
    return (before, word, text[len(bare) :]) if word.isprintable() else ("", "", "")
