"""Paragraphs are broken as wholes: the best of all ways, the same text, no line otherwise than meant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, combinations
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from publisher.render.pdf import even_breaks, even_lines, letter_spacing, mending
from publisher.render.pdf.even_breaks import Paragraph, Place, best_breaks

TEXT = (
    "The keeper wrote that evening, with considerable satisfaction, of an extraordinarily quiet sea;"
    " nevertheless he climbed the stair at nine, as the regulations (of which he was fond) require,"
    " and trimmed the lamp before anybody had thought of asking whether it was still alight. "
)
PAGE = """<html lang="en"><style>
@page {{ size: {size}; margin: 20px }}
html {{ font: 16px/20px "Book Serif", serif; orphans: 1; widows: 1 }}
p {{ hyphens: auto; hyphenate-limit-chars: 6 3 3; margin: 0; text-align: justify }}
p.cap::first-letter {{ float: left; font-size: 52px; line-height: 60px }}
b {{ letter-spacing: 1px }}
{css}</style>{body}"""


@pytest.fixture(autouse=True)
def _mended() -> None:
    mending.mend()


def set_lines(body: str, size: str = "340px 4000px", css: str = "") -> list[list[Any]]:
    """The lines of each page."""
    made = HTML(string=PAGE.format(body=body, size=size, css=css)).render()
    return [list(_lines(sheet._page_box)) for sheet in made.pages]


def _lines(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "LineBox":
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _lines(child)


def said(line: Any) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))


@pytest.fixture
def gaps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the space of each line that is spread would have had to take, in pixels."""
    found: list[float] = []
    own = letter_spacing.relieve

    def relieve(context: Any, line: Any, extra: float, spaces: int) -> None:
        found.append(extra / max(1, spaces))
        own(context, line, extra, spaces)

    monkeypatch.setattr(letter_spacing, "relieve", relieve)
    return found


def greedy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(even_lines, "_begun", lambda *_: None)


def words(widths: list[float]) -> Paragraph:
    """A paragraph of words so wide, with spaces of 4, in lines of 100."""
    ends = list(accumulate(wide + 4 for wide in widths))
    places = [
        Place(end - 4, end, number, number + 1, number + 1, number + 1)
        for number, end in enumerate(ends)
    ]
    return Paragraph(places, lambda: places, lambda _: 100.0, 4.0)


START = Place(0.0, 0.0, 0, 0, 0, 0)


def cost(paragraph: Paragraph, ends: tuple[Place, ...]) -> float:
    """The demerits of a way, reckoned line by line from the definition; inf if it can't be."""
    total, before = 0.0, START
    for place in ends:
        spaces, wide = place.spaces - before.begun, place.end - before.begin
        extra = 100 - wide
        if extra < -even_breaks.SHRINK * 4 * spaces:
            return float("inf")
        if place is ends[-1] and extra >= 0:
            return total + 100
        if not spaces:
            return float("inf")
        each = extra / spaces / 4
        ratio = each / (even_breaks.STRETCH if each > 0 else even_breaks.SHRINK)
        if ratio > even_breaks.GOOD:
            return float("inf")
        total += (10 + 100 * abs(ratio) ** 3) ** 2
        before = place
    return total


@pytest.mark.parametrize("seed", range(60))
def test_no_other_way_through_a_paragraph_is_better(seed: int) -> None:
    dice = random.Random(seed)
    paragraph = words([dice.uniform(8, 26) for _ in range(14)])
    inner, last = paragraph.words[:-1], paragraph.words[-1]
    ways = ((*some, last) for count in range(7) for some in combinations(inner, count))
    least = min(cost(paragraph, way) for way in ways)
    found = best_breaks(paragraph, START)
    assert found[-1] is last
    if least < float("inf"):
        assert cost(paragraph, found) == pytest.approx(least)


def test_a_word_is_broken_only_where_no_whole_words_fill_the_lines() -> None:
    asked: list[int] = []

    def asking(paragraph: Paragraph) -> Paragraph:
        def places() -> Any:
            asked.append(1)
            return paragraph.words

        return Paragraph(paragraph.words, places, paragraph.room, 4.0)

    best_breaks(asking(words([21.0] * 12)), START)  # four and their spaces are 96
    assert not asked
    best_breaks(asking(words([30.0, 30.0, 60.0, 30.0, 30.0, 60.0])), START)
    assert asked


def test_an_address_of_several_lines_is_filled_though_it_has_no_spaces() -> None:
    places, end, spaces = [], 0.0, 0
    for number, (wide, space) in enumerate([(30, 4), (28, 4), *[(31, 0)] * 8, (20, 4)], 1):
        end += wide
        after = spaces + bool(space)
        places.append(Place(end, end + space, spaces, after, number, number))
        end, spaces = end + space, after
    found = best_breaks(Paragraph(places, lambda: places, lambda _: 100.0, 4.0), START)
    # Two words and a part of it; three parts, twice; what is left.
    assert [place.letter for place in found] == [3, 6, 9, 11]


def test_a_paragraph_that_can_not_be_broken_has_no_way() -> None:
    assert best_breaks(words([300.0, 300.0]), START) == ()


def test_lines_are_far_more_even_than_one_by_one(
    monkeypatch: pytest.MonkeyPatch, gaps: list[float]
) -> None:
    worst: dict[bool, list[float]] = {True: [], False: []}
    for width in range(280, 520, 20):
        texts = []
        for even in (True, False):
            gaps.clear()
            with monkeypatch.context() as patch:
                if not even:
                    greedy(patch)
                (found,) = set_lines(f"<p>{TEXT * 3}", f"{width}px 4000px")
            texts.append(text_of(found))
            worst[even].append(max(gaps))
        assert texts[0] == texts[1]
    assert all(even <= plain + 0.1 for even, plain in zip(*worst.values(), strict=True))
    assert sum(worst[True]) < 0.75 * sum(worst[False])


def text_of(found: list[Any]) -> str:
    joined = " ".join(said(line).strip() for line in found)
    return joined.replace("‐ ", "").replace("  ", " ")


BODIES = {
    "plain": f"<p>{TEXT * 2}",
    "nested": f"<p>{TEXT}<em>{TEXT}<a href='#x'>{TEXT}</a></em> so <i>it </i><i>is</i>—<i>or was</i>.",
    "spaced": f"<p><b>{TEXT}</b>{TEXT}",
    "initial": f"<p class=cap>{TEXT * 2}",
    "padded": f"<p>{TEXT}<span style='padding: 0 9px; border: 1px solid'>{TEXT}</span>{TEXT}",
    "indented": f"<p style='text-indent: 40px'>{TEXT * 2}",
    "kept": f"<p>{TEXT}<span style='white-space: nowrap'>a span of words</span> {TEXT}",
    "picture": f"<p>{TEXT}<svg width='40' height='12'></svg> {TEXT}",
    "soft": f"<p>{TEXT.replace('considerable', 'consider&shy;able')}{TEXT}",
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("size", ["340px 4000px", "470px 4000px", "400px 130px"])
def test_every_line_is_set_as_ordered(
    kind: str, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[Any] = []
    begin = even_lines._begun

    def begun(*given: Any) -> Any:
        plans.append(begin(*given))
        return plans[-1]

    monkeypatch.setattr(even_lines, "_begun", begun)
    pages = set_lines(BODIES[kind], size)
    # An initial's own line is too narrow to be planned.
    made = [plan for plan in plans if plan is not None]
    assert any(plan.orders for plan in made)
    assert [plan.misses for plan in made] == [0] * len(made)
    with monkeypatch.context() as patch:
        greedy(patch)
        plain = set_lines(BODIES[kind], size)
    whole, other = ([line for page in found for line in page] for found in (pages, plain))
    assert text_of(whole).replace(" ", "") == text_of(other).replace(" ", "")


@pytest.mark.parametrize("kind", BODIES)
def test_no_line_leaves_its_measure(kind: str) -> None:
    for width in (300, 360, 420):
        (found,) = set_lines(BODIES[kind], f"{width}px 4000px")
        for line in found:
            texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
            assert max(box.position_x + box.width for box in texts) <= width - 20 + 1.6


def test_what_can_not_be_measured_is_set_as_ever() -> None:
    floating = "<p>one <span style='float: left'>two</span> three <br>four " + TEXT
    other_way = f"<p dir=rtl>{TEXT}"
    endless = "<p>" + "word " * 5_000
    for body in (floating, other_way, endless):
        (found,) = set_lines(body, "340px 40000px")
        assert "".join(map(said, found)).count("w") >= 4


def test_a_loose_line_is_relieved_by_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "<p style='hyphens: manual'>Some few words that we " + "x" * 22 + " end"
    (found,) = set_lines(body, "270px 4000px")
    monkeypatch.setattr(letter_spacing, "MOST", 0.0)
    (plain,) = set_lines(body, "270px 4000px")
    assert said(found[0]) == said(plain[0])
    space, wider = (line.children[0].justification_spacing for line in (found[0], plain[0]))
    assert 0 < space < wider
    assert found[0].width == pytest.approx(plain[0].width, abs=0.6)


def test_page_numbers_keep_their_width() -> None:
    number = "<span class=sorts data-of=there>000</span>"
    body = f"<p style='hyphens: manual'>Some few words (p. {number}) that " + "x" * 22 + " end"
    (found,) = set_lines(body, "340px 4000px")
    texts = [box for box in found[0].descendants() if isinstance(box, boxes.TextBox)]
    spacing = {box.text: box.style["letter_spacing"] for box in texts}
    assert spacing.pop("000") == "normal"
    assert all(each > 0 for each in spacing.values())
    ends = [box.position_x + box.width for box in texts]
    assert [box.position_x for box in texts[1:]] == pytest.approx(ends[:-1], abs=0.6)


def test_joined_letters_are_not_drawn_apart() -> None:
    body = "<p style='hyphens: manual'>Some few words: سمع كل and then " + "x" * 22 + " end"
    (found,) = set_lines(body, "330px 4000px")
    texts = [box for box in found[0].descendants() if isinstance(box, boxes.TextBox)]
    assert {box.style["letter_spacing"] for box in texts} == {"normal"}
