"""Poems stand in the middle by their longest line; the lines of titles are even."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from publisher.render.pdf import line_ends, mending
from publisher.render.pdf.blocks import run_in_heads
from publisher.render.pdf.listings import keep_options, set_listing
from publisher.render.pdf.tree import parse, to_html, words_of

WIDE = 400
PAGE = """<html lang="en"><style>
@page {{ size: {wide}px 900px; margin: 0 }}
html {{ font: 16px/20px "Book Mono", monospace }}
body, h1, p {{ margin: 0; font-size: 16px; font-weight: normal }}
.kept {{ white-space: nowrap }}
.line {{ display: block; padding-left: 3em; text-indent: -3em }}
.poem {{ margin-left: auto; margin-right: auto }}
{css}</style>{body}"""

Line = tuple[str, float, float]


@pytest.fixture(autouse=True)
def _mended() -> None:
    mending.mend()


def lines(body: str, css: str = "", wide: int = WIDE) -> list[Line]:
    """Each line's text, where it begins and how wide it is."""
    made = HTML(string=PAGE.format(body=body, css=css, wide=wide)).render()
    return [line for sheet in made.pages for line in _lines(sheet._page_box)]


def _lines(box: Any) -> Iterator[Line]:
    if type(box).__name__ == "LineBox":
        texts = [part for part in box.descendants() if hasattr(part, "text")]
        left = min(part.position_x for part in texts)
        right = max(part.position_x + part.width for part in texts)
        yield "".join(part.text for part in texts).strip(), left, right - left
        return
    for child in getattr(box, "children", ()):
        yield from _lines(child)


def poem(*said: str, of: str = "poem centred") -> str:
    rows = "".join(f'<span class="line">{line}</span>' for line in said)
    return f'<div class="{of}"><p class="stanza">{rows}</p></div>'


@pytest.mark.parametrize("letter", ["i", "m", "ж", "W"])
def test_the_longest_line_of_a_poem_is_in_the_middle(letter: str) -> None:
    css = "html { font-family: serif }"
    found = lines(poem("a", letter * 12, "a b"), css)
    ((left, width),) = [(left, width) for text, left, width in found if letter * 12 in text]
    assert left == pytest.approx((WIDE - width) / 2, abs=0.5)
    assert {round(left) for _, left, _ in found} == {round(left)}


def test_a_poem_that_fits_is_not_turned_over_for_its_margins() -> None:
    assert len(lines(poem("A line that is just short enough to go in"))) == 1
    whole = "W" * 30
    assert len(lines(poem(whole, "a"), "html { font-family: serif }", wide=600)) == 2


def test_a_heading_does_not_move_a_poem() -> None:
    said = poem("four", "five six").replace(
        "<p ", "<h2>A long heading, longer than verse</h2><p ", 1
    )
    assert lines(said)[-1][1] == pytest.approx((WIDE - lines(said)[-1][2]) / 2, abs=0.5)


def test_a_poem_as_wide_as_the_page_stays_where_it_is() -> None:
    assert {
        left for _, left, _ in lines(poem("a line of letters that is long enough to turn", "b"))
    } <= {0, 48}
    assert lines(poem("a", "b", of="poem"))[0][1] == 0


@pytest.mark.parametrize(
    ("css", "lefts"),
    [
        ("h1 { text-align: left }", (0, 0)),
        ("h1 { text-align: start }", (0, 0)),
        ("h1 { text-align: right }", None),
        ("h1 { text-align: center }", None),
    ],
)
def test_the_lines_of_a_title_are_even(css: str, lefts: tuple[int, int] | None) -> None:
    title = "One two three four five six seven eight ninth"
    first, second = lines(f"<h1>{title}</h1>", css)
    assert abs(first[2] - second[2]) < 100
    assert f"{first[0]} {second[0]}" == title
    if lefts is not None:
        assert (first[1], second[1]) == lefts
    elif "right" in css:
        assert first[1] + first[2] == pytest.approx(WIDE, abs=1)
    else:
        assert all(
            left == pytest.approx((WIDE - width) / 2, abs=1) for _, left, width in (first, second)
        )


def test_no_word_of_a_title_is_broken_to_make_its_lines_even() -> None:
    css = "html { overflow-wrap: break-word }"
    found = lines("<h1>Incomprehensibilities of the whole of it</h1>", css)
    assert [text.split()[-1] for text, _, _ in found][-1] == "it"
    assert found[0][0].split()[0] == "Incomprehensibilities"


def test_text_that_is_no_title_is_filled() -> None:
    first, _ = lines("<p>One two three four five six seven eight ninth</p>")
    assert first[2] > WIDE - 80


def test_a_rule_over_a_title_is_as_long_as_before() -> None:
    css = "h1 { border-top: 3px solid }"
    made = HTML(string=PAGE.format(body=f"<h1>{'word ' * 10}</h1>", css=css, wide=WIDE)).render()
    page = made.pages[0]._page_box
    (heading,) = [
        box
        for box in page.descendants()
        if box.element_tag == "h1" and isinstance(box, boxes.BlockBox)
    ]
    assert heading.border_width() == WIDE


def test_groups_are_kept_unless_that_takes_a_line_more() -> None:
    kept = '<h1>Nineteen letters or <span class="kept">of the kind</span> there</h1>'
    assert [text for text, _, _ in lines(kept, wide=260)][1].startswith("of the kind")
    costs = '<h1>Sixteen letters. <span class="kept">of the whole</span> <span class="kept">a sixteen letter</span></h1>'
    plain = costs.replace(' class="kept"', "")
    assert len(lines(costs, wide=220)) == len(lines(plain, wide=220))


def test_a_line_too_long_by_a_hair_is_not_broken_elsewhere() -> None:
    assert 0 < line_ends.HAIR < 0.5
    # Whatever the measure, no line of a paragraph with links in it is half empty.
    body = "<p>that it has examined the <a>receipt</a> <b>(p. 19)</b> and does not accept it. So it is.</p>"
    for tenth in range(2600, 2800):
        css = f"p {{ width: {tenth / 10}px; font-family: serif }}"
        first, *_ = lines(body, css)
        assert first[2] > tenth / 10 - 75


def test_every_line_of_code_hangs() -> None:
    body, _ = parse("<pre><code>def a(b):\n    return b\n\nx\n</code></pre>")
    set_listing(body[0])
    spans = body.findall(".//span")
    assert [words_of(span) for span in spans] == [
        "def a(b):",
        "    return b",
        "\u00a0",
        "x",
    ]
    assert [span.get("style") for span in spans] == [
        None,
        "padding-left:6ch;text-indent:-6ch",
        None,
        None,
    ]


def test_code_with_markup_is_left_alone() -> None:
    body, _ = parse("<pre><code>a <b>bold</b>\nb</code></pre>")
    before = to_html(body)
    set_listing(body[0])
    assert to_html(body) == before


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("sorts --left e", ["--left"]),
        ("a", []),
        ("--" + "x" * 40, []),
        ("non-breaking x-y", ["non-breaking", "x-y"]),
        ("a - b", []),
    ],
)
def test_options_stay_whole(code: str, kept: list[str]) -> None:
    body, _ = parse(f"<p><code>{code}</code></p>")
    keep_options(body[0][0])
    assert [span.text for span in body.iter("span")] == kept
    assert words_of(body) == code


@pytest.mark.parametrize(
    ("given", "box"),
    [
        ("", "runs-in"),
        (' class="introduces"', "runs-in introduces"),
        (' class="ragged"', "runs-in ragged"),
        (' class="verse"', None),
    ],
)
def test_a_brief_paragraph_takes_its_heading_too(given: str, box: str | None) -> None:
    body, _ = parse(f"<h5>Small capitals</h5><p{given}>They are drawn.</p>")
    run_in_heads(body, "h3")
    assert [div.get("class") for div in body.iter("div")][1:] == ([box] if box else [])
