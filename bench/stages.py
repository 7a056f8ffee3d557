"""Builds one book and writes down when each stage began; run in a process of its own."""

from __future__ import annotations

import sys
import time
from pathlib import Path


class Watch:
    """The pipeline's progress: a line `stage<TAB>clock` whenever the stage changes."""

    def __init__(self) -> None:
        self.stage = ""

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Called often, so it says nothing while the stage stays the same."""
        if stage != self.stage:
            self.stage = stage
            self.write(stage)

    def write(self, stage: str) -> None:
        """The monotonic clock is one for all processes, so the parent's samples match."""
        print(f"{stage}\t{time.monotonic()}", flush=True)


def main() -> None:
    """`stages.py ebook|print VAULT OUTPUT`."""
    medium, vault, output = sys.argv[1:]
    watch = Watch()
    watch.write("load")
    from publisher import pipeline  # noqa: PLC0415 - loading is a stage like others
    from publisher.config import Plan  # noqa: PLC0415

    told = (Path(vault), Plan(), Path(output), Path.cwd(), watch)
    if medium == "ebook":
        pipeline.build_ebook(*told)
    else:
        from publisher.printing import build_print  # noqa: PLC0415

        build_print(*told)
    watch.write("end")


if __name__ == "__main__":
    main()
