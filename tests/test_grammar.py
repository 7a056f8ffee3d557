"""The grammar, by examples: tests/grammar/*.test say what each piece of text becomes.

An example is a line `@@ rule: what it shows`, the text, a line `@@`, and the tokens.
In the text `␣` is a blank, `→` a tab, `␍` a carriage return and `␀` the null character,
where an editor would lose or hide them. PUBLISHER_BLESS=1 writes the tokens anew: read
the difference before you commit it.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token
from patience import comes_to_an_end

from publisher.vault import wikilink
from publisher.vault.galley import Syntax, Target
from publisher.vault.markup import grammar, parse

EXAMPLES = Path(__file__).parent / "grammar"
HIDDEN = str.maketrans({"␣": " ", "→": "\t", "␍": "\r", "␀": "\0"})
BLESS = bool(os.environ.get("PUBLISHER_BLESS"))

# Every rule of the syntax that the grammar, and not a later stage, answers for.
RULES = """
wikilink wikilink-alias wikilink-trim wikilink-alias-format wikilink-adjacent wikilink-inline
wikilink-code wikilink-unclosed wikilink-empty wikilink-triple wikilink-escaped
wikilink-table-pipe wikilink-url wikilink-attachment
display-typed display-path display-heading display-block heading-syntax
block-strip block-para block-list block-after block-after-tight block-case block-chars
embed img-wiki img-size img-alt img-md img-in-link media-pdf
callout callout-title callout-default callout-types callout-case callout-unknown callout-fold
callout-titleonly callout-nested callout-list callout-content callout-title-inline callout-lazy
callout-adjacent callout-not callout-meta
comment-inline comment-block comment-code comment-html
highlight highlight-not strike emphasis escape no-extras entities
tag tag-number tag-not
footnote footnote-inline footnote-multi footnote-repeat footnote-undefined footnote-content
footnote-unreferenced
math-inline math-block math-literal math-currency math-paren math-heading
list list-tight list-start list-blocks list-heading task task-custom task-nested
table table-align table-pipe table-br
html-inline html-nomd html-wild
break-hard break-soft break-glue dv-field
code-block code-literal code-inline code-indent code-unclosed code-container
ext-link ext-auto ext-ref ext-scheme quote hr heading-levels unicode crlf
""".split()


@dataclass(frozen=True)
class Example:
    """One piece of text and what it becomes."""

    file: str
    title: str
    text: str
    expected: str


def read(path: Path) -> Iterator[Example]:
    parts = re.split(r"^@@(?: (.*))?\n", path.read_text("utf-8"), flags=re.MULTILINE)
    for at in range(1, len(parts), 4):
        title, text, _, expected = parts[at : at + 4]
        yield Example(path.name, title, text, expected.strip("\n"))


ALL = [example for path in sorted(EXAMPLES.glob("*.test")) for example in read(path)]


def attributes(token: Token) -> str:
    shown = dict(token.meta or {}) | dict(token.attrs or {})
    shown.pop("raw", None)
    target = shown.pop("target", None)
    said = []
    if target:
        block = f"^{target.block}" if target.block else ""
        said.append(" > ".join([target.path or "here", *target.headings, *filter(None, [block])]))
    said += [f"{key}={value!r}" for key, value in shown.items()]
    return " ".join(said)


def inline(tokens: list[Token]) -> str:
    words = []
    for token in tokens:
        if token.type == "text":
            words.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            words.append({"softbreak": "⏎", "hardbreak": "↵"}[token.type])
        elif token.nesting < 0:
            words.append("›")
        else:
            kind = token.type.removesuffix("_open")
            inner = f": {token.content}" if token.content else ""
            inner = inner if token.nesting == 0 else ":"
            said = " ".join(filter(None, [kind, attributes(token)]))
            words.append(f"‹{said}{inner}" + ("›" if token.nesting == 0 else " "))
            if token.type == "image":
                words[-1] = words[-1][:-1] + " " + inline(token.children or []) + "›"
    return "".join(words)


def summary(tokens: list[Token]) -> str:
    lines: list[str] = []
    depth = 0
    for token in tokens:
        if token.nesting < 0:
            depth -= 1
        elif token.type == "inline":
            lines[-1] += "| " + inline(token.children or [])
        else:
            kind = token.type.removesuffix("_open")
            level = token.tag[1:] if kind == "heading" else "-tight" if token.hidden else ""
            info = repr(token.info) if kind == "fence" and token.info else ""
            content = repr(token.content) if token.content else ""
            said = [kind + level, info, attributes(token), content]
            lines.append("  " * depth + " ".join(filter(None, said)))
            depth += token.nesting == 1
    return "\n".join(lines)


@pytest.mark.parametrize("example", ALL, ids=lambda e: f"{e.file[:-5]}: {e.title}")
def test_example(example: Example) -> None:
    got = summary(parse(example.text.translate(HIDDEN)))
    if not BLESS:
        assert got == example.expected
        assert example.expected


@pytest.mark.skipif(not BLESS, reason="only where examples are written anew")
def test_bless() -> None:
    for path in sorted(EXAMPLES.glob("*.test")):
        written = [
            f"@@ {e.title}\n{e.text}@@\n{summary(parse(e.text.translate(HIDDEN)))}\n"
            for e in read(path)
        ]
        path.write_text("\n".join(written), "utf-8")


def test_every_rule_has_an_example() -> None:
    assert sorted(set(RULES) - {example.title.partition(":")[0] for example in ALL}) == []


def test_titles_are_unique() -> None:
    titles = [(example.file, example.title) for example in ALL]
    assert len(titles) == len(set(titles))


def test_grammar_is_built_once() -> None:
    assert grammar() is grammar()


def test_one_note_leaves_nothing_for_the_next() -> None:
    parse("[^a]: here\n\n[ref]: https://example.org\n\nx[^a]")
    assert summary(parse("x[^a] [ref]")) == "paragraph| x‹footnote_lost: [^a]› [ref]"


def test_tokens_pickle() -> None:
    tokens = parse("[[Note|x]] ^id\n\n> [!tip]- T\n> y[^1]\n\n[^1]: z")
    assert summary(pickle.loads(pickle.dumps(tokens))) == summary(tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Note", Target("Note")),
        (" Folder / Note ", Target("Folder / Note")),
        ("Note#A#B", Target("Note", ("A", "B"))),
        ("#A", Target("", ("A",))),
        ("Note# A # B ", Target("Note", ("A", "B"))),
        ("Note#^a-1", Target("Note", (), "a-1")),
        ("Note#A#^a", Target("Note", ("A",), "a")),
        ("Note#", Target("Note")),
        ("100% wool", Target("100% wool")),
        ("https://example.org/#a", Target("https://example.org/#a")),
    ],
)
def test_target(text: str, expected: Target) -> None:
    assert wikilink.target(text) == expected


def test_target_of_a_markdown_link_is_decoded() -> None:
    got = wikilink.target("My%20Note.md#The%20end%23", Syntax.MARKDOWN)
    assert got == Target("My Note.md", ("The end#",), "", Syntax.MARKDOWN)


def test_raw_and_lines_lead_back_to_the_source() -> None:
    (token,) = [
        t for t in parse("a\n\n> b\n> [[N|x]]\n") if t.type == "inline" and "N" in t.content
    ]
    assert token.map == [2, 4]
    (link,) = [t for t in token.children or [] if t.type == "wikilink_open"]
    assert link.meta["raw"] == "[[N|x]]"


def test_every_text_has_its_lines() -> None:
    text = (
        "# a\n\n- b\n\n| c | d |\n|--|--|\n| e | f |\n\n> [!note] g\n> h^[i^[j]] k[^1]\n\n[^1]: l"
    )
    texts = [token for token in parse(text) if token.type == "inline"]
    assert len(texts) == 11
    assert [token.content for token in texts if not token.map] == []


HOSTILE = """
[[ ![[ %% == $ $$ ^[ [^ < ` * ** _ ~~ > - 1.␣ [ ![ ( ] ]] ) [a::␣ (a::␣ a::␣ :: :// https:// <!-- <a␣
</ <? # #a \\ & &#x | [[a| [[a|[b] [a]( [a][ **[ [^a]␣ ^[a]␣ %%` `a``b␣ $a␣ a== <a@b ^a ␍ ␀ → ␣
""".split()
HOSTILE_LINES = """
- ^a;^a; - a ^a;> %%;%%;```;$$;$$a;<script>;> <script>;- <script>;<!--;> <!--;- <!--;<div>;> [!a];
[^a]: ;[^a]: x;[a]: <;- [ ] a;a:: b;---;| a |;> a
""".replace("\n", "").split(";")


@pytest.mark.parametrize(
    "unit", HOSTILE + [f"{u}{end}" for u in HOSTILE_LINES for end in ("\n", "\n\n")]
)
def test_hostile_text_is_read_in_time(unit: str) -> None:
    text = (unit.translate(HIDDEN) * 10_000)[:10_000]
    with comes_to_an_end():
        parse(text)
        parse(f"[^a]: x\n\n{text}\n]] ]] %% $$ --> </script> ` )")


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *(("[", "]"), ("^[", "]"), ("[[a|", "]]"), ("(a:: ", ")"), ("[a:: ", "]"), ("*", "*")),
        *(("![", "](a)"), ("[", "](a)"), ("> ", ""), ("- ", ""), ("1. ", ""), ("[^a]: ", "")),
        *(("> - ", ""), ("> [!a]\n> ", ""), ("<b>", "</b>"), ("==", "==")),
    ],
)
def test_ten_thousand_levels_lose_nothing(opening: str, closing: str) -> None:
    """And need no deep stack: a caller may itself stand far up on it."""
    depth = len(_frames()) + 450
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth)
    try:
        with comes_to_an_end():
            tokens = parse(opening * 10_000 + "kept" + closing * 10_000)
    finally:
        sys.setrecursionlimit(limit)
    assert "kept" in summary(tokens)


def _frames() -> list[object]:
    frame, frames = sys._getframe(), []
    while frame:
        frames.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return frames


def test_deep_lists_lose_nothing() -> None:
    text = "\n".join(f"{'  ' * level}- item{level}." for level in range(100))
    shown = summary(parse(text))
    assert [level for level in range(100) if f"item{level}." not in shown] == []


PIECES = st.sampled_from(
    "a b. x1 \n \n\n > -  1.\x20 # \x20 \t [[ ]] ![[ [ ] ( ) | ` ``` $ $$ * ** _ == ~~ %% ^id ^[ [^1] [^1]: "
    "<!-- --> <b> </b> <script> [!note] :: key::\x20 https://a.b [x] \\ ^ | --- |--| é 字".split(
        " "
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_gives_tokens_in_pairs(text: str) -> None:
    lines = text.count("\n") + 1
    for tokens in _levels(parse(text)):
        stack: list[str] = []
        for token in tokens:
            if token.nesting == 1:
                stack.append(token.type.removesuffix("_open"))
            elif token.nesting == -1:
                assert stack.pop() == token.type.removesuffix("_close")
            if token.map:
                assert 0 <= token.map[0] <= token.map[1] <= lines
        assert stack == []


def _levels(tokens: list[Token]) -> Iterator[list[Token]]:
    yield tokens
    for token in tokens:
        if token.children:
            yield from _levels(token.children)
