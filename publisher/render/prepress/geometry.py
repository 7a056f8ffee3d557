"""The page as a printer cuts and binds it: size, bleed and margins by the page count."""

from __future__ import annotations

from msgspec import Struct

from publisher.presets import points
from publisher.printer import Bleed, Printer, limits_of, paper_of
from publisher.problem import Position, Problem, SetupError, Severity
from publisher.render.theme import Theme
from publisher.trim import Trim

# Narrower or lower than this, a page of text is no page any more.
LEAST_WIDTH = 144.0
LEAST_HEIGHT = 216.0
# How far a margin may shrink in favour of the one across the text.
YIELD = 0.72
TYPE = 250 / 507.5  # of the text's depth is a title page's own, and does not shrink
NO_BLEED = Bleed(0.0, 0.0, 0.0, 0.0)


class Proportions(Struct, frozen=True):
    """The margins of a theme as shares: inside and outside of the width, the others of the height.

    `head` and `folio` are the points that running heads and folios take up in the margins,
    `depth` those of the text on the page that the theme is drawn for.
    """

    inside: float
    outside: float
    top: float
    bottom: float
    head: float
    folio: float
    depth: float = 507.5


# 63, 72, 63 and 77.5 points on 6 × 9 inches.
CLASSIC = Proportions(63 / 432, 72 / 432, 63 / 648, 77.5 / 648, head=27.5, folio=31.0)


class PageGeometry(Struct, frozen=True):
    """A page in points; `bleed` is all 0 where the book has none.

    `depth` is how deep the text stands on the page that the theme is drawn for.
    """

    trim: Trim
    bleed: Bleed
    inside: float
    outside: float
    top: float
    bottom: float
    depth: float = 507.5

    def sides(self, *, recto: bool) -> tuple[float, float, float, float]:
        """The bleed left, below, right and above, as a PDF's boxes go."""
        left, right = (self.bleed.inside, self.bleed.outside)
        if not recto:
            left, right = right, left
        return left, self.bleed.bottom, right, self.bleed.top


def geometry(
    printer: Printer,
    trim: Trim,
    pages: int,
    *,
    bleed: bool = False,
    proportions: Proportions = CLASSIC,
) -> PageGeometry:
    """The theme's proportions on that trim, no margin less than the printer's least."""
    edge = printer.outside_margin_bleed if bleed else printer.outside_margin
    inside, outside = _moved(
        (trim.width * proportions.inside, gutter(printer, pages)),
        (trim.width * proportions.outside, edge),
    )
    top, bottom = _moved(
        (trim.height * proportions.top, edge + proportions.head),
        (trim.height * proportions.bottom, edge + proportions.folio),
    )
    bled = printer.bleed if bleed else NO_BLEED
    made = PageGeometry(trim, bled, inside, outside, top, bottom, proportions.depth)
    wide = trim.width - made.inside - made.outside
    high = trim.height - made.top - made.bottom
    if wide < LEAST_WIDTH or high < LEAST_HEIGHT:
        leave = f"{wide / 72:.2f} × {high / 72:.2f} in" if min(wide, high) > 0 else "no room"
        raise SetupError(
            f"the trim {trim.name} is too small for the margins that {printer.title} asks for"
            f"{f' with {pages} pages' if pages else ''}: they leave {leave} for the text;"
            " choose a larger trim"
        )
    return made


def proportions_of(theme: Theme) -> Proportions:
    """The margins of the theme's own page; those of `CLASSIC` for a theme that names no page."""
    if theme.trim is None:
        return CLASSIC
    said = theme.values("print")
    edges = []
    for edge in ("inside", "outside", "top", "bottom"):
        length = points(said.get(f"margin-{edge}", ""))
        if length is None:
            raise SetupError(f"the theme “{theme.name}” has a trim: margin-{edge} wants points")
        edges.append(length)
    wide, high = theme.trim.width, theme.trim.height
    depth = high - edges[2] - edges[3]
    inside, outside, top, bottom = edges
    shares = (inside / wide, outside / wide, top / high, bottom / high)
    return Proportions(*shares, head=CLASSIC.head, folio=CLASSIC.folio, depth=depth)


def _moved(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Two facing margins, each (wanted, least): the text moves before it grows narrower.

    A page keeps its measure, and with it its breaks, until a margin has given `YIELD`.
    """
    (wished, least), (facing, least_facing) = one, other
    first = max(wished, least)
    second = max(facing - (first - wished), least_facing, facing * YIELD)
    if second > facing:
        first = max(wished - (second - facing), least, wished * YIELD)
    return first, second


def gutter_step(printer: Printer, pages: int) -> int:
    """Which of the printer's inside margins holds for that many pages.

    A book set for one step that comes out with a page count of another may want a second
    layout: it does where `geometry` differs for the two counts.
    """
    for step, (most, _) in enumerate(printer.inside_margins):
        if pages <= most:
            return step
    return len(printer.inside_margins) - 1


def gutter(printer: Printer, pages: int) -> float:
    """The least inside margin for that many pages."""
    return printer.inside_margins[gutter_step(printer, pages)][1]


def leaves_wanting(printer: Printer, pages: int) -> int:
    """How many blank pages bring the count to the printer's multiple, and end with a blank one."""
    return -pages % printer.multiple or (printer.multiple if printer.last_blank else 0)


def page_count_problem(printer: Printer, trim: Trim, paper: str, pages: int) -> Problem | None:
    """What is wrong with a book of that many pages, blank ones included."""
    least, most = limits_of(printer, trim, paper)
    if least <= pages <= most:
        return None
    name = paper_of(printer, paper).name
    few = pages < least
    return Problem(
        "page-count",
        f"{printer.title} binds {least} to {most} pages of {trim.name} on {name} paper,"
        f" this book has {pages}",
        Position("print"),
        Severity.ERROR,
        hint="add pieces or choose a smaller trim"
        if few
        else "choose a larger trim or two volumes",
    )


def page_css(made: PageGeometry) -> str:
    """A style sheet to append to a theme's: the page's size, its bleed and its margins.

    `--depth` tells the theme how far down a title may stand, 1 being its place on its own trim.
    """
    high = made.trim.height - made.top - made.bottom
    fixed = made.depth * TYPE
    depth = min(1.3, max(0.15, (high - fixed) / (made.depth - fixed)))
    return (
        f":root {{ --depth: {depth:.4g} }}\n"
        f"@page {{ size: {_pt(made.trim.width)} {_pt(made.trim.height)}; marks: none;"
        f" margin: {_pt(made.top)} {_pt(made.outside)} {_pt(made.bottom)} {_pt(made.inside)};"
        f" {_bleed(made, recto=True)} }}\n"
        f"@page :right {{ margin-left: {_pt(made.inside)}; margin-right: {_pt(made.outside)};"
        f" {_bleed(made, recto=True)} }}\n"
        f"@page :left {{ margin-left: {_pt(made.outside)}; margin-right: {_pt(made.inside)};"
        f" {_bleed(made, recto=False)} }}\n"
    )


def _bleed(made: PageGeometry, *, recto: bool) -> str:
    left, below, right, above = made.sides(recto=recto)
    sides = {"top": above, "right": right, "bottom": below, "left": left}
    return " ".join(f"bleed-{side}: {_pt(length)};" for side, length in sides.items())


def _pt(length: float) -> str:
    return f"{length:.4f}".rstrip("0").rstrip(".") + "pt"
