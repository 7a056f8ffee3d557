"""A picture that does not fit leaves no hole: it gets a little smaller, or text goes before it."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image
from weasyprint import HTML, Document
from weasyprint.formatting_structure import boxes

from publisher.render.pdf.picture_places import LAYOUTS, place_pictures

# Eleven lines of 20 pixels to a page.
CSS = """<style>
@page { size: 300px 240px; margin: 10px }
html { font: 16px/20px "Book Serif", serif; orphans: 2; widows: 2 }
body, p, h2, section, figure, figcaption { margin: 0 }
h2 { font-size: 16px; break-after: avoid }
figure { break-inside: avoid }
figure img { display: block }
</style>"""


def picture() -> str:
    made = BytesIO()
    Image.new("L", (10, 10), 128).save(made, "PNG")
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()


PICTURE = picture()


def figure(height: int, caption: str = "") -> str:
    said = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="image"><img src="{PICTURE}" alt="A plate"'
        f' style="width:{height}px">{said}</figure>'
    )


def text(name: str, lines: int) -> str:
    return f"<p>{'<br>'.join(f'{name}{n}' for n in range(1, lines + 1))}</p>"


def pages(html: str) -> list[str]:
    """What each page holds: its lines, and its pictures with their heights."""

    def lay_out(html: str) -> Document:
        return HTML(string=CSS + html).render()

    _, document = place_pictures(html, lay_out(html), lay_out)
    return [" ".join(_held(page._page_box)) for page in document.pages]


def _held(box: object) -> list[str]:
    held: list[str] = []
    for one in box.descendants():  # type: ignore[attr-defined]
        if isinstance(one, boxes.TextBox):
            held.append(one.text)
        elif isinstance(one, boxes.ReplacedBox):
            held.append(f"[{one.height:.0f}]")
    return held


SEVEN = text("A", 7)
HOLE = f"<section>{SEVEN}{figure(150)}"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        pytest.param(
            f"{HOLE}{text('B', 6)}{text('C', 3)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 B1 B2 B3 B4", "B5 B6 [150]", "C1 C2 C3"],
            id="the paragraph that follows fills the page",
        ),
        pytest.param(
            f"{HOLE}{text('B', 2)}{text('C', 2)}{text('D', 5)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 B1 B2 C1 C2", "[150] D1 D2 D3", "D4 D5"],
            id="as many as it takes",
        ),
        pytest.param(
            f"<section>{SEVEN}{figure(70, 'Said.')}{text('B', 3)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 [59] Said.", "B1 B2 B3"],
            id="with its caption",
        ),
        pytest.param(
            f"<section>{SEVEN}{figure(98)}{text('B', 3)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 [79]", "B1 B2 B3"],
            id="a fifth smaller it fits",
        ),
        pytest.param(
            f"<section>{SEVEN}<h2>Two</h2>{figure(150)}{text('B', 4)}{text('C', 3)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 Two B1 B2", "B3 B4 [150]", "C1 C2 C3"],
            id="a heading goes first with what follows the picture",
        ),
        pytest.param(
            f"<section>{figure(100)}{figure(160)}{text('B', 9)}</section>",
            ["[100] B1 B2 B3 B4 B5 B6", "B7 B8 B9 [160]"],
            id="a page of pictures alone",
        ),
        pytest.param(
            f"<section>{SEVEN}{figure(100)}{text('B', 3)}{figure(150)}{text('C', 9)}</section>",
            ["A1 A2 A3 A4 A5 A6 A7 B1 B2 B3", "[100] C1 C2 C3 C4 C5 C6", "C7 C8 C9 [150]"],
            id="a hole that another filled",
        ),
    ],
)
def test_a_picture_leaves_no_hole(html: str, wanted: list[str]) -> None:
    assert pages(html) == wanted


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            f"<section>{SEVEN}{figure(100)}{text('B', 3)}{figure(150)}<p>Fig. 2 is so.</p></section>",
            id="a hole that is worse",
        ),
        pytest.param(f"{HOLE}<h2>Two</h2>{text('B', 6)}</section>", id="a heading"),
        pytest.param(f"{HOLE}<ul><li>One</ul>{text('B', 6)}</section>", id="a list"),
        pytest.param(f"{HOLE}{figure(60)}{text('B', 6)}</section>", id="another picture"),
        pytest.param(f"{HOLE}<p><em>Its caption.</em></p>{text('B', 6)}</section>", id="its words"),
        pytest.param(f"{HOLE}<p>Fig. 2 says so.</p>{text('B', 6)}</section>", id="its number"),
        pytest.param(f"{HOLE}<p>which says so.</p>{text('B', 6)}</section>", id="its sentence"),
        pytest.param(
            f"<section>{SEVEN.replace('A7', 'so:')}{figure(150)}{text('B', 6)}</section>",
            id="announced",
        ),
        pytest.param(f"{HOLE}</section><section>{text('B', 6)}</section>", id="its end"),
        pytest.param(f"<section>{text('A', 9)}{figure(150)}{text('B', 6)}</section>", id="no hole"),
    ],
)
def test_where_it_was_named_is_where_it_stays(html: str) -> None:
    document = HTML(string=CSS + html).render()
    assert pages(html) == [" ".join(_held(page._page_box)) for page in document.pages]


def test_words_that_announce_a_list_stay_before_it() -> None:
    html = f"{HOLE}{text('B', 3)}<p>And so:</p><ul><li>One</ul></section>"
    assert pages(html)[0] == "A1 A2 A3 A4 A5 A6 A7 B1 B2 B3"


def test_pictures_keep_their_order_and_one_hole_after_the_other_is_filled() -> None:
    html = "<section>" + "".join(
        text(letter, 7) + figure(150) + text(letter * 2, 5) for letter in "ABC"
    )
    found = " ".join(pages(html + "</section>")).split()
    assert found.count("[150]") == 3
    words = [
        f"{letter * two}{n}" for letter in "ABC" for two in (1, 2) for n in range(1, 10 - 2 * two)
    ]
    assert [one for one in found if one != "[150]"] == words


def test_a_take_is_laid_out_no_more_than_so_often() -> None:
    html = "<section>" + "".join(
        text(letter, 7) + figure(150) + text(letter * 2, 9) for letter in "ABCDEFGHIJKLMNO"
    )
    turns = 0

    def lay_out(html: str) -> Document:
        nonlocal turns
        turns += 1
        return HTML(string=CSS + html).render()

    place_pictures(html, lay_out(html), lay_out)
    assert turns == 1 + LAYOUTS
