"""How long a book takes and how much memory, stage by stage, and against pandoc."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.measure import Run, measure
from bench.vault import LARGE, write_vault

ROOT = Path(__file__).parent.parent
MEBI = 1024 * 1024


def build(medium: str, vault: Path, folder: Path) -> tuple[Run, Path]:
    """The book, made in a process of its own from the folder given."""
    output = folder / ("book.epub" if medium == "ebook" else "book.pdf")
    command: list[str | Path] = [sys.executable, "-m", "bench.stages", medium, vault, output]
    run = measure(command, ROOT)
    if run.returncode:
        sys.exit(f"{medium} of {vault} failed:\n{run.stderr[-2000:]}")
    return run, output


def stages(run: Run) -> Iterator[tuple[str, float, int]]:
    """Each stage's seconds and peak; one that comes back counts again under its name."""
    marks = [(run.started, "start")]
    for line in run.stdout.splitlines():
        name, tab, when = line.partition("\t")
        if tab:
            marks.append((float(when), name))
    spent: dict[str, tuple[float, int]] = {}
    for (start, name), (end, _) in zip(
        marks, [*marks[1:], (run.started + run.seconds, "")], strict=True
    ):
        seconds, peak = spent.get(name, (0.0, 0))
        # Memory falls slowly: a stage too short to be sampled has its neighbour's peak.
        spent[name] = (seconds + end - start, max(peak, run.peak_between(start, end + 0.05)))
    for name, (seconds, peak) in spent.items():
        yield name, seconds, peak


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Markdown, so that it can be kept; numbers to the right."""
    body = [list(row) for row in rows]
    widths = [max(len(row[n]) for row in [list(head), *body]) for n in range(len(head))]

    def line(row: Sequence[str]) -> str:
        first, *rest = zip(row, widths, strict=True)
        return " | ".join([first[0].ljust(first[1]), *(cell.rjust(w) for cell, w in rest)])

    print(f"| {line(head)} |")
    print("|".join(["", "-" * (widths[0] + 2), *(f"{'-' * (w + 1)}:" for w in widths[1:]), ""]))
    for row in body:
        print(f"| {line(row)} |")
    print(flush=True)


def report_stages(medium: str, notes: int, run: Run, output: Path) -> None:
    """One table: a row a stage, and the whole."""
    size = output.stat().st_size / MEBI
    print(f"### {medium}, {notes:,} notes ({size:.1f} MB)\n")
    rows = [
        (name, f"{seconds:.2f}", f"{peak / MEBI:.0f}", f"{notes / max(seconds, 1e-3):,.0f}")
        for name, seconds, peak in stages(run)
    ]
    total = ("all", f"{run.seconds:.2f}", f"{run.peak / MEBI:.0f}", f"{notes / run.seconds:,.1f}")
    table(("stage", "seconds", "peak MB", "notes/s"), [*rows, total])


def race(vault: Path, folder: Path) -> None:
    """The same notes through pandoc, at once after ours, on the same machine."""
    try:
        import pypandoc  # noqa: PLC0415 - only the race needs it
    except ImportError:
        print("No pandoc to race against: pip install pypandoc-binary\n")
        return
    ours, _ = build("ebook", vault, folder)
    files = sorted(vault.rglob("*.md"))
    # Notes of one book share a namespace for footnotes and headings only in pandoc.
    command: list[str | Path] = [
        pypandoc.get_pandoc_path(),
        *("--from", "markdown+wikilinks_title_after_pipe+mark+hard_line_breaks"),
        *("--to", "epub3", "--mathml", "--metadata", "title=Race", "--quiet"),
        *("--output", folder / "pandoc.epub"),
        *files,
    ]
    theirs = measure(command)
    if theirs.returncode:
        print(f"pandoc failed: {theirs.stderr[-500:]}\n")
        return
    print(f"### EPUB against pandoc {pypandoc.get_pandoc_version()}, {len(files):,} notes\n")
    rows = [
        (name, f"{run.seconds:.1f}", f"{run.peak / MEBI:.0f}", f"{len(files) / run.seconds:,.0f}")
        for name, run in (("publisher", ours), ("pandoc", theirs))
    ]
    ratio = (
        "publisher/pandoc",
        f"{ours.seconds / theirs.seconds:.2f}",
        f"{ours.peak / theirs.peak:.2f}",
        f"{theirs.seconds / ours.seconds:.2f}",
    )
    table(("", "seconds", "peak MB", "notes/s"), [*rows, ratio])


def counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ebook", type=counts, default=[100, 300, 1000], metavar="N,N")
    parser.add_argument("--print", type=counts, default=[100, 300], metavar="N,N", dest="paper")
    parser.add_argument("--no-race", action="store_true", help="leave out the race with pandoc")
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as name:
        folder = Path(name)
        for medium, sizes in (("ebook", options.ebook), ("print", options.paper)):
            for notes in sizes:
                vault = folder / f"{medium}-{notes}"
                write_vault(vault, LARGE.scaled(notes))
                report_stages(medium, notes, *build(medium, vault, folder))
        if not options.no_race:
            write_vault(folder / "large", LARGE)
            race(folder / "large", folder)


if __name__ == "__main__":
    main()
