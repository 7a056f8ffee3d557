"""Pages made to fall badly, one fault each, and the same pages made well."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from lxml import etree
from PIL import Image
from rich.console import Console
from weasyprint import HTML

from publisher.config import Plan
from publisher.printing import build_print
from publisher.problem import SetupError
from publisher.render.proofing.finding import KINDS, Facts, PageFinding, Proof, worst
from publisher.render.proofing.last_words import (
    bind_last_words,
    bind_title,
    fit_code,
    hold_brief_openings,
    loosen_hard_spaces,
)
from publisher.render.proofing.lines import set_lines
from publisher.render.proofing.measure import clear, take_measure
from publisher.render.proofing.page import set_page
from publisher.render.proofing.pictures import contact_sheet, page_pictures
from publisher.render.proofing.proof import proof
from publisher.render.proofing.reading import opened, read_leaf
from publisher.render.proofing.showing import as_json, as_table

FONTS = (Path(__file__).parent.parent / "themes" / "classic" / "fonts").as_uri()
STYLE = """
@font-face { font-family: Serif; src: url(FONTS/EBGaramond-Regular.ttf); }
@page { size: 250pt 320pt; margin: 40pt 35pt 42pt;
  @top-center { content: "A running head"; font: 8pt Serif; }
  @bottom-center { content: counter(page); font: 8pt Serif; } }
html { font: 10pt/14pt Serif; orphans: 1; widows: 1; text-align: justify; }
body, p, pre { margin: 0 }
p + p { text-indent: 14pt }
h1 { font: 20pt/28pt Serif; margin: 56pt 0 14pt; break-before: page; text-align: center }
h2 { font: 13pt/14pt Serif; margin: 0; text-align: left }
h2 { break-after: auto }
.tight { word-spacing: -1.2pt }
.more { display: none }
.new { break-before: page; text-indent: 0 }
""".replace("FONTS", FONTS)  # 17 lines of 180 points
SEA = (
    "The keeper of the light wrote down what he saw and then what he thought of it, and the"
    " board read the one and never the other, for the board had a great many logs to read. "
)


def prose(times: int = 1) -> str:
    return f"<p>{SEA * times}</p>"


def filler(lines: int) -> str:
    """Paragraphs of one line each, the first at the head of a page."""
    return '<p class="new">A line and nothing more.</p>' + "<p>And one more line.</p>" * (lines - 1)


@cache
def engine() -> ProcessPoolExecutor:
    """A process in which nothing has mended WeasyPrint, which would not set such pages then."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def as_it_comes(page: str, *, tagged: bool) -> bytes:
    made: bytes = HTML(string=page).write_pdf(
        pdf_tags=tagged, pdf_identifier=b"proof" * 3, uncompressed_pdf=True
    )
    return made


@cache
def printed(html: str, style: str = "", *, tagged: bool = True) -> bytes:
    """A piece of three pages, so that there is a measure to go by, and then the case."""
    text = f"<h1>A piece</h1>{prose(4)}{prose(3) * 2}{html}"
    page = f'<html lang="en"><style>{STYLE}{style}</style><body>{text}</body></html>'
    return engine().submit(as_it_comes, page, tagged=tagged).result()


def kinds(pdf: bytes) -> set[str]:
    return {finding.kind for finding in proof(pdf).findings if finding.leaf >= 4}


THREE_LINES = "<p>" + SEA[:118] + ".</p>"
BROKEN = "<p>" + "un&shy;ques&shy;tion&shy;able " * 20 + "</p>"
LADDER = "<p>" + ("&shy;".join(["no"] * 12) + " ") * 10 + "</p>"
MORE = '<p class="more">And one more line.</p>' * 2
RECTO = filler(17)
LONG = "w" * 20
# The fault, the pages that have it from leaf 4 on, and the style that mends it.
NOWRAP = "<style>p.k { white-space: nowrap }</style>"
CASES = [
    ("heading-at-foot", filler(16) + "<h2>A heading</h2>" + prose(3), "h2 { break-after: avoid }"),
    (
        "heading-at-foot",
        filler(15) + "<h2>A heading</h2>" + prose(3),
        "h2 { break-after: avoid } p { orphans: 2 }",
    ),
    ("widow", filler(15) + THREE_LINES + prose(3), "html { widows: 2 }"),
    ("orphan", filler(16) + THREE_LINES + prose(3), "html { orphans: 2 }"),
    ("runt", filler(3) + f"<p>{SEA[:86]} it.</p>", "p { letter-spacing: 0.3pt }"),
    ("hyphen-page", filler(16) + BROKEN + prose(1), "html { hyphens: none }"),
    ("hyphen-turn", RECTO + filler(16) + BROKEN + prose(1), "html { hyphens: none }"),
    ("hyphen-ladder", filler(3) + LADDER, "html { hyphens: none; overflow-wrap: anywhere }"),
    (
        "loose-line",
        filler(3) + f"<p>So it is in this low row of old {LONG} again.</p>",
        "html { text-align: left }",
    ),
    ("tight-line", filler(3) + f'<p class="tight">{SEA * 2}</p>', ".tight { word-spacing: 0 }"),
    ("river", filler(3) + "<p>" + "wwwwwww " * 40 + "</p>", "html { text-align: left }"),
    ("short-page", filler(9) + filler(17) + prose(), ".new { break-before: avoid }"),
    ("uneven-spread", filler(15) + MORE + filler(17) + prose(), ".more { display: block }"),
    ("nearly-empty", filler(17) + "<p>Alone.</p><h1>B</h1>" + prose(2), "p { line-height: 13pt }"),
    (
        "overfull",
        filler(3) + f'<p class="k">{LONG * 3}</p>' + NOWRAP,
        "p.k { white-space: normal !important; overflow-wrap: anywhere }",
    ),
]


@pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "plain"])
@pytest.mark.parametrize(("kind", "html", "cure"), CASES)
def test_a_fault_is_found_and_gone_when_mended(
    kind: str, html: str, cure: str, tagged: bool
) -> None:
    assert kind in kinds(printed(html, tagged=tagged))
    assert kind not in kinds(printed(html, cure, tagged=tagged))


def test_heads_and_folios_are_no_text() -> None:
    pages = proof(printed(prose(8), tagged=False))
    assert pages.facts.depth == 17
    assert pages.facts.size == 10
    assert pages.facts.leading == 14
    assert not {f.kind for f in pages.findings} & {"overfull", "nearly-empty", "uneven-spread"}


def test_notes_at_the_foot_are_no_text() -> None:
    style = ".n { float: footnote; font-size: 7pt; line-height: 9pt; text-indent: 0 }"
    style += "@page { @footnote { border-top: 0.4pt solid black; padding-top: 4pt } }"
    html = f'{filler(12)}<p>It<span class="n">{SEA}it.</span> stands here.</p>{prose(6)}'
    for tagged in (True, False):
        with opened(printed(html, style, tagged=tagged)) as document:
            leaves = [read_leaf(document, index) for index in range(len(document))]
        set_up = [(leaf, set_lines(leaf)) for leaf in leaves]
        measure = take_measure(set_up)
        leaf, lines = set_up[3]
        page = set_page(leaf, clear(lines, measure.furniture), measure)
        assert page.notes
        assert all(paragraph.size < 8 for paragraph in page.notes)
        assert all(line.size > 6 for line in page.lines)
        assert not any("keeper" in line.text for line in page.lines[:12])


def test_a_page_number_alone_in_the_index_is_no_runt() -> None:
    assert "runt" in kinds(printed(filler(3) + f"<p>{SEA[:82]} or so</p>"))
    assert "runt" not in kinds(printed(filler(3) + f"<p>{SEA[:82]}, 30, 47</p>"))


def test_what_stands_in_the_margin_is_not_overfull() -> None:
    style = ".m { position: absolute; left: 190pt; font-size: 7pt; text-indent: 0 }"
    html = f'{filler(3)}<p class="r">{SEA} It is <span class="m">p. 12</span> so. {SEA}</p>'
    style += " .r { position: relative }"
    for tagged in (True, False):
        assert "overfull" not in kinds(printed(html, style, tagged=tagged))


def test_a_side_without_text_to_go_by_is_not_overfull() -> None:
    style = "@page :left { margin: 40pt 60pt 42pt 10pt } .s { font-size: 8pt }"
    page = f'<html lang="en"><style>{STYLE}{style}</style>{prose()}<p class="new s">{SEA}</p>'
    made = engine().submit(as_it_comes, page, tagged=True).result()
    assert not {f for f in proof(made).findings if f.kind == "overfull"}


def test_verse_code_and_tables_are_left_alone() -> None:
    verse = "<p>The tide is<br>an old<br>man with a lamp<br>in<br>it</p>" * 2
    code = "<pre><code>if x:\n    it\n\ny = 1</code></pre>"
    table = "<table>" + "<tr><td>A</td><td>it</td><td>of</td></tr>" * 4 + "</table>"
    html = filler(2) + verse + code + table
    for tagged in (True, False):
        assert not kinds(printed(html, "td { width: 58pt }", tagged=tagged))


def test_arabic_has_its_last_line_on_the_other_side() -> None:
    line = "كتب حارس المنارة ما رآه ثم كتب ما ظنه وقرأ المجلس الأول ولم يقرأ الآخر أبدا "
    html = f'<div dir="rtl" lang="ar">{filler(2)}<p>{line * 5}</p></div>'
    found = {finding.kind for finding in proof(printed(html)).findings if finding.leaf >= 4}
    assert not found & {"runt", "widow", "orphan", "overfull", "tight-line"}


def test_the_proof_is_the_same_from_a_path_and_from_bytes(tmp_path: Path) -> None:
    pdf = printed(CASES[0][1])
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf)
    assert proof(path) == proof(pdf)
    assert proof(path, quick=True).facts.pages == proof(path).facts.pages
    assert "loose-line" not in {finding.kind for finding in proof(path, quick=True).findings}


def test_a_page_is_named_by_its_folio() -> None:
    with pikepdf.open(BytesIO(printed(CASES[2][1]))) as pdf:
        labels = [0, pikepdf.Dictionary(S=pikepdf.Name.r), 3, pikepdf.Dictionary(S=pikepdf.Name.D)]
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))
        out = BytesIO()
        pdf.save(out)
    widow = next(f for f in proof(out.getvalue()).findings if f.kind == "widow" and f.leaf > 3)
    assert (widow.leaf, widow.folio) == (5, "2")


@pytest.mark.parametrize("pdf", [b"", b"no PDF at all", Path("nowhere.pdf")])
def test_what_is_no_pdf_is_said_in_one_line(pdf: bytes | Path) -> None:
    with pytest.raises(SetupError, match=r"^(this is no PDF|there is no file).*$"):
        proof(pdf)


def test_a_book_of_empty_pages_has_no_faults() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(300, 400)
    out = BytesIO()
    document.save(out)
    empty = proof(out.getvalue())
    assert (empty.findings, empty.facts.pages, empty.facts.blank) == ((), 1, 1)


def finding(leaf: int, kind: str, score: float) -> PageFinding:
    return PageFinding(leaf, str(leaf), kind, score, f"[{kind}] here", (10, 10, 40, 30))


def test_one_grave_fault_comes_before_small_ones() -> None:
    small = [finding(3, "loose-line", 2.0)] * 4
    made = Proof((finding(2, "hyphen-page", 1.5), *small, finding(9, "heading-at-foot", 9.0)))
    assert [page.leaf for page in worst(made)] == [9, 3, 2]
    assert [page.leaf for page in worst(made, 1)] == [9]


def test_every_kind_found_is_told_about() -> None:
    made = proof(printed(CASES[0][1]))
    assert made.findings
    assert {f.kind for f in made.findings} <= set(KINDS)
    assert {kind for kind, *_ in CASES} == set(KINDS)
    assert Facts(pages=60, blank=10, counts=(("runt", 5),)).per_hundred("runt") == 10


def test_the_pictures_show_the_marked_pages() -> None:
    pdf = printed(CASES[0][1])
    made = proof(pdf)
    sheet = Image.open(BytesIO(contact_sheet(pdf, made, 2)))
    assert sheet.width > 600
    colours = sheet.convert("RGB").getcolors(sheet.width * sheet.height) or []
    assert (200, 30, 30) in {colour for _, colour in colours}
    pictures = page_pictures(pdf, made, 2)
    assert list(pictures) == ["worst.png", *(f"leaf-{p.leaf:04d}.png" for p in worst(made, 2))]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures.values())


def test_the_table_and_the_json_tell_the_same() -> None:
    made = Proof((finding(2, "runt", 4.0),), Facts(pages=3, counts=(("runt", 1),)))
    console = Console(width=100, record=True, file=None)
    with console.capture() as shown:
        console.print(as_table(made))
    assert "[runt] here" in shown.get()
    told = as_json(made)
    assert json.loads(json.dumps(told)) == told
    assert told["facts"]["faults"] == {"runt": {"times": 1, "per_100_pages": 33.3}}
    with console.capture() as shown:
        console.print(as_table(Proof()))
    assert "would pass" in shown.get()


LONG_BEGINNING = "It had been a long winter, and the boats lay on the hard with their masts out "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<p>{LONG_BEGINNING}until it.</p>", f"<p>{LONG_BEGINNING}until\u00a0it.</p>"),
        (
            f"<p>{LONG_BEGINNING}until spring.</p>",
            f'<p>{LONG_BEGINNING}until <span class="last-word">spring.</span></p>',
        ),
        (
            f"<p>{LONG_BEGINNING}<em>for me.</em></p>",
            f"<p>{LONG_BEGINNING}<em>for\u00a0me.</em></p>",
        ),
        (f"<p>{LONG_BEGINNING}<a>a</a> it.</p>", f"<p>{LONG_BEGINNING}<a>a</a>\u00a0it.</p>"),
        (f"<p>{LONG_BEGINNING}until</p>", f"<p>{LONG_BEGINNING}until</p>"),
        (
            f"<p>{LONG_BEGINNING}see <code>2.33</code>.</p>",
            f"<p>{LONG_BEGINNING}see\u00a0<code>2.33</code>.</p>",
        ),
        (
            f"<p>{LONG_BEGINNING}see <code>round(2)</code>.</p>",
            f"<p>{LONG_BEGINNING}see <code>round(2)</code>.</p>",
        ),
        (
            f'<p>{LONG_BEGINNING}in <b><a href="x">the sidebar</a></b>.</p>',
            f'<p>{LONG_BEGINNING}in <b><a href="x">the <span class="last-word">sidebar</span></a></b>.</p>',
        ),
        (
            f"<p>{LONG_BEGINNING}and <b>Sharing</b>.</p>",
            f'<p>{LONG_BEGINNING}and <b><span class="last-word">Sharing</span></b>.</p>',
        ),
        (
            f"<p>{LONG_BEGINNING}<br/><b>and</b></p>",
            f"<p>{LONG_BEGINNING}<br/><b>and</b></p>",
        ),
        ("<p>Short as it is.</p>", "<p>Short as it is.</p>"),
        (
            f'<p class="verse">{LONG_BEGINNING}it.</p>',
            f'<p class="verse">{LONG_BEGINNING}it.</p>',
        ),
    ],
)
def test_last_words_are_bound(before: str, after: str) -> None:
    body = etree.fromstring(f"<div>{before}</div>")
    bind_last_words(body)
    assert etree.tostring(body, encoding="unicode") == f"<div>{after}</div>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("As it is sung, with the verses left out", "As it is sung, with the verses left\u00a0out"),
        ("A Ballad", "A Ballad"),
    ],
)
def test_a_title_leaves_no_short_word_alone(before: str, after: str) -> None:
    body = etree.fromstring(f"<div>{before}</div>")
    bind_title(body)
    assert etree.tostring(body, encoding="unicode") == f"<div>{after}</div>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>{} <b>and~so</b>~on~it~goes</p>", "<p>{} <b>and~so</b>~on~it~goes</p>"),
        ("<p>{}~<b>and~so</b>~on~it~goes</p>", "<p>{}_<b>and_so</b>_on_it_goes</p>"),
        ("<p>{}~~<b>and~so</b><code>a~b</code></p>", "<p>{}~~<b>and_so</b><code>a~b</code></p>"),
        ("<p>{}</p><p>10~km</p>", "<p>{}</p><p>10~km</p>"),
        ("<p>the~<code>x</code>~key~is</p>", "<p>the_<code>x</code>_key~is</p>"),
        ("<p>à~<em>lui</em>~: 10~<em>km</em></p>", "<p>à~<em>lui</em>~: 10~<em>km</em></p>"),
        ("<p class='verse'>{}~<b>and~so</b>~on</p>", "<p class='verse'>{}~<b>and~so</b>~on</p>"),
    ],
)
def test_hard_spaces_throughout_are_none(before: str, after: str) -> None:
    word = "Weihnachtsbaumschmuckverkäuferinnenzeugnis"
    body = etree.fromstring(f"<div>{before.format(word)}</div>".replace("~", "\u00a0"))
    loosen_hard_spaces(body)
    wanted = etree.fromstring(f"<div>{after.format(word)}</div>")
    text = etree.tostring(wanted, encoding="unicode").replace("~", "\u00a0").replace("_", " ")
    assert etree.tostring(body, encoding="unicode") == text


def test_long_code_leaves_its_paragraph_ragged() -> None:
    body = etree.fromstring(
        "<div><p>See <code>formula.price_per_unit</code></p><p>See <code>x = 1</code></p>"
        "<pre><code>a_long_name_in_a_listing()</code></pre></div>"
    )
    fit_code(body)
    assert [element.get("class") for element in body] == ["ragged", None, None]


def test_short_code_is_not_broken() -> None:
    body = etree.fromstring(
        "<div><p><code>[1, 2, 3]</code><code>let a = b in c</code><code>abc</code></p>"
        "<pre><code>a b</code></pre><table><tr><td><code>a b</code></td></tr></table></div>"
    )
    fit_code(body)
    styles = [code.get("style") for code in body.iter("code")]
    assert styles == ["white-space:nowrap", *[None] * 4]


def test_an_item_below_a_heading_holds_on_to_the_next() -> None:
    long = "<ul><li>" + "An item that is longer than a line can be. " * 3 + "</li><li>B</li></ul>"
    body = etree.fromstring(
        "<div><h2>A</h2><ol><li>One line.</li><li>Two</li></ol><h2>B</h2><ul><li>Alone</li></ul>"
        f"<h2>C</h2>{long}<p>Text</p><ul><li>One line.</li><li>Two</li></ul></div>"
    )
    hold_brief_openings(body)
    assert [item.get("class") for item in body.iter("li")] == ["introduces", *[None] * 6]


def test_a_line_of_code_below_a_heading_holds_on_to_the_text() -> None:
    long = "a line of code and\n" * 9
    body = etree.fromstring(
        f"<div><h2>A</h2><pre>run</pre><p>Text</p><h2>B</h2><pre>run</pre><h2>C</h2>"
        f"<pre>{long}</pre><p>Text</p><p>Text</p><pre>run</pre><p>Text</p></div>"
    )
    hold_brief_openings(body)
    assert [code.get("class") for code in body.iter("pre")] == ["introduces", None, None, None]


def test_headings_with_lists_are_not_left_at_the_foot(tmp_path: Path) -> None:
    items = "- A line.\n- And one more.\n"
    parts = ("A line.\n\n" * (1 + n * 3 % 11) + f"## Head {n}\n\n{items}\n" for n in range(30))
    (tmp_path / "Note.md").write_text("".join(parts), "utf-8")
    made = build_print(tmp_path, Plan(), tmp_path / "out.pdf", tmp_path)
    assert "heading-at-foot" not in {finding.kind for finding in proof(made.path).findings}


def test_a_line_below_a_heading_holds_on_to_what_follows() -> None:
    body = etree.fromstring(
        "<div><h2>A</h2><p>One line.</p><pre>x</pre><p>One line.</p><h2>B</h2>"
        "<p>One line.</p><h3>C</h3><p>One line.</p><h3>D</h3><p>One line.</p></div>"
    )
    hold_brief_openings(body)
    assert [p.get("class") for p in body.iter("p")] == [
        "introduces",
        None,
        "introduces",
        None,
        None,
    ]


@pytest.mark.parametrize(
    "section",
    [
        # All of the section is one line.
        "<h2>A heading</h2><p>A line and nothing more.</p><h2>Another</h2>" + prose(3),
        # The heading runs into its paragraph, of which two lines are on the page.
        "<div><h2>A heading</h2> <p>" + SEA[:70] + "</p></div>" + prose(3),
    ],
)
@pytest.mark.parametrize("tagged", [True, False])
def test_a_heading_with_all_that_it_wants_below_is_no_fault(section: str, tagged: bool) -> None:
    style = "h2 { break-after: avoid } div > * { display: inline; font: 10pt/14pt Serif }"
    pdf = printed(filler(15) + section, style, tagged=tagged)
    assert "heading-at-foot" not in kinds(pdf)
