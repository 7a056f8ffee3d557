"""How long a print build takes: cold, warm, after an edit, alone and with help, and against stock.

Every row is a whole command in a process of its own, from the vault to the file. At the end
stands each promise and whether it held; the clock decides no test.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from bench.measure import family
from bench.run import MEBI, ROOT, table
from bench.vault import LARGE, write_vault

INTERVAL = 0.05
SIZES = (65, 100, 190, 400, 1_520)  # notes; 65 are 300 pages, 190 are 881, 1,520 are 7,000
EDIT = "\n\nA sentence more, as an author adds one when a proof is read.\n"
# A name that was nowhere before: an entry more pushes on all that follow it in the index.
NAME = "\n\nAnd one with a [[Bayesian ash 0|link]] in it.\n"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Watched:
    """A command on the clock: seconds, processor seconds, and the most each process held."""

    seconds: float = 0.0
    spent: dict[int, float] = field(default_factory=dict)
    peaks: dict[int, int] = field(default_factory=dict)
    said: str = ""
    late: bool = False

    @property
    def peak(self) -> int:
        """The most that any one process held."""
        return max(self.peaks.values(), default=0)


def watch(command: list[str], limit: float, environment: dict[str, str]) -> Watched:
    """Run a command to its end, or to the limit."""
    seen = Watched()
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        # Into a file: a pipe that is full would hold the command up.
        with subprocess.Popen(command, cwd=ROOT, stdout=said, env=environment) as process:
            while process.poll() is None:
                for pid in family(process.pid):
                    seen.spent[pid] = max(seen.spent.get(pid, 0.0), processor(pid))
                    seen.peaks[pid] = max(seen.peaks.get(pid, 0), high_water(pid))
                if time.monotonic() - started > limit:
                    process.kill()
                    seen.late = True
                time.sleep(INTERVAL)
        seen.seconds = time.monotonic() - started
        if process.returncode and not seen.late:
            sys.exit(f"{' '.join(command)} failed")
        said.seek(0)
        seen.said = said.read()
    return seen


def high_water(pid: int) -> int:
    """The most one process ever held, or 0 where the system does not say."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def processor(pid: int) -> float:
    """Seconds of processor time of one process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def make_vault(folder: Path, notes: int) -> list[Path]:
    """Notes with links, footnotes and pictures; the notes in order."""
    write_vault(folder, LARGE.scaled(notes))
    (folder / "Pictures").mkdir()
    for number in range(8):
        shade = Image.linear_gradient("L").resize((900, 600)).rotate(number * 45)
        shade.save(folder / "Pictures" / f"plate {number}.png")
    found = sorted(folder.rglob("*.md"))
    for number, path in enumerate(found):
        more = ""
        if number % 3 == 0:
            more += "\n\nA claim.[^own] Another.[^two]\n\n[^own]: Its source.\n[^two]: Its doubt.\n"
        if number % 10 == 0:
            more += f"\n\n![[plate {number % 8}.png]]\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(more)
    return found


def stock(vault: str, output: str) -> None:
    """`stock VAULT OUTPUT`: WeasyPrint as it comes, once, on the same HTML."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - loading it is part of the time
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from publisher.config import Plan  # noqa: PLC0415
    from publisher.pipeline import asset_reader, prepare  # noqa: PLC0415
    from publisher.render.pdf.sheets import print_html  # noqa: PLC0415
    from publisher.render.pdf.stock import BASE  # noqa: PLC0415
    from publisher.render.pdf.stockroom import Supply  # noqa: PLC0415

    copy = prepare(Path(vault), Plan(), curly_quotes=True)
    book, theme, draft = copy.assembled.book, copy.theme, copy.draft
    html = print_html(book, theme, draft.words)
    supply, fonts = Supply(book, theme, asset_reader(draft.vault.root)), FontConfiguration()
    sys.setrecursionlimit(8_000)
    css = CSS(string=theme.print_css, base_url=BASE, url_fetcher=supply, font_config=fonts)
    whole = HTML(string=html, base_url=BASE, url_fetcher=supply)
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "dpi": 300}
    document = whole.render(font_config=fonts, stylesheets=[css], **options)
    document.write_pdf(output, **options)
    print(len(document.pages))


@dataclass(slots=True)
class Book:
    """What was measured of one vault."""

    notes: int
    pages: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)
    ours: float = 0.0
    theirs: float = 0.0
    edit: float = 0.0
    peak: int = 0
    same: bool = False


class Bench:
    """One vault, built again and again."""

    def __init__(self, notes: int, folder: Path, limit: float) -> None:
        self.book, self.folder, self.limit = Book(notes), folder / str(notes), limit
        self.vault = self.folder / "vault"
        self.folder.mkdir()

    def run(self) -> Book:
        """Every row of the table; stock comes right after what it is held against."""
        written = make_vault(self.vault, self.book.notes)
        self.build("cold, 1 worker", "one", "1")
        self.book.ours = self.build("cold, 2 workers", "two", "2").seconds
        self.stock()
        self.build("warm", "two", "2")
        same = self.pdf("one") == self.pdf("two")
        note = written[len(written) // 2]
        self.edit(note, EDIT)
        self.book.edit = self.build("one note edited", "two", "2").seconds
        self.edit(note, NAME)
        self.build("a new name in it", "two", "2")
        self.build("edited, cold", "clean", "2")
        self.book.same = same and self.pdf("two") == self.pdf("clean")
        return self.book

    def edit(self, note: Path, more: str) -> None:
        """Write more into a note."""
        with note.open("a", encoding="utf-8") as file:
            file.write(more)

    def pdf(self, name: str) -> bytes:
        """A finished file."""
        return (self.folder / f"{name}.pdf").read_bytes()

    def build(self, row: str, name: str, jobs: str) -> Watched:
        """`publisher build print`, with the cache and to the file of that name."""
        command = [sys.executable, "-m", "publisher", "build", "print", str(self.vault)]
        command += ["--output", str(self.folder / f"{name}.pdf"), "--jobs", jobs]
        command += ["--problems", "none", "--format", "json"]
        cache = {"PUBLISHER_CACHE": str(self.folder / f"cache-{name}")}
        seen = watch(command, self.limit, os.environ | cache)
        if seen.late:
            sys.exit(f"“{row}” with {self.book.notes} notes took more than {self.limit:.0f} s")
        found = [line for line in seen.said.splitlines() if '"pages"' in line]
        self.book.pages = int("".join(filter(str.isdigit, found[0]))) if found else 0
        self.book.peak = max(self.book.peak, seen.peak)
        self.row(row, seen, self.book.pages)
        return seen

    def stock(self) -> None:
        """WeasyPrint alone; where it is too slow, the limit stands for its time."""
        command = [sys.executable, "-m", "bench.pdf", "stock", str(self.vault)]
        command.append(str(self.folder / "stock.pdf"))
        seen = watch(command, self.limit, dict(os.environ))
        self.book.theirs = seen.seconds
        self.row("stock WeasyPrint", seen, int(seen.said.split()[-1]) if not seen.late else 0)

    def row(self, name: str, seen: Watched, pages: int) -> None:
        """One line of the table."""
        parent, *others = seen.peaks.values()
        self.book.rows.append((
            name,
            f"{pages:,}" if pages else "",
            ("> " if seen.late else "") + f"{seen.seconds:.1f}",
            f"{sum(seen.spent.values()):.1f}",
            f"{pages / seen.seconds:.1f}" if pages else "",
            f"{parent / MEBI:.0f}",
            " ".join(f"{peak / MEBI:.0f}" for peak in sorted(others, reverse=True)[:3]),
        ))  # fmt: skip


def promises(books: list[Book]) -> Iterator[tuple[str, str, str]]:
    """Each promise, what was measured for it, and whether it held."""

    def near(pages: int) -> Book | None:
        fit = [book for book in books if 0.8 * pages < book.pages < 1.25 * pages]
        return min(fit, key=lambda book: abs(book.pages - pages), default=None)

    def row(promise: str, book: Book | None, said: str, held: bool) -> tuple[str, str, str]:
        where = f"{said} at {book.pages:,} pages" if book else "not measured"
        return promise, where, ("yes" if held else "NO") if book else ""

    book = near(881)
    ratio = book.ours / book.theirs if book and book.theirs else 0.0
    yield row("881 pages cold, 2 workers: 0.45 of stock", book, f"{ratio:.2f}", ratio <= 0.45)
    book = near(7_000)
    peak = book.peak / MEBI if book else 0.0
    yield row("7,000 pages: no process above 400 MB", book, f"{peak:.0f} MB", peak <= 400)
    for pages, limit in ((7_000, 10), (300, 2)):
        book = near(pages)
        took = book.edit if book else 0.0
        promise = f"one note edited in {pages:,} pages: {limit} s"
        yield row(promise, book, f"{took:.1f} s", took <= limit)
    same = all(book.same for book in books)
    yield row("1 worker = 2, edited = clean, in bytes", books[-1], str(same), same)


def main() -> None:
    if sys.argv[1:2] == ["stock"]:
        stock(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--limit", type=float, default=1_800, help="seconds for any one run")
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    head = ("", "pages", "seconds", "processor s", "pages/s", "parent MB", "others MB")
    books = []
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as name:
        for notes in options.notes:
            load = os.getloadavg()[0]
            books.append(Bench(notes, Path(name), options.limit).run())
            print(f"### {notes:,} notes (load of the machine before: {load:.1f})\n")
            table(head, books[-1].rows)
    table(("promise", "measured", "held"), promises(books))


if __name__ == "__main__":
    main()
