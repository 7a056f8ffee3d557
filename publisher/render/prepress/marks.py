"""The boxes of a page, the marks its cutter looks for, and the blank leaves at the end."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from publisher.printer import Printer
from publisher.render.prepress.geometry import PageGeometry, leaves_wanting

OFFSET = 12.0  # from the trim, or as far as the bleed goes
LENGTH = 18.0
WEIGHT = 0.25


def add_leaves(pdf: pikepdf.Pdf, printer: Printer) -> int:
    """Blank pages up to the printer's multiple; they hold nothing, so tags need none of them."""
    wanting = leaves_wanting(printer, len(pdf.pages))
    for _ in range(wanting):
        blank = Dictionary(
            Type=Name.Page,
            MediaBox=pdf.pages[-1].mediabox,
            Resources=Dictionary(),
            # Not empty: Ghostscript stumbles over a compressed stream of nothing.
            Contents=pdf.make_stream(b"q Q\n"),
            Tabs=Name.S,
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(blank)))
    return wanting


def set_boxes(pdf: pikepdf.Pdf, made: PageGeometry, *, marks: bool) -> None:
    """Trim, bleed and media box of every page, the corner of the trim at the origin."""
    room = OFFSET + LENGTH if marks else 0.0
    for index, page in enumerate(pdf.pages):
        left, below, right, above = made.sides(recto=index % 2 == 0)
        trim = [0.0, 0.0, made.trim.width, made.trim.height]
        bleed = [-left, -below, made.trim.width + right, made.trim.height + above]
        page.trimbox = _box(trim)
        page.bleedbox = _box(bleed)
        sheet = [-room, -room, made.trim.width + room, made.trim.height + room]
        page.mediabox = _box(sheet if marks else bleed)
        for key in ("/CropBox", "/ArtBox"):
            if key in page.obj:
                del page.obj[key]


def add_marks(pdf: pikepdf.Pdf, made: PageGeometry) -> None:
    """Two short lines at each corner of every page, on every plate, outside the bleed."""
    for index, page in enumerate(pdf.pages):
        _mark(pdf, page, made, max(OFFSET, *made.sides(recto=index % 2 == 0)))


def _mark(pdf: pikepdf.Pdf, page: pikepdf.Page, made: PageGeometry, gap: float) -> None:
    # Ghostscript has moved the corner of a page that it flattened.
    left, below, *_ = (float(side) for side in page.trimbox)
    lines = []
    for x, out in ((0.0, -1), (made.trim.width, 1)):
        for y, up in ((0.0, -1), (made.trim.height, 1)):
            start, end = gap, OFFSET + LENGTH
            lines.append(f"{_n(x + out * start)} {_n(y)} m {_n(x + out * end)} {_n(y)} l S")
            lines.append(f"{_n(x)} {_n(y + up * start)} m {_n(x)} {_n(y + up * end)} l S")
    drawn = "\n".join(lines)
    page.contents_coalesce()
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(
        f"Q\n/Artifact BMC q 1 0 0 1 {_n(left)} {_n(below)} cm"
        f" /Registration CS 1 SCN {WEIGHT} w\n{drawn}\nQ EMC\n".encode()
    )
    tint = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1
    )
    # /All puts the mark on every plate, whatever inks there are.
    space = Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])
    name_space(page, "/Registration", space)


def name_space(page: pikepdf.Page, name: str, space: Array) -> None:
    """Give a page a colour space by name."""
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    if "/ColorSpace" not in page.obj.Resources:
        page.obj.Resources.ColorSpace = Dictionary()
    page.obj.Resources.ColorSpace[name] = space


def _box(corners: list[float]) -> Array:
    return Array([round(corner, 4) for corner in corners])


def _n(number: float) -> str:
    return f"{number:.3f}"
