"""Where concepts are discussed, and the sentence that shows how one without a note is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from publisher.anthology.catalogue import fold_heading
from publisher.anthology.concepts import Concept
from publisher.book.desk import Mention
from publisher.book.model import Chapter, Place
from publisher.vault.escape import escape
from publisher.vault.mathematics import mathml
from publisher.vault.sentence import bare, sentence_at, sentence_starts, spans

Met = Sequence[tuple[Chapter, Sequence[Mention]]]
Quotation = tuple[str, str]

_PARAGRAPH = re.compile(r"<p\b[^<>]*>(.*?)</p>", re.DOTALL)
# A note's number and a formula are no words of the sentence.
_APART = re.compile(r'<(a|span) class="noteref".*?</\1>|<math\b.*?</math>', re.DOTALL)
_TAGS = re.compile(r"<[^<>]*>")


def gather_places(met: Met) -> tuple[dict[str, list[Place]], dict[str, Quotation]]:
    """Where each concept is discussed, in reading order; its first sentence and its words."""
    places: dict[str, list[Place]] = {}
    quotes: dict[str, Quotation] = {}
    for chapter, mentions in met:
        for mention in mentions:
            if not mention.again:
                place = Place(chapter.title, mention.section, mention.anchor)
                places.setdefault(mention.concept, []).append(place)
            # A heading is where a word stands, not how it is used.
            if mention.sentence and not mention.heading and _says_more(mention):
                quotes.setdefault(mention.concept, (mention.sentence, mention.words))
    return places, quotes


def by_concept(met: Met) -> dict[str, list[tuple[Chapter, list[Mention]]]]:
    """What mentions each concept, in reading order."""
    found: dict[str, list[tuple[Chapter, list[Mention]]]] = {}
    for chapter, mentions in met:
        own: dict[str, list[Mention]] = {}
        for mention in mentions:
            own.setdefault(mention.concept, []).append(mention)
        for concept, some in own.items():
            found.setdefault(concept, []).append((chapter, some))
    return found


def _says_more(mention: Mention) -> bool:
    said = fold_heading(bare(mention.sentence))
    return said not in (fold_heading(mention.words), fold_heading(mention.section))


def find_quotation(concept: Concept, quotes: Mapping[str, Quotation], met: Met) -> Quotation:
    """The sentence of the first use; of what only headings link to, the first to name it.

    `met` are the chapters that mention it, with its mentions alone.
    """
    found = quotes.get(concept.key, ("", ""))
    if found[0] and fold_heading(bare(found[0])) != fold_heading(concept.term):
        return found
    names = "|".join(re.escape(name) for name in (concept.term, *concept.also))
    named = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    for chapter, _ in met:
        for text in _paragraphs(chapter.xhtml):
            use = named.search(text)
            if use:
                quote = sentence_at(text, sentence_starts(text), *use.span())
                if fold_heading(quote) != fold_heading(use[0]):
                    return quote, use[0]
    return _heading(concept, met)


def _heading(concept: Concept, met: Met) -> Quotation:
    """The title or heading that links to it, if it says more than that."""
    for _, mentions in met:
        for mention in mentions:
            if mention.heading:
                said = fold_heading(bare(mention.sentence))
                if said and said not in (fold_heading(concept.term), fold_heading(mention.words)):
                    return mention.sentence, mention.words
    return "", ""


def _paragraphs(xhtml: str) -> Iterator[str]:
    for found in _PARAGRAPH.finditer(xhtml):
        yield " ".join(unescape(_TAGS.sub("", _APART.sub("", found[1]))).split())


def set_quotation(sentence: str, words: str, met: Met = ()) -> str:
    """The sentence as XHTML; the words that name the concept are marked in it.

    Its formulas are as they stand in the chapters that mention it, where they do.
    """
    out, is_marked = [], not words
    for kind, text in spans(sentence):
        use = -1 if is_marked or kind else _find_whole(words, text)
        if use < 0:
            out.append(_set(kind, text, met))
            continue
        before, after = escape(text[:use]), escape(text[use + len(words) :])
        out.append(f'{before}<em class="used">{escape(words)}</em>{after}')
        is_marked = True
    return "".join(out)


def _find_whole(words: str, text: str) -> int:
    """Where the words stand with no letter or figure beside them; -1 for nowhere."""
    # A pattern for each of thousands of words would take longer to make than to use.
    at = text.find(words)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(words) : at + len(words) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return at
        at = text.find(words, at + 1)
    return -1


def _set(kind: str, text: str, met: Met) -> str:
    if not kind:
        return escape(text)
    if kind == "math":
        formula = _as_printed(text, met) or mathml(text, display=False)
        if formula:
            return formula
    return f"<code>{escape(text)}</code>"


def _as_printed(tex: str, met: Met) -> str:
    """The formula as a chapter has it: what reads TeX is slow to load, and reads slowly."""
    said = f' alttext="{escape(" ".join(tex.split()))}">'
    for chapter, _ in met:
        at = chapter.xhtml.find(said)
        if at >= 0:
            start, end = chapter.xhtml.rfind("<math", 0, at), chapter.xhtml.find("</math>", at)
            return chapter.xhtml[start : end + len("</math>")].replace(' display="block"', "", 1)
    return ""
