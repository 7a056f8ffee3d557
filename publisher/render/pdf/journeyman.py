"""What a worker does with the engine: it lays out one take at a time, and knows no others."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from weasyprint import CSS, Document

from publisher.render.pdf.blocks import SMALLEST
from publisher.render.pdf.capture import capture
from publisher.render.pdf.casting import cast
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folio_sheets import print_folios
from publisher.render.pdf.font_files import font_configuration
from publisher.render.pdf.full_pages import cut, going_on
from publisher.render.pdf.impression import Impression, Proof
from publisher.render.pdf.jobs import CastJob, FolioJob, Kit, Papers, PapersJob, Printed, TakeJob
from publisher.render.pdf.levelling import level_pages
from publisher.render.pdf.manuscript import Manuscript
from publisher.render.pdf.mending import mend
from publisher.render.pdf.papers import papers
from publisher.render.pdf.passages import Reader, faces, passages
from publisher.render.pdf.picture_places import place_pictures
from publisher.render.pdf.proof import placed_pictures, turned_lines, wide_tables
from publisher.render.pdf.side_notes import set_side_notes
from publisher.render.pdf.stock import Stock

RESOLUTION = 300  # dots per inch at the placed size
CORRECTIONS = 4
# The last page of a take that is cut is not kept: its columns need not end level.
UNBALANCED = "*{column-fill:auto!important}"
STAND_INS = ("\ufffd", "?")  # for a character that no font has
_BETWEEN_TAGS = re.compile(r'>[^<]+<|(?:data-recto|data-verso|alt)="[^"]*"')


class Press(Struct):
    """A kit made ready: fonts known to Pango, the style sheet read."""

    kit: Kit
    reader: Reader
    passages: tuple[str, ...]
    sheets: dict[str, CSS] = field(default_factory=dict)

    def css(self, more: str = "") -> CSS:
        """The style sheet, with more after it."""
        if more not in self.sheets:
            self.sheets[more] = self.reader.sheet((*self.passages, *passages(more)))
        return self.sheets[more]


@lru_cache(maxsize=1)
def press_for(kit: Kit) -> Press:
    """The press of a kit; what one with the same fonts has read before is not read again."""
    mend()
    read = passages(kit.css)
    reader = _reader(kit.fonts, faces(read))
    reader.keep(read)
    return Press(kit, reader, read)


@lru_cache(maxsize=1)
def _reader(fonts: tuple[tuple[str, str, bytes], ...], _faces: tuple[str, ...]) -> Reader:
    """A reader that knows no fonts but these, under no names but these."""
    return Reader(font_configuration(), Stock({name: (kind, body) for name, kind, body in fonts}))


def warm_up(kit: Kit) -> None:
    """Do what is slow the first time: fonts, styles, words to be parted, all of the engine."""
    words = f"<i>b</i> <b>1</b> {'unparted ' * 40}"
    text = f'<h1>A</h1><p style="hyphens: auto; text-align: justify">{words}</p>'
    _print(TakeJob(f'<html lang="{escape(kit.language)}"><body>{text}</body></html>', 1, ""), kit)


def _print(job: TakeJob, kit: Kit) -> Printed:
    press = press_for(kit)
    html = _on_verso(job.html) if job.verso else job.html
    missing = ""
    stand_ins = iter(STAND_INS)
    while True:
        with going_on(html if job.cut else "") as going:
            document, tables = _fitted(html, job, press)
        document, entries = cut(document, going.end) if job.cut else (document, 0)
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
        entries=entries, full=going.end > 0,
        pictures=placed_pictures(document) if job.pictures else (),
    )  # fmt: skip
    return _packed(proof, impression, files, job)


def _fitted(html: str, job: TakeJob, press: Press) -> tuple[Document, int]:
    """The take laid out, its tables as small as they must be, and how many had to be."""
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
    if job.pictures and not job.cut:
        _, document = place_pictures(html, document, lambda other: _lay_out(other, job, press))
    return document, len(rooms)


def _packed(proof: Proof, impression: Impression, files: dict[str, bytes], job: TakeJob) -> Printed:
    news = tuple((name, body) for name, body in files.items() if name not in job.known)
    return Printed(proof, pickle.dumps(impression, protocol=5), news)


def _lay_out(html: str, job: TakeJob, press: Press) -> Document:
    stock = Stock({name: (kind, body) for name, kind, body in job.pictures})
    return Manuscript(html, stock).render(
        font_config=press.reader.fonts,
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
    job: FolioJob, kit: Kit
) -> tuple[tuple[Ink | None, ...], tuple[tuple[str, bytes], ...]]:
    press = press_for(kit)
    return print_folios(job, press.reader.fonts, press.css(job.css), RESOLUTION)


def _cast(job: CastJob, _kit: Kit) -> bytes:
    mend()
    return pickle.dumps(cast(job.faces, dict(job.files)), protocol=5)


def _say(job: PapersJob, _kit: Kit) -> Papers:
    return papers(job.head)


DUTIES: dict[type[Any], Callable[[Any, Kit], Any]] = {
    TakeJob: _print,
    FolioJob: _foliate,
    CastJob: _cast,
    PapersJob: _say,
}
