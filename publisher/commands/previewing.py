"""`publisher preview`: the book in a browser, renewed with every save."""

from __future__ import annotations

import webbrowser
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from publisher.commands.session import console_for, find_vault, open_plan, overrides
from publisher.config import FILE_NAME as PLAN_FILE
from publisher.options import (
    AuthorOption,
    ByOption,
    LanguageOption,
    OrderOption,
    ThemeOption,
    TitleOption,
    VaultArgument,
    WhereOption,
)
from publisher.render.theme_home import homes


def preview(
    vault: VaultArgument = None,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Where the page is; 0 is any port that is free."),
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser at once.")
    ] = True,
    title: TitleOption = None,
    author: AuthorOption = None,
    language: LanguageOption = None,
    by: ByOption = None,
    order: OrderOption = None,
    where: WhereOption = None,
    theme: ThemeOption = None,
) -> None:
    """Show the book in a browser while you write: every save renews what you look at."""
    folder = find_vault(vault)
    # A vault that cannot be opened is told here; what is broken later, on the page.
    changes = overrides(title, author, language, by, order, where, theme)
    root, _, _ = open_plan(folder, changes)
    # A server is slow to load, and no other command needs one.
    from publisher.preview.server import listen, serve  # noqa: PLC0415

    listening = listen(port)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

    def started() -> None:
        console = console_for()
        console.print(Text(f"The book is shown at {address}"), soft_wrap=True)
        console.print(Text("Save a note or a theme's file to see it change. Ctrl-C ends.", "dim"))
        if browser:
            webbrowser.open(address)

    places: list[Path] = [folder, root, *(home.folder for home in homes((root / "themes",)))]
    try:
        serve(listening, partial(open_plan, folder, changes), folder / PLAN_FILE, places, started)
    except KeyboardInterrupt:
        console_for().print()
