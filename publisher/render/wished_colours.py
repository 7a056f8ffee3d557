"""What a book's own colours do to its readers: told at the line that sets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from publisher.config import Plan
from publisher.problem import Position, Problem
from publisher.render.contrast import Faint, faint
from publisher.render.theme import Theme
from publisher.render.theme_token import MEDIA

_SAID = {"epub": "in the EPUB", "print": "in print"}
_SHEETS = {"epub": "epub.css", "print": "print.css"}


def token_places(plan: Plan) -> dict[str, Position]:
    """Where the plan's file sets each of the theme's tokens."""
    return {name.removeprefix("tokens."): at for name, at in plan.spots if "." in name}


def faint_wishes(theme: Theme, places: Mapping[str, Position]) -> Iterator[Problem]:
    """A Problem for each colour a book sets that is hard to read where it stands.

    What the theme itself has too faint is the theme's affair, and `theme check` tells it.
    """
    colours = [token.name for token in theme.declared if token.kind == "colour"]
    wished = [name for name, _ in theme.wishes if name in colours]
    if not wished:
        return
    bare = replace(theme, wishes=tuple(w for w in theme.wishes if w[0] not in wished))
    for medium in MEDIA:
        sheet = _SHEETS[medium]
        before = {
            (one.text, one.ground, one.ratio) for one in faint(bare.sheet(sheet, medium), medium)
        }
        worst: dict[str, Faint] = {}
        for one in faint(theme.sheet(sheet, medium), medium):
            if (one.text, one.ground, one.ratio) in before:
                continue
            name = _blamed(one, wished, theme.values(medium))
            if name not in worst or one.ratio < worst[name].ratio:
                worst[name] = one
        for name, one in worst.items():
            yield Problem(
                "contrast-low",
                f"{name}: {_SAID[medium]} {one}",
                places.get(name, Position("anthology.toml")),
                hint="take a darker colour for text, or a lighter one behind it (WCAG AA)",
            )


def _blamed(one: Faint, wished: list[str], values: Mapping[str, str]) -> str:
    """The token that gives the text its colour, else its ground, else the first there is."""
    for colour in (one.text, one.ground):
        if name := next((name for name in wished if values[name] == colour), ""):
            return name
    return wished[0]
