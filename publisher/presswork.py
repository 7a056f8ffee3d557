"""A book for a printer: the interior on its trim, the cover round it, and both checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from publisher.book.model import Book, BookAsset
from publisher.config import Plan, blamed, own_printers
from publisher.printer import choose_trim, load_printer, offers, on_paper
from publisher.problem import Problem, SetupError
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.preflight.check import preflight
from publisher.render.preflight.finding import COARSE, Report
from publisher.render.preflight.pages import OUT_OF_LIMITS
from publisher.render.preflight.survey import pixels
from publisher.render.prepress.geometry import proportions_of
from publisher.render.prepress.interior import Job, make_interior, press_assets
from publisher.render.prepress.profile import find_profile, needs_profile
from publisher.render.theme import Theme
from publisher.render.wrap import draw_wrap, finish_wrap
from publisher.trim import Trim, trim_of
from publisher.wording import Wording

# A page of one's own may be as small as a playing card and as large as a folio.
_LEAST, _MOST = Trim("2.5x3.5in", 180, 252), Trim("12.5x18in", 900, 1296)


class Impression(Struct, frozen=True):
    """What goes to the printer; `cover` and `guides` are empty where it takes no cover.

    `pages` counts the blank ones at the end, `reports` are those of the preflight.
    """

    interior: bytes
    pages: int
    cover: bytes
    guides: bytes
    problems: tuple[Problem, ...]
    reports: tuple[Report, ...]
    edition: PrintEdition


def job_for(plan: Plan, profile: Path | None = None) -> Job | None:
    """What the plan asks of a printer, if it names one or a trim of its own.

    Raises SetupError for a printer, paper, trim or profile that is not there.
    """
    if not plan.printer and not plan.trim:
        return None
    with blamed(plan, "printer"):
        printer = load_printer(plan.printer or "6x9", own_printers(plan))
    with blamed(plan, "paper"):
        printer = on_paper(printer, plan.paper)
    if not plan.printer:
        # A plain PDF of another size: no press is named, so none of its rules hold.
        printer = replace(printer, custom=(_LEAST, _MOST), flavour="pdf")
    found = find_profile(profile) if profile or needs_profile(printer) else None
    with blamed(plan, "trim"):
        if not plan.printer and not trim_of(plan.trim).between(_LEAST, _MOST):
            span = f"from {_LEAST.name} to {_MOST.name}"
            raise SetupError(f"the trim {plan.trim} is none for a book: they go {span}")
        return Job(printer, choose_trim(printer, plan.trim), plan.bleed, found)


def in_theme(job: Job, plan: Plan, theme: Theme) -> Job:
    """The job with the theme's margins, and on its trim where nobody named one.

    A printer that does not offer the theme's trim prints on its own usual one.
    """
    trim = job.trim
    if theme.trim and not plan.trim and offers(job.printer, theme.trim):
        trim = theme.trim
    return replace(job, trim=trim, proportions=proportions_of(theme))


def impress(
    book: Book,
    theme: Theme,
    words: Wording,
    reader: Callable[[BookAsset], bytes],
    job: Job,
    press: Callable[..., PrintEdition] = print_book,
    price: str = "",
) -> Impression:
    """Lay the book out for the printer, finish the files, and hold them against its rules."""
    about = book.metadata
    with TemporaryDirectory(prefix="publisher-") as folder:
        assets, problems = press_assets(book, theme, reader, job, Path(folder))
        made = make_interior(
            lambda css: press(book, theme, words, assets, extra_css=css),
            job,
            title=about.title,
            modified=about.modified,
        )
    reports = [_told(preflight(made.pdf, job.printer, trim=job.trim), made.edition)]
    found = [*problems, *made.problems]
    cover, guides = b"", b""
    if job.printer.cover.kind != "none":
        wrap = draw_wrap(
            about, theme, words, job.printer, job.printer.papers[0].name, made.pages, job.trim,
            isbn_price=price, profile=job.profile,
        )  # fmt: skip
        cover, more = finish_wrap(wrap, about, job.printer, job.profile)
        guides = wrap.guides
        found += [*wrap.problems, *more]
        reports.append(preflight(cover, job.printer, trim=job.trim, kind="cover", pages=made.pages))
    return Impression(
        made.pdf, made.pages, cover, guides, tuple(found), tuple(reports), made.edition
    )


def _told(report: Report, edition: PrintEdition) -> Report:
    """The interior's report, less what is among the problems of the build already."""
    known = {pixels(*placed.pixels) for placed in edition.placed}
    told = frozenset(
        found
        for found in report.findings
        if found.code in OUT_OF_LIMITS or (found.code == COARSE and found.subject in known)
    )
    return replace(report, told=told)
