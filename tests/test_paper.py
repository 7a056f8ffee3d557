"""What print.css and the changes for paper make of pictures and of the contents' lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from booksample import METADATA
from lxml import etree
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from publisher.book.model import Book, Chapter
from publisher.render.pdf import mending
from publisher.render.pdf.blocks import SCREEN, breakable, set_blocks
from publisher.render.pdf.displays import part_at_displays
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.formulas import MATH as FORMULA
from publisher.render.pdf.references import mark_references, print_references
from publisher.render.pdf.sheet import set_sheet
from publisher.render.pdf.stock import BASE
from publisher.render.pdf.stockroom import Supply
from publisher.render.theme import load_theme
from publisher.wording import wording

THEME = load_theme("classic")
SHEET = THEME.sheet("print.css", "print")
ENTRY = (
    '<p class="piece-line"><a href="#a"><span>{title} <span class="by">{author}</span></span>'
    '<span class="leader"></span><span class="folio">39</span></a></p>'
)


def lines(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "LineBox":
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from lines(child)


def contents(width: int) -> Iterator[list[tuple[str, float, float]]]:
    """The texts of each line of a contents page, with where each begins and ends."""
    names = ("Sunniva Craike", "Felix Adeoye-Marr", "Anselme Trévidoc", "Ines Brannoch", "Ada")
    title = "The Ballad of Mrs Amery and of the Twelve Winters of the Lamp"
    entries = "".join(ENTRY.format(title=title[: 20 + n], author=names[n % 5]) for n in range(30))
    page = f"<html lang=en><section class=contents>{entries}</section>"
    fonts = FontConfiguration()
    supply = Supply(Book(METADATA, ()), THEME, lambda _: b"")
    sheet = CSS(string=SHEET, base_url=BASE, url_fetcher=supply, font_config=fonts)
    own = CSS(string=f"@page {{ size: {width}pt 2000pt; margin: 20pt }}")
    made = HTML(string=page).render(stylesheets=[sheet, own], font_config=fonts)
    for line in lines(made.pages[0]._page_box):
        parts = [part for part in line.descendants() if hasattr(part, "text")]
        yield [
            (part.text, part.position_x, part.position_x + part.width)
            for part in parts
            if part.text.strip()
        ]


@pytest.mark.parametrize("width", [200, 240, 300, 420])
def test_leaders_end_in_line_and_never_stand_alone_or_touch(width: int) -> None:
    mending.mend()
    ends = set()
    for parts in contents(width):
        dots = [(start, end) for text, start, end in parts if set(text) <= set(".\u00a0")]
        words = {text: end for text, _, end in parts if not set(text) <= set(".\u00a0")}
        assert words.keys() - {"39"}, parts
        if dots:
            ends.add(round(max(end for _, end in dots)))
            # Each dot has two spaces before it.
            assert min(dots)[0] > max(words[word] for word in words.keys() - {"39"}) - 0.1
    # The engine loses a dot to rounding now and then, the indent of a line it may not lose.
    assert max(ends) - min(ends) < 8


def test_a_width_typed_for_a_screen_is_one_for_paper() -> None:
    body = etree.fromstring('<p><img width="300" height="200" src="a.png" alt="A"/></p>')
    set_blocks(body)
    assert body[0].get("style") == f"width:{300 * SCREEN:g}px" == "width:192px"
    assert body[0].get("height") is None
    body = etree.fromstring('<p><img width="300" src="a.svg" alt="A"/></p>')
    set_blocks(body)
    assert body[0].get("style") == "width:300px"


def test_a_picture_of_few_pixels_is_small_and_not_coarse() -> None:
    assert "image-resolution: 150dpi" in SHEET


def on_pages(body: str, height: int) -> dict[str, int]:
    """The number of the page that each text stands on."""
    mending.mend()
    text = etree.fromstring(f"<div>{body}</div>")
    set_blocks(text)
    own = CSS(string=f"@page {{ size: 300pt {height}pt; margin: 20pt }}")
    supply = Supply(Book(METADATA, ()), THEME, lambda _: b"")
    sheet = CSS(string=SHEET, base_url=BASE, url_fetcher=supply)
    shown = etree.tostring(text, encoding="unicode")
    page = f"<html lang=en><section class=text>{shown}</section>"
    made = HTML(string=page).render(stylesheets=[sheet, own])
    return {
        part.text: number
        for number, leaf in enumerate(made.pages)
        for part in leaf._page_box.descendants()
        if hasattr(part, "text")
    }


BEFORE = "<p>Before it.</p>" * 3


@pytest.mark.parametrize("height", range(150, 290, 7))
def test_no_page_ends_between_a_heading_and_its_code_or_within_four_lines_of_it(
    height: int,
) -> None:
    where = on_pages(
        f'{BEFORE}<h4>Install</h4><p class="introduces">Say this:</p>'
        "<pre><code>one\n\nthree\nfour</code></pre>",
        height,
    )
    assert len({where[text] for text in ("Install", "Say this:", "one", "three", "four")}) == 1


@pytest.mark.parametrize("code", ["one", "one\ntwo"])
def test_a_page_may_end_before_or_after_a_short_listing(code: str) -> None:
    listing = f"<pre><code>{code}</code></pre>"
    ends = [on_pages(f"{BEFORE}<p>So.</p>{listing}<p>After.</p>", h) for h in range(100, 200, 3)]
    assert any(where["So."] < where["one"] for where in ends)
    assert any(where["one"] < where["After."] for where in ends)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://www.example.org/sea?utm_source=x&utm_medium=y", "www.example.org/sea"),
        ("https://example.org/sea?id=3&utm_source=x#top", "example.org/sea?id=3#top"),
        ("https://example.org/sea?fbclid=x&id=3", "example.org/sea?id=3"),
        ("http://example.org/?utmost=1", "example.org/?utmost=1"),
        ("mailto:bo@example.org", "bo@example.org"),
    ],
)
def test_an_address_on_paper_does_not_tell_who_sent_one_there(address: str, said: str) -> None:
    assert breakable(address).replace("<wbr>", "") == said


@pytest.mark.parametrize(
    ("inside", "breaks"),
    [
        ("<p>Words.</p>", False),
        ('<p><img src="a.png"/></p>', True),
        (f"<p>{'long ' * 300}</p>", True),
    ],
)
def test_a_box_with_a_picture_may_break(inside: str, breaks: bool) -> None:
    body = etree.fromstring(f'<div><div class="callout">{inside}</div></div>')
    set_blocks(body)
    assert ("long" in body[0].get("class", "").split()) is breaks


@pytest.mark.parametrize(
    ("markup", "numbers"),
    [
        ("<ol><li>a</li><li>b</li></ol>", ["1.", "2."]),
        ('<ol start="3"><li>a</li><li>b</li></ol>', ["3.", "4."]),
        (
            '<ol start="0"><li>a<ol start="7"><li>b</li></ol></li><li>c</li></ol>',
            ["0.", "7.", "1."],
        ),
    ],
)
def test_a_list_begins_with_its_own_number(markup: str, numbers: list[str]) -> None:
    body = etree.fromstring(f"<div>{markup}</div>")
    set_blocks(body)
    made = HTML(string=etree.tostring(body, encoding="unicode")).render()
    markers = [
        box.text.strip()
        for line in lines(made.pages[0]._page_box)
        for box in line.descendants()
        if getattr(box, "element_tag", "").endswith("::marker") and hasattr(box, "text")
    ]
    assert sorted(markers) == sorted(numbers)


def standing(body: str, theme: str, language: str = 'lang="en"') -> dict[str, tuple[float, float]]:
    """Where each text of one high page stands: from the left, and from the top."""
    mending.mend()
    chosen = load_theme(theme)
    own = CSS(string="@page { size: 300pt 900pt; margin: 20pt }")
    supply = Supply(Book(METADATA, ()), chosen, lambda _: b"")
    sheet = CSS(string=chosen.sheet("print.css", "print"), base_url=BASE, url_fetcher=supply)
    page = f"<html {language}><section class=text>{body}</section>"
    made = HTML(string=page).render(stylesheets=[sheet, own])
    return {
        part.text: (part.position_x, part.position_y)
        for part in made.pages[0]._page_box.descendants()
        if hasattr(part, "text")
    }


def boxed(title: str, inside: str, kind: str = "tip") -> str:
    return (
        f'<aside class="callout callout-{kind}"><p class="callout-title">{title}</p>'
        f'<div class="callout-body">{inside}</div></aside>'
    )


@pytest.mark.parametrize("theme", ["classic", "journal", "modern", "pocket"])
def test_boxes_within_a_box_stand_one_below_the_other(theme: str) -> None:
    inside = boxed("First", "<p>Left.</p>") + boxed("Second", boxed("Third", "") * 2)
    at = standing(boxed("Outer", inside), theme)
    assert at["Second"][1] > at["Left."][1] + 10 > at["First"][1] + 20
    again = standing(boxed("Outer", boxed("Second", boxed("A", "") + boxed("B", ""))), theme)
    assert again["B"][1] > again["A"][1] + 10


def test_lists_keep_their_indents_within_three_boxes_but_not_without_end() -> None:
    items = "".join(f"<ul><li>{n}" for n in range(6)) + "</li></ul>" * 6
    body = etree.fromstring(f"<div>{boxed('A', boxed('B', boxed('C', items)))}</div>")
    set_blocks(body)
    at = standing(etree.tostring(body, encoding="unicode"), "classic")
    lefts = [at[str(n)][0] for n in range(6)]
    assert at["B"][0] < at["C"][0] < lefts[0] < lefts[1] < lefts[2]
    assert all(levels.get("class") == "deep" for levels in list(body.iter("ul"))[3:])


def paddings(sheet: str, table: str, direction: str) -> list[tuple[float, float]]:
    """How far a row's cells keep on their left and right, in points, in the order of reading."""
    page = f"<html lang=he dir={direction}><section class=text>{table}</section>"
    made = HTML(string=page).render(stylesheets=[CSS(string=sheet, base_url=BASE)])
    found = made.pages[0]._page_box.descendants()
    cells = [box for box in found if type(box).__name__ == "TableCellBox"]
    return [(cell.padding_left * 0.75, cell.padding_right * 0.75) for cell in cells]


@pytest.mark.parametrize("medium", ["print", "epub"])
@pytest.mark.parametrize("theme", ["classic", "journal", "modern", "pocket"])
def test_a_table_read_from_the_right_is_the_mirrored_one(medium: str, theme: str) -> None:
    sheet = load_theme(theme).sheet(f"{medium}.css", medium)
    sheet = sheet.replace("@media (max-width: 34em)", "@media all")  # as on a phone
    sheet = re.sub("@(font-face|page)[^{}]*{[^{}]*}", "", sheet)
    kinds = ("", "several", "many", "squeezed", "squeezed crushed")
    row = "<tr><td>a</td><td>b</td><td>c</td></tr>"
    tables = "".join(f'<table class="{kind}">{row}</table>' for kind in kinds)
    left, right = (paddings(sheet, tables, direction) for direction in ("ltr", "rtl"))
    assert right == [(after, before) for before, after in left]
    assert all(right[n][0] + right[n + 1][1] > 0 for n in range(0, 15, 3))


@pytest.mark.parametrize("theme", ["classic", "journal", "pocket"])
def test_a_page_reference_is_in_order_in_text_that_is_read_from_the_right(theme: str) -> None:
    folios = Folios({"b": 77})
    body = etree.fromstring('<div><p>ראי גם <a href="#b">שלום</a> כאן.</p></div>')
    mark_references(body, "x", frozenset({"b"}))
    shown = print_references(etree.tostring(body, encoding="unicode"), folios, wording("en"))
    at = standing(shown, theme, 'lang="he" dir="rtl"')
    assert at["p.\u00a0"][0] < at["77"][0]


MATH = f'<math xmlns="{etree.QName(FORMULA).namespace}"{{}}><mi>x</mi></math>'
SHOWN = MATH.format(' display="block"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f'<p id="a">One {SHOWN} two.</p>',
            '<p id="a">One</p><div class="math">M</div><p class="resumes">two.</p>',
        ),
        (
            f"<p>One<br/>\n{SHOWN}, <em>two</em></p>",
            '<p>One</p><div class="math">M,</div><p class="resumes"><em>two</em></p>',
        ),
        (
            f'<p id="a">{SHOWN}<br/>\nOne {SHOWN}.</p>',
            '<div class="math" id="a">M</div><p class="resumes">One</p><div class="math">M.</div>',
        ),
        (f"<p>One {MATH.format('')} two.</p>", "<p>One M two.</p>"),
        (f'<div class="math">{SHOWN}</div>', '<div class="math">M</div>'),
        (f"<ul><li>One {SHOWN} two.</li></ul>", "<ul><li>One M two.</li></ul>"),
    ],
)
def test_a_formula_displayed_within_a_paragraph_has_its_own_line(before: str, after: str) -> None:
    body = etree.fromstring(f"<div>{before}</div>")
    part_at_displays(body)
    made = etree.tostring(body, encoding="unicode")
    assert re.sub("<math.*?</math>", "M", made) == f"<div>{after}</div>"


def test_a_formula_displayed_within_a_paragraph_is_below_the_words_before_it() -> None:
    text = f"<p>So.</p><p>Before it all {SHOWN} and after.</p>"
    body = set_sheet(Chapter("a", "A", "A", text, "a.md"), frozenset(), {}).body
    at = standing(str(body), "classic")
    assert at["and after."][1] > at["Before it all"][1] + 30
    assert at["and after."][0] == at["So."][0]  # it begins no paragraph


@pytest.mark.parametrize("height", range(120, 240, 9))
def test_no_page_ends_between_a_numeral_and_its_stanza(height: int) -> None:
    stanza = '<p class="stanza{}"><span class="line">{}</span></p>'
    lines = "".join(stanza.format("", f"Line {n}") for n in range(4))
    poem = f"{lines}{stanza.format(' over', 'II')}{stanza.format('', 'After.')}"
    where = on_pages(f'<div class="poem">{poem}</div>', height)
    assert where["II"] == where["After."]
