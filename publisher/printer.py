"""What a printer takes: trims, bleed, margins, papers and rules, read from presets."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from publisher.presets import Section, merged
from publisher.problem import SetupError
from publisher.trim import Trim, trim_of

COLOURS = ("k", "cmyk", "rgb")
FLAVOURS = ("pdf", "x4", "x1a")
REFUSALS = ("annotations", "bookmarks", "marks", "transparency", "encryption", "colour-profiles")


class Bleed(Struct, frozen=True):
    """How far a page's ink runs over each edge of the trim."""

    top: float
    bottom: float
    inside: float
    outside: float


class Paper(Struct, frozen=True):
    """What a page adds to the spine, and what all of them together add besides.

    `colour` is the interior printed on it, where that is not the printer's usual one;
    `estimate` says that the printer does not publish the thickness.
    """

    name: str
    per_page: float
    base: float
    colour: str = ""
    estimate: bool = False


class Limit(Struct, frozen=True):
    """The least and most pages for some papers and trims; empty means all of them."""

    papers: tuple[str, ...]
    trims: tuple[Trim, ...]
    least: int
    most: int


class CoverRules(Struct, frozen=True):
    """How the cover is laid out around the block: "wrap" (paperback), "case" or "none".

    `safety` keeps type from the trim, `spine_safety` from the spine's folds. On a case, `wrap`
    turns over the boards, `hinge` lies on each side of the spine inside the panels' width, and
    the boards stand out over the trim by `overhang` (width, height). `spine_extra` is added to
    the block's thickness by the boards. `barcode` is (width, height), `barcode_edge` how far
    its box stays from the trim and the spine. `by_template` says that the printer wants
    its own template followed, `prints_barcode` that it prints one
    where the cover has none.
    """

    kind: str
    bleed: float
    safety: float
    spine_safety: float
    wrap: float = 0.0
    hinge: float = 0.0
    overhang: tuple[float, float] = (0.0, 0.0)
    spine_extra: float = 0.0
    barcode: tuple[float, float] = (144.0, 86.4)
    barcode_edge: float = 18.0
    by_template: bool = False
    prints_barcode: bool = False


class Source(Struct, frozen=True):
    """Where a preset's numbers come from and when that was read; `doubt` says what is unsure."""

    what: str
    where: str
    read: str
    doubt: str = ""


class Printer(Struct, frozen=True):
    """All that one printer, or one product of a printer, asks of a book.

    `inside_margins` are (most pages, least margin), rising. `custom` are the smallest and the
    largest page taken besides the listed trims. `ink_limit` is per cent (0: none known),
    `image_dpi` (least, best), `most_bytes` 0 where no limit is known.
    """

    name: str
    title: str
    trims: tuple[Trim, ...]
    trim: Trim
    custom: tuple[()] | tuple[Trim, Trim]
    bleed: Bleed
    inside_margins: tuple[tuple[int, float], ...]
    outside_margin: float
    outside_margin_bleed: float
    papers: tuple[Paper, ...]
    limits: tuple[Limit, ...]
    page_limits: tuple[int, int]
    multiple: int
    last_blank: bool
    colour: str
    flavour: str
    ink_limit: float
    image_dpi: tuple[int, int]
    wants_marks: bool
    refuses: tuple[str, ...]
    most_bytes: int
    spine_text_pages: int
    least_spine_text: float
    cover: CoverRules
    sources: tuple[Source, ...]


def spine_width(printer: Printer, paper: str, pages: int) -> float:
    """The spine in points for that many pages, with a case's boards."""
    kind = paper_of(printer, paper)
    return kind.base + kind.per_page * pages + printer.cover.spine_extra


def paper_of(printer: Printer, name: str = "") -> Paper:
    """The paper of that name, the printer's first without one."""
    known = {paper.name: paper for paper in printer.papers}
    if name and name not in known:
        raise SetupError(
            f"{printer.title} has no paper “{name}”{_meant(name, known)};"
            f" there is {', '.join(known)}"
        )
    return known[name] if name else printer.papers[0]


def on_paper(printer: Printer, name: str = "") -> Printer:
    """The printer as it is for books on that paper: its first paper, its interior's colour."""
    paper = paper_of(printer, name)
    rest = tuple(other for other in printer.papers if other is not paper)
    return replace(printer, papers=(paper, *rest), colour=paper.colour or printer.colour)


def choose_trim(printer: Printer, wanted: str = "") -> Trim:
    """The trim wanted, if the printer offers it; the printer's usual one without a wish."""
    if not wanted:
        return printer.trim
    trim = trim_of(wanted)
    if offers(printer, trim):
        return trim
    near = min(printer.trims, key=lambda t: abs(t.width - trim.width) + abs(t.height - trim.height))
    own = f", or any from {' to '.join(one.name for one in printer.custom)}"
    raise SetupError(
        f"{printer.title} does not offer the trim {trim.name}; the nearest is {near.name}"
        f"{own if printer.custom else ''}"
    )


def offers(printer: Printer, trim: Trim) -> bool:
    """Whether the printer binds books of that trim."""
    if any(trim.like(offered) for offered in printer.trims):
        return True
    return bool(printer.custom and trim.between(*printer.custom))


def limits_of(printer: Printer, trim: Trim, paper: str = "") -> tuple[int, int]:
    """The least and most pages that may be bound in that trim on that paper."""
    name = paper_of(printer, paper).name
    for limit in printer.limits:
        fits = not limit.trims or any(trim.like(one) for one in limit.trims)
        if fits and (not limit.papers or name in limit.papers):
            return limit.least, limit.most
    return printer.page_limits


def printer_names() -> tuple[str, ...]:
    """The presets that came with us."""
    return tuple(sorted(name for name in _presets() if not name.startswith("_")))


def load_printer(name: str, own: Mapping[str, Mapping[str, Any]] | None = None) -> Printer:
    """The preset of that name; `own` are the tables `[printers.*]` of a plan and come first."""
    return _printer(name, Section(merged(name, own or {}, _presets()), f"the printer “{name}”"))


@cache
def _presets() -> dict[str, dict[str, Any]]:
    folder = files("publisher") / "printers"
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def _printer(name: str, table: Section) -> Printer:
    trims = tuple(_trim(table, text) for text in table.texts("trims"))
    papers = tuple(_paper(part) for part in table.parts("paper"))
    usual = _trim(table, table.text("trim"))
    pages, margins, images = table.part("pages"), table.part("margins"), table.part("images")
    bleed, spine = table.part("bleed"), table.part("spine")
    if not trims or not papers:
        raise table.error("needs at least one trim and one paper")
    printer = Printer(
        name=name,
        title=table.text("title", name),
        trims=trims if any(usual.like(trim) for trim in trims) else (usual, *trims),
        trim=usual,
        custom=_custom(table),
        bleed=Bleed(*(bleed.length(side) for side in ("top", "bottom", "inside", "outside"))),
        inside_margins=margins.steps("inside"),
        outside_margin=margins.length("outside"),
        outside_margin_bleed=margins.length("outside_with_bleed"),
        papers=papers,
        limits=tuple(_limit(part) for part in pages.parts("limit")),
        page_limits=(pages.number("least"), pages.number("most")),
        multiple=_multiple(pages),
        last_blank=pages.flag("last_blank", default=False),
        colour=table.choice("colour", COLOURS),
        flavour=table.choice("flavour", FLAVOURS),
        ink_limit=float(table.number("ink_limit", 0)),
        image_dpi=(images.number("least"), images.number("best")),
        wants_marks=table.flag("marks", default=False),
        refuses=_refused(table),
        most_bytes=table.number("most_megabytes", 0) * 1024 * 1024,
        spine_text_pages=spine.number("text_from_pages", 0),
        least_spine_text=spine.length("text_from_width", "0in"),
        cover=_cover(table.part("cover")),
        sources=tuple(
            Source(*(part.text(key, "") for key in ("what", "where", "read", "doubt")))
            for part in table.parts("source")
        ),
    )
    table.all_known()
    return printer


def _multiple(table: Section) -> int:
    """What counts of pages are a multiple of; a leaf has two, so that 1 means them."""
    number = table.number("multiple")
    if number == 0 or (number % 2 and number > 1):
        raise table.error(f"pages.multiple is an even number, or 1 for no other rule, not {number}")
    return max(2, number)


def _refused(table: Section) -> tuple[str, ...]:
    """What the printer names, and what PDF/X-1a has no way to hold."""
    named = table.among("refuses", REFUSALS)
    flat = table.choice("flavour", FLAVOURS) == "x1a" and "transparency" not in named
    return (*named, "transparency") if flat else named


def _custom(table: Section) -> tuple[()] | tuple[Trim, Trim]:
    match table.texts("custom", []):
        case ():
            return ()
        case (small, large):
            return _trim(table, small), _trim(table, large)
        case _:
            raise table.error("custom wants the smallest and the largest trim")


def _paper(table: Section) -> Paper:
    return Paper(
        table.text("name"),
        table.length("per_page"),
        table.length("base", "0in"),
        table.choice("colour", ("", *COLOURS), ""),
        table.flag("estimate", default=False),
    )


def _limit(table: Section) -> Limit:
    trims = tuple(_trim(table, text) for text in table.texts("trims", []))
    return Limit(table.texts("papers", []), trims, table.number("least"), table.number("most"))


def _cover(table: Section) -> CoverRules:
    return CoverRules(
        kind=table.choice("kind", ("wrap", "case", "none")),
        bleed=table.length("bleed"),
        safety=table.length("safety"),
        spine_safety=table.length("spine_safety"),
        wrap=table.length("wrap", "0in"),
        hinge=table.length("hinge", "0in"),
        overhang=table.pair("overhang", ["0in", "0in"]),
        spine_extra=table.length("spine_extra", "0in"),
        barcode=table.pair("barcode", ["2in", "1.2in"]),
        barcode_edge=table.length("barcode_edge", "0.25in"),
        by_template=table.flag("by_template", default=False),
        prints_barcode=table.flag("prints_barcode", default=False),
    )


def _trim(table: Section, text: str) -> Trim:
    try:
        return trim_of(text)
    except SetupError as error:
        raise table.error(str(error)) from None


def _meant(word: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.0)
    return f"; did you mean {near[0]}?" if near else ""
