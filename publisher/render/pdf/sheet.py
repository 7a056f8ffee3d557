"""A chapter's XHTML is set for paper: notes, formulas, references, boxes, openings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree, html
from markupsafe import Markup

from publisher.book.model import Chapter, Footnote
from publisher.render.pdf.formulas import set_formulas
from publisher.render.pdf.notes import place_notes, stands_at_foot
from publisher.render.pdf.references import clean, mark_references

Element = etree._Element
EPUB = "http://www.idpf.org/2007/ops"
MEASURE = 26.5  # em of the text in a line
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
OUTSIDE = ("http://", "https://", "mailto:", "ftp://")
URL_BREAK = re.compile(r"(?<=[/?&=#_.,-])(?=[^/?&=#_.,-])")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
LEAD_WORDS = re.compile(r"\s*\S+(?:\s+\S+){0,3}(?=\s)")
LEAD_LETTERS = 24
INTRODUCED = frozenset({"ul", "ol", "dl", "pre", "table", "blockquote", "figure", "div"})
SMALLEST = 0.65  # of a table's size; below it, words are broken instead
LONG_BOX = 900  # letters; a longer box may break over the page


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
) -> Sheet:
    """The piece as print HTML with its page references still marked.

    With `end_notes` its notes stand after the text, whatever they hold. `rooms` are the
    tables that were too wide, with the share of their width that there is room for.
    """
    body, sound = parse(chapter.xhtml)
    notes = [(note, parse(note.xhtml)[0]) for note in chapter.footnotes]
    at_foot = not end_notes and stands_at_foot(chapter, [text for _, text in notes])
    verse = set_verse(body)
    if not verse:
        set_opening(body)
    addresses: list[Address] = []
    for number, element in enumerate((body, *(text for _, text in notes))):
        name = f"{chapter.anchor}--{number}"
        set_blocks(element)
        fit_tables(element, name, rooms)
        addresses += find_addresses(element, name)
        set_formulas(element, MEASURE)
        mark_references(element, name, targets)
    if at_foot:
        place_notes(body, {note.anchor: (note, text) for note, text in notes})
    closing = () if at_foot else tuple((note, to_html(text)) for note, text in notes)
    return Sheet(to_html(body), closing, tuple(addresses), sound)


def parse(xhtml: str) -> tuple[Element, bool]:
    """A fragment as a tree under one `div`, and whether it was well-formed."""
    source = CONTROL.sub("", clean(xhtml))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(f'<div xmlns:epub="{EPUB}">{source}</div>', parser), True
    except etree.XMLSyntaxError:
        loose = html.fragment_fromstring(source, create_parent="div")
        return etree.fromstring(html.tostring(loose, encoding="unicode", method="xml")), False


def to_html(body: Element) -> Markup:
    """What stands inside the `div`, as HTML; tags never close themselves."""
    etree.cleanup_namespaces(body)
    # What is EPUB's own means nothing on paper, and a colon is no name in HTML.
    for element in body.iter(etree.Element):
        for name in [n for n in element.attrib if str(n).startswith("{")]:
            del element.attrib[name]
    parts = [escape(body.text or "", quote=False)]
    parts += (etree.tostring(child, encoding="unicode", method="html") for child in body)
    return Markup("".join(parts))  # noqa: S704 - serialised from a parsed tree


def fragment(xhtml: str) -> Markup:
    """A definition or a biography for paper."""
    body, _ = parse(xhtml)
    set_blocks(body)
    set_formulas(body, MEASURE)
    return to_html(body)


def run_in(xhtml: str) -> tuple[Markup, Markup]:
    """A definition's first paragraph without its tags, to follow its term, and the rest."""
    body, _ = parse(xhtml)
    set_blocks(body)
    set_formulas(body, MEASURE)
    first = body[0] if len(body) and not (body.text or "").strip() else None
    if first is None or first.tag != "p":
        return Markup(), to_html(body)
    body.remove(first)
    first.tail = None
    return to_html(first), to_html(body)


def set_blocks(body: Element) -> None:
    """What screens have and paper has not: ticks, folds, pixels, rules without meaning."""
    for element in list(body.iter(etree.Element)):
        change = CHANGES.get(str(element.tag))
        if change is not None:
            change(element)


def _checkbox(box: Element) -> None:
    done = box.get("checked") is not None
    tail, label = box.tail, box.get("aria-label", "")
    box.clear()
    box.tag, box.tail = "span", tail
    box.set("class", "box done" if done else "box")
    box.set("title", label)
    box.text = "×" if done else "\u00a0"


def _details(fold: Element) -> None:
    fold.tag = "aside"
    fold.attrib.pop("open", None)
    _aside(fold)


def _summary(title: Element) -> None:
    title.tag = "p"


def _image(image: Element) -> None:
    width = image.attrib.pop("width", "")
    image.attrib.pop("height", None)
    if width.isdigit():
        image.set("style", f"width:{int(width)}px")
    if not image.get("alt", "").strip():
        image.set("alt", image.get("src", "").rpartition("/")[2].rpartition(".")[0] or "–")


def _rule(rule: Element) -> None:
    following = rule.getnext()
    # Before a heading or at the end a writer's rule says only what white space says.
    if following is None or following.tag in HEADINGS:
        rule.set("class", "quiet")


def _cell(cell: Element) -> None:
    if not cell.get("scope"):
        cell.set("scope", "col")


def _table(table: Element) -> None:
    columns = max((len(row) for row in table.iter("tr")), default=0)
    if columns > 4:
        _add_class(table, "many" if columns > 7 else "several")


def _aside(aside: Element) -> None:
    if len("".join(aside.itertext())) > LONG_BOX:
        _add_class(aside, "long")


def _paragraph(paragraph: Element) -> None:
    """A bold line of its own is a heading in all but name; a colon holds on to its list."""
    alone = len(paragraph) == 1 and paragraph[0].tag in ("strong", "b")
    if alone and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip(" :"):
        _add_class(paragraph, "label")
    following = paragraph.getnext()
    if following is None or following.tag not in INTRODUCED:
        return
    if "".join(paragraph.itertext()).rstrip().endswith(":"):
        _add_class(paragraph, "introduces")


def fit_tables(body: Element, name: str, rooms: Mapping[str, float]) -> None:
    """Give every table a name, and set those smaller that did not fit."""
    for number, table in enumerate(body.iter("table")):
        own = table.get("id") or f"{name}-t{number}"
        table.set("id", own)
        if own in rooms:
            _add_class(table, "squeezed" if rooms[own] > SMALLEST else "squeezed crushed")
            table.set("style", f"font-size:{max(SMALLEST, 0.95 * rooms[own]) * 8.5:.2f}pt")


def find_addresses(body: Element, name: str) -> Iterator[Address]:
    """The links out of the book, each address once; those printed in full are known."""
    seen: set[str] = set()
    for number, link in enumerate(body.iter("a")):
        url = link.get("href", "")
        words = " ".join("".join(link.itertext()).split())
        if not url.startswith(OUTSIDE) or url in seen or words == url or not words:
            continue
        seen.add(url)
        if not link.get("id"):
            link.set("id", f"{name}-a{number}")
        yield Address(url, words, link.get("id", ""))


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _link(link: Element) -> None:
    text = link.text or ""
    if len(link) or not text.startswith(("http://", "https://")):
        return
    pieces = URL_BREAK.split(text)
    link.text = pieces[0]
    for piece in pieces[1:]:
        etree.SubElement(link, "wbr").tail = piece


CHANGES = {
    "input": _checkbox,
    "details": _details,
    "summary": _summary,
    "img": _image,
    "hr": _rule,
    "th": _cell,
    "table": _table,
    "a": _link,
    "aside": _aside,
    "p": _paragraph,
}


def breakable(url: str) -> Markup:
    """An address that may break after its strokes and points, without what goes unsaid."""
    bare = url.removeprefix("https://").removeprefix("http://").removeprefix("mailto:")
    pieces = URL_BREAK.split(bare.removesuffix("/"))
    return Markup("<wbr>".join(escape(piece) for piece in pieces))  # noqa: S704


def set_verse(body: Element) -> bool:
    """Mark the paragraphs that are stanzas; true where the piece is nothing but verse."""
    paragraphs = list(body.iter("p"))
    stanzas = [p for p in paragraphs if _is_stanza(p)]
    for stanza in stanzas:
        _add_class(stanza, "verse")
    only = bool(stanzas) and 2 * len(stanzas) >= len(paragraphs)
    if only:
        for paragraph in paragraphs:
            if "verse" not in paragraph.get("class", ""):
                _add_class(paragraph, "verse")
    return only


def _is_stanza(paragraph: Element) -> bool:
    """Two breaks or more, and no line longer than verse has."""
    lines = list(_lines(paragraph))
    return len(lines) >= 3 and max(map(len, lines)) <= 70


def _lines(paragraph: Element) -> Iterator[str]:
    line = paragraph.text or ""
    for child in paragraph.iter(etree.Element):
        if child is paragraph:
            continue
        if child.tag == "br":
            yield line
            line = ""
        else:
            line += child.text or ""
        line += child.tail or ""
    yield line


def set_opening(body: Element) -> None:
    """Small capitals for the first words of a piece that begins with a paragraph."""
    first = next((child for child in body if isinstance(child.tag, str)), None)
    if first is None or first.tag != "p" or not (first.text or "").strip():
        return
    found = LEAD_WORDS.match(first.text or "")
    words = found[0] if found else ""
    while len(words) > LEAD_LETTERS and " " in words.strip():
        words = words.rpartition(" ")[0]
    if not words.strip() or len(words) > LEAD_LETTERS:
        return
    rest = (first.text or "")[len(words) :]
    lead = etree.Element("span")
    lead.set("class", "lead-in")
    lead.text, lead.tail = words.lstrip(), rest
    first.text = None
    first.insert(0, lead)
