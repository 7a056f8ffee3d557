"""The fonts of this machine, as Fontconfig knows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from publisher.render.pdf.native import system_fonts


@cache
def installed() -> tuple[tuple[str, str], ...]:
    """Each font's first family and file."""
    return tuple(sorted(pair for pair in system_fonts() if all(pair)))


def first_installed(families: tuple[str, ...]) -> tuple[str, Path] | None:
    """The first of some families that is here, and its file."""
    here = dict(installed())
    return next(((name, Path(here[name])) for name in families if name in here), None)
