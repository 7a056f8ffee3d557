"""All that a check may ask: the opened file, what was read from it, and the printer's rules."""

from __future__ import annotations

import pikepdf
from msgspec import Struct

from publisher.printer import Bleed, Printer
from publisher.render.preflight.impressions import Impression
from publisher.render.preflight.leaves import Box, Leaf
from publisher.render.preflight.survey import Survey
from publisher.trim import Trim


class Job(Struct, frozen=True):
    """One file before one printer; `pages` are those of the block, for a cover too."""

    pdf: pikepdf.Pdf
    printer: Printer
    kind: str
    trim: Trim
    bleed: Bleed
    pages: int
    bytes: int
    leaves: tuple[Leaf, ...]
    survey: Survey
    impressions: tuple[Impression, ...]
    bleeds: bool

    @property
    def inside_margin(self) -> float:
        """The least margin at the bind for this number of pages."""
        return inside_margin(self.printer, self.pages)

    @property
    def outside_margin(self) -> float:
        """The least margin on the other three sides."""
        printer = self.printer
        return printer.outside_margin_bleed if self.bleeds else printer.outside_margin

    def refuses(self, name: str) -> bool:
        """Whether the printer names that among what it refuses."""
        return name in self.printer.refuses


def inside_margin(printer: Printer, pages: int) -> float:
    """The least margin at the bind for a number of pages."""
    steps = printer.inside_margins
    return next((least for most, least in steps if pages <= most), steps[-1][1] if steps else 0.0)


def type_frame(leaf: Leaf, inside: float, outside: float) -> Box:
    """Where a page's type may stand."""
    left, right = (inside, outside) if leaf.inside_left else (outside, inside)
    trim = leaf.trim
    return Box(trim.left + left, trim.bottom + outside, trim.right - right, trim.top - outside)
