"""Pages of a laid-out text, and where in it they begin."""

from __future__ import annotations

from lxml import etree
from weasyprint import HTML

from publisher.render.page_starts import PageStart, mark_pages
from publisher.render.pdf.blocks import number_blocks
from publisher.render.pdf.tree import parse, to_html
from publisher.render.pdf.turns import turns

WORDS = " ".join(f"w{n}ord" for n in range(60))
TEXT = (
    f"<h2>Head</h2><p>{WORDS}</p>"
    '<p>one<a class="noteref">7</a> <span class="page-reference">(p. 12)</span>'
    f"<em>{WORDS}</em></p><ul><li>{WORDS}</li></ul>"
)
CSS = "@page { size: 200px 120px; margin: 10px } body { font: 10px/12px serif; hyphens: auto }"


def test_each_page_begins_with_the_word_it_begins_with() -> None:
    body, _ = parse(TEXT)
    number_blocks(body)
    html = f'<html lang="en"><style>{CSS}</style><body><h1>Title</h1>{to_html(body)}</body></html>'
    document = HTML(string=html).render()
    places = turns(document)
    assert len(places) > 5
    page = etree.fromstring(f'<section id="p"><div class="body">{TEXT}</div></section>')
    starts = [PageStart(f"{n}", "p", *place) for n, place in enumerate(places)]
    assert len(mark_pages(page, starts)) == len(places)
    for number, place in enumerate(places[1:], 1):
        mark = next(m for m in page.iter() if m.get("id") == f"_page-{number}")
        printed = _first_words(document.pages[number])
        following = (mark.tail or "").strip() or _after(mark)
        # A word parted at the turn of the page stays whole before the mark.
        assert following.split()[0] in printed.split()[:2], (place, following[:20], printed[:30])


def test_a_page_that_goes_on_with_a_table_begins_below_its_head() -> None:
    rows = "".join(f"<tr><td>row{n}</td><td>words{n}</td></tr>" for n in range(20))
    head = "<thead><tr><th>Name</th><th>Said</th></tr></thead>"
    body, _ = parse(f"<table>{head}<tbody>{rows}</tbody></table><p>After</p>")
    number_blocks(body)
    html = f'<html lang="en"><style>{CSS}</style><body>{to_html(body)}</body></html>'
    document = HTML(string=html).render()
    assert len(document.pages) > 2
    names = {td.get("data-b"): td.text for td in body.iter("th", "td", "p")}
    firsts = [names[str(block)] for block, _ in turns(document)]
    assert firsts[0] == "Name"
    assert all(first in _first_words(document.pages[n]).split()[2:4]
               for n, first in enumerate(firsts[1:], 1))  # fmt: skip
    assert not set(firsts[1:]) & {"Name", "Said"}


def _after(mark: etree._Element) -> str:
    following = mark.getnext()
    return "".join(map(str, following.itertext())) if following is not None else ""


def _first_words(page: object) -> str:
    lines: list[str] = []

    def walk(box: object) -> None:
        if hasattr(box, "text"):
            lines.append(box.text)
        for child in getattr(box, "children", ()):
            walk(child)

    walk(page._page_box)  # type: ignore[attr-defined]
    return " ".join(lines)
