"""Every page pulled once at a low resolution, to see where its ink really stands."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from math import ceil, floor
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from msgspec import Struct
from PIL import Image

from publisher.printer import Bleed
from publisher.render.preflight.leaves import Box, Leaf

DPI = 100
SIDES = ("left", "bottom", "right", "top")
_PAPER = 250  # lighter than this is paper
_MOST_PIXELS = 6_000_000
_GAP = 0.02  # the part of an edge's inked pixels that may stop before the bleed's end


class Impression(Struct, frozen=True):
    """Where ink stands on a page: its extent, the text's, and what happens at the trim's edges.

    `text` is measured only where the extent leaves the frame asked about; `touching` are the
    sides where ink reaches the trim, `short` those where it then stops before the bleed's end.
    """

    number: int
    extent: Box | None
    text: tuple[Box, ...] = ()
    touching: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    beyond: bool = False
    measured: bool = True


def pull(
    source: Path | bytes,
    leaves: tuple[Leaf, ...],
    bleed: Bleed,
    frame: Callable[[Leaf], Box],
    heavy: Container[int] = (),
) -> tuple[Impression, ...]:
    """One impression a page; those that cannot be rendered, or not in time, are not measured."""
    with _document(source) as document:
        if document is None or len(document) != len(leaves):
            return tuple(Impression(leaf.number, None, measured=False) for leaf in leaves)
        return tuple(
            Impression(leaf.number, None, measured=False)
            if leaf.number in heavy or not leaf.plain
            else _impression(document, leaf, bleed, frame(leaf))
            for leaf in leaves
        )


@contextmanager
def _document(source: Path | bytes) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(source)
    except (pypdfium2.PdfiumError, OSError):
        yield None
        return
    try:
        yield document
    finally:
        document.close()


def _impression(document: Any, leaf: Leaf, bleed: Bleed, frame: Box) -> Impression:
    unmeasured = Impression(leaf.number, None, measured=False)
    try:
        page = document[leaf.number - 1]
    except pypdfium2.PdfiumError:
        return unmeasured
    try:
        sheet = _Sheet(page, leaf)
        extent = sheet.extent(leaf.trim)
        text = () if extent is None or frame.holds(extent, 0.8) else tuple(_lines(page))
        wanted = leaf.trim.grown(bleed, inside_left=leaf.inside_left)
        touching, short = sheet.edges(leaf.trim, wanted)
        return Impression(
            leaf.number, extent, text, touching, short, sheet.outside(leaf.bleed, leaf.trim)
        )
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return unmeasured
    finally:
        page.close()


def _lines(page: Any) -> Iterator[Box]:
    """The boxes of the page's text, a line or a piece of one each."""
    text = page.get_textpage()
    try:
        for line in range(min(text.count_rects(), 5_000)):
            left, bottom, right, top = text.get_rect(line)
            if right - left > 0.1 and top - bottom > 0.1:
                yield Box(left, bottom, right, top)
    finally:
        text.close()


class _Sheet:
    """A rendered page, asked in points: white is ink, black is paper."""

    def __init__(self, page: Any, leaf: Leaf) -> None:
        area = max(1.0, leaf.crop.width * leaf.crop.height)
        self.scale = min(DPI / 72, (_MOST_PIXELS / area) ** 0.5)
        self.left, self.top = leaf.crop.left, leaf.crop.top
        bitmap = page.render(
            scale=self.scale, grayscale=True, draw_annots=False, may_draw_forms=False
        )
        shades = [255 * (shade < _PAPER) for shade in range(256)]
        self.ink: Image.Image = bitmap.to_pil().point(shades)
        bitmap.close()

    def _cut(self, box: Box) -> tuple[int, int, int, int]:
        """A box as whole pixels, within the sheet."""
        left = max(0, floor((box.left - self.left) * self.scale + 0.01))
        upper = max(0, floor((self.top - box.top) * self.scale + 0.01))
        right = min(self.ink.width, ceil((box.right - self.left) * self.scale - 0.01))
        lower = min(self.ink.height, ceil((self.top - box.bottom) * self.scale - 0.01))
        return left, upper, max(left, right), max(upper, lower)

    def extent(self, box: Box) -> Box | None:
        """The ink within a box, in points."""
        left, upper, right, lower = self._cut(box)
        if right <= left or lower <= upper:
            return None
        found = self.ink.crop((left, upper, right, lower)).getbbox()
        if found is None:
            return None
        return Box(
            self.left + (left + found[0]) / self.scale,
            self.top - (upper + found[3]) / self.scale,
            self.left + (left + found[2]) / self.scale,
            self.top - (upper + found[1]) / self.scale,
        )

    def edges(self, trim: Box, wanted: Box) -> tuple[frozenset[str], frozenset[str]]:
        """The sides where ink touches the trim; those where it stops before the bleed's end."""
        touching, short = set(), set()
        for side in SIDES:
            if abs(getattr(trim, side) - getattr(wanted, side)) < 0.5:
                continue
            within = self._line(trim, side, trim)
            if 255 not in within:
                continue
            touching.add(side)
            without = self._line(wanted, side, trim)
            inked = within.count(255)
            bare = sum(a == 255 and b == 0 for a, b in zip(within, without, strict=False))
            if len(without) < len(within) or bare > max(3, _GAP * inked):
                short.add(side)
        return frozenset(touching), frozenset(short)

    def _line(self, box: Box, side: str, span: Box) -> bytes:
        """The last full pixels inside a box's side, along the trim; empty where there are none."""
        dot = 1 / self.scale
        edge = getattr(box, side)
        inward = edge + (1.5 * dot if side in ("left", "bottom") else -1.5 * dot)
        if side in ("left", "right"):
            x = floor((inward - self.left) * self.scale)
            _, upper, _, lower = self._cut(span)
            if not 0 <= x < self.ink.width:
                return b""
            return self.ink.crop((x, upper, x + 1, lower)).tobytes()
        y = floor((self.top - inward) * self.scale)
        left, _, right, _ = self._cut(span)
        if not 0 <= y < self.ink.height:
            return b""
        return self.ink.crop((left, y, right, y + 1)).tobytes()

    def outside(self, bleed: Box, trim: Box) -> bool:
        """Whether ink stands outside the bleed, as crop marks do."""
        kept = bleed if bleed.holds(trim) else trim
        left, upper, right, lower = self._cut(
            Box(kept.left - 1, kept.bottom - 1, kept.right + 1, kept.top + 1)
        )
        width, height = self.ink.size
        strips = (
            (0, 0, left, height),
            (right, 0, width, height),
            (0, 0, width, upper),
            (0, lower, width, height),
        )
        return any(
            x2 - x1 > 2 and y2 - y1 > 2 and self.ink.crop((x1, y1, x2, y2)).getbbox()
            for x1, y1, x2, y2 in strips
        )
