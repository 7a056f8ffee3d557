"""How long the preview takes from a save to the page in the browser, in a book of 300 pages.

A real browser looks at a piece in the middle of the book; a note or the theme's CSS is saved,
and the clock stops when what was saved is on the screen: the page's own frame in the e-book, the
pictures of the printed pages in view. What is out of sight may take longer: that is told beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.run import ROOT, table
from bench.vault import LARGE, write_vault

NOTES = 65  # of them come 300 pages
ROUNDS = 5
PROMISE = 2.0  # seconds until it is seen
TICK = 0.04  # seconds between two looks: looking more often would slow what is looked at
LONGEST = 180  # seconds that anything may take
THEME = {
    "anthology.toml": '[theme]\nname = "own"\n',
    "themes/own/theme.toml": 'title = "Own"\nparent = "classic"\n',
}
CSS = '@import "parent";\n'
SHEETS = {"e-book": "epub.css", "print": "print.css"}
# The page says which edition it shows; a printed page is shown when its picture is.
SHOWN = """before => {
  if (document.body.dataset.shown === before) return false
  if (document.body.dataset.medium !== 'print') return true
  const inView = page => {
    const { top, bottom } = page.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  }
  return [...document.querySelectorAll('#print .page[data-plate]:not([data-plate=""])')]
    .filter(inView).every(page => {
      const picture = page.querySelector('img')
      return picture?.complete && picture.naturalWidth
        && picture.getAttribute('src') === `/plate/${page.dataset.plate}`
    })
}"""
# The e-book's state is still there when print is asked for.
OPEN = """() => document.body.dataset.state === 'calm' && document.body.dataset.shown
  && (document.body.dataset.medium !== 'print' || document.querySelector('#print .page'))"""
CALM = "before => document.body.dataset.state === 'calm' && document.body.dataset.shown !== before"


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from a save until its page was seen, and until the whole book was."""

    seen: float
    whole: float


def chromium() -> str:
    """Any Chromium of this machine, as for the tests."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("PUBLISHER_CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    return found or sys.exit("no Chromium: install it, or set PUBLISHER_CHROMIUM to its path")


def write(folder: Path, notes: int) -> Path:
    """A vault with a theme of its own; the note that will be edited."""
    write_vault(folder, LARGE.scaled(notes))
    for name, text in {
        **THEME,
        **{f"themes/own/{sheet}": CSS for sheet in SHEETS.values()},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    pieces = sorted(folder.rglob("*.md"), key=lambda path: path.stat().st_size)
    return pieces[len(pieces) // 2]


@contextmanager
def served(vault: Path, cache: Path) -> Iterator[str]:
    """The preview as a user starts it, and its address."""
    command = [sys.executable, "-m", "publisher", "preview", str(vault), "--no-open"]
    environment = {**os.environ, "PUBLISHER_CACHE": str(cache)}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        try:
            yield found[0] if found else sys.exit(f"the preview did not start: {said}")
        finally:
            process.send_signal(signal.SIGINT)


def until(page: Page, so: str, before: str) -> None:
    """Wait for that to be so; the page's own policy keeps Playwright from waiting within it."""
    end = time.monotonic() + LONGEST
    while not page.evaluate(so, before):
        if time.monotonic() > end:
            sys.exit(f"after {LONGEST} s the page still says: {page.inner_text('#said')}")
        time.sleep(TICK)


def waited(page: Page, save: Callable[[], object]) -> Waited:
    """Save something, and wait for it."""
    before = page.get_attribute("body", "data-shown") or ""
    started = time.monotonic()
    save()
    until(page, SHOWN, before)
    seen = time.monotonic() - started
    until(page, CALM, before)
    return Waited(seen, time.monotonic() - started)


def edits(page: Page, note: Path, sheet: Path) -> Iterator[tuple[str, list[Waited]]]:
    """A note saved with a word more each time, then the theme's CSS with another size of heads."""
    text = note.read_text("utf-8")
    head, _, body = text.partition("\n---\n")

    def edited(number: int) -> Callable[[], object]:
        return lambda: note.write_text(f"{head}\n---\n{'Once more. ' * number}{body}", "utf-8")

    def restyled(number: int) -> Callable[[], object]:
        css = f"{CSS}h2 {{ letter-spacing: 0.0{number}em; }}\n"
        return lambda: sheet.write_text(css, "utf-8")

    for what, change in (("a note", edited), ("the theme's CSS", restyled)):
        yield what, [waited(page, change(number)) for number in range(1, ROUNDS + 1)]


def report(medium: str, page: Page, note: Path, sheet: Path) -> Iterator[tuple[str, ...]]:
    """A row for each thing saved."""
    for what, found in edits(page, note, sheet):
        seen, whole = [one.seen for one in found], [one.whole for one in found]
        row = (median(seen), max(seen), median(whole), max(whole))
        yield f"{medium}: {what}", *(f"{seconds:.2f}" for seconds in row)


def bench(folder: Path, notes: int) -> None:
    vault = folder / "vault"
    note = write(vault, notes)
    rows: list[tuple[str, ...]] = []
    with served(vault, folder / "cache") as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        for medium, sheet in SHEETS.items():
            started = time.monotonic()
            if medium == "print":
                page.keyboard.press("m")
            else:
                page.goto(address)
            until(page, OPEN, "")
            page.click(f"#contents a:has(.name:text-is('{note.stem}'))")
            until(page, SHOWN, "")
            first = time.monotonic() - started
            rows.append((f"{medium}: opened", f"{first:.2f}", "", "", ""))
            rows += report(medium, page, note, vault / "themes" / "own" / sheet)
        sides = page.locator("#print .page[data-plate]").count()
        browser.close()
    print(f"### {notes:,} notes, {sides:,} pages, {ROUNDS} saves each; seconds\n")
    table(("", "page seen", "longest", "all made", "longest"), rows)
    slowest = max(float(row[1]) for row in rows if row[3])
    held = "yes" if slowest <= PROMISE else "NO"
    promise = f"a note or a theme's CSS, saved, is seen in {PROMISE:.0f} s"
    table(("promise", "measured", "held"), [(promise, f"{slowest:.2f} s", held)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", nargs="?", type=int, default=NOTES)
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as name:
        bench(Path(name), options.notes)


if __name__ == "__main__":
    main()
