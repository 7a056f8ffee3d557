"""What our short ways through the engine come to is what its own long ways come to."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
import ziamath.operators
import ziamath.styles
from latex2mathml.converter import convert
from weasyprint import CSS, HTML, svg
from weasyprint import css as cascade
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw import text as drawing
from weasyprint.layout import inline, page
from weasyprint.svg import defs as svg_defs
from weasyprint.svg import text as svg_text
from weasyprint.svg import utils as svg_utils
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration
from ziamath.nodes.mrow import Mrow

from publisher.render.pdf import (
    formula_rows,
    formulas,
    founts,
    kept_lines,
    margins,
    mending,
    outlines,
    plain_styles,
    plain_type,
    thrift,
)
from publisher.render.pdf.thrift import resolve_percentages

CSS_TEXT = """
@page { size: 300px 400px; margin: 40px; @top-left { content: "Head " counter(page) }
  @bottom-right-corner { content: counter(pages); padding: 2px 10%; border: 1px solid } }
@page :left { @top-left { content: none } @left-middle { content: "side"; width: 50% } }
:root { --wide: 3px; font-size: 11px; line-height: calc(1em + 20%); text-indent: calc(2% + 1px) }
p { margin-block-start: 4px; padding-inline: 2px var(--wide); letter-spacing: .2px }
p + p { font-variant-caps: small-caps; text-decoration: underline; word-spacing: 1px }
em { color: #333; border-inline-end: 1px solid; font-feature-settings: "liga" 0 }
[dir=rtl] { direction: rtl; margin-inline-start: 5px; float: inherit; display: inherit }
li::marker { color: red } a::before { content: "[" attr(id) "]"; float: left }
b::after { content: "!"; page: none; text-transform: uppercase } p::first-letter { font-size: 2em }
div { hyphens: auto; text-align: justify; overflow-wrap: anywhere; font-size: calc(9px + 1px) }
sup { font-variant-position: super; vertical-align: super } a { anchor: here }
td { text-overflow: ellipsis; overflow: hidden; white-space: nowrap; width: 40px }
s { visibility: hidden } span { font-size: 0 } i { text-decoration: line-through overline }
"""
HTML_TEXT = """<html lang=en><body><p>Fie, fluffy <em>office</em> words <b>and</b> a soft\u00adhyphen.
<p>AVATAR To. \u05e9\u05dc\u05d5\u05dd and \u0627\u0644\u0633\u0644\u0627\u0645 \U0001f600 \ue000\u200b.
<div>Considerable <i>paragraphs</i> of incomprehensible words are set in narrow measures, <s>and</s>
justified<span>nothing</span> until they break<sup>2</sup>.</div><p dir=rtl>\u05d0\u05d1\u05d2 abc
<ul><li id=one>One<li id=two>Two</ul><a id=here href="#one">a link</a>
<table><tr><td>A cell that is much too long to be seen<td>\u1ea2\u0301</table>
<div style="page-break-before:always">More.<br>\tTabs\tand <code>code</code></div>
<svg viewBox="0 0 20 20" width="20"><text y="10" font-size="6">Drawn</text></svg>"""
LONG_WAYS = {
    plain_styles: (
        (cascade.ComputedStyle, "__init__", plain_styles._init),
        (cascade.ComputedStyle, "__missing__", plain_styles._missing),
        (cascade.AnonymousStyle, "__init__", plain_styles._init_anonymous),
        (cascade.StyleFor, "set_computed_styles", plain_styles._set_computed_styles),
        (cascade.StyleFor, "__call__", plain_styles._style_of),
    ),
    founts: (
        (line_break.Layout, "setup", founts._setup),
        (line_break, "_font_style_cache_key", founts._font_style_cache_key),
        (inline, "strut", founts._strut),
    ),
    thrift: tuple(
        (module, "size", thrift._size) for module in (svg, svg_utils, svg_text, svg_defs)
    ),
    plain_type: ((drawing, "draw_first_line", plain_type._draw_first_line),),
    margins: (
        (page, "set_page_type_computed_styles", margins._set_page_styles),
        (page, "resolve_percentages", resolve_percentages),
    ),
}


SET_THRICE = (
    (line_break.Layout, "deactivate", kept_lines._deactivate),
    (line_break.Layout, "reactivate", kept_lines._reactivate),
    (inline, "add_word_spacing", kept_lines._add_word_spacing),
)


def printed() -> bytes:
    fonts = FontConfiguration()
    css = CSS(string=CSS_TEXT, font_config=fonts)
    document = HTML(string=HTML_TEXT, base_url="a:").render(font_config=fonts, stylesheets=[css])
    return bytes(document.write_pdf(pdf_identifier=b"same", uncompressed_pdf=True))


@pytest.mark.parametrize("short", LONG_WAYS, ids=lambda module: module.__name__.split(".")[-1])
def test_the_long_way_comes_to_the_same_pages(short: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mending.mend()
    for place, name, long in SET_THRICE:
        monkeypatch.setattr(place, name, long)
    ours = printed()
    for place, name, long in LONG_WAYS[short]:
        assert getattr(place, name) is not long
        monkeypatch.setattr(place, name, long)
    theirs = printed()
    assert len(re.findall(rb"\bTJ\b", ours)) > 20
    assert ours == theirs


def letters(pdf: bytes) -> list[tuple[str, float, float, float, float]]:
    """Each letter and its box, page by page."""
    found = []
    for number, page_of in enumerate(pdfium.PdfDocument(pdf)):
        text = page_of.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            if right > left:
                letter = text.get_text_range(place, 1)
                found.append((letter, number * 1000 + left, bottom, right, top))
    return found


def test_lines_are_painted_where_they_would_be_if_set_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    mending.mend()
    ours = letters(printed())
    for place, name, long in SET_THRICE:
        monkeypatch.setattr(place, name, long)
    theirs = letters(printed())
    assert [letter for letter, *_ in ours] == [letter for letter, *_ in theirs]
    assert len(ours) > 200
    # A wider space stands where the one before it ends; the engine puts it into its own midst.
    assert ours != theirs
    assert all(
        abs(mine - other) < 0.1
        for one, two in zip(ours, theirs, strict=True)
        for mine, other in zip(one[1:], two[1:], strict=True)
        if one[0] != " "
    )


def styles() -> dict[tuple[str, str], dict[str, Any]]:
    """Each value of each style of the text, as the engine hands it out."""
    fonts = FontConfiguration()
    html = HTML(string=HTML_TEXT, base_url="a:")
    css = CSS(string=CSS_TEXT, font_config=fonts)
    style_for = cascade.get_all_computed_styles(html, [css], font_config=fonts)
    found = {}
    for number, element in enumerate(html.etree_element.iter()):
        for pseudo in (None, "before", "after", "marker", "first-letter", "footnote-call"):
            style = style_for(element, pseudo)
            if style is not None:
                name = f"{number} {element.tag}", str(pseudo)
                found[name] = {key: repr(style[key]) for key in sorted(INITIAL_VALUES)}
                alone = style.anonymous_style
                name = f"{number} {element.tag}", f"{pseudo} anonymous"
                asked = sorted(set(INITIAL_VALUES) - set(plain_styles._SETS))
                found[name] = {key: repr(alone[key]) for key in asked}
    return found


def test_every_property_has_the_value_that_the_engine_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mending.mend()
    ours = styles()
    for place, name, long in LONG_WAYS[plain_styles]:
        monkeypatch.setattr(place, name, long)
    theirs = styles()
    assert ours.keys() == theirs.keys()
    assert len({pseudo for _, pseudo in ours}) > 4
    assert {name: value for name, value in ours.items() if value != theirs[name]} == {}


FORMULAS = (
    r"\sqrt{\frac{\left(a+\frac{b}{\left[c-\sqrt{d^{2}+\frac{e}{f}}\right]}\right)}{\sum_{i}x_i}}",
    r"\begin{pmatrix} a & \left(\frac{1}{2}\right)\\ c & d^{\left(x\right)^2} \end{pmatrix}",
    r"\left|\left(\frac{a}{b}\right)^{\left(\frac cd\right)}\right|_{\left(x\right)}",
    r"\int_0^\infty \mathbf{e}^{-x^2}\,\mathrm{d}x = \tfrac{\sqrt\pi}{2}",
    r"\underbrace{x+y}_{n} \overline{\left\{a\middle|b\right\}}",
    r"x_{31} \in \mathbb{R}^n, \alpha \le 61\beta",
    r"\widehat{abc} \cdot \vec{v} \xrightarrow{f} \overbrace{a+b}^{n}, \binom{n}{k}",
    r"\lim_{x \to 0} \frac{43}{1+e^{-x}} = \langle a | b \rangle + P(A \mid B_{2})",
    r"f(x) = \begin{cases} x^2 & x > 0 \\ \frac12 & \text{else} \end{cases}",
    r"\Big( \frac{a}{b} \Big) \uparrow \|c\| / \lfloor d \rfloor",
)
# Every operator in a row that is higher than it.
SIGNS = tuple(
    f"<math><mrow><mo>{sign}</mo><mi>a</mi><mo>{sign}</mo><mfrac><mi>b</mi>"
    f"<mrow><mo>{sign}</mo><mi>c</mi></mrow></mfrac><mo>{sign}</mo></mrow></math>"
    for sign in map(escape, dict.fromkeys(name for name, _ in ziamath.operators.operators))
)


OUTLINES = (
    "M 1 2 L 1 2 L 3.5 -4.25 Q 5 6 7.125 8 C 1 2 3 4 10 -0.5 Z M 9 9 Q 1 1 12 3 Z ",
    "M 0 0 L 10.000 10 L 0.1 10 Z",
    "M 1 2 Z M 1 2 L 3 4 Z",  # a part that is no line is not closed
    "M 1 2 L 3 4",
    "M1,2 l3,4 h5 v6 z",
    "M 1 2 A 5 5 0 0 1 9 9 Z",
    "M 1 2 L 1e1 4 L 5% 1em Z",
    "M 1 2 L 3 4 5 6 Z",
)


def test_outlines_are_painted_as_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    mending.mend()
    bare = "".join(f'<path d="{outline}"/>' for outline in OUTLINES)
    marked = f'<marker id="m"><path d="{OUTLINES[1]}"/></marker>'
    marked += f'<path marker-mid="url(#m)" d="{OUTLINES[0]}"/>'

    def painted() -> bytes:
        outlines._kept.clear()
        drawing = f'<svg viewBox="0 0 20 20" width="20">{bare}{marked}</svg>'
        given = {"pdf_identifier": b"same", "uncompressed_pdf": True}
        return bytes(HTML(string=drawing, base_url="a:").write_pdf(**given))

    ours = painted()
    plain = [outline for outline in OUTLINES if outlines._SIMPLE.fullmatch(outline.strip())]
    assert plain == list(OUTLINES[:2])
    monkeypatch.setitem(svg.TAGS, "path", outlines._path)
    assert ours == painted()
    assert ours.count(b" c\n") > 4


def test_signs_that_are_joined_look_as_they_do_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen() -> Any:
        draw = formulas._draw.__wrapped__
        drawn = [draw(convert(formula), formula, 26.5, "n") for formula in FORMULAS]
        pages = "".join(f"<p>{drawing}</p>" for drawing in drawn)
        style = "<style>@page{size:400px 900px}p{margin:4px}</style>"
        pdf = pdfium.PdfDocument(HTML(string=style + pages, base_url="a:").write_pdf())
        picture = pdf[0].render(scale=3, grayscale=True).to_numpy().astype(int)
        return pages.count("<path"), picture

    joined, ours = seen()
    monkeypatch.setattr(formulas, "_join_signs", lambda _svg: None)
    apart, theirs = seen()
    assert joined * 3 < apart
    assert (ours < 128).sum() > 3_000
    # A bar that is painted alone is moved to the next row of dots.
    assert (abs(ours - theirs) > 64).sum() * 50 < (ours < 128).sum()


def test_formulas_look_as_they_do_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula_rows, "_heights", {})
    formula_rows.mend()
    ziamath.Math(convert(r"x_{31} \in \mathbb{R}^n, \sqrt{\alpha} \le 61\beta"))
    assert not formula_rows._heights  # nothing grows, nothing is measured
    sources = [*map(convert, FORMULAS), *SIGNS]
    ours = [ziamath.Math(source).svg() for source in sources]
    assert formula_rows._heights
    monkeypatch.setattr(Mrow, "_get_height_nostretch", formula_rows._get_height_nostretch)
    monkeypatch.setattr(ziamath.styles, "asdict", formula_rows._asdict)
    assert ours == [ziamath.Math(source).svg() for source in sources]
    assert all(len(list(ET.fromstring(svg).iter())) > 5 for svg in ours[: len(FORMULAS)])
