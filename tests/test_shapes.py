"""Whatever a piece is set as, its words, anchors and links stay as they are and in their order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.book.shape import Facts, shape
from publisher.book.tree import is_well_formed, parse_body
from publisher.config import Plan
from publisher.pipeline import compose, draft_book

ROOT = Path(__file__).parent.parent
DESIGNS = ("verse", "letter", "interview", "aphorisms", "story", "review", "essay")
WORDS = ("letter", "poem", "interview", "aphorisms", "story", "review", "essay", "report", "tale")

TEXTS = st.sampled_from([
    "Dear Ann,", "Lee:", "Q. ", "LEE — ", "Yours,", "3 May 1920", "P.S. ", "— Ann", "Sir,", "?",
    "for Ben", " \u00a0\u2003", "and a good deal more of the same, which goes on for a while", "\n",
])  # fmt: skip
INLINE = st.recursive(
    st.one_of(TEXTS, st.just("<br/>\n"), st.just('<a class="noteref" href="#x">1</a>')),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.partition(' ')[0]}>",
        st.sampled_from(["em", "strong", 'a href="#y" id="i"', "span"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=8,
)
BLOCKS = st.one_of(
    st.lists(INLINE, max_size=5).map(lambda parts: f"<p>{''.join(parts)}</p>\n"),
    st.sampled_from([
        "<hr/>\n", "<h2>One</h2>", "<ul><li>x</li></ul>", "<p/>", "<table><tr><td>t</td></tr></table>",
        '<blockquote><p>q<br/>r</p></blockquote>\n', '<div class="poem inset"><p>v<br/>w</p></div>',
    ]),
)  # fmt: skip


def letters(xhtml: str) -> str:
    return "".join("".join(map(str, parse_body(xhtml).itertext())).split())


def anchors(xhtml: str) -> list[tuple[str, str]]:
    body = parse_body(xhtml)
    return [(name, str(e.get(name))) for e in body.iter() for name in ("id", "src") if e.get(name)]


def addresses(xhtml: str) -> list[str]:
    """Every link once: one that spans lines is divided."""
    return list(dict.fromkeys(str(link.get("href")) for link in parse_body(xhtml).iter("a")))


def unharmed(xhtml: str, design: str) -> None:
    made = shape(xhtml, Facts(design, ("Ann Lee",))) or ""
    assert is_well_formed(made)
    assert letters(made) == letters(xhtml)
    assert anchors(made) == anchors(xhtml)
    assert addresses(made) == addresses(xhtml)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=7).map("".join))
def test_no_text_is_harmed(xhtml: str) -> None:
    for design in DESIGNS:
        unharmed(xhtml, design)


def test_no_piece_of_the_sample_is_harmed() -> None:
    plain = Plan(genres=tuple((word, "essay", "") for word in WORDS))
    book = compose(draft_book(ROOT / "content", plan=plain)).book
    chapters = [chapter for part in book.parts for chapter in part.chapters]
    assert len(chapters) > 10
    assert {chapter.design for chapter in chapters} == {"essay"}
    for chapter in chapters:
        for design in DESIGNS:
            unharmed(chapter.xhtml, design)


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_nested_as_deep_as_can_be_is_unharmed(design: str) -> None:
    unharmed(f"<p>{'<b>' * 250}a<br/>b{'</b>' * 250}</p>", design)
