"""Themes: found, inherited, changed by tokens, kept in their sandbox, begun and checked."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from booksample import BOOK, single_piece
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from publisher.cli import main
from publisher.problem import SetupError, Severity
from publisher.render.pages import epub_pages
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_check import check_theme
from publisher.render.theme_home import user_folder
from publisher.render.theme_sheet import settle
from publisher.wording import wording

ROOT = Path(__file__).parent.parent
CLASSIC = load_theme("classic")
DOCUMENT = (ROOT / "docs" / "themes.md").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture(autouse=True)
def no_themes_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_THEMES", str(tmp_path / "none"))


@pytest.fixture
def publisher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    here = tmp_path / "Notes"
    here.mkdir()
    (here / "Fog.md").write_text(
        "---\nauthor: Ann Lee\n---\nOf fog and bells.\n\n---\n\nAnd of rime.\n", "utf-8"
    )
    (here / "anthology.toml").write_text("", "utf-8")
    monkeypatch.chdir(here)

    def run(*words: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["publisher", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Run(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "book" / "themes"
    folder.mkdir(parents=True)
    return folder


def put(shelf: Path, name: str, settings: str = 'parent = "classic"\n', **files: str) -> Path:
    """A theme with these files; `epub_css` is `epub.css`, `piece` a template."""
    folder = shelf / name
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "theme.toml").write_text(settings, "utf-8")
    for key, text in files.items():
        file = key.replace("_css", ".css")
        path = folder / (file if "." in file else f"templates/{key}.xhtml.j2")
        path.write_text(text, "utf-8")
    return folder


def with_tokens(**wishes: str) -> Theme:
    return load_theme("classic", (), [(n.replace("_", "-"), v) for n, v in wishes.items()])


# ---- Tokens ----


def test_the_defaults_change_nothing() -> None:
    # Both sheets as they were before there were tokens.
    assert "body { margin: 0; padding: 0; line-height: 1.5;" in CLASSIC.epub_css
    assert 'font: 11pt/14.5pt "Book Serif", serif;' in CLASSIC.print_css
    assert "h2 { font-size: 13pt; line-height: 14.5pt;" in CLASSIC.print_css
    assert ".footnote { float: footnote; footnote-policy: line; font-size: 9pt; line-height: 11.5pt;" in CLASSIC.print_css  # fmt: skip
    for css in (CLASSIC.epub_css, CLASSIC.print_css):
        assert "@container" not in css
        assert "var(--" not in css.replace("var(--depth, 1)", "")


@pytest.mark.parametrize(
    ("token", "value", "epub", "printed"),
    [
        ("ink", "#333333", "html { color: #333333; }", "color: device-cmyk(0 0 0 0.8);"),
        ("ink", "device-cmyk(0 1 1 0.5)", "color: #800000", "color: device-cmyk(0 1 1 0.5)"),
        ("accent", "darkred", "h1, h2, hr::before, .letter, .part .number { color: darkred; }", "{ color: darkred }"),
        ("body-family", '"Old Face", serif', 'body { font-family: "Old Face", serif; }', 'font: 11pt/14.5pt "Old Face", serif'),
        ("heading-family", "Sans Face", "h6, .half-title p { font-family: Sans Face; }", "{ font-family: Sans Face }"),
        ("text-size", "12pt", "body { font-size: 1.0909em; }", "font: 12pt/15.8182pt"),
        ("text-size", "1.2em", "body { font-size: 1.2em; }", "font: 13.2pt/17.4pt"),
        ("leading", "16pt", "line-height: 1.6552;", "font: 11pt/16pt"),
        ("leading", "1.4", "line-height: 1.4;", "font: 11pt/15.4pt"),
        ("scale", "1.2", "h1 { font-size: 2.04em;", "h2 { font-size: 15.6pt; line-height: 14.5pt;"),
        ("spacing", "0.5", "h2 { font-size: 1.25em; margin: 0.95em 0 0.3em; }", "margin: 14.5pt 0 7.25pt; bookmark-level: 2;"),
        ("mono-family", '"Type Writer", monospace', 'code, kbd, samp { font-family: "Type Writer", monospace;', 'samp { font-family: "Type Writer", monospace;'),
        ("paragraphs", "spaced", "text-indent: 0; margin-bottom: 0.75em", ".text p + p { text-indent: 0; margin-top: 7.25pt }"),
        ("ornament", "dots", r'hr::before { content: "\B7', r'hr::before { content: "\B7'),
        ("ornament", "fleuron", r'hr::before { content: "\2766"; }', r'content: "\2766"; font-style'),
        ("opening", "drop-cap", "::first-letter { float: left", "::first-letter { float: left"),
        ("opening", "plain", "::first-line { font-variant: normal; letter-spacing: normal; }\n", ".lead-in { font-variant-caps: normal"),
        ("alignment", "ragged", ".body > p { text-align: left;", ".end-notes { text-align: start }"),
        ("alignment", "justified", ".body > p { text-align: justify; }", ".text { text-align: justify"),
        ("line-numbers", "on", ".fifth::after { content: attr(data-line)", ".fifth::after { content: attr(data-line)"),
        ("hyphens", "off", "html, p { hyphens: manual;", ".person p { hyphens: manual }"),
    ],
)  # fmt: skip
def test_each_token_works_in_both_media(token: str, value: str, epub: str, printed: str) -> None:
    theme = load_theme("classic", (), [(token, value)])
    assert epub in theme.epub_css
    assert printed in theme.print_css
    assert (theme.epub_css, theme.print_css) != (CLASSIC.epub_css, CLASSIC.print_css)
    assert re.search(rf"^:root \{{.*--{token}: ", theme.print_css, re.MULTILINE)
    assert pickle.loads(pickle.dumps(theme)) == theme


def test_every_token_of_classic_is_tried_above() -> None:
    marks = test_each_token_works_in_both_media.pytestmark  # type: ignore[attr-defined]
    tried = {case[0] for mark in marks for case in mark.args[1]}
    margins = {f"margin-{edge}" for edge in ("inside", "outside", "top", "bottom")}
    assert tried | margins | {"run-in"} == {token.name for token in CLASSIC.declared}


def test_margins_are_the_printed_pages() -> None:
    theme = with_tokens(margin_inside="50pt", margin_outside="60pt", margin_top="4cm")
    assert theme.epub_css == CLASSIC.epub_css
    assert "margin: 4cm 60pt 77.5pt 50pt;" in theme.print_css
    assert "@page :left { margin-left: 60pt; margin-right: 50pt; }" in theme.print_css


@pytest.mark.parametrize(
    ("token", "value", "said"),
    [
        ("inc", "#111", "no token “inc”; did you mean ink?"),
        ("zzz", "#111", "the theme “classic” has no token “zzz”"),
        ("ink", "blackish", "ink wants a colour, such as #7a1f1f or darkred, not “blackish”"),
        ("ink", "red; } * { display: none", "ink wants a colour"),
        ("text-size", "11", "text-size wants a length"),
        ("text-size", "11pt; color: red", "text-size wants a length"),
        ("leading", "wide", "leading wants a length"),
        ("body-family", "a} b {c: d", "body-family wants names of typefaces"),
        ("body-family", "url(x)", "body-family wants names of typefaces"),
        ("hyphens", "perhaps", "hyphens wants true or false"),
        ("ornament", "fleurom", "not “fleurom”; did you mean fleuron?"),
        ("ornament", "42", "ornament is stars, fleuron, dots, rule or space, not “42”"),
    ],
)
def test_a_wrong_token_is_one_line(token: str, value: str, said: str) -> None:
    with pytest.raises(SetupError) as raised:
        load_theme("classic", (), [(token, value)])
    assert said in str(raised.value)
    assert str(raised.value).startswith("[theme.tokens]: ")
    assert "\n" not in str(raised.value)


def test_an_option_is_set_like_a_token() -> None:
    assert not CLASSIC.show_rating
    assert with_tokens(rating="true").show_rating


@pytest.mark.parametrize(
    ("css", "settled"),
    [
        ("a{b:var(--x)}", "a{b:2pt}"),
        ("a{b:var( --x , 9pt )}", "a{b:2pt}"),
        ("a{b:var(--unknown, 1)}", "a{b:var(--unknown, 1)}"),
        ("/* var(--x) */ 'var(--x)'", "/* var(--x) */ 'var(--x)'"),
        ("calc(var(--x) * 3 / 4)", "1.5pt"),
        ("calc(var(--x) * var(--x))", "calc(2pt * 2pt)"),
        ("calc(var(--x) / 0)", "calc(2pt / 0)"),
        ("calc(var(--x) + 1em)", "calc(2pt + 1em)"),
        ("@container style(--y: on) { a{b:c} }", " a{b:c} "),
        ("@container style(--y: off) { a{b:'}'} }\nq{}", "q{}"),
        ("@container not style(--y: off) {a{}}", "a{}"),
        ("@container style(--y: on) {@container style(--x: 1) {a{}}b{}}", "b{}"),
        ("@container style(--other: on) {a{}}", "@container style(--other: on) {a{}}"),
    ],
)
def test_a_sheet_is_settled(css: str, settled: str) -> None:
    assert settle(css, {"x": "2pt", "y": "on"}, "x.css") == settled


def test_a_hostile_sheet_is_settled_in_no_time() -> None:
    for css in ("@container style(--y: on) {" * 300, "calc(" * 50_000, "/*" * 50_000, '"' * 99_999):
        with suppress(SetupError):
            settle(css, {"y": "on"}, "x.css")


# ---- Parents and homes ----


def test_a_theme_inherits_file_by_file_and_token_by_token(shelf: Path) -> None:
    put(
        shelf, "mid",
        'parent = "classic"\n[tokens]\naccent = "darkred"\n'
        '[tokens.rule]\ntype = "length"\ndefault = "1pt"\nabout = "Rules."\n',
        epub_css='@import "parent";\nhr { border-top: var(--rule) solid var(--accent) }',
    )  # fmt: skip
    put(shelf, "leaf", 'extends = "mid"\n[tokens]\nrule = "2pt"\n')
    theme = load_theme("leaf", (shelf,))
    assert theme.names == ("leaf", "mid", "classic")
    assert theme.epub_css.startswith("/* Classic, for screens.")
    assert theme.epub_css.endswith("hr { border-top: 2pt solid darkred }")
    assert "h1, h2, hr::before, .letter, .part .number { color: darkred; }" in theme.epub_css
    assert load_theme("mid", (shelf,), [("rule", "3pt")]).epub_css.endswith("3pt solid darkred }")


def test_a_template_builds_on_its_parents(shelf: Path) -> None:
    page = '{% extends "classic/piece.xhtml.j2" %}{% block page %}{{ super() }}<p>END {{ theme.tokens.accent }}</p>{% endblock %}'
    put(shelf, "own", piece=page)
    pages, problems = epub_pages(single_piece(), load_theme("own", (shelf,)), wording("en"))
    assert problems == ()
    piece = next(page for page in pages if page.kind == "piece")
    assert b"<p>END inherit</p>" in piece.content
    assert b'class="opening"' in piece.content


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ({"a": 'parent = "a"'}, "the theme “a” is its own parent"),
        ({"a": 'parent = "b"', "b": 'extends = "a"'}, "the theme “a” is its own parent, by way of “b”"),
        ({"a": 'parent = "b"', "b": 'parent = "c"', "c": 'parent = "b"'}, "the theme “b” is its own parent, by way of “c”"),
        ({"a": 'parent = "clasic"'}, "theme.toml: the parent is not to be had: there is no theme “clasic”; did you mean “classic”?"),
        ({"a": 'parent = "../classic"'}, "there is no theme “../classic”"),
        ({"a": "parent = 3"}, "parent wants text in quotes"),
        ({"a": "tokens = 3"}, "[tokens] is a table"),
        ({"a": "x = "}, "the theme's settings cannot be read"),
        ({"a": '[tokens]\nx = "1"'}, "no parent has the token “x”: give it a type and a default"),
        ({"a": '[tokens.x]\ntype = "color"\ndefault = "red"'}, "the type of “x” is colour, length"),
        ({"a": '[tokens.x]\ntype = "length"\ndefault = "red"'}, "x wants a length"),
        ({"a": '[tokens.x]\ntype = "length"'}, "x wants a length"),
        ({"a": '[tokens.x]\ntype = "length"\ndefault = { epub = "1em" }'}, "one for epub and one for print"),
        ({"a": '[tokens."x}"]\ntype = "flag"\ndefault = true'}, "a token's name is small letters"),
    ],
)  # fmt: skip
def test_a_broken_line_of_themes_is_one_line(
    shelf: Path, themes: dict[str, str], said: str
) -> None:
    for name, settings in themes.items():
        put(shelf, name, settings)
    with pytest.raises(SetupError) as raised:
        load_theme("a", (shelf,))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_sheet_or_font_that_is_none_stops_with_its_place(shelf: Path) -> None:
    folder = put(shelf, "bad", epub_css="p { margin: 0 }\nq { margin: 0\n")
    with pytest.raises(SetupError, match=r"epub\.css:2: this brace has no other"):
        load_theme("bad", (shelf,))
    (folder / "epub.css").unlink()
    (folder / "fonts").mkdir()
    (folder / "fonts" / "Face.ttf").write_bytes(b"MZ no font")
    with pytest.raises(SetupError, match=r"Face\.ttf: this file is not a font"):
        load_theme("bad", (shelf,))


def test_themes_are_looked_for_in_order(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = tmp_path / "users"
    monkeypatch.setenv("PUBLISHER_THEMES", str(users))
    put(users, "own", 'title = "User"\nparent = "classic"')
    assert load_theme("own", (shelf,)).title == "User"
    put(shelf, "own", 'title = "Book"\nparent = "classic"')
    assert load_theme("own", (shelf,)).title == "Book"
    monkeypatch.delenv("PUBLISHER_THEMES")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert user_folder() == tmp_path / "xdg" / "publisher" / "themes"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert user_folder().parts[-4:] == ("Library", "Application Support", "publisher", "themes")


@pytest.mark.parametrize("where", ["", "own", "own/print.css", "own/templates/page.j2"])
def test_a_books_theme_leads_nowhere_else(tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    put(outside, "own", print_css="p {}")
    (outside / "own" / "templates" / "page.j2").write_text("x")
    book = tmp_path / "book"
    book.mkdir()
    put(book / "themes", "own", print_css="p {}")
    target = book / "themes" / where
    shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    target.symlink_to(outside / where)
    with pytest.raises(SetupError, match="may not lead out of its folder"):
        load_theme("own", (book / "themes",))


# ---- The sandbox ----


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ ''['__class__'].__mro__ }}", "unsafe"),
        ("{{ theme.folders[0].joinpath('/etc/passwd').read_text() }}", "'folders' of 'Theme' object is unsafe"),
        ("{{ theme.find('theme.toml') }}", "'find' of 'Theme' object is unsafe"),
        ("{{ theme.environment() }}", "unsafe"),
        ("{{ self.__init__.__globals__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os }}", "unsafe"),
        ("{{ book.__class__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "there is no template “/etc/passwd” in the theme or its parents"),
        ("{% include '../../../etc/passwd' %}", "there is no template"),
        ("{% include 'own/../theme.toml' %}", "there is no template"),
        ("{% for n in range(10**9) %}x{% endfor %}", "Range too big"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "loops go round more than"),
        ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", "loops go round more than"),
        ("{% for a in [30] recursive %}{% if a %}{{ loop([a - 1, a - 1]) }}{% endif %}{% endfor %}", "loops go round more than"),
        ("{{ 'x' * 10**9 }}", "a text is repeated to more than"),
        ("{{ [0] * 10**9 }}", "a text is repeated to more than"),
        ("{{ 10 ** 10 ** 10 }}", "a power is too large"),
        ("{{ '%999999999d' % 1 }}", "a text is not filled with %"),
        ("{{ '{:999999999}'.format(1) }}", "too wide a field"),
        ("{{ '{:{}}'.format(1, 999999999) }}", "too wide a field"),
        ("{{ 'x'.ljust(999999999) }}", "unsafe"),
        ("{{ lipsum(n=9999999) }}", "'lipsum' is undefined"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "it calls itself without end"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% if %}", "Expected an expression"),
        ("{% block page %}", "Unexpected end of template"),
        ("{{ book | nofilter }}", "No filter named 'nofilter'"),
    ],
)  # fmt: skip
def test_a_template_gets_no_further_than_one_clear_line(
    shelf: Path, source: str, said: str
) -> None:
    path = put(shelf, "own", piece=f"<p>\n\n{source}\n</p>") / "templates" / "piece.xhtml.j2"
    theme = load_theme("own", (shelf,))
    with pytest.raises(SetupError) as raised:
        epub_pages(BOOK, theme, wording("en"))
    message = str(raised.value)
    assert said in message
    assert re.match(rf"{re.escape(str(path))}:[345]: the theme's template fails: ", message)
    assert "\n" not in message


def test_the_cover_is_in_the_sandbox_too(shelf: Path, publisher: Command) -> None:
    themes = Path("themes")
    put(themes, "own")
    (themes / "own" / "cover.svg.j2").write_text("<svg>\n{{ ''.__class__ }}</svg>", "utf-8")
    Path("anthology.toml").write_text('[theme]\nname = "own"\n', "utf-8")
    run = publisher("build", "ebook")
    assert run.code == 2
    place = Path("themes/own/cover.svg.j2").resolve()
    assert f"{place}:2: the theme's template fails: access to attribute" in run.err
    assert not Path("build").exists()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("cover.svg.j2", "<svg><bad", "cover.svg.j2: the cover is no drawing: "),
        ("cover.svg.j2", "hello", "cover.svg.j2: the cover is no drawing: "),
        ("cover.svg.j2", "\n{% if", "cover.svg.j2:2: the theme's template fails: "),
        (
            "epub.css",
            '@import "parent";\n@font-face { font-family: X; src: url(fonts/No.ttf) }',
            "epub.css:2: there is no font fonts/No.ttf in the theme",
        ),
        (
            "print.css",
            '@font-face { font-family: X; src: url("fonts/No.ttf") }',
            "print.css:1: there is no font fonts/No.ttf in the theme",
        ),
    ],
)
def test_a_cover_that_is_none_and_a_font_not_there(
    publisher: Command, file: str, text: str, said: str
) -> None:
    put(Path("themes"), "own")
    (Path("themes/own") / file).write_text(text, "utf-8")
    Path("anthology.toml").write_text('[theme]\nname = "own"\n', "utf-8")
    run = publisher("build", "ebook")
    assert run.code == 2
    assert said in run.err
    assert run.err.count("\n") == 1
    assert not Path("build").exists()


def test_a_broken_theme_leaves_the_last_book_alone(publisher: Command) -> None:
    book = Path("build/fog.epub")
    assert publisher("build", "ebook", "--output", book).code == 0
    before = book.read_bytes()
    put(Path("themes"), "own", piece="{% for n in range(10**9) %}{% endfor %}")
    Path("anthology.toml").write_text('[theme]\nname = "own"\n', "utf-8")
    run = publisher("build", "ebook", "--output", book)
    assert run.code == 2
    assert "piece.xhtml.j2:1: the theme's template fails: Range too big" in run.err
    assert run.err.count("\n") == 1
    assert book.read_bytes() == before


MISTAKES = [
    ({"theme.toml": 'parent = "own"'}, "the theme “own” is its own parent"),
    ({"theme.toml": 'parent = "two"', "../two/theme.toml": 'extends = "own"'}, "is its own parent, by way of"),
    ({"theme.toml": 'parent = "clasic"'}, "the parent is not to be had: there is no theme “clasic”"),
    ({"theme.toml": "parent = classic"}, "theme.toml: the theme's settings cannot be read"),
    ({"theme.toml": "\xff\xfe"}, "theme.toml: the theme's settings cannot be read"),
    ({"epub.css": "p { color: red"}, "epub.css:1: this brace has no other"),
    ({"epub.css": "p {}\n}}}"}, "epub.css:2: this brace has no other"),
    ({"print.css": "p {}\np { color red }"}, "print.css:2: this is no CSS"),
    ({"templates/piece.xhtml.j2": "{% for n in range(10**9) %}{% endfor %}"}, "piece.xhtml.j2:1: the theme's template fails: Range too big"),
    ({"templates/piece.xhtml.j2": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"}, "it calls itself without end"),
    ({"templates/piece.xhtml.j2": "\n{{ 'x' * 10**9 }}"}, "piece.xhtml.j2:2: the theme's template fails: a text is repeated"),
    ({"templates/piece.xhtml.j2": "{% include '/etc/passwd' %}"}, "piece.xhtml.j2:1: the theme's template fails: there is no template “/etc/passwd”"),
    ({"templates/piece.xhtml.j2": "{% include '../theme.toml' %}"}, "there is no template “../theme.toml”"),
    ({"templates/piece.xhtml.j2": "{{ ''.__class__.__mro__ }}"}, "access to attribute '__class__'"),
    ({"templates/piece.xhtml.j2": "{{ lipsum(9999) }}"}, "'lipsum' is undefined"),
    ({"templates/piece.xhtml.j2": "{{ cycler.__init__.__globals__ }}"}, "access to attribute '__init__'"),
    ({"templates/piece.xhtml.j2": "<script>x()</script>"}, "piece.xhtml.j2:1: <script> is nothing for a book"),
    ({"templates/piece.xhtml.j2": "{{ nothing.at.all }}"}, "piece.xhtml.j2:1: the theme's template fails: 'nothing' is undefined"),
    ({"fonts/Face.ttf": "MZ no font"}, "fonts/Face.ttf: this file is not a font"),
    ({"print-fonts/Face.otf": "OTTO no more"}, "print-fonts/Face.otf: this file is not a font"),
]  # fmt: skip


def test_every_mistake_in_a_theme_is_one_line_and_leaves_the_last_book_alone(
    publisher: Command,
) -> None:
    book = Path("build/fog.epub")
    assert publisher("build", "ebook", "--output", book).code == 0
    before = book.read_bytes()
    Path("anthology.toml").write_text('[theme]\nname = "own"\n', "utf-8")
    for files, said in MISTAKES:
        shutil.rmtree("themes", ignore_errors=True)
        put(Path("themes"), "own")
        for name, text in files.items():
            path = Path("themes/own", name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("latin-1" if "\xff" in text else "utf-8"))
        run = publisher("build", "ebook", "--output", book)
        assert (run.code, run.err.count("\n"), run.out) == (2, 1, ""), (files, run.err)
        assert said in run.err
        assert book.read_bytes() == before


# ---- Checking ----

CHECKS = [
    ({"theme.toml": 'parent = "gone"'}, "theme.toml", 0, "theme-broken"),
    ({"theme.toml": 'parent = "classic"\ntitel = "X"\n'}, "theme.toml", 2, "theme-key-unknown"),
    (
        {"theme.toml": 'parent = "classic"\n[tokens.x]\ntype = "flag"\ndefault = true\nabuot = "x"\n'},
        "theme.toml", 5, "theme-key-unknown",
    ),
    (
        {"theme.toml": 'parent = "classic"\n[tokens.x]\ntype = "flag"\ndefault = true\n'},
        "theme.toml", 2, "theme-token-unused",
    ),
    (
        {"theme.toml": 'parent = "classic"\n[options.x-y]\ntype = "flag"\ndefault = true\n'},
        "theme.toml", 2, "theme-token-unused",
    ),
    ({"templates/a.j2": "\n{% if %}"}, "templates/a.j2", 2, "theme-template-broken"),
    ({"templates/a.j2": "\n{{ x | gone }}"}, "templates/a.j2", 2, "theme-template-broken"),
    ({"templates/a.j2": '\n\n{% extends "pige.xhtml.j2" %}'}, "templates/a.j2", 3, "theme-template-missing"),
    ({"epub.css": "p {}\np { margin 0 }\n"}, "epub.css", 2, "theme-broken"),
    ({"epub.css": "p {}\n\nq }"}, "epub.css", 3, "theme-broken"),
    ({"print.css": "@media print {\n p { 3: x }\n}"}, "print.css", 2, "theme-broken"),
    ({"epub.css": "p { color: var(--inc) }"}, "epub.css", 1, "theme-token-unknown"),
    ({"epub.css": "\n@container style(--opening: dropcap) { p {} }"}, "epub.css", 2, "theme-value-unknown"),
    ({"epub.css": "\n@import url(https://example.org/x.css);"}, "epub.css", 2, "theme-broken"),
    ({"fonts/A.ttf": "\0\1\0\0 no more"}, "fonts/A.ttf", 0, "theme-broken"),
    ({"epub.css": "\np { position: fixed }"}, "epub.css", 2, "theme-css-ignored"),
    ({"epub.css": "p { unicode-bidi: embed }"}, "epub.css", 1, "theme-css-ignored"),
    ({"epub.css": "p { string-set: a content() }"}, "epub.css", 1, "theme-css-ignored"),
    ({"epub.css": "p {}\n@page { margin: 0 }"}, "epub.css", 2, "theme-css-ignored"),
    ({"epub.css": "p { colr: red }"}, "epub.css", 1, "theme-css-ignored"),
    ({"print.css": "p { colr: red }"}, "print.css", 1, "theme-css-ignored"),
    ({"print.css": "p { color: red }\n\np { text-wrap: balance }"}, "print.css", 3, "theme-css-ignored"),
    ({"print.css": "p { text-indent: wide }"}, "print.css", 1, "theme-css-ignored"),
    ({"print.css": "\np::after-all { color: red }"}, "print.css", 2, "theme-css-ignored"),
    (
        {"print.css": "\n@container style(--paragraphs: spaced) {\np { colr: red }\n}"},
        "print.css", 3, "theme-css-ignored",
    ),
    ({"epub.css": "\np { color: #999 }"}, "epub.css", 2, "contrast-low"),
    ({"print.css": "\n\n.box { background: #333 }"}, "print.css", 3, "contrast-low"),
    (
        {"theme.toml": 'parent = "classic"\n[tokens]\naccent = "#cc6"', "epub.css": "h4 { color: var(--accent) }"},
        "epub.css", 1, "contrast-low",
    ),
    (
        {"print.css": '@import "parent";\n@font-face { font-family: "Own"; src: url(fonts/No.ttf) }'},
        "print.css", 0, "theme-font-missing",
    ),
    (
        {
            "theme.toml": 'parent = "classic"\n[tokens]\nbody-family = "Book Mono, serif"',
            "print.css": '@import "parent";',
        },
        "print.css", 0, "theme-font-styles",
    ),
    (
        {
            "theme.toml": 'parent = "classic"\n[tokens]\nbody-family = "Book Mono, serif"',
            "print.css": '@import "parent";',
        },
        "print.css", 0, "theme-font-features",
    ),
    ({"theme.toml": 'title = "Alone"'}, "theme.toml", 0, "theme-file-missing"),
    ({"theme.toml": 'parent = "classic"'}, "theme.toml", 0, "theme-key-missing"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "path", "line", "code"), CHECKS)
def test_what_is_wrong_is_found_at_its_place(
    shelf: Path, files: dict[str, str], path: str, line: int, code: str
) -> None:
    folder = put(shelf, "own")
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    problems = [p for p in check_theme("own", (shelf,)) if p.code == code]
    assert problems
    assert {(p.at.path, p.at.line) for p in problems} == {((folder / path).as_posix(), line)}


def test_a_font_without_a_licence_is_told(shelf: Path) -> None:
    folder = put(shelf, "own")
    (folder / "fonts").mkdir()
    shutil.copyfile(CLASSIC.fonts()[0], folder / "fonts" / "A.ttf")
    (problem,) = (p for p in check_theme("own", (shelf,)) if p.code == "theme-font-unlicensed")
    assert problem.at.path == (folder / "fonts" / "A.ttf").as_posix()
    (folder / "fonts" / "OFL.txt").write_text("x", "utf-8")
    assert not [p for p in check_theme("own", (shelf,)) if p.code == "theme-font-unlicensed"]


@pytest.mark.parametrize(("rights", "told"), [(0, 0), (4, 0), (8, 0), (2, 1), (0x200, 1)])
def test_a_font_that_may_not_be_embedded_is_told(shelf: Path, rights: int, told: int) -> None:
    folder = put(shelf, "own")
    (folder / "fonts").mkdir()
    with TTFont(CLASSIC.fonts()[0]) as font:
        font["OS/2"].fsType = rights
        font.save(folder / "fonts" / "A.ttf")
    found = [p for p in check_theme("own", (shelf,)) if p.code == "theme-font-rights"]
    assert [p.severity for p in found] == [Severity.ERROR] * told


def test_nothing_is_wrong_with_ours() -> None:
    assert check_theme("classic") == ()


# ---- The commands ----


def test_list_and_show(publisher: Command) -> None:
    put(Path("themes"), "own", 'title = "My Own"\ndescription = "For me."\nparent = "classic"')
    put(Path("themes"), "torn", 'parent = "gone"')
    run = publisher("theme", "list")
    assert re.search(r"own +book +My Own +For me\.", run.out)
    assert re.search(r"classic +built in +Classic +A literary anthology", run.out)
    assert "cannot be used: " in run.out
    rows = json.loads(publisher("theme", "list", "--format", "json").out)
    assert [row["name"] for row in rows] == [
        "own",
        "torn",
        "classic",
        "journal",
        "modern",
        "pocket",
    ]
    shown = publisher("theme", "show", "own").out
    assert all(token.name in shown for token in (*CLASSIC.declared, *CLASSIC.optional))
    said = json.loads(publisher("theme", "show", "own", "--format", "json").out)
    assert said["parents"] == ["classic"]
    assert said["tokens"][0]["default"] == {"epub": "inherit", "print": "device-cmyk(0 0 0 1)"}
    assert publisher("theme", "show", "clasic").err.startswith("publisher: there is no theme")


def test_new_writes_a_theme_that_works_and_never_twice(publisher: Command) -> None:
    assert publisher("theme", "new", "dusk").code == 0
    assert publisher("theme", "check", "dusk", "--strict").out.startswith("No problems in dusk")
    again = publisher("theme", "new", "dusk")
    assert (again.code, "is there already" in again.err) == (2, True)
    # Every line that is offered may be taken as it is.
    settings = Path("themes/dusk/theme.toml")
    offered = re.sub(
        r"^# ([a-z-]+ = |\[tokens)", r"\1", settings.read_text("utf-8"), flags=re.MULTILINE
    )
    settings.write_text(offered, "utf-8")
    theme = load_theme("dusk", (Path("themes"),))
    assert theme.values("print") == {**CLASSIC.values("print"), "rule-width": "0.5pt"}
    assert theme.values("epub") == {**CLASSIC.values("epub"), "rule-width": "0.5pt"}


@pytest.mark.parametrize("name", ["../x", "a b", "", "classic"])
def test_new_wants_a_name(publisher: Command, name: str) -> None:
    assert publisher("theme", "new", name).code == 2
    assert not list(Path().glob("themes/*"))


def test_new_goes_where_it_is_told(publisher: Command, tmp_path: Path) -> None:
    assert publisher("theme", "new", "dusk", "--to", tmp_path / "else").code == 0
    assert (tmp_path / "else" / "dusk" / "theme.toml").is_file()
    Path("anthology.toml").unlink()
    assert "say with --to" in publisher("theme", "new", "dusk").err


def test_new_follows_no_link_out_of_the_book(publisher: Command, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    Path("themes").symlink_to(tmp_path / "else")
    assert "may not lead out" in publisher("theme", "new", "dusk").err
    assert not list((tmp_path / "else").iterdir())


def test_eject_copies_and_never_over_a_file(publisher: Command) -> None:
    publisher("theme", "new", "dusk")
    assert publisher("theme", "eject", "piece.xhtml.j2", "wrap.css", "--theme", "dusk").code == 0
    ours = ROOT / "themes" / "classic"
    for name in ("templates/piece.xhtml.j2", "wrap.css"):
        assert Path("themes/dusk", name).read_bytes() == (ours / name).read_bytes()
    for words, said in (
        (("wrap.css", "part.xhtml.j2"), "wrap.css is there already"),
        (("pice.xhtml.j2",), "did you mean piece.xhtml.j2?"),
        (("../../../secret",), "has a file “../../../secret”"),
    ):
        run = publisher("theme", "eject", *words, "--theme", "dusk")
        assert (run.code, said in run.err) == (2, True)
    assert not Path("themes/dusk/templates/part.xhtml.j2").exists()
    assert "came with publisher" in publisher("theme", "eject", "wrap.css").err


def test_check_leaves_with_a_code(publisher: Command) -> None:
    put(Path("themes"), "own", epub_css="p { color: var(--inc) }")
    run = publisher("theme", "check", "own")
    assert run.code == 0
    assert "themes/own/epub.css:1" in run.out
    assert publisher("theme", "check", "own", "--strict").code == 1
    found = json.loads(publisher("theme", "check", "own", "--format", "json").out)
    assert {problem["severity"] for problem in found} <= {s.name.lower() for s in Severity}


# ---- The tutorial ----


def steps() -> Iterator[tuple[str, str]]:
    """The fenced blocks of the tutorial: how each is marked, and what it holds."""
    tutorial = DOCUMENT.split("\n## A theme of your own", 1)[1].split("\n## ", 1)[0]
    yield from re.findall(r"^```([^\n]+)\n(.*?)^```$", tutorial, re.MULTILINE | re.DOTALL)


def test_the_tutorial_leads_to_a_changed_book(publisher: Command) -> None:
    commands = 0
    for mark, text in steps():
        kind, *place = mark.split()
        if kind == "console":
            for line in text.splitlines():
                words = line.removeprefix("$ publisher ").split()
                assert line.startswith("$ publisher "), line
                run = publisher(*words)
                assert run.code == 0, (line, run.out, run.err)
                commands += 1
        else:
            path = Path(place[0])
            before = path.read_text("utf-8") if "append" in place else ""
            path.write_text(before + text, "utf-8")
    assert commands == 8
    assert Path("build/changed.pdf").read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile("build/changed.epub") as book:
        css = book.read("EPUB/style/book.css").decode()
        colophon = book.read("EPUB/text/colophon.xhtml").decode()
    assert ".title-page .subtitle { color: #7a1f1f" in css
    assert ".credit { border: 0 solid; border-top-width: 0.5pt; }" in css
    assert "::first-letter { float: left" in css
    assert "Set in Dusk, with thanks to all who wrote." in colophon
    with zipfile.ZipFile("build/first.epub") as book:
        assert "#7a1f1f" not in book.read("EPUB/style/book.css").decode()


def test_the_manual_names_every_command_and_type() -> None:
    for word in ("list", "show", "new", "eject", "check", "specimen"):
        assert f"`publisher theme {word}" in DOCUMENT
    for kind in ("colour", "length", "number", "family", "flag", "choice"):
        assert f"| `{kind}` |" in DOCUMENT


# ---- What a theme may not write into a book ----


@pytest.mark.parametrize(
    ("name", "source", "line", "said"),
    [
        ("piece.xhtml.j2", "<p>\n<script>x()</script></p>", 2, "<script> is nothing for a book"),
        ("piece.xhtml.j2", "<iframe src='x'/>", 1, "<iframe> is nothing for a book"),
        ("piece.xhtml.j2", "\n\n<p class='a' onclick = 'x()'>a</p>", 3, "onclick=… is a script"),
        ("piece.xhtml.j2", "<a href='java{# #}script:x()'>a</a><a href='JavaScript:x()'/>", 1, "no script reaches"),
        ("piece.xhtml.j2", "\n<img src='https://example.org/a.png'/>", 2, "fetches nothing"),
        ("print-body.j2", "<img src='//example.org/a.png'/>", 1, "fetches nothing"),
        ("page.xhtml.j2", "<link rel='stylesheet' href='http://example.org/a.css'/>", 1, "fetches nothing"),
        ("../cover.svg.j2", "<svg>\n<image xlink:href='file:///etc/x.png'/></svg>", 2, "fetches nothing"),
        ("../epub.css", "p {}\n@import url(//example.org/x.css);", 2, "fetches nothing"),
        ("../epub.css", "p { background: url(https://example.org/x.png) }", 1, "fetches nothing"),
        ("../print.css", "p { width: expression(x()) }", 1, "no script reaches"),
        ("../epub.css", "p {}\n\np { margin 0 }", 3, "this is no CSS"),
    ],
)  # fmt: skip
def test_what_acts_or_fetches_stops_a_theme_with_its_line(
    shelf: Path, name: str, source: str, line: int, said: str
) -> None:
    folder = put(shelf, "own")
    path = (folder / "templates" / name).resolve()
    path.write_text(source, "utf-8")
    with pytest.raises(SetupError) as raised:
        load_theme("own", (shelf,))
    where, _, what = str(raised.value).partition(f"{path.name}:{line}: ")
    assert where.startswith(str(shelf))
    assert said in what
    assert "\n" not in what


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ '<scr' ~ 'ipt>x()</scr' ~ 'ipt>' if 0 }}{% set s = 'scr' ~ 'ipt' %}{{ ('<' ~ s ~ '/>') | safe }}</p>",
        "<p>{{ '<b onm' | safe }}{{ 'ouseover=\"x()\"/>' | safe }}</p>",
        "<p>{% set s = 'ht' ~ 'tps:' %}<img alt='' src='{{ s }}//example.org/a.png'/></p>",
        "<p>{% set s = 'java' ~ 'script' %}<a href='{{ s }}:x()'>a</a></p>",
    ],
)
def test_what_is_put_together_in_a_template_does_not_reach_a_page(shelf: Path, source: str) -> None:
    page = f'{{% extends "classic/piece.xhtml.j2" %}}{{% block page %}}{source}{{% endblock %}}'
    put(shelf, "own", piece=page)
    theme = load_theme("own", (shelf,))
    with pytest.raises(SetupError, match="nothing in a book acts or fetches") as raised:
        epub_pages(BOOK, theme, wording("en"))
    assert "the theme's page “piece” holds " in str(raised.value)


def test_harmless_templates_pass(shelf: Path) -> None:
    page = (
        '{% extends "classic/piece.xhtml.j2" %}{# <script> #}{% block page %}{{ super() }}'
        "<p>on and on = once <a href='https://example.org/'>a</a> &lt;script&gt;</p>{% endblock %}"
    )
    put(shelf, "own", piece=page, epub_css="/* url(http://x) */ p { content: 'expression' }")
    pages, problems = epub_pages(single_piece(), load_theme("own", (shelf,)), wording("en"))
    assert problems == ()
    assert any(b"on and on" in page.content for page in pages)


def test_a_cover_reads_no_file(shelf: Path, tmp_path: Path, publisher: Command) -> None:
    put(Path("themes"), "own")
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/hostname.png'/></svg>"
    Path("themes/own/cover.svg.j2").write_text(drawing, "utf-8")
    Path("anthology.toml").write_text('[theme]\nname = "own"\n', "utf-8")
    run = publisher("build", "ebook")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "shows “/etc/hostname.png”: a cover reads no file" in run.err


# ---- A book's own colours ----


def test_a_wrong_token_is_told_at_its_line(publisher: Command) -> None:
    for token, said in (
        ("acent = 'red'", "no token “acent”; did you mean accent?"),
        ("accent = 3", "accent wants a colour"),
        ("hyphens = 'perhaps'", "hyphens wants true or false"),
    ):
        Path("anthology.toml").write_text(f"[theme]\n\n[theme.tokens]\n{token}\n", "utf-8")
        run = publisher("build", "ebook")
        assert (run.code, run.err.count("\n")) == (2, 1)
        assert "anthology.toml:4:1: [theme.tokens]: " in run.err
        assert said in run.err


def test_a_colour_that_is_too_faint_is_told_at_its_line(publisher: Command) -> None:
    Path("anthology.toml").write_text("[theme.tokens]\nink = '#222'\naccent = '#cccc66'\n", "utf-8")
    run = publisher("build", "ebook", "--problems", "all")
    assert run.code == 0
    assert "anthology.toml:3:1: warning[contrast-low]: accent: in the EPUB #cccc66 on the page has a contrast of 1.6:1; text of this size wants 4.5:1" in run.out  # fmt: skip
    assert "ink:" not in run.out
    assert publisher("build", "ebook", "--strict").code == 1
    Path("anthology.toml").write_text("[theme.tokens]\naccent = '#7a1f1f'\n", "utf-8")
    assert "contrast-low" not in publisher("build", "ebook", "--problems", "all").out
