"""Columns begin level, and come out as they do when nothing that was tried is kept."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint import CSS, HTML
from weasyprint.formatting_structure import boxes

from publisher.render.pdf import columns, mending

STYLE = """
@page { size: 300px 220px; margin: 20px }
body { font: 10px/12px serif } p { margin: 0 } h2 { font-size: 10px; margin: 12px 0 0; break-after: avoid }
.list { columns: 2; column-gap: 10px } .entry { padding-left: 8px; text-indent: -8px }
.spaced p { margin: 3px 0 } .even { break-inside: avoid } ul { margin: 5px 0; padding-left: 12px }
"""


def entries(first: int, last: int) -> str:
    out = []
    for number in range(first, last):
        if number % 7 == 0:
            out.append(f"<h2>Letter {number}</h2>")
        words = "harbour " * (number * 5 % 13)
        kind = "entry even" if number % 3 else "entry"
        out.append(f'<p class="{kind}">Entry {number} <i>{words}</i> end</p>')
        if number % 11 == 5:
            out.append("<ul><li>one<p>in it</p></li><li>two</li></ul>")
    return "".join(out)


BOOKS = {
    "one page": f'<h1>Index</h1><div class="list">{entries(0, 9)}</div><p>After.</p>',
    "two pages": f'<div class="list">{entries(1, 33)}</div>',
    "many": f'<p>Before.</p><div class="list spaced">{entries(0, 80)}</div><p>After.</p>',
    "a float": f'<div class="list"><p style="float:right">aside</p>{entries(1, 20)}</div>',
    "within": f'<div class="list"><div class="spaced">{entries(2, 30)}</div></div>',
}


def laid_out(body: str) -> Any:
    html = HTML(string=f"<body>{body}", base_url="a:")
    return html.render(stylesheets=[CSS(string=STYLE)])


def written(body: str) -> bytes:
    given = {"pdf_identifier": b"same", "uncompressed_pdf": True}
    return bytes(laid_out(body).write_pdf(**given))


@pytest.mark.parametrize("name", BOOKS)
def test_what_was_set_is_moved_to_where_it_would_be_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mending.mend()
    moved = 0
    move = columns._Tried._moved

    def counting(*given: Any) -> Any:
        nonlocal moved
        moved += 1
        return move(*given)

    monkeypatch.setattr(columns._Tried, "_moved", counting)
    ours = written(BOOKS[name])
    assert moved > 3
    monkeypatch.setattr(columns, "_is_line", lambda _box: False)
    assert ours == written(BOOKS[name])


def tops(body: str) -> list[list[float]]:
    """Of each page, where the first line of each column stands."""
    found = []
    for page in laid_out(body).pages:
        boxes_of = page._page_box.descendants()
        columned = [box for box in boxes_of if isinstance(box, boxes.BlockBox) and box.is_column]
        lines = (
            [one.position_y for one in column.descendants() if isinstance(one, boxes.LineBox)]
            for column in columned
        )
        found.append([min(places) for places in lines])
    return found


@pytest.mark.parametrize("name", ["one page", "two pages", "many"])
def test_columns_begin_level(name: str) -> None:
    mending.mend()
    found = [places for places in tops(BOOKS[name]) if places]
    assert any(len(places) == 2 for places in found)
    assert all(max(places) - min(places) < 0.01 for places in found)


def test_a_heading_keeps_its_space_where_a_theme_says_so() -> None:
    mending.mend()
    kept = BOOKS["many"].replace("<h2", '<h2 style="margin-break:keep"')
    assert any(max(places) - min(places) > 5 for places in tops(kept) if places)
