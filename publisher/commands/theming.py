"""`publisher theme`: which themes there are, and how to come by one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from publisher import report
from publisher.commands.building import make
from publisher.commands.building import show as show_results
from publisher.commands.session import console_for, leave, open_plan, shown_progress
from publisher.commands.specimen import VAULT, specimen_plan
from publisher.config import FILE_NAME as PLAN_FILE
from publisher.config import Plan
from publisher.options import (
    Edition,
    Form,
    FormatOption,
    OutputOption,
    ProblemsOption,
    Shown,
    StrictOption,
)
from publisher.problem import SetupError
from publisher.render.theme import Theme, lineage, load_theme
from publisher.render.theme_check import check_theme
from publisher.render.theme_home import homes, theme_folder
from publisher.render.theme_making import eject as copy_down
from publisher.render.theme_making import new_theme
from publisher.render.theme_token import Token

app = typer.Typer(help="Look at themes, and make your own.", no_args_is_help=True)
BookOption = Annotated[
    Path | None,
    typer.Option(
        "--book",
        metavar="DIR",
        help="The folder of notes whose themes are meant.",
        show_default="where you are",
    ),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The theme's name.")]


@app.command("list", epilog="Example: publisher theme list")
def list_themes(book: BookOption = None, form: FormatOption = Form.TEXT) -> None:
    """Show all themes that can be had here, and what each is for."""
    rows, seen = [], set[str]()
    search = _search(book)[0]
    for home in homes(search):
        for folder in home.themes():
            if folder.name in seen:
                continue
            seen.add(folder.name)
            rows.append((folder.name, home.kind, *_described(folder.name, search)))
    if form is Form.JSON:
        keys = ("name", "where", "title", "description")
        report.print_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    table = _table("Name", "Where", "Title", "What for")
    for row in rows:
        table.add_row(*map(Text, row))
    console_for().print(table)


def _described(name: str, search: tuple[Path, ...]) -> tuple[str, str]:
    """Title and purpose; of a theme that cannot be loaded, why."""
    try:
        theme = load_theme(name, search)
    except SetupError as error:
        return "", f"cannot be used: {error}"
    return theme.title, theme.description


@app.command(epilog="Example: publisher theme show classic")
def show(name: NameArgument, book: BookOption = None, form: FormatOption = Form.TEXT) -> None:
    """Show what can be changed in a theme."""
    theme = load_theme(name, _search(book)[0])
    if form is Form.JSON:
        report.print_json(_as_json(theme))
        return
    console = console_for()
    console.print(Text(f"{theme.title}: {theme.description}".rstrip(": ")))
    for title, tokens in (("Token", theme.declared), ("Option", theme.optional)):
        if tokens:
            table = _table(title, "Type", "Default", "What it does")
            for token in tokens:
                table.add_row(*map(Text, (token.name, _kind(token), token.shown, token.about)))
            console.print()
            console.print(table)


def _kind(token: Token) -> str:
    return ", ".join(token.choices) if token.choices else token.kind


def _as_json(theme: Theme) -> dict[str, object]:
    def rows(tokens: tuple[Token, ...]) -> list[dict[str, object]]:
        return [
            {
                "name": token.name,
                "type": token.kind,
                "default": {"epub": token.epub, "print": token.print},
                "choices": list(token.choices),
                "about": token.about,
            }
            for token in tokens
        ]

    return {
        "name": theme.name,
        "title": theme.title,
        "description": theme.description,
        "license": theme.license,
        "parents": list(theme.names[1:]),
        "folder": str(theme.folders[0]),
        "tokens": rows(theme.declared),
        "options": rows(theme.optional),
    }


@app.command(epilog="Example: publisher theme new dusk --from classic")
def new(
    name: NameArgument,
    parent: Annotated[str, typer.Option("--from", help="The theme to build on.")] = "classic",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where to put its folder.", show_default="themes/ beside the notes"
        ),
    ] = None,
    book: BookOption = None,
) -> None:
    """Begin a theme of your own: a small folder that builds at once."""
    search, _ = _search(book)
    if to is None and not search:
        raise SetupError(f"no book is here: say with --to where it goes, or write an {PLAN_FILE}")
    place = to or search[0]
    if to is None and not place.resolve().is_relative_to(place.parent.resolve()):
        raise SetupError(f"{place}: a link in a book may not lead out of its folder")
    made = new_theme(place, name, load_theme(parent, search))
    console = console_for()
    for path in made:
        console.print(Text(str(path)), soft_wrap=True)
    console.print(
        Text(f'To use it, write name = "{name}" under [theme] in {PLAN_FILE}.'), soft_wrap=True
    )


@app.command(epilog="Example: publisher theme eject piece.xhtml.j2 --theme dusk")
def eject(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="The files, such as piece.xhtml.j2.")
    ],
    name: Annotated[
        str, typer.Option("--theme", metavar="NAME", help="The theme.", show_default="the book's")
    ] = "",
    book: BookOption = None,
) -> None:
    """Copy a parent's files into your theme, to change them there."""
    search, plan = _search(book)
    name = name or plan.theme
    if theme_folder(name, homes(search))[1].kind == "built in":
        raise SetupError(
            f"the theme “{name}” came with publisher: begin your own with `publisher theme new`"
        )
    for _, target in copy_down(load_theme(name, search), files):
        console_for().print(Text(str(target)), soft_wrap=True)


@app.command(epilog="Example: publisher theme check dusk")
def check(
    name: NameArgument,
    book: BookOption = None,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Say what is wrong in a theme."""
    search, _ = _search(book)
    theme_folder(name, homes(search))
    problems = check_theme(name, search)
    if form is Form.JSON:
        report.print_json([report.as_json(problem) for problem in problems])
    else:
        console = console_for()
        report.print_problems(console, problems, Shown.ALL)
        if not problems:
            line = " → ".join(leaf.name for leaf in lineage(name, homes(search)))
            console.print(Text(f"No problems in {line}."))
    leave(problems, strict=strict)


@app.command(epilog="Example: publisher theme specimen dusk --edition print")
def specimen(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The theme.", show_default="the book's")
    ] = "",
    edition: Annotated[Edition, typer.Option(help="What to make.")] = Edition.ALL,
    output: OutputOption = None,
    book: BookOption = None,
    problems: ProblemsOption = Shown.FIRST,
    form: FormatOption = Form.TEXT,
    strict: StrictOption = False,
) -> None:
    """Make a small book with every element there is, to look at what a theme does with it."""
    search, own = _search(book)
    plan = specimen_plan(name or own.theme, search, own)
    with shown_progress() as progress:
        made = make(edition, VAULT, plan, output, progress, (0, "", True), None, guides=False)
    show_results(list(made), edition, problems, form)
    leave([problem for result in made for problem in result.problems], strict=strict)


def _search(book: Path | None) -> tuple[tuple[Path, ...], Plan]:
    """Where the book's own themes are, if there is a book, and what it plans."""
    here = Path.cwd()
    if book is None and not (here / PLAN_FILE).is_file() and not (here / "content").is_dir():
        return (), Plan()
    root, plan, _ = open_plan(book, {})
    return (root / "themes",), plan


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
