"""How long the press takes: cold, warm, after an edit, alone and with help, and against stock."""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from bench.measure import family
from bench.run import MEBI, ROOT, table
from bench.vault import LARGE, write_vault

INTERVAL = 0.1
EDIT = "\n\nA sentence more, and a [[Bayesian ash 0|link]] in it.\n"


@dataclass(frozen=True, slots=True)
class Watched:
    """Seconds, the most any one process held, and what the command said."""

    seconds: float
    peak: int
    said: str


def watch(*arguments: str | Path, limit: float = 3_600) -> Watched | None:
    """Run this module in a process of its own; nothing where it took too long."""
    command = [sys.executable, "-m", "bench.pdf", *map(str, arguments)]
    started = time.monotonic()
    peak = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max([peak, *(high_water(pid) for pid in family(process.pid))])
            if time.monotonic() - started > limit:
                process.kill()
                return None
            time.sleep(INTERVAL)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return Watched(time.monotonic() - started, peak, said.strip())


def high_water(pid: int) -> int:
    """The most one process ever held, or 0 where the system does not say."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


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


def compose(vault: str, book: str) -> None:
    """`compose VAULT BOOK`: the vault's book as a pickle."""
    from publisher import pipeline  # noqa: PLC0415 - loading it is part of the time
    from publisher.config import Plan  # noqa: PLC0415

    draft = pipeline.draft_book(Path(vault), Plan(), curly_quotes=True)
    made = pipeline.compose(draft)
    Path(book).write_bytes(pickle.dumps((made.book, draft.words, draft.vault.root)))


def press(book: str, output: str, cache: str, jobs: str) -> None:
    """`press BOOK OUTPUT CACHE JOBS`: prints pages and seconds of the press alone."""
    from publisher.cache import Cache  # noqa: PLC0415
    from publisher.pipeline import asset_reader  # noqa: PLC0415
    from publisher.render.pdf.press import print_book  # noqa: PLC0415
    from publisher.render.theme import load_theme  # noqa: PLC0415

    given, words, root = pickle.loads(Path(book).read_bytes())
    started = time.monotonic()
    kept = Cache(Path(cache))
    reader = asset_reader(root)
    edition = print_book(given, load_theme("classic"), words, reader, jobs=int(jobs), cache=kept)
    Path(output).write_bytes(edition.pdf)
    print(edition.pages, f"{time.monotonic() - started:.2f}")


def stock(book: str, output: str) -> None:
    """`stock BOOK OUTPUT`: WeasyPrint as it comes, once, on the same HTML, made from the book."""
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from publisher.pipeline import asset_reader  # noqa: PLC0415
    from publisher.render.pdf.sheets import print_html  # noqa: PLC0415
    from publisher.render.pdf.supply import BASE, Supply  # noqa: PLC0415
    from publisher.render.theme import load_theme  # noqa: PLC0415

    given, words, root = pickle.loads(Path(book).read_bytes())
    started = time.monotonic()
    theme = load_theme("classic")
    html = print_html(given, theme, words)
    supply, fonts = Supply(given, theme, asset_reader(root)), FontConfiguration()
    sys.setrecursionlimit(8_000)
    css = CSS(string=theme.print_css, base_url=BASE, url_fetcher=supply, font_config=fonts)
    whole = HTML(string=html, base_url=BASE, url_fetcher=supply)
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "dpi": 300}
    document = whole.render(font_config=fonts, stylesheets=[css], **options)
    document.write_pdf(output, **options)
    print(len(document.pages), f"{time.monotonic() - started:.2f}")


def report(notes: int, folder: Path, limit: float) -> None:
    """One table for a vault of that many notes."""
    vault, book = folder / f"vault-{notes}", folder / f"book-{notes}"
    written = make_vault(vault, notes)
    rows: list[tuple[str, ...]] = []

    def row(name: str, *arguments: str | Path) -> float:
        found = watch(*arguments, limit=limit)
        if found is None:
            rows.append((name, "", f"> {limit:.0f}", "", ""))
            return limit
        pages, _, seconds = found.said.partition(" ")
        own = float(seconds or found.seconds)
        rate = f"{int(pages) / own:.1f}" if pages else ""
        rows.append((name, pages, f"{own:.1f}", rate, f"{found.peak / MEBI:.0f}"))
        return own

    row("vault to book", "compose", vault, book)
    outputs = [folder / f"{name}-{notes}.pdf" for name in ("one", "two", "clean", "edited")]
    row("cold, 1 worker", "press", book, outputs[0], folder / f"cache-1-{notes}", "1")
    ours = row("cold, 2 workers", "press", book, outputs[1], folder / f"cache-2-{notes}", "2")
    row("warm, 2 workers", "press", book, outputs[1], folder / f"cache-2-{notes}", "2")
    theirs = row("stock WeasyPrint", "stock", book, folder / f"stock-{notes}.pdf")
    with written[len(written) // 2].open("a", encoding="utf-8") as file:
        file.write(EDIT)
    row("vault to book, edited", "compose", vault, book)
    row("one note edited", "press", book, outputs[3], folder / f"cache-2-{notes}", "2")
    row("edited, cold", "press", book, outputs[2], folder / f"cache-3-{notes}", "2")
    print(f"### {notes:,} notes\n")
    table(("", "pages", "seconds", "pages/s", "peak MB of a process"), rows)
    one, two, clean, edited = (path.read_bytes() for path in outputs)
    print(f"2 workers / stock: {ours / theirs:.2f}")
    print(f"1 worker = 2: {one == two}; incremental = clean: {clean == edited}\n", flush=True)


def main() -> None:
    duties: dict[str, Callable[..., None]] = {"compose": compose, "press": press, "stock": stock}
    if len(sys.argv) > 1 and sys.argv[1] in duties:
        duties[sys.argv[1]](*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", nargs="*", type=int, default=[100, 400, 1_500])
    parser.add_argument("--limit", type=float, default=1_800, help="seconds for any one run")
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as name:
        for notes in options.notes:
            report(notes, Path(name), options.limit)


if __name__ == "__main__":
    main()
