"""Where lines may end: whole words before a turn, in a fourth line, and in a nested element."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from publisher.render.pdf import line_ends, mending

WORDS = (
    "Representatives of international understanding nevertheless considered extraordinary"
    " circumstances insufficiently acknowledged throughout administrative correspondence, "
)
PAGE = """<html lang="{lang}" dir="{direction}"><style>
@page {{ size: {size}; margin: 20px }}
html {{ font: 16px/20px "Book Mono", monospace; orphans: 1; widows: 1; overflow-wrap: break-word }}
p {{ hyphens: auto; hyphenate-limit-chars: 6 3 3; margin: 0; text-align: justify }}
</style>{body}"""


@pytest.fixture(autouse=True)
def _mended() -> None:
    mending.mend()


def pages(body: str, size: str, lang: str = "en", direction: str = "ltr") -> list[list[str]]:
    """The lines of every page."""
    made = HTML(string=PAGE.format(body=body, size=size, lang=lang, direction=direction)).render()
    return [list(lines(sheet._page_box)) for sheet in made.pages]


def lines(box: Any) -> Iterator[str]:
    if type(box).__name__ == "LineBox":
        yield "".join(part.text for part in box.descendants() if hasattr(part, "text"))
        return
    for child in getattr(box, "children", ()):
        yield from lines(child)


def ladders(found: list[str]) -> list[int]:
    broken = groupby(line.endswith("‐") for line in found)
    return [len(list(group)) for hyphened, group in broken if hyphened]


@pytest.mark.parametrize("width", range(200, 420, 20))
def test_no_more_than_three_lines_in_a_row_are_broken(width: int) -> None:
    (found,) = pages(f"<p>{WORDS * 8}", f"{width}px 4000px")
    assert max(ladders(found), default=0) <= line_ends.LADDER


def test_ladders_were_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_ends, "LADDER", 99)
    widths = range(200, 420, 20)
    longest = [max(ladders(pages(f"<p>{WORDS * 8}", f"{w}px 4000px")[0])) for w in widths]
    assert max(longest) > 3


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_word_is_broken_where_the_leaf_is_turned(direction: str) -> None:
    turned = facing = 0
    for width in range(240, 420, 24):
        found = pages(f"<p>{WORDS * 30}", f"{width}px 245px", direction=direction)
        assert len(found) > 8
        turned += sum(sheet[-1].endswith("‐") for sheet in found[:-1:2])
        facing += sum(sheet[-1].endswith("‐") for sheet in found[1:-1:2])
    assert turned == 0
    # Between facing pages a reader finds the word's end; and there the engine breaks as ever.
    assert facing > 0


def test_in_a_narrow_column_words_are_broken_where_they_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_ends, "_NARROW", 999)
    found = [pages(f"<p>{WORDS * 8}", f"{w}px 4000px")[0] for w in range(200, 420, 20)]
    assert max(max(ladders(one)) for one in found) > line_ends.LADDER


def test_a_word_too_long_for_the_line_is_broken_all_the_same() -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle "
    (found,) = pages(f"<p>{word * 6}", "260px 8000px", lang="de")
    assert all(line.endswith(("‐", "stelle")) for line in found)


@pytest.mark.parametrize("text", ["as they would have wanted to send ", "I would have wanted it "])
def test_a_word_in_an_element_of_its_own_goes_to_the_next_line_whole(text: str) -> None:
    body = f"<p><em>{text}<span style='hyphens: manual'>somebody.</span></em>"
    for width in range(160, 420, 4):
        found = "|".join(line.strip() for line in pages(body, f"{width}px 4000px")[0])
        assert "somebody." in found, found


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_line_that_may_end_nowhere_is_broken_all_the_same(direction: str) -> None:
    words = "some <b>bold</b> and <em>leaning</em> (<code>code_of_a_long_name</code>) words "
    body = (words * 6).strip().replace(" ", "\u00a0").replace("code\u00a0", "code ")
    for width in range(160, 420, 4):
        made = HTML(string=PAGE.format(body=f"<p>{body}", size=f"{width}px 4000px",
                                       lang="en", direction=direction)).render()  # fmt: skip
        found = [b for b in made.pages[0]._page_box.descendants() if isinstance(b, boxes.TextBox)]
        assert min(box.position_x for box in found) >= 19.5, width
        # A hard space may come to stand in the margin.
        assert max(box.position_x + box.width for box in found) <= width - 19.5 + 10, width
        text = "".join(box.text for box in found)
        assert text.count("leaning") + text.count("leaning"[::-1]) <= 6
        assert len(text.replace("\u00a0", "").replace(" ", "")) >= len("".join(words.split()))


def test_a_line_too_long_ends_at_a_place_marked_within_an_element() -> None:
    names = ["core-<wbr>plugin", "core-<wbr>plugin-<wbr>data", "community-<wbr>plugin-<wbr>data"]
    # Hard spaces, as some notes have them throughout: no place but the marked ones.
    body = ",\u00a0".join(f"<code style='font-size: 10px'>{name}</code>" for name in names * 3)
    for width in range(160, 420, 4):
        made = HTML(string=PAGE.format(body=f"<p>{body}", size=f"{width}px 4000px",
                                       lang="en", direction="ltr")).render()  # fmt: skip
        for box in made.pages[0]._page_box.descendants():
            if isinstance(box, boxes.TextBox):
                assert box.position_x + box.width <= width - 19, (width, box.text)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_line_of_few_words_is_not_torn_apart(direction: str) -> None:
    short, long = "<p>So it <b>was</b>\u00a0an ", "x" * 30
    fair = "<p>So it was an old one, too, and " + "x" * 30
    style = "<style>p { hyphens: manual; overflow-wrap: normal }</style>"
    for text, filled in ((short + long, False), (fair + long, True)):
        made = HTML(string=PAGE.format(body=style + text, size="380px 4000px",
                                       lang="en", direction=direction)).render()  # fmt: skip
        found = [b for b in made.pages[0]._page_box.descendants() if isinstance(b, boxes.LineBox)]
        assert (found[0].width > 320) == filled


def test_ideographs_fill_their_lines() -> None:
    """A line that ends a square early, as none may begin with 。 or 、, is as wide as the others."""
    text = "国境の長いトンネルを抜けると、そこは静かな駅であった。夜の底が白くなった。" * 4
    html = PAGE.format(body=f"<p>{text}</p>", size="300px 4000px", lang="ja", direction="ltr")
    (sheet,) = HTML(string=html).render().pages
    texts = [box for box in sheet._page_box.descendants() if isinstance(box, boxes.TextBox)][:-1]
    assert len({len(box.text) for box in texts}) > 1
    spread = [box for box in texts if box.style["letter_spacing"] != "normal"]
    assert spread
    # What follows the last letter of a line is out of it.
    widths = [box.width - (box.style["letter_spacing"] if box in spread else 0) for box in texts]
    assert max(widths) - min(widths) < 1
