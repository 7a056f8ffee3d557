"""What an author should know of a cover: what it could not hold, and what it leans on."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.book.model import Metadata
from publisher.printer import Printer
from publisher.problem import Position, Problem, Severity
from publisher.render.barcode import is_ean, price_code
from publisher.render.fallback import missing_in
from publisher.render.wrap_back import Panel
from publisher.render.wrap_sheet import Sheet
from publisher.render.wrap_words import Spine, hidden_names

Found = tuple[str, str, Severity, str]


def find_problems(
    about: Metadata,
    printer: Printer,
    price: str,
    made: tuple[Sheet, Panel | None, Spine | None],
    missing: str,
    at: Position,
) -> tuple[Problem, ...]:
    """All there is to say of a cover."""
    sheet, panel, spine = made
    found = [
        *_of_code(about, price),
        *_of_back(about, panel),
        *_of_spine(about, printer, sheet, spine),
    ]
    problems = (Problem(code, says, at, weight, hint) for code, says, weight, hint in found)
    return (*problems, *missing_in(missing, "the cover", at.path))


def _of_code(about: Metadata, price: str) -> Iterator[Found]:
    if about.isbn and not is_ean(about.isbn):
        yield (
            "isbn-check-digit",
            f"the ISBN {about.isbn} is not valid; the cover has no barcode",
            Severity.WARNING,
            "compare it with the letter it came in",
        )
    if price and not price_code(price):
        yield (
            "isbn-price",
            f"“{price}” is no price that a barcode can tell",
            Severity.WARNING,
            "write five digits such as 51999, or a price such as $19.99",
        )
    elif price and not about.isbn:
        yield "isbn-price", "a price needs an ISBN to stand beside", Severity.WARNING, ""


def _of_back(about: Metadata, panel: Panel | None) -> Iterator[Found]:
    if panel is None and about.description.strip():
        says = "the back of the cover has no room for the description"
        yield "blurb-cut", says, Severity.WARNING, "shorten the description"
    elif panel is not None and panel.blurb.cut:
        kept = sum(map(len, panel.blurb.paragraphs))
        says = f"of the description's {len(about.description)} letters the back of the cover holds"
        yield "blurb-cut", f"{says} the first {kept}", Severity.WARNING, "shorten the description"
    names = hidden_names(about)
    if names and (panel is None or not panel.blurb.names):
        says = f"neither side of the cover has room for all {len(names)} authors"
        yield "authors-left-out", says, Severity.WARNING, ""


def _of_spine(
    about: Metadata, printer: Printer, sheet: Sheet, spine: Spine | None
) -> Iterator[Found]:
    if spine is None:
        yield (
            "spine-bare",
            f"the spine of {sheet.spine.width / 72:.3f} in is too narrow for words",
            Severity.NOTE,
            "",
        )
    elif spine.title != " ".join(about.title.split()):
        says = f"the title is too long for the spine, where it is “{spine.title}”"
        yield "spine-title-cut", says, Severity.NOTE, ""
    if printer.cover.by_template:
        spine_is, wide, tall = (n / 72 for n in (sheet.spine.width, sheet.width, sheet.height))
        says = f"{printer.title} decides a cover's measures by its own template; here the spine"
        says += f" is {spine_is:.3f} in, the sheet {wide:.3f} × {tall:.3f} in"
        hint = "compare them with the template before you upload"
        yield "cover-by-template", says, Severity.NOTE, hint
