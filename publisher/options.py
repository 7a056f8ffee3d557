"""What the commands can be asked: their arguments and options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from publisher.config import FILE_NAME as PLAN_FILE

PRESS = "For a printer"
WORK = "Laying out pages"


class By(StrEnum):
    """What the book's parts are made of."""

    AUTHOR = "author"
    GENRE = "genre"
    FOLDER = "folder"
    NONE = "none"


class Sorting(StrEnum):
    """What the pieces of a part are ordered by."""

    TITLE = "title"
    DATE = "date"
    RATING = "rating"
    FILE = "file"


class Edition(StrEnum):
    """What a book can be made as."""

    EBOOK = "ebook"
    PRINT = "print"
    SCREEN = "screen"
    ALL = "all"


class Shown(StrEnum):
    """How many problems are printed in full."""

    FIRST = "first"
    ALL = "all"
    NONE = "none"


class Form(StrEnum):
    """Who reads what is printed."""

    TEXT = "text"
    JSON = "json"


VaultArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="VAULT",
        readable=False,
        help=f"The folder of notes. Without it, the present folder if it holds {PLAN_FILE},"
        " else content/.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help="The file to write.", show_default=False),
]
TitleOption = Annotated[
    str | None, typer.Option(metavar="TITLE", help="The book's title.", show_default=False)
]
AuthorOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Who made the book; may be given more than once.", show_default=False
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option(
        metavar="TAG", help="The book's language, such as en or de-AT.", show_default=False
    ),
]
ByOption = Annotated[By | None, typer.Option(help="What parts are made of.", show_default=False)]
OrderOption = Annotated[
    Sorting | None, typer.Option(help="What pieces are ordered by.", show_default=False)
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PROPERTY=VALUE",
        help="Only notes with this property; may be given more than once.",
        show_default=False,
    ),
]
ThemeOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The theme; `publisher theme list` names them.",
        show_default=False,
    ),
]
ProblemsOption = Annotated[Shown, typer.Option(help="Which problems to print in full.")]
FormatOption = Annotated[Form, typer.Option("--format", help="Text, or JSON for programs.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")]
PrinterOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="PRINTER",
        help="The printer: kdp, ingram, lulu, a5 …: its trim, margins, colours and cover.",
        rich_help_panel=PRESS,
        show_default=False,
    ),
]
PaperOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The printer's paper.", rich_help_panel=PRESS, show_default=False
    ),
]
TrimOption = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="The size of a page: 6x9in, 148x210mm, a5.",
        rich_help_panel=PRESS,
        show_default=False,
    ),
]
BleedOption = Annotated[
    bool, typer.Option("--bleed", help="Art runs off the page's edge.", rich_help_panel=PRESS)
]
ProfileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The press's colour profile (ICC), else the system's best.",
        rich_help_panel=PRESS,
        show_default=False,
    ),
]
GuidesOption = Annotated[
    bool,
    typer.Option(
        "--guides",
        help="Also the cover with its folds and safe areas drawn.",
        rich_help_panel=PRESS,
    ),
]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        min=0,
        help="How many processes lay out pages; 0 is one a core.",
        rich_help_panel=WORK,
    ),
]
SchedulerOption = Annotated[
    str,
    typer.Option(
        metavar="tcp://HOST:PORT",
        help="Lay out pages on a Dask cluster.",
        rich_help_panel=WORK,
        show_default=False,
    ),
]
CacheOption = Annotated[
    bool,
    typer.Option(
        "--cache/--no-cache", help="Keep notes and pages for the next build.", rich_help_panel=WORK
    ),
]
