"""What can be changed of a book's theme, as a form: a field for each token and option."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from publisher.problem import SetupError
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_home import homes
from publisher.render.theme_token import Token


class Field(Struct, frozen=True):
    """A token or option: its type, what the book sets ("" for nothing), and its default."""

    name: str
    kind: str
    value: str
    default: str
    about: str = ""
    choices: tuple[str, ...] = ()
    option: bool = False


class Panel(Struct, frozen=True):
    """A theme and its fields."""

    theme: str
    fields: tuple[Field, ...]


def panel_of(theme: Theme) -> Panel:
    """The form for a theme."""
    wishes = dict(theme.wishes)
    fields = (
        *(_field(token, wishes, option=False) for token in theme.declared),
        *(_field(token, wishes, option=True) for token in theme.optional),
    )
    return Panel(theme.name, fields)


def _field(token: Token, wishes: dict[str, str], *, option: bool) -> Field:
    return Field(
        token.name,
        token.kind,
        wishes.get(token.name, ""),
        token.shown,
        token.about,
        token.choices,
        option,
    )


def read_themes(search: tuple[Path, ...]) -> tuple[tuple[str, str], ...]:
    """Name and title of every theme that can be loaded."""
    found: dict[str, str] = {}
    for home in homes(search):
        for folder in home.themes():
            if folder.name in found:
                continue
            try:
                found[folder.name] = load_theme(folder.name, search).title
            except SetupError:
                continue
    return tuple(found.items())
