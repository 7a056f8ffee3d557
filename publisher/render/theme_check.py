"""What is wrong in a theme, each with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import nodes

from publisher.plankeys import meant
from publisher.problem import Position, Problem, SetupError, Severity, in_order
from publisher.render.filters import filters
from publisher.render.theme import (
    LISTS,
    TABLES,
    TEXT_KEYS,
    Theme,
    font_files,
    load_theme,
    read_settings,
    read_sheet,
)
from publisher.render.theme_engines import embedding_forbidden, faces_missing, sheet_findings
from publisher.render.theme_home import SETTINGS
from publisher.render.theme_sheet import asked, faults, unclosed
from publisher.render.theme_token import KEYS, Token
from publisher.tomlplaces import key_places
from publisher.wording import wording

# How a template speaks of a token or an option.
_ASKED = r"(?:(?:tokens|options)(?:\.|\[['\"])|\bshow_){}\b"
_LICENCES = ("OFL*", "LICEN[CS]E*", "*.txt")
_SHEETS = ("epub.css", "print.css", "screen.css", "wrap.css")
_PRESS_FILTERS = ("breakable", "bylined", "displayed", "folio", "fragment", "head", "run_in")
# Properties that templates and the press give a value; no token has to.
_GIVEN = frozenset({"depth"})


def check_theme(name: str, search: tuple[Path, ...] = ()) -> tuple[Problem, ...]:
    """All that is wrong in a theme's own files; a theme that cannot be read is one Problem."""
    try:
        theme = load_theme(name, search)
        theme.values("epub")
    except SetupError as error:
        return (_broken(str(error), name),)
    own = theme.folders[0]
    return in_order(
        (
            *_keys(own),
            *_unused(theme, own),
            *_templates(theme, own),
            *(found for sheet in sorted(own.glob("*.css")) for found in _sheet(sheet, theme)),
            *_missing(theme),
            *_engines(theme, own),
            *_fonts(own),
        )
    )


_PLACED = re.compile(
    r"(?P<path>.+?\.(?:toml|css|ttf|otf|j2))(?::(?P<line>\d+))?: (?P<said>.*)", re.DOTALL
)


def _broken(said: str, name: str) -> Problem:
    """What stops a theme from being loaded, at its place where that is known."""
    found = _PLACED.match(said)
    if found is None:
        return Problem("theme-broken", said, Position(name), Severity.ERROR)
    at = _at(Path(found["path"]), int(found["line"] or 0))
    return Problem("theme-broken", found["said"], at, Severity.ERROR)


def _at(path: Path, line: int = 0, column: int = 0) -> Position:
    """The place, from here where it is below."""
    try:
        shown = path.resolve().relative_to(Path.cwd())
    except ValueError:
        shown = path
    return Position(shown.as_posix(), line, column)


def _keys(own: Path) -> Iterator[Problem]:
    """Settings that nobody reads."""
    path = own / SETTINGS
    places = key_places(path.read_text(encoding="utf-8"))
    for key in places:
        known: Iterable[str] = (*TEXT_KEYS, *TABLES, *LISTS)
        if len(key) > 1:
            known = KEYS if key[0] in TABLES and len(key) == 3 else ()
        if known and key[-1] not in known:
            yield Problem(
                "theme-key-unknown",
                f"“{key[-1]}” is not known here; it is passed over",
                _at(path, *places[key]),
                hint=meant(key[-1], known).removeprefix("; "),
            )
    settings = read_settings(own)
    for needed in ("title", "description", "license"):
        if not settings.get(needed):
            yield Problem(
                "theme-key-missing", f"the theme has no {needed}", _at(path), Severity.NOTE
            )


def _unused(theme: Theme, own: Path) -> Iterator[Problem]:
    """Tokens that no sheet uses, options that no template asks."""
    path = own / SETTINGS
    places = key_places(path.read_text(encoding="utf-8"))
    sheets = [
        read_sheet(f / name) for f in theme.folders for name in _SHEETS if (f / name).is_file()
    ]
    used = {name for css in sheets for name, _, _ in asked(css)}
    bases = {token.per for token in theme.declared}
    spoken = "\n".join(
        file.read_text(encoding="utf-8", errors="replace")
        for folder in theme.folders
        for file in sorted(folder.rglob("*.j2"))
    )
    for table, tokens in (("tokens", theme.declared), ("options", theme.optional)):
        for token in tokens:
            place = places.get((table, token.name))
            said = re.search(_ASKED.format(re.escape(token.name)), spoken)
            if place and not said and token.name not in used | bases:
                what = "style sheet" if table == "tokens" else "template"
                yield Problem(
                    "theme-token-unused",
                    f"no {what} uses “{token.name}”: to change it does nothing",
                    _at(path, *place),
                )


def _templates(theme: Theme, own: Path) -> Iterator[Problem]:
    """Templates that do not compile, or build on one that is not there."""
    environment = theme.environment()
    environment.filters |= dict.fromkeys((*filters(wording("en")), *_PRESS_FILTERS), str)
    for path in sorted(own.rglob("*.j2")):
        try:
            source = path.read_text(encoding="utf-8")
            tree = environment.parse(source, filename=str(path))
            environment.compile(source, filename=str(path))
        except (SetupError, OSError, ValueError) as error:
            line, said = _placed(str(error).removeprefix(str(path)))
            yield Problem("theme-template-broken", said, _at(path, line), Severity.ERROR)
            continue
        yield from _named(tree, environment, path)


def _placed(said: str) -> tuple[int, str]:
    """The line and the words of an error whose file is known."""
    place, _, rest = said.removeprefix(":").partition(": ")
    return (int(place), rest.partition(": ")[2]) if place.isdigit() else (0, said)


def _named(tree: Any, environment: Any, path: Path) -> Iterator[Problem]:
    every = set(environment.list_templates())
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        name = getattr(node.template, "value", None)
        if isinstance(name, str) and name not in every:
            yield Problem(
                "theme-template-missing",
                f"there is no template “{name}” in the theme or its parents",
                _at(path, node.lineno),
                Severity.ERROR,
                hint=meant(name, every).removeprefix("; "),
            )


def _sheet(path: Path, theme: Theme) -> Iterator[Problem]:
    """What no engine will read in a style sheet."""
    css = read_sheet(path)
    if line := unclosed(css):
        yield Problem(
            "theme-css-broken", "this brace has no other", _at(path, line), Severity.ERROR
        )
        return
    for line, said in faults(css):
        yield Problem("theme-css-broken", said, _at(path, line), Severity.ERROR)
    every = {token.name: token for token in theme.declared}
    for name, value, line in asked(css):
        if name not in every and name not in _GIVEN:
            near = meant(name, every).removeprefix("; ")
            yield Problem(
                "theme-token-unknown", f"there is no token “{name}”", _at(path, line), hint=near
            )
        elif value and not _possible(every.get(name), value):
            said = f"“{name}” is never “{value}”"
            yield Problem("theme-value-unknown", said, _at(path, line))


def _possible(token: Token | None, value: str) -> bool:
    if token is None or token.kind not in ("choice", "flag"):
        return True
    return value in (token.choices if token.kind == "choice" else ("true", "false"))


def _engines(theme: Theme, own: Path) -> Iterator[Problem]:
    """What does nothing where it is read, and typefaces without what is asked of them."""
    for sheet in sorted(own.glob("*.css")):
        if unclosed(read_sheet(sheet)):
            continue
        for code, line, said, hint in sheet_findings(sheet, theme):
            yield Problem(code, said, _at(sheet, line), hint=hint)
    for file, code, said in faces_missing(theme):
        grave = Severity.ERROR if code == "theme-font-missing" else Severity.WARNING
        yield Problem(code, said, _at(own / file), grave)


def _missing(theme: Theme) -> Iterator[Problem]:
    """Files without which no book can be made."""
    for name in (
        "epub.css",
        "print.css",
        "cover.svg.j2",
        "templates/piece.xhtml.j2",
        "templates/print.html.j2",
    ):
        if theme.find(name) is None:
            yield Problem(
                "theme-file-missing",
                f"neither the theme nor a parent has {name}",
                _at(theme.folders[0] / SETTINGS),
                Severity.ERROR,
                hint='name a parent in theme.toml: parent = "classic"',
            )


def _fonts(own: Path) -> Iterator[Problem]:
    """Fonts that come without their licence, or with one that keeps them out of books."""
    for path in font_files(own):
        if forbidden := embedding_forbidden(path):
            yield Problem(
                "theme-font-rights",
                f"this font forbids {forbidden}, and so to be part of any PDF or EPUB",
                _at(path),
                Severity.ERROR,
                hint="ask the foundry for a licence that allows it, or choose another font",
            )
        if not any(True for pattern in _LICENCES for _ in path.parent.glob(pattern)):
            yield Problem(
                "theme-font-unlicensed",
                "no licence lies beside this font",
                _at(path),
                hint="put the font's OFL.txt or LICENSE into the same folder",
            )
