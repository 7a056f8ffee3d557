"""The command line: what there is to ask for, and how each wish ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from typer.exceptions import Abort, TyperException

from publisher.problem import SetupError

STOPPED = 130  # by Ctrl-C, as shells count


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        typer.echo(f"publisher {version('publisher')}")
        raise typer.Exit


def publisher(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print."""


def _build(found: typer.Typer) -> None:
    from publisher.commands.building import build  # noqa: PLC0415

    found.command(
        epilog="Examples: publisher build ebook ~/Notes --title 'A Reader' --by genre;"
        " publisher build print ~/Notes --for kdp --paper cream"
    )(build)


def _plan(found: typer.Typer) -> None:
    from publisher.commands.looking import plan  # noqa: PLC0415

    found.command(epilog="Example: publisher plan ~/Notes --where genre=essay")(plan)


def _preview(found: typer.Typer) -> None:
    from publisher.commands.previewing import preview  # noqa: PLC0415

    found.command(epilog="Example: publisher preview ~/Notes")(preview)


def _check(found: typer.Typer) -> None:
    from publisher.commands.looking import check  # noqa: PLC0415

    found.command(epilog="Example: publisher check ~/Notes --strict")(check)


def _glossary(found: typer.Typer) -> None:
    from publisher.commands.looking import glossary  # noqa: PLC0415

    found.command(epilog="Example: publisher glossary ~/Notes --write-stubs ~/Notes/Concepts")(
        glossary
    )


def _preflight(found: typer.Typer) -> None:
    from publisher.commands.judging import preflight  # noqa: PLC0415

    found.command(epilog="Example: publisher preflight book.pdf --for kdp --trim 6x9in")(preflight)


def _proof(found: typer.Typer) -> None:
    from publisher.commands.judging import proof  # noqa: PLC0415

    found.command(epilog="Example: publisher proof build/book.pdf --pictures build/proof")(proof)


def _cache(found: typer.Typer) -> None:
    from publisher.commands.keeping import cache  # noqa: PLC0415

    found.command(epilog="Example: publisher cache clear")(cache)


def _theme(found: typer.Typer) -> None:
    from publisher.commands.theming import app as themes  # noqa: PLC0415

    found.add_typer(themes, name="theme")


COMMANDS: dict[str, Callable[[typer.Typer], None]] = {
    "build": _build,
    "plan": _plan,
    "preview": _preview,
    "check": _check,
    "glossary": _glossary,
    "preflight": _preflight,
    "proof": _proof,
    "cache": _cache,
    "theme": _theme,
}


def app(asked: str = "") -> typer.Typer:
    """All there is to ask for, or the command asked for alone: each takes its time to load."""
    found = typer.Typer(
        name="publisher",
        epilog="Example: publisher build ebook ~/Notes",
        help="Turn a vault of Markdown notes into a book: an EPUB, or a PDF for print.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    found.callback()(publisher)
    for name, load in COMMANDS.items():
        if asked in (name, "") or asked not in COMMANDS:
            load(found)
    return found


def main() -> None:
    """Run the command line; whatever happens, the user sees one clear line."""
    try:
        code = app("".join(sys.argv[1:2]))(standalone_mode=False, prog_name="publisher")
        if code == STOPPED:  # Typer answers Ctrl-C itself, without a word
            raise KeyboardInterrupt
        sys.exit(code)
    except SetupError as error:
        _complain(str(error))
    except TyperException as error:
        # Where help was shown in its place, there is no message.
        message = " ".join(_message(error).replace("Value error, ", "").split())
        if message:
            _complain(f"{message.removesuffix('.')} ({_command(error)} --help tells more)")
        sys.exit(2)
    except (KeyboardInterrupt, Abort):
        sys.stderr.write("publisher: stopped\n")
        sys.exit(STOPPED)
    except Exception as error:
        if os.environ.get("PUBLISHER_DEBUG"):
            raise
        _complain(
            f"internal error, {type(error).__name__}: {error} (PUBLISHER_DEBUG=1 shows where)"
        )


def _complain(message: str) -> NoReturn:
    """One line, and the exit code of a broken set-up."""
    from publisher.commands.session import console_for  # noqa: PLC0415 - with all of the pipeline

    console_for(stderr=True).print(f"publisher: {message}", markup=False, soft_wrap=True)
    sys.exit(2)


def _message(error: TyperException) -> str:
    """What was typed wrong; of an option that is a setting of the plan's, where it stands."""
    # Typer has no public name for the error of an option that is not there.
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        from difflib import get_close_matches  # noqa: PLC0415 - only here

        from publisher.plankeys import tables_with  # noqa: PLC0415 - only here

        option = error.option_name
        tables = " and ".join(f"[{table}]" for table in tables_with(option.lstrip("-")))
        if tables:
            return f"No such option: {option}; anthology.toml has it in {tables}"
        # It finds `--by` like `--isbn`.
        error.possibilities = get_close_matches(option, error.possibilities or (), cutoff=0.75)
    return error.format_message()


def _command(error: TyperException) -> str:
    """The command that was typed wrong."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "publisher"


if __name__ == "__main__":
    main()
