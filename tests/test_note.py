"""Whatever stands in a file, it becomes a note whose galley is well-formed XHTML."""

from __future__ import annotations

import pickle
import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from patience import comes_to_an_end

from publisher.problem import Position, Problem, Severity
from publisher.vault import note as note_module
from publisher.vault.galley import (
    BlockEnd,
    BlockStart,
    Chunk,
    Embed,
    HeadingEnd,
    HeadingStart,
    Image,
    LinkEnd,
    LinkStart,
    Mark,
    Media,
    NoteCall,
)
from publisher.vault.mathematics import mathml
from publisher.vault.note import Note, parse_note
from publisher.vault.scan import Habits, VaultFile
from publisher.vault.sentence import sentence_at, sentence_starts


def note_of(text: str, *, strict: bool = False) -> tuple[Note, tuple[Problem, ...]]:
    return parse_note(VaultFile("Folder/Test.md", text, "0" * 64), Habits(strict_breaks=strict))


def links(text: str) -> list[LinkStart]:
    return [chunk for chunk in note_of(text)[0].body.chunks if isinstance(chunk, LinkStart)]


# Elements that stand in for the chunks, so that a parser sees what a reader will.
STANDING_FOR = {
    LinkStart: '<a href="#x">',
    LinkEnd: "</a>",
    Embed: "<div/>",
    HeadingStart: "<h2>",
    HeadingEnd: "</h2>",
    NoteCall: '<a href="#n">1</a>',
    BlockStart: "",
    BlockEnd: "",
}
PHRASING_ONLY = {
    "p", "h2", "span", "em", "strong", "s", "mark", "code", "a", "u", "sub", "sup", "kbd", "b",
    "i", "small", "q", "cite", "caption", "dt",
}  # fmt: skip
BLOCKS = {"p", "div", "ul", "ol", "li", "table", "blockquote", "pre", "h2", "hr", "figure", "dl"}
SAFE_ATTRIBUTES = {
    "class", "id", "href", "lang", "{http://www.w3.org/XML/1998/namespace}lang", "dir", "title",
    "start", "alt", "scope", "colspan", "rowspan", "data-callout", "role",
}  # fmt: skip


def xhtml(chunks: Sequence[Chunk]) -> str:
    out = []
    for chunk in chunks:
        if isinstance(chunk, str):
            out.append(chunk)
        elif isinstance(chunk, Mark):
            out.append(f' id="{chunk.local}"')
        elif isinstance(chunk, Image | Media):
            out.append("<figure/>" if chunk.alone else '<img alt=""/>')
        else:
            out.append(STANDING_FOR[type(chunk)])
    return f"<section>{''.join(out)}</section>"


def check_tree(chunks: Sequence[Chunk]) -> None:
    """Well-formed, nothing unsafe, no block within words, no link within a link."""
    root = etree.fromstring(xhtml(chunks))
    for element in root.iter():
        name = str(element.tag)
        if name.startswith("{"):
            assert name.startswith("{http://www.w3.org/1998/Math/MathML}"), name
            continue
        assert set(element.attrib) <= SAFE_ATTRIBUTES, element.attrib
        assert not element.get("href", "").lower().startswith(("javascript", "data", "file", "vb"))
        assert name not in {"script", "style", "iframe", "form", "object", "center", "font"}
        inside = {str(e.tag) for e in element.iterdescendants()}
        if name in PHRASING_ONLY:
            assert not inside & BLOCKS, (name, inside)
        if name == "a":
            assert "a" not in inside
    locals_ = [c.local for c in chunks if isinstance(c, HeadingStart | Mark)]
    assert len(locals_) == len(set(locals_))


def check(text: str) -> None:
    for strict in (False, True):
        note, problems = note_of(text, strict=strict)
        assert not [p for p in problems if p.code == "note-unreadable"], problems
        check_tree(note.body.chunks)
        for footnote in note.body.footnotes:
            check_tree(footnote)
        check_tree(note.heading)
        check_tree(note.lead_chunks)
        calls = {c.index for c in all_chunks(note) if isinstance(c, NoteCall)}
        assert calls <= set(range(len(note.body.footnotes)))


def all_chunks(note: Note) -> list[Chunk]:
    return [*note.heading, *note.body.chunks, *(c for text in note.body.footnotes for c in text)]


NASTY = [
    "",
    "\ufeff",
    "\x00\x01\x02\ud800",
    "<b><i>x</b></i>",
    "**<b>x**</b>",
    "<a href=x>[[y]]</a> [z <a href=w>v</a>](u)",
    "[[A|<b>]] </b>",
    "[[A|^[note [[B]]]]] [x^[y]](z)",
    "==a **b== c**",
    "<div><p><span><table><td><div></span></p>",
    "<table><tr><td>\n\n**x**\n\n</td></tr></table>",
    "- <div>\n- </div>",
    "> <details>\n\n</details>",
    "<p><div>x</div></p>",
    "<b><div>x</div></b>",
    "<a href='x'><div>y</div><a href='z'>w</a></a>",
    "<a href='https://x.org'><p>a</p><img src=b.png></a>",
    '<img src="x" alt=\'a"b<c>&\'>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mi>x</mi></math>",
    "<style>p{}</style>\n<b>x",
    "<div title='\"&<' lang='\"x' dir=up>x</div>",
    "<ol start=-1><li><li></ol>",
    "<dl><dt>a<dt>b<dd>c</dl><dl>x<dd>y</dl>",
    "<ruby><rt>x</ruby><rp>",
    "<ul>x<ul><li>y</ul></ul>",
    "<summary>a<div>b</div></summary>",
    "<h2>a<div>b</div><h3>c</h3></h2>",
    "<table><caption><div>x</div></caption><thead><th>h<tr></table>",
    "<pre><b>x</b>\n<div>",
    "<!-- --> <!-- x -- > <!--",
    "<![CDATA[x]]> <?php echo 1 ?> <!DOCTYPE html>",
    "| a | ![[N]] |\n|--|--|\n| $|$ | <td> |",
    "# ![[N]] ![[a.png]] $$x$$\n\n## <div>h</div>",
    "![[a.png]] ^x\n\n- ![[b]] ^y\n\n^z\n\n> ![[c]] ^w",
    "[^1] [^1]\n\n[^1]: [^1] ^[x ^[y]] ![[N]]",
    "[^a]\n\n[^a]: - x\n    > # h\n    | t |\n    |--|",
    "$x<y & \\text{<b>}$ $\\text{a&b}$ $$\\begin{x}$$",
    "[a](<javascript:alert(1)>) ![b](javascript:x) <javascript:alert(1)> [c](JaVaScRiPt:x)",
    "[x](https://a.b/\"onclick='x') [y](https://a.b/<c>) <https://a.b/\">",
    '```"><script>\nx\n```\n\n~~~ a b c\n',
    "> [!\"><script>] x\n\n> [!note|<b>]",
    "- [<] x\n- [\"] y\n- [&] z",
    "#tag<b> #\"x #&amp;",
    "a:: <b>\n[b:: **c] d**",
    "<https://example.org/[[x]]> https://example.org/<b>",
    "![[x.png|<b>|100]] ![[<script>.png]] ![<b>](x.png)",
    "[x]: y\n\n[x] [x][] [[x]][x]",
    "<span>\n\n</span>\n\n<b>\n\n</b>",
    "text\n<div>\ntext\n</div>\ntext",
    "<details>\n<summary>\n\n# x\n\n</summary>\n\n</details>",
    "<center>\n\n- a\n\n</center>\n\n- b",
    "<video src=x.mp4><p>no</p></video> <audio><source src='javascript:x'></audio> <iframe>",
    "<iframe src='https://x.org/\"><b>'></iframe>",
    "---\ntitle: '<b>&'\n---\n# <b>&\n\n<b>",
    "---\n: : :\n---\n[[",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_set_well(text: str) -> None:
    check(text)


PIECES = [
    "[[", "]]", "![[", "|", "#", "^", "a", "b c", "\n", "\n\n", "- ", "> ", "> [!note] ", "1. ",
    "**", "*", "_", "==", "~~", "`", "```\n", "$", "$$", "\\", "[", "](", ")", "![", "[^1]",
    "\n[^1]: ", "^[", "<b>", "</b>", "<div>", "</div>", "<details>", "</details>", "<a href=x>",
    "</a>", "<p>", "<img src=y.png>", "<br>", "<table><tr><td>", "</td></tr></table>", "<script>",
    "</script>", "author:: ", "`TAGS`: ", "**Source:** ", "Date: ", "<!--", "-->", "%%", "| a | b |\n|---|---|\n| ", "x.png", "https://x.org/", "&lt;",
    "&", "<", ">", '"', "# ", "---\n", "    ", "\t", "^id", "\n^id\n", "#tag ", "k:: v", "- [x] ",
    "漢", "\u202e", "\x00", "<ruby>", "<rt>", "<ul><li>", "<summary>", "<h1>", "<span title='x'>",
]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_markdown_is_set_well(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_set_well(text: str) -> None:
    check(text)


def test_everything_written_arrives() -> None:
    chance = random.Random(7)
    words = [f"word{n}" for n in range(200)]
    marks = ["**", "*", "==", "<b>", "<div>", "</div>", "[[", "]]", "\n\n", "> ", "- ", "| ", "#"]
    for _ in range(60):
        text = "".join(f"{chance.choice(marks)}{word} " for word in chance.sample(words, 25))
        note, _ = note_of("Start.\n\n" + text)
        told = xhtml(note.body.chunks) + " ".join(note.properties.tags)
        told += " ".join(
            "#".join((c.target.path, *c.target.headings))
            for c in note.body.chunks
            if isinstance(c, Embed | LinkStart)
        )
        for word in text.split():
            bare = "".join(sign for sign in word if sign.isalnum())
            assert bare.removeprefix("b").removeprefix("div") in told, text


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 20_000,
        "<b>" * 20_000,
        "<b>" * 5_000 + "</i>" * 5_000,
        "<ruby>" * 3_000 + "<rt>" * 3_000,
        "<div>\n\n" * 3_000,
        "<div>" * 20_000,
        "> " * 5_000 + "x",
        "- " * 5_000 + "x",
        "**a " * 10_000,
        "[a](" * 10_000,
        "$x$ " * 5_000,
        "${" + "{" * 5_000 + "x$",
        "![[a]] " * 5_000,
        "[a\nb](c) " * 5_000,
        "`a`:: " * 5_000,
        "Mr. " * 20_000 + "[[x]]",
        "[[x]] . " * 5_000,
        "#a " * 10_000,
        '<a href="' * 5_000,
        "<div>\n" + "<script> " * 10_000,
        "<div>\n" + "<!-- " * 20_000,
        "<div>\n" + "<pre " * 20_000 + ">",
        "<p>" * 4_000,
        "<font>" * 4_000 + "<p>x",
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_text_takes_no_time(text: str) -> None:
    with comes_to_an_end():
        note, _ = note_of(text)
    etree.fromstring(xhtml(note.body.chunks), etree.XMLParser(huge_tree=True))


def test_what_cannot_be_set_stands_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(body: str) -> None:
        raise RecursionError

    monkeypatch.setattr(note_module, "parse", fail)
    note, problems = note_of("---\ntitle: A\n---\nOne <b>\nline\n\nTwo [[x]]\x07\n")
    assert note.body.chunks == ("<p>One &lt;b&gt;\nline</p>\n<p>Two [[x]]\ufffd</p>\n",)
    assert note.title == "Test"
    assert [(p.code, p.severity, p.at) for p in problems] == [
        ("note-unreadable", Severity.ERROR, Position("Folder/Test.md"))
    ]


def test_a_note_pickles_small() -> None:
    text = "A [[link]] and **bold** $x$.\n\n" * 200
    note, _ = note_of(text)
    packed = pickle.dumps(note)
    assert pickle.loads(packed) == note
    assert len(packed) < 12 * len(text)


POSITIONS = """\
---
title: Here
---
[[One]] and [[Two|two]], [three](Three.md).
- [[Four]] in an item
  - deeper [[Five]]

| a | b |
|---|---|
| [[Six\\|six]] | [[One]] |

> quoted
> [[Seven]] ![[Eight]]

**[[One]]** `[[One]]` [[One]]
"""


def test_links_know_their_line_and_column() -> None:
    note, _ = note_of(POSITIONS)
    found = [
        (chunk.target.path, chunk.at.line, chunk.at.column)
        for chunk in note.body.chunks
        if isinstance(chunk, LinkStart | Embed)
    ]
    assert found == [
        ("One", 4, 1),
        ("Two", 4, 13),
        ("Three.md", 4, 26),
        ("Four", 5, 3),
        ("Five", 6, 12),
        ("Six", 10, 3),
        ("One", 10, 18),
        ("Seven", 13, 3),
        ("Eight", 13, 13),
        ("One", 15, 3),
        ("One", 15, 23),
    ]


def test_line_one_counts_too() -> None:
    assert [link.at for link in links("[[A]]\r\n[[B]]")] == [
        Position("Folder/Test.md", 1, 1),
        Position("Folder/Test.md", 2, 1),
    ]


def test_words_are_those_of_the_text() -> None:
    note, _ = note_of(
        "# Title\n\nOne two **three**, `code here` $x + y$.\n\n- four[^1]\n\n[^1]: five"
    )
    assert note.body.words == len("Title One two three four five".split())
    assert note_of("漢字です and words")[0].body.words == 6


def test_lead_holds_its_links_but_no_footnotes() -> None:
    note, _ = note_of("# T\n\n![[a.png]]\n\nThe [[Lamp]][^1] ^id\n\n[^1]: x")
    assert note.lead == "The Lamp"
    assert [type(chunk) for chunk in note.lead_chunks] == [str, LinkStart, str, LinkEnd, str]
    check_tree(note.lead_chunks)


SENTENCES = [
    ("One. And the two ‹here›. Three.", "And the two here."),
    ("One thing. Two ‹here›. Three.", "One thing. Two here."),
    ("‹Two here›. Three. Four.", "Two here. Three."),
    ("One. Two. ‹Three is a claim›.", "Two. Three is a claim."),
    ("He met Mr. ‹Quill› there. Then.", "He met Mr. Quill there."),
    ("See ch. 4 of J. R. ‹Quill›'s book. End.", "See ch. 4 of J. R. Quill's book."),
    ("“Why ‹so›?” she asked. Nobody knew.", "“Why so?” she asked."),
    ("It costs 3.50 in ‹Rock›. No.", "It costs 3.50 in Rock."),
    ("First! Then ‹x›… and on. Last", "Then x… and on."),
    ("灯台は古い。‹海›は深い。終わり。", "海は深い。"),
    ("المنارة قديمة. ‹البحر› عميق؟ النهاية.", "المنارة قديمة. البحر عميق؟"),
    ("A b, c etc. ‹and› d. Then.", "A b, c etc. and d."),
    ("He said: “Go.” ‹They› went away from there.", "They went away from there."),
    ("‹Alone›", "Alone"),
    ("The ‹link. With a stop› in it. Next.", "The link. With a stop in it."),
]


@pytest.mark.parametrize(("marked", "expected"), SENTENCES)
def test_sentence_around_a_link(marked: str, expected: str) -> None:
    start, end = marked.index("‹"), marked.index("›") - 1
    text = marked.replace("‹", "").replace("›", "")
    assert sentence_at(text, sentence_starts(text), start, end) == expected


def test_long_sentences_are_trimmed_around_the_link() -> None:
    text = " ".join(f"a{n}" for n in range(200))
    start = text.index("a100")
    found = sentence_at(text, (0,), start, start + 4)
    assert found.startswith("…")
    assert found.endswith("…")
    assert " a99 a100 a101 " in found
    assert len(found.split()) <= 80


def test_long_sentences_are_cut_at_a_clause_where_there_is_one() -> None:
    far = " ".join(f"a{n}" for n in range(60))
    text = f"{far}, and then, so they say, it was the lamp that failed, as lamps do, {far}."
    start = text.index("lamp")
    found = sentence_at(text, (0,), start, start + 4)
    assert found.startswith("…and then, so they say, it was the lamp that failed, as lamps do")


def test_a_link_carries_its_sentence() -> None:
    [link] = links("Before. The **[[Lamp]]** burns\nall night. After.")
    assert link.sentence == "The Lamp burns all night."


FORMULAS = r"""
x^2 \frac{a}{b} \sqrt[3]{x} \sum_{i=1}^n i \int_0^\infty f(x)\,dx \lim_{x\to0} \mathbb{R}^n
\begin{pmatrix}1&2\\3&4\end{pmatrix} \begin{cases}a&b\\c&d\end{cases} \text{if } x<y
\begin{align}a&=b\\c&=d\end{align} \begin{aligned}a&=b\end{aligned} \operatorname{rank}A
\operatorname*{argmax}_x \left(\frac12\right] \overset{a}{b} \underbrace{x}_{y} \binom{n}{k}
\mathrm{Hom}(A,B) \mathcal{L} \mathfrak{g} \boldsymbol{\alpha} \hat{x} \vec{v} \overline{AB}
\xrightarrow{f} \not\in \bigl(x\bigr) a\equiv b\pmod{n} f'' \color{red}{x} \begin{gathered}a\\b\end{gathered}
\boxed{x} \cancel{x} \mathop{x}\limits_y \lVert x\rVert \{x\mid y\} \% \begin{array}{l|c}1&2\\\hline3&4\end{array}
""".split()


@pytest.mark.parametrize("tex", ["x^2", r"\frac{a}{b}", r"\mathbb{R}", r"\text{if } a<b"])
def test_a_formula_keeps_its_source(tex: str) -> None:
    math = etree.fromstring(mathml(tex, display=True))
    assert math.get("alttext") == tex
    assert math.get("display") == "block"


@pytest.mark.parametrize("tex", FORMULAS)
def test_formulas_are_mathml(tex: str) -> None:
    math = etree.fromstring(mathml(tex, display=False))
    names = {etree.QName(element).localname for element in math.iter()}
    assert "merror" not in names
    for element in math.iter():
        assert not set(element.attrib) & {"href", "style", "class", "id"}


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a=bc=d"),  # Obsidian numbers nothing
        (r"\begin{align} a &= b \tag{2} \end{align}", "a=b(2)"),
        (r"x \tag*{Euler}", "xEuler"),
        (r"\begin{alignat}{2} a &= b \end{alignat}", "a=b"),
        (r"\bigl\{x\bigr\} \Big\langle y \Big\rangle", "{x}⟨y⟩"),
        (r"\text{50\% of \$5}", "50% of $5"),
    ],
)
def test_a_formula_says_what_its_author_typed(tex: str, said: str) -> None:
    math = etree.fromstring(mathml(tex, display=True))
    assert "".join(map(str, math.itertext())).replace("\xa0", " ") == said


@pytest.mark.parametrize(
    "tex", ["", "{", r"\frac{a}", r"\foo", r"\limits", r"\def\a{\a\a}\a", "{" * 5000, r"\middle|"]
)
def test_tex_without_meaning_is_refused(tex: str) -> None:
    assert mathml(tex, display=False) == ""
