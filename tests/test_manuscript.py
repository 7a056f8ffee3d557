"""A take that the quick parser reads has the very tree that the engine's own parser finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.render.pdf.manuscript import Manuscript, read
from publisher.render.pdf.stock import Stock
from publisher.render.pdf.takes import SEAM, takes

START, END = '<!DOCTYPE html><html lang="en"><body class="book">', "</body></html>"

READ = (
    '<section id="a"><h1 class="t">A &amp; B</h1><p>one<br>two<br/>three&nbsp;&hellip;</p></section>',
    '<p>a<wbr></wbr>b <img src="images/a.png" alt="1 &gt; 0"> <code>c d</code></p><hr>',
    "<pre>\n\n  kept\n</pre><pre><code>\nkept</code></pre>",
    "<table><caption>C</caption><thead><tr><th>1</th></tr></thead>\n<tbody></tbody></table>",
    "<table><tbody><tr><td><p>2</p></td></tr>\n</tbody></table>",
    "<ul>\n<li>a<ul><li><p>b</p></li></ul></li>\n</ul><dl><dt>t</dt><dd><p>d</p></dd></dl>",
    '<p><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>x</title></svg></p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><g fill="red"><rect width="1"></rect></g></svg>',
    '<p>and <a href="#a">so <b>on</b></a> <em>and</em></p>',
    '<ruby>漢<rp>(</rp><rt>kan</rt></ruby><p dir="rtl">&#34;&#39; שלום\r\nלך</p>',
    "<blockquote><p>q</p></blockquote><a href='#a'><div>block</div></a>",
)
# Another tree, or none: the engine's parser has the word.
LEFT = (
    "<p>open",
    "<p>a<div>b</div></p>",
    "<p>a<!-- b --></p>",
    "<table><tr><td>1</td></tr></table>",
    "<table><tbody><tr>loose<td>1</td></tr></tbody></table>",
    "<table><tbody><tr><td>1</td></tr></tbody><p>loose</p></table>",
    "<table>&nbsp;<tbody><tr><td>1</td></tr></tbody></table>",
    "<div><td>no table</td></div>",
    "<ul><li>a<div><li>b</li></div></li></ul>",
    '<a href="#a">a<i><a href="#b">b</a></i></a>',
    "<h2>a<h3>b</h3></h2>",
    "<DIV>a</DIV>",
    '<p CLASS="a">b</p>',
    "<p>a<br></br>b</p>",
    "<details open><p>a</p></details>",
    "<p>&unknown; &copy</p>",
    "<p>&#150;</p>",
    "<svg><path d='M0 0'></path></svg>",
    '<svg xmlns="http://www.w3.org/2000/svg"><title>a<g></g></title></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><p>a</p></svg>',
    "<title>a</title>",
    "<style>p > b {}</style>",
    '<p xml:lang="fr">a</p>',
    "<ul><dd>a</dd></ul>",
    "<body><p>a</p></body>",
)


def shape(element: Any) -> Iterator[tuple[Any, ...]]:
    """Everything in a tree but the declarations of its names."""
    given = {name: value for name, value in element.attrib.items() if "xmlns" not in name}
    yield element.tag, given, element.text or ""
    for child in element:
        yield from shape(child)
        yield ("", {}, child.tail or "")


def engines(text: str) -> list[tuple[Any, ...]]:
    return list(shape(tinyhtml5.parse(text, namespace_html_elements=False)))


@pytest.mark.parametrize("body", READ)
def test_what_is_closed_is_read_at_once(body: str) -> None:
    root = read(START + body + END)
    assert root is not None
    assert list(shape(root)) == engines(START + body + END)


@pytest.mark.parametrize("body", LEFT)
def test_what_html_reads_otherwise_is_left_to_it(body: str) -> None:
    text = START + body + END
    assert read(text) is None
    assert list(shape(Manuscript(text, Stock({})).etree_element)) == engines(text)


def test_takes_are_of_the_kind_that_is_read_at_once() -> None:
    book = ("<!DOCTYPE html><html><head></head><body>", f"{SEAM}<section>a<br>b</section>", END)
    (take,) = takes(book)[1]
    assert read(take.html()) is not None


def test_a_document_of_another_make_is_left() -> None:
    assert read("<!DOCTYPE html><html><head></head><body></body></html>") is None
    assert read("<p>no document</p>") is None
    assert read(f"{START}{END} more") is None
    assert read('<!DOCTYPE html [<!ENTITY a "b">]><html><body>&a;</body></html>') is None


NAMES = (
    "p", "div", "b", "a", "h2", "h3", "ul", "li", "dl", "dd", "table", "tbody", "tr", "td", "caption",
    "colgroup", "col", "br", "img", "pre", "ruby", "rt", "span", "section", "title", "select", "option",
    "button", "form", "nobr", "svg", "math", "center", "details", "figure", "em", "code", "hr", "style",
)  # fmt: skip
WORDS = st.sampled_from(("", "", "a", " ", "\n", "\n\na", "&lt;", "&nbsp;", "x &amp; y"))


def spelled(name: str, first: str, inner: str, last: str) -> str:
    if name in ("br", "img", "hr", "col"):
        return f"<{name}>{last}"
    return f"<{name}>{first}{inner}</{name}>{last}"


TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(
        st.builds(spelled, st.sampled_from(NAMES), WORDS, inner, WORDS), max_size=4
    ).map("".join),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_any_tree_is_the_engines_or_left(body: str) -> None:
    text = START + body + END
    root = read(text)
    if root is not None:
        assert list(shape(root)) == engines(text)
