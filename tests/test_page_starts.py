"""Page breaks of the print edition, put into pages of the EPUB."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from publisher.render.page_starts import PageStart, blocks_of, mark_pages

PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{}</html>'
)
PIECE = '<section id="fog"><header><h1>Fog</h1></header><div class="body">{}</div></section>'


def marked(markup: str, *starts: PageStart) -> str:
    page = etree.fromstring(PAGE.format(markup))
    mark_pages(page, starts)
    text = etree.tostring(page, encoding="unicode")
    text = re.sub(r"<html[^>]*>|</html>", "", text)
    return re.sub(r'<span epub:type="pagebreak"[^>]*aria-label="(.*?)"/>', r"|\1|", text)


def in_piece(body: str, *starts: PageStart) -> str:
    found = re.search(
        r'<div class="body">(.*)</div></section>', marked(PIECE.format(body), *starts)
    )
    assert found
    return found[1]


def test_a_piece_begins_with_its_page() -> None:
    made = marked(PIECE.format("<p>x</p>"), PageStart("7", "fog"))
    assert made.startswith('<section id="fog">|7|<header>')


@pytest.mark.parametrize(
    ("letters", "made"),
    [
        (0, "<p>|8|One two three.</p>"),
        (3, "<p>One |8|two three.</p>"),
        # “tw-o” was parted at the page's end: the word stays whole.
        (5, "<p>One two |8|three.</p>"),
        (6, "<p>One two |8|three.</p>"),
        (11, "<p>One two three.|8|</p>"),
        (99, "<p>One two three.|8|</p>"),
    ],
)
def test_a_page_begins_within_a_paragraph(letters: int, made: str) -> None:
    assert in_piece("<p>One two three.</p>", PageStart("8", "fog", 0, letters)) == made


def test_markup_and_notes_and_formulas_are_counted_as_they_should() -> None:
    body = '<p>a<em>b c</em><a class="noteref">12</a> <math><mi>x</mi></math>d e</p>'
    made = in_piece(body, PageStart("9", "fog", 0, 4))
    assert made == ('<p>a<em>b c</em><a class="noteref">12</a> <math><mi>x</mi></math>d |9|e</p>')
    assert "<em>b |9|c</em>" in in_piece(body, PageStart("9", "fog", 0, 2))


def test_blocks_within_blocks_count_for_themselves() -> None:
    body = "<ul><li>one<ul><li>two</li></ul></li></ul><blockquote><p>three</p></blockquote>"
    page = etree.fromstring(f"<div>{body}</div>")
    assert [block.tag for block in blocks_of(page)] == ["li", "li", "p"]
    made = in_piece(body, PageStart("9", "fog", 2, 0))
    assert made.endswith("<blockquote><p>|9|three</p></blockquote>")


def test_entries_of_a_list_are_marked_inside() -> None:
    made = marked('<dl><div id="g"><dt>Fog</dt><dd>x</dd></div></dl>', PageStart("90", "g"))
    assert made == '<dl><div id="g"><dt>|90|Fog</dt><dd>x</dd></div></dl>'


def test_what_is_not_on_the_page_is_not_found() -> None:
    page = etree.fromstring(PAGE.format(PIECE.format("<p>x</p>")))
    starts = [PageStart("1", "rime"), PageStart("2", "fog", 5), PageStart("3", "fog", 0)]
    assert [start.label for start in mark_pages(page, starts)] == ["3"]
