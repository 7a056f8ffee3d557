"""The command's front door: what takes longest to load is sent for before anything else is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

LAID_OUT = frozenset({"print", "screen", "all"})
# With these no worker of this machine is called.
WITHOUT = (" --help ", " --jobs 1 ", " --jobs=1 ", " --scheduler")


def main() -> None:
    """Run the command line; for pages, have another process load what lays them out meanwhile."""
    if wants_pages(sys.argv[1:]) and (os.cpu_count() or 1) > 1:
        from publisher.render.pdf.lodge import open_up  # noqa: PLC0415 - an EPUB needs none

        open_up()
    from publisher.cli import main as run  # noqa: PLC0415 - it takes a while, too

    run()


def wants_pages(words: Sequence[str]) -> bool:
    """Whether workers will be called, as far as the words of a command show at a glance."""
    build, edition = (*words, "", "")[:2]
    said = f" {' '.join(words)} "
    return build == "build" and edition in LAID_OUT and not any(one in said for one in WITHOUT)


if __name__ == "__main__":
    main()
