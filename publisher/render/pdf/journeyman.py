"""What a worker does: it lays out one take at a time, and knows nothing of the others.

It may be a process of this machine or of another: all it is handed, and all it hands
back, is bytes.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from publisher.render.pdf.blocks import SMALLEST
from publisher.render.pdf.capture import capture
from publisher.render.pdf.casting import cast
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folio_sheets import print_folios
from publisher.render.pdf.full_pages import cut
from publisher.render.pdf.impression import Impression, Proof
from publisher.render.pdf.jobs import CastJob, FolioJob, Kit, Printed, SheetJob, TakeJob
from publisher.render.pdf.levelling import level_pages
from publisher.render.pdf.mending import mend
from publisher.render.pdf.proof import placed_pictures, turned_lines, wide_tables
from publisher.render.pdf.sheet import Sheet, set_sheet
from publisher.render.pdf.side_notes import set_side_notes
from publisher.render.pdf.stock import BASE, Stock

RESOLUTION = 300  # dots per inch at the placed size
CORRECTIONS = 4
LOWER = 10  # in the order of processes
SWEEP = 300_000  # bytes of jobs, some thirty pages
SELDOM = (500_000, 20, 100)  # new things, before they are swept through in the midst of a job
# The last page of a take that is cut is not kept: its columns need not end level.
UNBALANCED = "*{column-fill:auto!important}"
STAND_INS = ("\ufffd", "?")  # for a character that no font has
_BETWEEN_TAGS = re.compile(r'>[^<]+<|(?:data-recto|data-verso|alt)="[^"]*"')


def receive(kit_name: str, kit: bytes) -> None:
    """Lay out a book's kit; the one before is put away."""
    _KITS.clear()
    _press.cache_clear()
    _KITS[kit_name] = pickle.loads(kit)  # noqa: S301 - made by the process that asks


def enlist(kit_name: str, kit: bytes, giving_way: bool = False) -> None:
    """Begin as a process that does nothing else, with a book's kit."""
    if giving_way:
        with suppress(AttributeError, OSError):  # there is none on Windows
            os.nice(LOWER)
    receive(kit_name, kit)
    gc.set_threshold(*SELDOM)
    with quiet(), suppress(Exception):
        # What is slow the first time is done while nobody waits: fonts, styles, all of the engine.
        _print(TakeJob("<html><body><h1>A</h1><p>a <i>b</i> 1</p></body></html>", 1, ""), kit_name)
    # What is here now stays: no need to look through it at each sweep.
    gc.freeze()


def work(kit_name: str, kit: bytes | None, packed: bytes) -> bytes:
    """Do one job; what comes back is `(done, result or reason)`, or None where there is no kit."""
    with _AT_WORK:
        return _work(kit_name, kit, packed)


def _work(kit_name: str, kit: bytes | None, packed: bytes) -> bytes:
    if kit is not None:
        receive(kit_name, kit)
    if kit_name not in _KITS:
        return pickle.dumps(None)
    job = pickle.loads(packed)  # noqa: S301
    try:
        with quiet():
            result: Any = DUTIES[type(job)](job, kit_name)
        _sweep(len(packed))
    except Exception as error:  # noqa: BLE001 - one take that fails must not stop the book
        return pickle.dumps((False, f"{type(error).__name__}: {error}"[:500]))
    return pickle.dumps((True, result), protocol=5)


def _sweep(more: int) -> None:
    """Let go of laid-out pages, whose boxes hold on to each other, before they pile up."""
    _litter["bytes"] += more
    if _litter["bytes"] > SWEEP:
        _litter["bytes"] = 0
        gc.collect()


_litter = {"bytes": 0}
# WeasyPrint is mended for a whole process, whatever threads an executor has.
_AT_WORK = threading.RLock()
_KITS: dict[str, Kit] = {}


@dataclass(slots=True)
class Press:
    """A kit made ready: fonts known to Pango, the style sheet parsed."""

    kit: Kit
    fonts: FontConfiguration
    sheets: dict[str, CSS]

    def css(self, more: str = "") -> CSS:
        """The style sheet, with more after it."""
        if more not in self.sheets:
            stock = Stock({name: (kind, body) for name, kind, body in self.kit.fonts})
            self.sheets[more] = CSS(
                string=self.kit.css + more,
                base_url=BASE,
                url_fetcher=stock,
                font_config=self.fonts,
            )
        return self.sheets[more]


@lru_cache(maxsize=1)
def _press(kit_name: str) -> Press:
    mend()
    return Press(_KITS[kit_name], FontConfiguration(), {})


@contextmanager
def quiet() -> Iterator[None]:
    """Hold WeasyPrint's log and the collector back, and make room for deep nesting."""
    log = logging.getLogger("weasyprint")
    level, thresholds, depth = log.level, gc.get_threshold(), sys.getrecursionlimit()
    log.setLevel(logging.CRITICAL)
    # To set it back to less sweeps at once.
    gc.set_threshold(*max(thresholds, SELDOM))
    # Each block within a block costs WeasyPrint a dozen calls within calls.
    sys.setrecursionlimit(max(depth, 8_000))
    try:
        yield
    finally:
        log.setLevel(level)
        gc.set_threshold(*thresholds)
        sys.setrecursionlimit(depth)


def _set(job: SheetJob, _kit: str) -> Sheet:
    notes, run_in = job.end_notes, job.run_in
    return set_sheet(job.chapter, job.targets, {}, end_notes=notes, run_in=run_in)


def _print(job: TakeJob, kit: str) -> Printed:
    press = _press(kit)
    html = _on_verso(job.html) if job.verso else job.html
    missing = ""
    stand_ins = iter(STAND_INS)
    while True:
        document, tables = _fitted(html, job, press)
        document, entries = cut(document) if job.cut else (document, 0)
        level_pages(document)
        crowded = not set_side_notes(document)
        proof, impression, files = capture(document, job.depth, job.mark, RESOLUTION)
        stand_in = next(stand_ins, "") if proof.missing else ""
        if not stand_in:
            break
        missing += "".join(letter for letter in proof.missing if letter not in STAND_INS)
        html = stand_in_for(html, proof.missing, stand_in)
    turned = turned_lines(document) if "<pre" in html else 0
    proof = replace(
        proof, missing=missing or proof.missing, squeezed=tables, crowded=crowded, turned=turned,
        entries=entries, pictures=placed_pictures(document) if job.pictures else (),
    )  # fmt: skip
    return _packed(proof, impression, files, job)


def _fitted(html: str, job: TakeJob, press: Press) -> tuple[Document, int]:
    """The take laid out with its tables as small as they must be, and how many had to be."""
    rooms: dict[str, float] = {}
    document = _lay_out(html, job, press)
    for _ in range(CORRECTIONS):
        wide = wide_tables(document)
        if not wide:
            break
        for name, room in wide.items():
            rooms[name] = rooms.get(name, 1.0) * room
        html = squeeze(html, {name: rooms[name] for name in wide})
        document = _lay_out(html, job, press)
    return document, len(rooms)


def _packed(proof: Proof, impression: Impression, files: dict[str, bytes], job: TakeJob) -> Printed:
    news = tuple((name, body) for name, body in files.items() if name not in job.known)
    return Printed(proof, pickle.dumps(impression, protocol=5), news)


def _lay_out(html: str, job: TakeJob, press: Press) -> Document:
    stock = Stock({name: (kind, body) for name, kind, body in job.pictures})
    return HTML(string=html, base_url=BASE, url_fetcher=stock).render(
        font_config=press.fonts,
        stylesheets=[press.css(press.kit.bare + UNBALANCED * job.cut)],
        pdf_tags=True,
        dpi=RESOLUTION,
    )


def _on_verso(html: str) -> str:
    return html.replace("<html", '<html style="break-before:verso"', 1)


def squeeze(html: str, rooms: dict[str, float]) -> str:
    """The text with tables set smaller that have not the room they want."""
    for name, room in rooms.items():
        found = re.search(rf'<table\b[^<>]*?\sid="{re.escape(name)}"[^<>]*>', html)
        if found is None:
            continue
        size = max(SMALLEST, 0.95 * room) * 8.5
        kinds = re.search(r'\sclass="([^"]*)"', found[0])
        own = [k for k in (kinds[1] if kinds else "").split() if k not in ("squeezed", "crushed")]
        own += ["squeezed"] if room > SMALLEST else ["squeezed", "crushed"]
        tag = re.sub(r'\s(?:class|style)="[^"]*"', "", found[0])[:-1].rstrip()
        tag += f' class="{" ".join(own)}" style="font-size:{size:.2f}pt">'
        html = html[: found.start()] + tag + html[found.end() :]
    return html


def stand_in_for(html: str, missing: str, stand_in: str) -> str:
    """The text with another character for those that no font has; names stay as they are."""
    change = dict.fromkeys(map(ord, missing), stand_in)
    return _BETWEEN_TAGS.sub(lambda text: text[0].translate(change), html)


def _foliate(
    job: FolioJob, kit: str
) -> tuple[tuple[Ink | None, ...], tuple[tuple[str, bytes], ...]]:
    press = _press(kit)
    return print_folios(job, press.fonts, press.css(job.css), RESOLUTION)


def _cast(job: CastJob, _kit: str) -> bytes:
    mend()
    return pickle.dumps(cast(job.faces, dict(job.files)), protocol=5)


DUTIES: dict[type[Any], Callable[[Any, str], Any]] = {
    SheetJob: _set,
    TakeJob: _print,
    FolioJob: _foliate,
    CastJob: _cast,
}
