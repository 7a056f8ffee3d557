"""`publisher cache`: what is kept so that a book is made again in seconds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from publisher.cache import Cache, cache_folder
from publisher.commands.session import console_for


class Wish(StrEnum):
    """What to do with what is kept."""

    SIZE = "size"
    CLEAR = "clear"


def cache(
    wish: Annotated[Wish, typer.Argument(help="Tell its size, or throw it away.")] = Wish.SIZE,
) -> None:
    """Show or clear what is kept of earlier builds. Nothing in it is needed."""
    kept = Cache(cache_folder())
    console = console_for()
    if wish is Wish.CLEAR:
        freed = kept.clear()
        console.print(f"{_megabytes(freed)} thrown away from {kept.folder}", soft_wrap=True)
    else:
        console.print(f"{_megabytes(kept.size())} in {kept.folder}", soft_wrap=True)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB"
