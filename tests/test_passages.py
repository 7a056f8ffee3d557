"""A style sheet read in passages says what it says when it is read as one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from publisher.render.fallback import with_fallback
from publisher.render.pdf import passages as reading
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.journeyman import press_for
from publisher.render.pdf.passages import Reader, faces, passages
from publisher.render.pdf.stock import BASE, Stock
from publisher.render.theme import load_theme

THEMES = ("classic", "modern", "journal", "pocket")
FILLER = "".join(f".c{n} {{ color: red }}\n" for n in range(40))  # of several passages
# Nothing after these can be read without them.
AS_ONE = {
    "a stray brace": "} p { color: blue }",
    "a rule without an end": "p { color: blue",
    "an import": '@import "other.css"; p { color: blue }',
    "a layer": "@layer base { p { color: blue } }",
    "a string without an end": 'p::before { content: "x }',
    "a comment without an end": "p { color: blue } /* and so on",
    "a bracket that closes another": "p:is(a} { color: blue }",
}
APART = {
    "a brace in a string": 'p::before { content: "}" }',
    "a brace in a comment": "p { color: blue /* } */ }",
    "a brace escaped": r".a\} { color: blue }",
    "a brace in an address": "p { background: url(a}b.png) }",
    "a rule within a rule": "@media print { p { color: blue } }",
    "a page": "@page :left { @bottom-left { content: counter(page) } }",
    "a rule that means nothing": "@nothing at all; p { color: blue }",
    "a selector that means nothing": "p;;q { color: blue } p::unknown { color: red }",
}


def reader() -> Reader:
    return Reader(FontConfiguration(), Stock({}))


def at_once(css: str) -> CSS:
    return CSS(string=css, base_url=BASE, url_fetcher=Stock({}), font_config=FontConfiguration())


def said(css: CSS) -> str:
    """All that a style sheet says, in its order; the engine's tokens are only alike in writing."""
    matcher = css.matcher
    kept = [
        (kind, name, [entry[1:] for entry in entries])
        for kind in ("id", "class", "lower_local_name", "namespace")
        for name, entries in getattr(matcher, f"{kind}_selectors").items()
    ]
    loose = [
        [entry[1:] for entry in entries]
        for entries in (matcher.lang_attr_selectors, matcher.other_selectors)
    ]
    pages = [(selectors, declarations) for _, selectors, declarations in css.page_rules]
    told = (sorted(kept, key=lambda one: one[:2]), loose, matcher.order, pages)
    return re.sub(r" at 0x[0-9a-f]+", "", repr(told))


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_says_the_same(name: str) -> None:
    css = with_fallback(load_theme(name).print_css, "", "en")
    assert len(passages(css)) > 10
    assert said(reader().sheet(passages(css))) == said(at_once(css))


@pytest.mark.parametrize("what", APART)
def test_what_looks_like_an_end_is_none(what: str) -> None:
    css = FILLER + APART[what] + FILLER
    assert len(passages(css)) > 1
    assert "".join(passages(css)).strip() == css.strip()
    assert said(reader().sheet(passages(css))) == said(at_once(css))


@pytest.mark.parametrize("what", AS_ONE)
def test_what_is_not_sure_is_read_as_one(what: str) -> None:
    css = FILLER + AS_ONE[what] + FILLER
    assert passages(css) == (css,)


def test_only_what_changed_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    class Heard(CSS):  # type: ignore[misc]
        def __init__(self, **given: Any) -> None:
            read.append(given["string"])
            super().__init__(**given)

    monkeypatch.setattr(reading, "CSS", Heard)
    before = FILLER + "p { color: blue }" + FILLER
    after = before.replace("blue", "green")
    one = reader()
    one.sheet(passages(before))
    read.clear()
    one.keep(passages(after))
    changed = one.sheet(passages(after))
    assert sum(map(len, read)) < len(after) / 2
    assert said(changed) == said(at_once(after))


def test_what_makes_fonts_known_is_told_apart() -> None:
    face = "@FONT-FACE { font-family: A; src: url(a.otf) }"
    assert faces(passages(FILLER + face + FILLER)) != ()
    assert faces(passages(FILLER)) == ()


def test_fonts_of_another_sheet_are_known_no_more() -> None:
    face = '@font-face { font-family: "A"; src: url(a.otf) }'
    first = press_for(Kit(face + FILLER, "", ())).reader
    assert press_for(Kit(face + FILLER + "p { color: blue }", "", ())).reader is first
    assert press_for(Kit(face.replace("A", "B") + FILLER, "", ())).reader is not first
    other = (("a.otf", "font/otf", b""),)
    last = press_for(Kit(FILLER, "", ())).reader
    assert press_for(Kit(FILLER, "", other)).reader is not last
