"""How many pages there are, which are blank, how large the file is."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.printer import limits_of
from publisher.render.preflight.finding import Finding, Verdict, source_of
from publisher.render.preflight.job import Job

TOO_FEW, TOO_MANY = "pages-too-few", "pages-too-many"
OUT_OF_LIMITS = frozenset({TOO_FEW, TOO_MANY})
_RUN = 2  # blank pages together that a book may have: a verso and the recto after it


def check_pages(job: Job) -> Iterator[Finding]:
    """The count against the printer's limits and multiple, and blank pages."""
    if job.kind != "interior":
        return
    printer, number = job.printer, job.pages
    least, most = limits_of(printer, job.trim)
    source = source_of(printer, "pages")
    if number < least:
        message = f"{number} pages are too few: {printer.title} binds {least} and more"
        yield Finding(TOO_FEW, Verdict.REFUSAL, message, (), source)
    if most and number > most:
        message = f"{number} pages are too many: {printer.title} binds {most} at most"
        hint = "choose another paper or trim, or make two volumes"
        yield Finding(TOO_MANY, Verdict.REFUSAL, message, (), source, hint)
    if printer.multiple > 1 and number % printer.multiple:
        message = f"{number} pages are no multiple of {printer.multiple}"
        hint = "end with blank pages"
        yield Finding("pages-not-multiple", Verdict.WARNING, message, (), source, hint)
    if printer.last_blank and number not in blank_pages(job):
        message = f"the last page is not blank, as {printer.title} wants it: a leaf will be added"
        source = source_of(printer, "pages.last_blank")
        yield Finding("last-page", Verdict.WARNING, message, (number,), source, "end with one")
    yield from _check_blanks(job)


def blank_pages(job: Job) -> tuple[int, ...]:
    """Pages that stay white."""
    return tuple(pull.number for pull in job.impressions if pull.measured and pull.extent is None)


def _check_blanks(job: Job) -> Iterator[Finding]:
    blanks = set(blank_pages(job))
    painted = set(job.survey.marks.get("painted", ()))
    hidden = tuple(sorted(blanks & painted))
    if hidden:
        message = "these pages paint something and yet stay white"
        hint = "look for white type, or content outside the page"
        yield Finding("page-white", Verdict.WARNING, message, hidden, "", hint)
    last = job.pages
    while last in blanks:
        last -= 1
    trailing = job.pages - last
    if trailing > max(_RUN, job.printer.multiple):
        message = f"{trailing} blank pages stand at the end"
        pages = tuple(range(last + 1, job.pages + 1))
        yield Finding("blank-at-end", Verdict.WARNING, message, pages, "", "leave them out")
    inner = tuple(sorted(page for page in blanks if page <= last))
    if runs := _runs(inner):
        message = f"more than {_RUN} blank pages follow each other"
        yield Finding("blank-run", Verdict.WARNING, message, runs, "", "leave them out")
    rectos = tuple(page for page in inner if page % 2 and page > 1 and page not in painted)
    if rectos:
        message = "these rectos are blank"
        yield Finding("blank-recto", Verdict.WARNING, message, rectos)
    versos = tuple(page for page in inner if not page % 2 and page not in painted)
    if versos:
        message = "these versos are blank, as before a part or piece that begins on a recto"
        yield Finding("blank-verso", Verdict.NOTE, message, versos)


def _runs(pages: tuple[int, ...]) -> tuple[int, ...]:
    """The pages that stand in a row of more than a book may have."""
    blank = set(pages)
    ends = [page for page in pages if all(page - n in blank for n in range(_RUN + 1))]
    return tuple(sorted({end - n for end in ends for n in range(_RUN + 1)}))


def check_bytes(job: Job) -> Iterator[Finding]:
    """The file against the largest that may be sent."""
    most = job.printer.most_bytes
    if most and job.bytes > most:
        message = (
            f"the file has {job.bytes / 1024**2:,.0f} MB, {most / 1024**2:,.0f} MB may be sent"
        )
        hint = "make the pictures smaller"
        source = source_of(job.printer, "most_megabytes")
        yield Finding("file-too-large", Verdict.REFUSAL, message, (), source, hint)
