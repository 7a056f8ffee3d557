"""A page that ends a line early is let out to its foot by the white it has; its lines stay as set."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from publisher.render.pdf.levelling import level_pages

# Eleven lines of 20 pixels to a page.
CSS = """<style>
@page { size: 300px 240px; margin: 10px }
html { font: 16px/20px "Book Serif", serif; orphans: 2; widows: 2 }
body, p, h2, section { margin: 0 }
h2 { font-size: 16px; margin: 40px 0 20px; break-after: avoid }
section { break-before: page }
.quoted { border-bottom: 1px solid; padding: 5px 0 14px; margin: 20px 0 }
</style>"""
LINES = "<br>".join(["A line of text"] * 3)


def three(times: int) -> str:
    return f"<p>{LINES}</p>" * times


# The last paragraph's third line would stand alone, so two go over and the page ends early.
EARLY = f"<section>{three(1)}<h2>Two</h2>{three(3)}{three(6)}</section>"


def feet(html: str, *, level: bool) -> list[float]:
    """Where the last line of each page ends."""
    return [max(line.position_y + line.height for line in page) for page in pages(html, level)]


def pages(html: str, level: bool) -> list[list[Any]]:
    document = HTML(string=CSS + html).render()
    if level:
        level_pages(document)
    return [list(_lines(page._page_box)) for page in document.pages]


def _lines(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.LineBox):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _lines(child)


def test_a_page_that_ends_a_line_early_is_let_out_to_its_foot() -> None:
    plain, level = feet(EARLY, level=False), feet(EARLY, level=True)
    assert plain[0] == pytest.approx(210)
    assert level[0] == pytest.approx(230)
    assert level[1:] == plain[1:]


def test_only_the_white_about_a_heading_grows() -> None:
    plain, level = pages(EARLY, level=False)[0], pages(EARLY, level=True)[0]
    steps = [
        tuple(round(below.position_y - above.position_y, 1) for above, below in pairwise(page))
        for page in (plain, level)
    ]
    grown = [number for number, pair in enumerate(zip(*steps, strict=True)) if pair[0] != pair[1]]
    assert grown == [2, 3]  # before the heading, and after it
    moved = [steps[1][number] / steps[0][number] for number in grown]
    assert max(moved) < 1.5


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<section>{three(3)}{three(6)}</section>", id="no white"),
        pytest.param(f"<section>{three(1)}<h2>Two</h2>{three(1)}</section>{EARLY}", id="its end"),
        pytest.param(EARLY.replace("<section>", "<section style='columns: 2'>"), id="columns"),
        pytest.param(
            f"<section><div class=poem>{three(1)}<h2>Two</h2>{three(3)}</div>{three(6)}</section>",
            id="a poem's white",
        ),
    ],
)
def test_other_pages_stay_as_they_are(html: str) -> None:
    assert feet(html, level=True)[:1] == feet(html, level=False)[:1]


def test_what_frames_the_white_grows_with_it() -> None:
    html = EARLY.replace(three(1) + "<h2>", f"<div class=quoted>{three(1)}<h2>", 1)
    html = html.replace("Two</h2>", "Two</h2><p>One line</p></div>", 1)
    document = HTML(string=CSS + html).render()
    before = _framed(document.pages[0]._page_box)
    level_pages(document)
    after = _framed(document.pages[0]._page_box)
    assert after[0] == before[0]
    assert after[1] >= before[1]


def _framed(box: Any) -> tuple[float, float]:
    found = next(one for one in box.descendants() if one.border_bottom_width)
    return found.border_box_y(), found.border_box_y() + found.border_height()


DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def test_a_ground_goes_with_its_box() -> None:
    grounds = (
        f"<style>h2 {{ background: #eee url({DOT}) }} p {{ background: yellow }}"
        " section { background: tan }</style>"
    )
    plain, level = (feet(grounds + EARLY, level=level)[0] for level in (False, True))
    assert level > plain
    document = HTML(string=CSS + grounds + EARLY).render()
    level_pages(document)
    boxes_of = document.pages[0]._page_box.descendants()
    grounded = [box for box in boxes_of if box.element_tag and box.background]
    assert [box.element_tag for box in grounded] == ["section", "p", "h2", "p"]
    for box in grounded:
        layer = box.background.layers[-1]
        _, top, _, high = layer.painting_area[:4]
        assert (top, high) == pytest.approx((box.border_box_y(), box.border_height()))
        assert bool(layer.image) is (box.element_tag == "h2")
