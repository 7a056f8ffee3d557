"""A finished PDF is read page by page: the runs of its text with their places."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from publisher.problem import SetupError
from publisher.render.proofing.run import Box, Leaf, Run, Word
from publisher.render.proofing.tags import Held, read_tags

HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x2010: "-", 0x2011: "-"}
MONOSPACED = 1  # the first of a font descriptor's flags
MOST_OBJECTS = 5_000  # a drawing can have a hundred thousand
LEAST_PICTURE = 14.0  # points high


@contextmanager
def opened(pdf: Path | bytes) -> Iterator[pdfium.PdfDocument]:
    """The PDF, or one clear line on why it can't be read."""
    if isinstance(pdf, Path) and not pdf.is_file():
        raise SetupError(f"there is no file {pdf}")
    try:
        document = pdfium.PdfDocument(pdf)
    except (pdfium.PdfiumError, OSError) as error:
        raise SetupError(f"this is no PDF that can be read: {error}") from None
    try:
        yield document
    finally:
        document.close()


def read_leaf(document: pdfium.PdfDocument, index: int) -> Leaf:
    """The page at `index` with all that stands on it, heads and folios left out if tagged."""
    page = document[index]
    try:
        held = read_tags(page.raw)
        runs = tuple(_runs(page, held))
        pictures, rules = _drawn(page, runs)
        return Leaf(
            number=index + 1,
            folio=document.get_page_label(index) or str(index + 1),
            box=page.get_cropbox(),
            runs=tuple(run for run in runs if run.role != "mark"),
            pictures=pictures,
            rules=rules,
            marks=tuple(run.base for run in runs if run.role == "mark"),
            tagged=bool(held),
        )
    finally:
        page.close()


def _runs(page: pdfium.PdfPage, held: Held) -> Iterator[Run]:
    text = page.get_textpage()
    try:
        for thing, start, end in _stretches(text.raw):
            mark = pdfium_c.FPDFPageObj_GetMarkedContentID(thing)
            role, block = held.get(mark, ("", -1))
            if held and mark not in held:
                continue
            words, space = _words(text.raw, start, end)
            if words:
                yield _run(text.raw, thing, start, words, space, role, block)
    finally:
        text.close()


def _stretches(text: Any) -> Iterator[tuple[Any, int, int]]:
    """The text objects in the order read, each with its first character and its last."""
    current, address, start = None, 0, 0
    count = pdfium_c.FPDFText_CountChars(text)
    for index in range(count):
        thing = pdfium_c.FPDFText_GetTextObject(text, index)
        place = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if place != address:
            if address:
                yield current, start, index
            current, address, start = thing, place, index
    if address:
        yield current, start, count


def _words(text: Any, start: int, end: int) -> tuple[tuple[Word, ...], float]:
    words: list[Word] = []
    letters, left, right, space = "", 0.0, 0.0, 0.0
    glued = start > 0 and not chr(pdfium_c.FPDFText_GetUnicode(text, start - 1)).isspace()
    box = pdfium_c.FS_RECTF()
    for index in range(start, end):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        letter = HYPHENS.get(code) or chr(code)
        pdfium_c.FPDFText_GetLooseCharBox(text, index, box)
        if letter.isspace() and letter != "\u00a0":
            if letters:
                words.append(Word(letters, left, right, glued))
            letters, glued = "", False
            if letter == " ":
                space = space or box.right - box.left
        elif code:
            left = box.left if not letters else min(left, box.left)
            right = box.right if not letters else max(right, box.right)
            letters += letter
    if letters:
        words.append(Word(letters, left, right, glued))
    return tuple(words), space


def _run(
    text: Any,
    thing: Any,
    start: int,
    words: tuple[Word, ...],
    space: float,
    role: str,
    block: int,
) -> Run:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(text, start, across, up)
    matrix, size = pdfium_c.FS_MATRIX(), ctypes.c_float()
    pdfium_c.FPDFText_GetMatrix(text, start, matrix)
    pdfium_c.FPDFTextObj_GetFontSize(thing, size)
    scale = (matrix.c**2 + matrix.d**2) ** 0.5
    font = pdfium_c.FPDFTextObj_GetFont(thing)
    flags = pdfium_c.FPDFFont_GetFlags(font)
    name = ctypes.create_string_buffer(80)
    pdfium_c.FPDFFont_GetBaseFontName(font, name, 80)
    return Run(
        words=words,
        base=up.value,
        size=size.value * scale,
        role=role,
        block=block,
        face=name.value.decode("utf-8", "replace"),
        mono=flags > 0 and bool(flags & MONOSPACED),
        space=space,
    )


def _drawn(page: pdfium.PdfPage, runs: tuple[Run, ...]) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The boxes of pictures and drawings, and the rules and frames."""
    pictures, rules = [], []
    for index in range(min(pdfium_c.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        thing = pdfium_c.FPDFPage_GetObject(page.raw, index)
        kind = pdfium_c.FPDFPageObj_GetType(thing)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not pdfium_c.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            continue
        box = (left.value, bottom.value, right.value, top.value)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH and _is_rule(box, runs):
            rules.append(box)
        elif box[3] - box[1] >= LEAST_PICTURE:
            pictures.append(box)
    return tuple(pictures), tuple(rules)


def _is_rule(box: Box, runs: tuple[Run, ...]) -> bool:
    """Whether a drawing is a line across, or has text within it."""
    if box[2] - box[0] <= 20:
        return False
    return box[3] - box[1] < 2 or any(
        box[1] < run.base < box[3] and box[0] - 1 < run.words[0].left < box[2] for run in runs
    )
