"""Definitions and biographies on paper: run in after the term, with pages to turn to."""

from __future__ import annotations

import pytest

from publisher.book import quotation
from publisher.book.model import Chapter
from publisher.book.quotation import set_quotation
from publisher.render.pdf.references import MARKER
from publisher.render.pdf.sheet import find_addresses, run_in
from publisher.render.pdf.tree import parse
from publisher.vault.mathematics import mathml
from publisher.vault.sentence import marked


@pytest.mark.parametrize(
    ("xhtml", "first", "rest"),
    [
        ("<p>A loop.</p>", " A loop.", ""),
        ("<p>Ada Quill was a keeper.</p>", " was a keeper.", ""),
        ("<p>Ada Quill, born in 1931, kept it.</p>", ", born in 1931, kept it.", ""),
        ("<p><strong>Ada Quill</strong> (1931–2001) kept it.</p>", " (1931–2001) kept it.", ""),
        ("<p>Ada Quillon was another.</p>", " Ada Quillon was another.", ""),
        ("<p>Ada Quill</p>", " Ada Quill", ""),
        ("<p>One.</p><p>Two.</p>", " One.", "<p>Two.</p>"),
        ("<ul><li>One</li></ul>", "", "<ul><li>One</li></ul>"),
    ],
)
def test_a_definition_goes_on_from_its_term(xhtml: str, first: str, rest: str) -> None:
    found, after = run_in(xhtml, "Ada Quill", "g")
    assert found.replace("\u00a0", " ") == first
    assert after == rest


def test_a_definition_names_the_page_of_a_piece() -> None:
    text = '<p>See <a href="#lamp">the lamp</a>, <a href="#g-keeper">keeper</a>.</p>'
    first, _ = run_in(text, "Oil", "g-oil", frozenset({"lamp"}))
    assert [found[2].split()[-1] for found in MARKER.finditer(first)] == ["lamp"]


@pytest.mark.parametrize(
    ("link", "is_listed"),
    [
        ('<a href="https://example.org/a">here</a>', True),
        ('<a href="https://example.org/a">https://example.org/a</a>', False),
        ('<a href="https://www.example.org/">example.org</a>', False),
        ('<a href="mailto:keeper@example.org?subject=Oil">keeper@example.org</a>', False),
        ('<a href="mailto:keeper@example.org">the keeper</a>', True),
    ],
)
def test_an_address_that_the_text_says_is_not_listed(link: str, is_listed: bool) -> None:
    body, _ = parse(f"<p>{link}</p>")
    assert bool(list(find_addresses(body, "n"))) is is_listed


@pytest.mark.parametrize(
    ("sentence", "words", "printed"),
    [
        ("The tide clock stopped.", "tide clock", "The *tide clock* stopped."),
        ("A & B: the lamp & all.", "lamp & all", "A &amp; B: the *lamp &amp; all*."),
        ("The tideway and the tide.", "tide", "The tideway and the *tide*."),
        ("Tide, tide, tide.", "tide", "Tide, *tide*, tide."),
        ("Nothing of it.", "lamp", "Nothing of it."),
        ("Nothing.", "", "Nothing."),
    ],
)
def test_a_quotation_marks_its_term_once(sentence: str, words: str, printed: str) -> None:
    made = set_quotation(sentence, words)
    assert made.replace('<em class="used">', "*").replace("</em>", "*") == printed


def test_a_quoted_formula_is_the_one_that_stands_in_the_chapter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tex = r"a < b \text{ and } b^2"
    block = mathml(tex, display=True)
    chapter = Chapter("a", "A", "A", f"<p>One.</p><div>{block}</div><p>Two.</p>", "A.md")
    sentence = f"So {marked(tex, 'math')} is a ladder."
    alone = set_quotation(sentence, "ladder")
    assert "<math" in alone
    monkeypatch.setattr(quotation, "mathml", lambda *_, **__: "")
    assert set_quotation(sentence, "ladder", [(chapter, [])]) == alone
    assert "<code>x &lt; y</code>" in set_quotation(marked("x < y", "math"), "", [(chapter, [])])
