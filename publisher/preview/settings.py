"""A wish from the panel, written into `anthology.toml`: its comments and all else stay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable

from publisher.config import parse_plan
from publisher.delivery import put_bytes
from publisher.problem import SetupError
from publisher.render.theme import load_theme

Value = str | bool | float | None


class Wish(Struct, frozen=True):
    """Another theme, and what tokens and options are to be; None gives up what was set."""

    theme: str = ""
    tokens: tuple[tuple[str, Value], ...] = ()


def parse_wish(told: Any) -> Wish:
    """What the page asks for; ValueError where that is no wish at all."""
    kinds = (str, bool, int, float, type(None))
    match told:
        case {"theme": str(theme), **rest} if not rest:
            return Wish(theme)
        case {"tokens": dict(tokens), **rest} if not rest:
            if all(isinstance(value, kinds) for value in tokens.values()):
                return Wish(tokens=tuple(tokens.items()))
    raise ValueError("a theme's name, or a table of tokens")


def wished(text: str, wish: Wish) -> str:
    """The plan's text with the wish in it; SetupError where the text is no TOML."""
    try:
        plan = tomlkit.parse(text)
        theme = _table(plan, "theme")
        if wish.theme:
            theme["name"] = wish.theme
        if wish.tokens:
            tokens = _table(theme, "tokens")
            for name, value in wish.tokens:
                if value is not None:
                    tokens[name] = value
                elif name in tokens:
                    del tokens[name]
        return tomlkit.dumps(plan)
    except TOMLKitError as error:
        raise SetupError(f"anthology.toml must be mended first: {error}") from None


def _table(parent: Any, name: str) -> Any:
    if name not in parent:
        parent[name] = tomlkit.table()
    if not isinstance(parent[name], AbstractTable | Mapping):
        raise SetupError(f"[{name}] is a table of settings, not a value")
    return parent[name]


def write_wish(file: Path, wish: Wish, search: tuple[Path, ...]) -> None:
    """Write the wish where it can be had; else SetupError, and the file is as it was."""
    if file.is_symlink():
        raise SetupError(f"{file} is a link: change the file that it leads to")
    try:
        text = file.read_bytes().decode("utf-8-sig") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{file} cannot be read: {error}") from None
    made = wished(text, wish)
    plan, _ = parse_plan(made, str(file))
    load_theme(plan.theme, search, plan.theme_tokens)
    if made != text:
        put_bytes(file, made.encode())
