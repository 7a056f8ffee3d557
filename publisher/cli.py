"""The command line: what there is to ask for, and how each wish ends."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from publisher.commands import building, looking
from publisher.commands.session import console_for
from publisher.problem import SetupError


class _InReadingOrder(TyperGroup):
    """Help lists what a newcomer wants first: the book itself."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The groups, then the commands as they were written."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: name != "build")


app = typer.Typer(
    name="publisher",
    cls=_InReadingOrder,
    epilog="Example: publisher build ebook ~/Notes",
    help="Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(building.build, name="build")
app.command(epilog="Example: publisher plan ~/Notes --where genre=essay")(looking.plan)
app.command(epilog="Example: publisher check ~/Notes --strict")(looking.check)
app.command(epilog="Example: publisher glossary ~/Notes --write-stubs ~/Notes/Concepts")(
    looking.glossary
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        console_for().print(f"publisher {version('publisher')}")
        raise typer.Exit


@app.callback()
def publisher(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print."""


def main() -> None:
    """Run the command line; whatever happens, the user sees one clear line."""
    try:
        app(standalone_mode=True)
    except SetupError as error:
        console_for(stderr=True).print(f"publisher: {error}", markup=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("PUBLISHER_DEBUG"):
            raise
        console_for(stderr=True).print(
            f"publisher: internal error, {type(error).__name__}: {error}"
            " (PUBLISHER_DEBUG=1 shows where)",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(2)


if __name__ == "__main__":
    main()
