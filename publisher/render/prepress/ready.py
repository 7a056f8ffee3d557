"""The last way of a finished interior: to the file that the printer's upload takes."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Name
from PIL import ImageCms

from publisher.printer import Printer
from publisher.problem import Position, Problem, SetupError
from publisher.render.prepress.clearing import (
    clear,
    drop_groups,
    keep_used,
    see_through,
    transparency_problem,
)
from publisher.render.prepress.flatten import can_flatten, flatten
from publisher.render.prepress.geometry import PageGeometry
from publisher.render.prepress.hairlines import thicken_hairlines
from publisher.render.prepress.ink import ink_pages
from publisher.render.prepress.intent import VERSIONS, declare, pdf_date
from publisher.render.prepress.marks import add_leaves, add_marks, name_space, set_boxes
from publisher.render.prepress.profile import Profile, needs_profile


def make_press_ready(
    pdf: bytes,
    printer: Printer,
    made: PageGeometry,
    profile: Profile | None = None,
    *,
    title: str = "",
    modified: int = 0,
) -> tuple[bytes, tuple[Problem, ...]]:
    """The interior in the printer's boxes, colours and flavour of PDF.

    `modified` are the seconds since 1970 that the file is dated with; the same book gives the
    same bytes.
    """
    if profile is None and needs_profile(printer):
        raise SetupError(f"{printer.title} cannot be printed for without a colour profile")
    problems: list[Problem] = []
    with pikepdf.open(io.BytesIO(pdf)) as book:
        title = title or str(book.docinfo.get("/Title", "Untitled"))
        add_leaves(book, printer)
        clear(book, printer.refuses)
        keep_used(book)
        marks = printer.wants_marks and "marks" not in printer.refuses
        set_boxes(book, made, marks=marks)
        thicken_hairlines(book)
        problems += ink_pages(book, printer, profile)
        problems += _clear_transparency(book, printer)
        if marks:
            # Last, so that no bitmap of a page turns them into inks.
            add_marks(book, made)
        out = _written(book, printer, profile, title, modified)
    if printer.most_bytes and len(out) > printer.most_bytes:
        problems.append(_too_large(len(out), printer))
    return out, tuple(problems)


def _clear_transparency(book: pikepdf.Pdf, printer: Printer) -> tuple[Problem, ...]:
    """Leave none where the printer takes none, as far as that can be."""
    transparent = see_through(book)
    drop_groups(book, transparent, cmyk=printer.colour != "rgb")
    if not transparent or "transparency" not in printer.refuses:
        return ()
    # X-1a has no way to hold it; others are spared where Ghostscript is at hand.
    flattened = printer.flavour == "x1a" or (printer.colour != "rgb" and can_flatten())
    if flattened:
        _flatten_pages(book, transparent, grey=printer.colour == "k")
    return (transparency_problem(transparent, printer.title, flattened=flattened),)


def _written(
    book: pikepdf.Pdf, printer: Printer, profile: Profile | None, title: str, modified: int
) -> bytes:
    if printer.flavour != "pdf" and profile is not None:
        declare(book, printer.flavour, profile, title, pdf_date(modified))
    if printer.colour == "rgb" and printer.flavour == "x4":
        _name_rgb(book)
    version = VERSIONS[printer.flavour]
    out = io.BytesIO()
    old = printer.flavour == "x1a"
    streams = pikepdf.ObjectStreamMode
    book.save(
        out,
        force_version=version,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=streams.disable if old else streams.generate,
    )
    return out.getvalue()


def _flatten_pages(book: pikepdf.Pdf, transparent: tuple[int, ...], *, grey: bool) -> None:
    """Those pages through Ghostscript, all others as they are."""
    out = io.BytesIO()
    with pikepdf.new() as few:
        few.pages.extend(book.pages[number - 1] for number in transparent)
        few.save(out)
    flat = pikepdf.open(io.BytesIO(flatten(out.getvalue(), grey=grey)))
    for number, page in zip(transparent, flat.pages, strict=True):
        book.pages[number - 1] = page


def _name_rgb(book: pikepdf.Pdf) -> None:
    """Rule of X-4: an RGB that is not the press's own has a profile, or a default one."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stream = book.make_stream(content)
    stream.N = 3
    named = Array([Name.ICCBased, stream])
    for page in book.pages:
        name_space(page, "/DefaultRGB", named)


def _too_large(size: int, printer: Printer) -> Problem:
    most = printer.most_bytes // (1024 * 1024)
    return Problem(
        "file-size",
        f"the file has {size / 1024 / 1024:.0f} MB; {printer.title} takes {most}",
        Position("print"),
    )
