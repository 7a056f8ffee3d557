"""A theme of one's own: begun from another, and grown file by file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath

from publisher.plankeys import meant
from publisher.problem import SetupError
from publisher.render.theme import Theme
from publisher.render.theme_home import SETTINGS
from publisher.render.theme_token import Token

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SETTINGS = """\
# A theme that builds on “{parent}”. What this folder does not have is taken from there.
title = "{title}"
description = "What this theme is for, in one sentence."
license = "Say here who may use it."
parent = "{parent}"

# Each line below is a token of “{parent}” with the value it has there. To change one for every
# book with this theme, take the # from its line. A book changes it for itself in [theme.tokens].
[tokens]
{tokens}

# A token of your own: use it in the style sheets as var(--rule-width).
# [tokens.rule-width]
# type = "length"
# default = "0.5pt"
# about = "How thick rules are."
"""
_SHEET = """\
/* {medium}. The next line puts all of “{parent}” here; what follows it comes on top.
   Take it away to begin from nothing. */
@import "parent";

/* Tokens stand in their place when the book is made: */
.title-page .subtitle {{ color: {colour}; letter-spacing: 0.02em }}
"""
_COLOUR = "accent"


def new_theme(place: Path, name: str, parent: Theme) -> tuple[Path, ...]:
    """A small theme that builds on another; never over anything."""
    if not _NAME.fullmatch(name):
        raise SetupError(f"a theme's name is letters, figures, - and _, not “{name}”")
    if name == parent.name:
        raise SetupError(f"a theme that builds on “{name}” needs another name")
    folder = place / name
    if folder.exists() or folder.is_symlink():
        raise SetupError(f"{folder} is there already; a theme is never written over")
    files = {SETTINGS: _settings(name, parent)}
    files |= {
        sheet: _sheet(parent, medium)
        for sheet, medium in (("epub.css", "In the EPUB"), ("print.css", "In print"))
        if parent.find(sheet)
    }
    try:
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise SetupError(f"{folder} cannot be written: {reason}") from error
    return tuple(folder / file for file in files)


def _settings(name: str, parent: Theme) -> str:
    title = name.replace("-", " ").replace("_", " ").title()
    tokens = "\n".join(line for token in parent.declared for line in _offered(token))
    return _SETTINGS.format(parent=parent.name, title=title, tokens=tokens)


def _offered(token: Token) -> tuple[str, ...]:
    choices = f" One of: {', '.join(token.choices)}." if token.choices else ""
    return f"# {token.about}{choices}", f"# {token.name} = {toml_value(token)}"


def toml_value(token: Token) -> str:
    """A token's default as TOML has it."""
    if token.epub != token.print:
        return f"{{ epub = {_quoted(token.epub)}, print = {_quoted(token.print)} }}"
    return token.epub if token.kind in ("flag", "number") else _quoted(token.epub)


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def _sheet(parent: Theme, medium: str) -> str:
    names = {token.name for token in parent.declared}
    shown = f"var(--{_COLOUR})" if _COLOUR in names else "inherit"
    return _SHEET.format(medium=medium, parent=parent.name, colour=shown)


def eject(theme: Theme, files: list[str]) -> tuple[tuple[Path, Path], ...]:
    """Copies of a parent's files in the theme, as (from, to); all of them or none."""
    own, *parents = theme.folders
    pairs = [(_parents(name, theme, parents), own) for name in files]
    wanted = [(folder / name, own / name) for (folder, name), own in pairs]
    for _, target in wanted:
        if target.exists() or target.is_symlink():
            raise SetupError(f"{target} is there already; it is never written over")
    try:
        for source, target in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise SetupError(f"{own} cannot be written: {reason}") from error
    return tuple(wanted)


def _parents(name: str, theme: Theme, parents: list[Path]) -> tuple[Path, str]:
    """The nearest parent that has the file, and the file's name there."""
    if not parents:
        raise SetupError(f"the theme “{theme.name}” has no parent whose files it could copy")
    every = {
        file.relative_to(folder).as_posix(): folder
        for folder in reversed(parents)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != SETTINGS
    }
    path = PurePosixPath(name).as_posix()
    found = next((known for known in (path, f"templates/{path}") if known in every), None)
    if found is None:
        last = {known.rpartition("/")[2] for known in every} | every.keys()
        raise SetupError(f"no parent of “{theme.name}” has a file “{name}”{meant(name, last)}")
    return every[found], found
