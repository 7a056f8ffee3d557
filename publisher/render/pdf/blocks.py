"""What screens have and paper has not: ticks, folds, pixels, tables as wide as they like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lxml import etree
from markupsafe import Markup

from publisher.book.tree import HEADINGS, Element, add_class, classes
from publisher.render.page_starts import blocks_of
from publisher.render.pdf.formulas import MATH
from publisher.render.pdf.listings import keep_options, set_listing
from publisher.render.pdf.mail import keep_addresses
from publisher.render.pdf.tree import words_of

BLOCK = "data-b"
TICKS = {"☑": "×", "☐": "\u00a0"}
INTRODUCED = frozenset({"ul", "ol", "dl", "pre", "table", "blockquote", "figure", "div"})
URL_BREAK = re.compile(r"(?<=[/?&=#_.,-])(?=[^/?&=#_.,-])")
# In a table's narrow column, between words of at least two letters.
CODE_BREAK = re.compile(r"(?<=\w\w[/._,:=-])(?=\w\w)")
WHOLE_CODE = 24  # letters of a row that do not break; most lines have 60
INDENTED = frozenset({"ul", "ol", "blockquote", "dd"})
BOXED = frozenset({"callout", "embed"})
DEEPEST = 6  # boxes within boxes that stand in from the one around them
SMALLEST = 0.65  # of a table's size; below it, words are broken instead
# A width that was typed in pixels of a screen: as print.css, which wants 150 of them to the inch.
SCREEN = 96 / 150
WIDEST = 30  # em of a table's letters that make a line
# What tells who sent a reader there, and where nothing else was asked for its mark.
TRACKING = re.compile(
    r"(?<=[?&])(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)=[^&#]*(?:&|(?=#)|$)"
)
TRACKED = re.compile(r"[?&](?=#|$)")
LONG_BOX = 900  # letters; a longer box may break over the page


def number_blocks(body: Element) -> None:
    """Number the blocks that the EPUB has too, before anything is changed for paper."""
    for number, block in enumerate(blocks_of(body)):
        block.set(BLOCK, str(number))


def set_blocks(body: Element) -> None:
    """Change every element for which paper has another form."""
    for element in list(body.iter(etree.Element)):
        change = CHANGES.get(str(element.tag))
        if change is not None:
            change(element)
    keep_addresses(body)
    flatten(body)


def flatten(body: Element) -> None:
    """Beyond a depth no box stands further in: its text would leave the page."""
    depths = {body: 0}
    for element in body.iter(etree.Element):
        parent = element.getparent()
        depth = 0 if element is body or parent is None else depths[parent]
        if element.tag in INDENTED or not BOXED.isdisjoint(classes(element)):
            depth += 1
            if depth > DEEPEST:
                add_class(element, "deep")
        depths[element] = depth


def _checkbox(box: Element) -> None:
    done = box.get("checked") is not None
    tail = box.tail
    box.clear()
    box.tag, box.tail, box.text = "span", tail, TICKS["☑" if done else "☐"]
    box.set("class", "box")


def _numbered(items: Element) -> None:
    """Say with which number a list begins: WeasyPrint does not look at `start`."""
    start = items.get("start", "1")
    items.attrib.pop("start", "")
    # One in a note becomes phrases, whose counter nothing else sets back.
    items.set("style", f"counter-reset: list-item {int(start) - 1}")


def _span(span: Element) -> None:
    """A drawn box: the faces that books are set in have no ballot boxes."""
    if span.get("class") != "checkbox" or (span.text or "") not in TICKS:
        return
    span.set("class", "box")
    span.text = TICKS[span.text or ""]
    # The box brings its own distance, which lines that are turned over keep too.
    span.tail = (span.tail or "").lstrip(" ")


def _details(fold: Element) -> None:
    fold.tag = "aside"
    fold.attrib.pop("open", "")
    _aside(fold)


def _summary(title: Element) -> None:
    title.tag = "p"


def _image(image: Element) -> None:
    width = image.attrib.pop("width", "")
    image.attrib.pop("height", "")
    if width.isdigit():
        # A drawing has no pixels, and its letters would be too small to read.
        scale = 1 if image.get("src", "").casefold().endswith(".svg") else SCREEN
        _add_style(image, f"width:{int(width) * scale:g}px")
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
    for row in table.iter("tr"):
        room = WHOLE_CODE
        for code in row.iter("code"):
            letters = len(words_of(code))
            if _fills_its_cell(code) and letters <= room:
                add_class(code, "whole")
                room -= letters
            else:
                _break_up(code, CODE_BREAK)
    columns = max((len(row) for row in table.iter("tr")), default=0)
    _share_room(table, columns)
    if columns > 4:
        add_class(table, "many" if columns > 7 else "several")


def _share_room(table: Element, columns: int) -> None:
    """Give columns of pictures and formulas a share of the line: in em, to shrink with letters.

    A share in per cent would be one of a column that is as wide as the picture.
    """
    rows = [list(row) for row in table.iter("tr")]
    pictures: dict[int, list[Element]] = {}
    letters: dict[int, int] = {}
    for row in rows:
        for number, cell in enumerate(row):
            pictures.setdefault(number, []).extend(cell.iter("img", MATH))
            letters[number] = max(letters.get(number, 0), len(words_of(cell)))
    shown = [number for number, found in pictures.items() if found]
    taken = sum(
        min(WIDEST / columns, 1 + letters[number] / 2) for number in letters if number not in shown
    )
    for number in shown:
        room = f"{(WIDEST - taken) / len(shown):.3g}"
        for shape in pictures[number]:
            if shape.tag == "img":
                _add_style(shape, f"max-width:{room}em")
            else:
                shape.set("data-room", room)


def _add_style(element: Element, style: str) -> None:
    element.set("style", ";".join(filter(None, (element.get("style"), style))))


def _fills_its_cell(code: Element) -> bool:
    """Whether nothing else stands in the cell: the name of an option, say."""
    cell = code.getparent()
    return cell is not None and cell.tag in ("td", "th") and words_of(cell) == words_of(code)


def _aside(aside: Element) -> None:
    boxed = "callout" in aside.get("class", "").split()
    # A box with a picture has as little chance to find room as a long one.
    if boxed and (len(words_of(aside)) > LONG_BOX or aside.find(".//img") is not None):
        add_class(aside, "long")


def _paragraph(paragraph: Element) -> None:
    """A bold line of its own is a heading in all but name; a colon holds on to its list."""
    alone = len(paragraph) == 1 and paragraph[0].tag in ("strong", "b")
    if alone and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip(" :"):
        add_class(paragraph, "label")
    following = paragraph.getnext()
    if following is None or following.tag not in INTRODUCED:
        return
    if words_of(paragraph).rstrip().endswith(":"):
        add_class(paragraph, "introduces")


def _link(link: Element) -> None:
    if (link.text or "").startswith(("http://", "https://")):
        _break_up(link, URL_BREAK)


def _code(code: Element) -> None:
    if not any(element.tag in ("pre", "table") for element in code.iterancestors()):
        keep_options(code)


def _break_up(element: Element, places: re.Pattern[str]) -> None:
    """Let a text without markup break at these places."""
    if len(element):
        return
    element.text, *pieces = places.split(element.text or "")
    for piece in pieces:
        etree.SubElement(element, "wbr").tail = piece


CHANGES = {
    "input": _checkbox,
    "details": _details,
    "summary": _summary,
    "img": _image,
    "hr": _rule,
    "th": _cell,
    "table": _table,
    "a": _link,
    "code": _code,
    "kbd": _code,
    "pre": set_listing,
    "samp": _code,
    "aside": _aside,
    "div": _aside,
    "span": _span,
    "p": _paragraph,
    "ol": _numbered,
}


def run_in_heads(body: Element, from_level: str) -> None:
    """Put headings of that level and below into one box with the paragraph they open."""
    for heading in [h for h in body.iter(*HEADINGS) if str(h.tag) >= from_level]:
        following, parent = heading.getnext(), heading.getparent()
        if following is None or following.tag != "p" or parent is None:
            continue
        own = following.get("class", "")
        if own not in ("", "introduces", "ragged") or (heading.tail or "").strip():
            continue
        box = etree.Element("div")
        box.set("class", f"runs-in {own}".rstrip())
        parent.replace(heading, box)
        heading.tail = None
        box.extend((heading, following))
        box.tail, following.tail = following.tail, None


def fit_tables(body: Element, name: str, rooms: Mapping[str, float]) -> None:
    """Give every table a name, and set those smaller that did not fit."""
    for number, table in enumerate(body.iter("table")):
        own = table.get("id") or f"{name}-t{number}"
        table.set("id", own)
        if own in rooms:
            add_class(table, "squeezed" if rooms[own] > SMALLEST else "squeezed crushed")
            table.set("style", f"font-size:{max(SMALLEST, 0.95 * rooms[own]) * 8.5:.2f}pt")


def breakable(url: str) -> Markup:
    """An address that may break after its strokes and points, without what goes unsaid."""
    bare = url.removeprefix("https://").removeprefix("http://").removeprefix("mailto:")
    bare = TRACKED.sub("", TRACKING.sub("", bare))
    pieces = URL_BREAK.split(bare.removesuffix("/"))
    return Markup("<wbr>".join(escape(piece) for piece in pieces))  # noqa: S704
