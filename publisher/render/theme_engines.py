"""What the engines make of a theme: CSS that they pass over, colours too faint, styles not there."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from publisher.plankeys import listed, meant
from publisher.problem import SetupError
from publisher.render.contrast import faint
from publisher.render.theme import Theme, font_files, read_sheet
from publisher.render.theme_fonts import FACE, URL
from publisher.render.theme_sheet import PARENT, filled, unqueried

Found = tuple[str, int, str, str]  # code, line, what is said, hint
PRINTED = ("print.css", "screen.css", "wrap.css")
# https://www.w3.org/TR/epub-33/#sec-css: what it forbids, and what readers leave out.
_FORBIDDEN = {
    "direction": "EPUB forbids it: write dir on the element",
    "unicode-bidi": "EPUB forbids it: write dir on the element",
}
_PAPER = frozenset(
    """bleed marks size page string-set bookmark-level bookmark-label bookmark-state
    footnote-display footnote-policy margin-break anchor lang block-ellipsis continue
    max-lines hyphenate-limit-zone""".split()
)
_VALUES = {
    ("position", "fixed"): "readers with pages have no window to fix it to",
    ("position", "sticky"): "readers with pages do not scroll",
    ("float", "footnote"): "only paper has a foot",
    ("position", "running"): "only paper has margin boxes",
}
_PAPER_CONTENT = re.compile(r"\b(?:leader|target-counter|target-text|string|element)\(")
_VENDOR = re.compile(r"-(?:webkit|epub|moz|ms|adobe|ibooks|amzn|kindle)?-?[a-z-]+")
# Of those that browsers know and WeasyPrint does not.
_WEB = frozenset(
    """-webkit-hyphens accent-color animation backdrop-filter background-blend-mode caret-color
    clip-path color-scheme column-fill content-visibility cursor direction filter
    font-optical-sizing font-palette font-size-adjust font-synthesis hanging-punctuation
    hyphenate-character inline-size initial-letter isolation line-break list-style mask
    mix-blend-mode object-fit page-break-after page-break-before page-break-inside pointer-events
    quotes resize ruby-align ruby-position scroll-behavior shape-outside speak speak-as
    text-combine-upright text-decoration-skip-ink text-decoration-thickness text-emphasis
    text-justify text-orientation text-rendering text-shadow text-size-adjust text-spacing-trim
    text-underline-offset text-underline-position text-wrap touch-action transition unicode-bidi
    user-select will-change word-wrap writing-mode""".split()
)
_WEASY = re.compile(r"Ignored `(?P<said>[^`]*)` at (?P<line>\d+):\d+, (?P<why>.*)", re.DOTALL)
_SELECTOR = re.compile(r"Invalid or unsupported selector, '(?P<said>.*)'", re.DOTALL)
_RULE = re.compile(r"Unknown rule <AtRule (?P<said>@[\w-]+).*at (?P<line>\d+):\d+", re.DOTALL)


# Of OpenType's fsType.
_NO_EMBEDDING = 0x2
_BITMAPS_ONLY = 0x200


def passed_over(sheet: str, css: str, theme: Theme) -> Iterator[Found]:
    """What the engine that reads a sheet will leave out, and text that is too faint in it."""
    medium = "print" if sheet in PRINTED else "epub"
    plain = PARENT.sub("", filled(unqueried(css), theme.values(medium)))
    yield from _by_weasyprint(plain) if medium == "print" else _by_readers(plain)
    if sheet == "wrap.css":
        return
    for one in faint(plain, medium, theme.print_css if medium == "print" else theme.epub_css):
        yield "contrast-low", one.line, str(one), "WCAG AA; a book's readers are of all ages"


def _by_weasyprint(css: str) -> Iterator[Found]:
    """What WeasyPrint itself says when it reads the sheet."""
    # The engine is slow to load, and only this command asks it.
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.css.properties import KNOWN_PROPERTIES  # noqa: PLC0415

    from publisher.render.pdf.stock import BASE, Stock  # noqa: PLC0415

    heard: list[str] = []
    ear = logging.Handler()
    ear.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("weasyprint")
    log.addHandler(ear)
    try:
        CSS(string=css, base_url=BASE, url_fetcher=Stock({}))
    finally:
        log.removeHandler(ear)
    for said in heard:
        if found := _WEASY.match(said):
            words = " ".join(found["said"].split())
            name = words.partition(":")[0]
            near = meant(name, KNOWN_PROPERTIES) if "unknown" in found["why"] else ""
            why = " ".join(found["why"].split()).rstrip(".")
            message = f"“{words}” does nothing in print: {why}"
            yield "theme-css-ignored", int(found["line"]), message, near.removeprefix("; ")
        elif found := _SELECTOR.match(said):
            selector = found["said"].strip()
            line = css.count("\n", 0, max(css.find(selector), 0)) + 1
            yield "theme-css-ignored", line, f"print knows no selector “{selector}”", ""
        elif found := _RULE.match(said):
            message = f"“{found['said']}” does nothing in print"
            yield "theme-css-ignored", int(found["line"]), message, ""


def _by_readers(css: str) -> Iterator[Found]:
    from weasyprint.css.properties import KNOWN_PROPERTIES  # noqa: PLC0415

    known = {*KNOWN_PROPERTIES, *_WEB, "background", "border", "font", "margin", "padding"}
    for node in _declared(tinycss2.parse_stylesheet(css, True, True)):
        if node.type == "at-rule":
            message = f"“@{node.at_keyword}” does nothing in an EPUB, whose pages are the reader's"
            yield "theme-css-ignored", node.source_line, message, "say it in print.css"
            continue
        name, value = node.lower_name, tinycss2.serialize(node.value).strip()
        why, hint = _ignored(name, value, known)
        if why:
            message = f"“{name}: {value}” does nothing in an EPUB: {why}"
            yield "theme-css-ignored", node.source_line, message, hint


def _ignored(name: str, value: str, known: set[str]) -> tuple[str, str]:
    if name in _FORBIDDEN:
        return _FORBIDDEN[name], ""
    if name in _PAPER or _PAPER_CONTENT.search(value):
        return "only paper has it", "say it in print.css"
    if why := next((w for (n, v), w in _VALUES.items() if n == name and v in value.split("(")), ""):
        return why, ""
    shorthand = any(other.startswith(f"{name}-") for other in known)
    if name in known or shorthand or name.startswith("-"):
        return "", ""
    return "no reader knows this property", meant(name, known).removeprefix("; ")


def _declared(nodes: Any) -> Iterator[Any]:
    """Every declaration, and each rule for pages."""
    for node in nodes:
        if node.type == "declaration" or (
            node.type == "at-rule" and node.lower_at_keyword == "page"
        ):
            yield node
        elif node.content is not None and getattr(node, "lower_at_keyword", "") != "font-face":
            yield from _declared(tinycss2.parse_blocks_contents(node.content, True, True))


_SAID = re.compile(r"([a-z-]+)\s*:\s*((?:[^;\"']|\"[^\"]*\"|'[^']*')+)")
STYLES = ("regular", "italic", "bold", "bold italic")
_FEATURES = {
    "smcp": (re.compile(r"\bsmall-caps\b|\ball-small-caps\b"), "small capitals"),
    "c2sc": (re.compile(r"\ball-small-caps\b"), "small capitals for capitals"),
    "onum": (re.compile(r"\boldstyle-nums\b"), "old-style figures"),
    "tnum": (re.compile(r"\btabular-nums\b"), "figures of one width"),
}


def faces_missing(theme: Theme) -> Iterator[tuple[str, str, str]]:
    """What the print sheet wants of typefaces and does not find, as (file, code, said)."""
    css = theme.print_css
    known = {path.name for folder in theme.folders for path in font_files(folder)}
    faces: dict[str, dict[str, str]] = {}
    for rule in FACE.findall(css):
        said = {name: value.strip() for name, value in _SAID.findall(rule)}
        file = (URL.search(said.get("src", "")) or [""] * 2)[1].rpartition("/")[2]
        family = said.get("font-family", "").strip("\"'")
        style = _style(said)
        if file and file not in known:
            yield "print.css", "theme-font-missing", f"“{family}” {style}: there is no file {file}"
        faces.setdefault(family, {})[style] = file
    # Headings may do without italics; the text may not.
    family = theme.values("print").get("body-family", "").split(",")[0].strip("\"' ")
    if family in faces:
        yield from _styles(family, faces[family])
        yield from _features(family, faces[family], css, theme)


def _style(said: dict[str, str]) -> str:
    bold = said.get("font-weight", "") in ("bold", "bolder", "600", "700", "800", "900")
    slanted = said.get("font-style", "") in ("italic", "oblique")
    return STYLES[2 * bold + slanted]


def _styles(family: str, faces: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    if lacking := [style for style in STYLES if style not in faces]:
        said = f"“{family}” has no {listed(lacking)}: text in it comes out in another face or plain"
        yield "print.css", "theme-font-styles", said


def _features(
    family: str, faces: dict[str, str], css: str, theme: Theme
) -> Iterator[tuple[str, str, str]]:
    name = faces.get("regular", "")
    paths = (path for folder in theme.folders for path in font_files(folder))
    path = next((path for path in paths if path.name == name), None)
    if path is None:
        return
    has = _tags(path)
    for tag, (asked, words) in _FEATURES.items():
        if asked.search(css) and tag not in has:
            said = f"the sheet asks for {words}, and “{family}” has none ({tag})"
            yield "print.css", "theme-font-features", said


def _tags(path: Path) -> set[str]:
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            table = font["GSUB"].table if "GSUB" in font else None
            records = table.FeatureList.FeatureRecord if table and table.FeatureList else ()
            return {str(record.FeatureTag) for record in records}
    except (TTLibError, OSError, AttributeError) as error:
        raise SetupError(f"{path}: this font cannot be read: {error}") from error


def embedding_forbidden(path: Path) -> str:
    """What a font's licence forbids, as the font says itself; "" where it may stand in a book."""
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            rights = int(font["OS/2"].fsType) if "OS/2" in font else 0
    except (TTLibError, OSError, AttributeError):
        return ""
    if rights & 0xF == _NO_EMBEDDING:
        return "embedding"
    return "embedding but as bitmaps" if rights & _BITMAPS_ONLY else ""


def sheet_findings(path: Path, theme: Theme) -> Iterator[Found]:
    """All that an engine passes over in one of a theme's sheets."""
    yield from passed_over(path.name, read_sheet(path), theme)
