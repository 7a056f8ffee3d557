"""The command line: what there is to ask for, and how each wish ends."""

from __future__ import annotations

import gc
import os
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer
from typer.exceptions import Abort, TyperException

from publisher.commands import building, judging, keeping, looking, previewing, theming
from publisher.commands.session import console_for
from publisher.problem import SetupError

app = typer.Typer(
    name="publisher",
    epilog="Example: publisher build ebook ~/Notes",
    help="Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command(
    epilog="Examples: publisher build ebook ~/Notes --title 'A Reader' --by genre;"
    " publisher build print ~/Notes --for kdp --paper cream"
)(building.build)
app.command(epilog="Example: publisher plan ~/Notes --where genre=essay")(looking.plan)
app.command(epilog="Example: publisher preview ~/Notes")(previewing.preview)
app.command(epilog="Example: publisher check ~/Notes --strict")(looking.check)
app.command(epilog="Example: publisher glossary ~/Notes --write-stubs ~/Notes/Concepts")(
    looking.glossary
)
app.command(epilog="Example: publisher preflight book.pdf --for kdp --trim 6x9in")(
    judging.preflight
)
app.command(epilog="Example: publisher proof build/book.pdf --pictures build/proof")(judging.proof)
app.command(epilog="Example: publisher cache clear")(keeping.cache)
app.add_typer(theming.app, name="theme")


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
    # A book is a million small values that last to its end: looking for rings is in vain.
    gc.set_threshold(500_000, 50, 100)
    try:
        sys.exit(app(standalone_mode=False, prog_name="publisher"))
    except SetupError as error:
        _complain(str(error))
    except TyperException as error:
        # Where help was shown in its place, there is no message.
        message = " ".join(error.format_message().replace("Value error, ", "").split())
        if message:
            _complain(f"{message.removesuffix('.')} ({_command(error)} --help tells more)")
        sys.exit(2)
    except (KeyboardInterrupt, Abort):
        sys.exit(130)
    except Exception as error:
        if os.environ.get("PUBLISHER_DEBUG"):
            raise
        _complain(
            f"internal error, {type(error).__name__}: {error} (PUBLISHER_DEBUG=1 shows where)"
        )


def _complain(message: str) -> NoReturn:
    """One line, and the exit code of a broken set-up."""
    console_for(stderr=True).print(f"publisher: {message}", markup=False, soft_wrap=True)
    sys.exit(2)


def _command(error: TyperException) -> str:
    """The command that was typed wrong."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "publisher"


if __name__ == "__main__":
    main()
