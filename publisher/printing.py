"""From a vault to the files a printer takes.

A module of its own: the engine that lays out pages takes longer to load than an EPUB to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

import publisher.render.pdf.libraries  # noqa: F401 - it must come before WeasyPrint
from publisher.book.model import BookAsset
from publisher.cache import Cache, cache_folder
from publisher.config import Plan
from publisher.delivery import output_path, put_bytes, put_in_place
from publisher.pipeline import (
    Copy,
    Progress,
    Result,
    asset_reader,
    build_ebook,
    collected,
    prepare,
    silent,
)
from publisher.problem import Problem, SetupError
from publisher.render.fallback import with_lines
from publisher.render.pdf.cluster import cluster
from publisher.render.pdf.kit import kit_for
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.standby import Standby
from publisher.render.theme import Theme
from publisher.resolution import at_embeds, coarse_pictures

if TYPE_CHECKING:
    from publisher.presswork import Impression
    from publisher.render.prepress.interior import Job

Press = Callable[..., PrintEdition]


class Workshop(Struct, frozen=True):
    """Who lays out the pages: processes of this machine (all cores for 0), or a cluster."""

    jobs: int = 0
    scheduler: str = ""
    cache: bool = True
    prompt: bool = False  # workers are called for little things, too
    standby: Standby | None = None  # who gets ready while the vault is read

    def kept(self) -> Cache | None:
        """What is kept of earlier builds, if anything may be."""
        return Cache(cache_folder()) if self.cache else None

    def expect(self, theme: Theme, plan: Plan) -> None:
        """A book in this theme will be wanted; its language is known when it has been read."""
        if self.standby:
            self.standby.call(lambda: kit_for(plan.language or "en", theme)[0])

    @contextmanager
    def press(self, progress: Progress) -> Iterator[Press]:
        """A press that keeps what it made; SetupError where no scheduler answers."""
        with cluster(self.scheduler) if self.scheduler else nullcontext() as executor:
            yield partial(
                print_book,
                executor=executor,
                jobs=self.jobs or None,
                cache=self.kept(),
                progress=progress,
                prompt=self.prompt,
                standby=self.standby,
            )


@contextmanager
def opened(jobs: int, scheduler: str, cache: bool, *, alone: bool) -> Iterator[Workshop]:
    """A workshop; where it is not `alone`, workers get ready before there is work."""
    standby = None if alone else Standby(jobs)
    try:
        yield Workshop(jobs, scheduler, cache, prompt=not alone, standby=standby)
    finally:
        if standby:
            standby.dismiss()


def build_print(
    root: Path,
    plan: Plan,
    output: Path | None,
    here: Path,
    progress: Progress = silent,
    *,
    profile: Path | None = None,
    guides: bool = False,
    workshop: Workshop | None = None,
) -> Result:
    """Make the PDF for print: plain, or with its cover for the printer that the plan names.

    Raises SetupError where no book can be made or written.
    """
    # A printer or a profile that is not there is found before anything is read.
    job = _job_for(plan, profile)
    workshop = workshop or Workshop()
    copy = prepare(
        root, plan, progress, curly_quotes=True, cache=workshop.kept(), expect=workshop.expect
    )
    return _print(copy, job, output, here, progress, guides=guides, workshop=workshop)


def _job_for(plan: Plan, profile: Path | None) -> Job | None:
    """What the plan asks of a printer; what a plain PDF does without is not loaded."""
    if not plan.printer and not plan.trim:
        return None
    from publisher.presswork import job_for  # noqa: PLC0415 - half a second for a plain PDF

    return job_for(plan, profile)


def _impression(copy: Copy, job: Job, press: Press) -> Impression:
    """The book as that printer wants it."""
    from publisher.presswork import impress, in_theme  # noqa: PLC0415 - as above

    theme, draft = copy.theme, copy.draft
    job, reader = in_theme(job, draft.plan, theme), asset_reader(draft.vault.root)
    return impress(copy.assembled.book, theme, draft.words, reader, job, press, draft.plan.price)


def _print(
    copy: Copy,
    job: Job | None,
    output: Path | None,
    here: Path,
    progress: Progress,
    *,
    guides: bool,
    workshop: Workshop,
) -> Result:
    theme, draft, assembled, plan = copy.theme, copy.draft, copy.assembled, copy.draft.plan
    reader = asset_reader(draft.vault.root)
    ending = f"-{plan.printer}.pdf" if plan.printer else ".pdf"
    target = output_path(output, assembled.book.metadata.title, ending, here)
    with workshop.press(progress) as press:
        if job is None:
            printed = press(assembled.book, theme, draft.words, reader)
            put_in_place(target, printed.write_to)
            found = _located(copy, printed.problems, coarse_pictures(copy, printed.placed, None))
            problems = collected(draft.problems, assembled.problems, found)
            return Result(
                target, draft, assembled, problems, printed.pages,
                starts=printed.starts, folios=printed.folios,
            )  # fmt: skip
        made = _impression(copy, job, press)
    files = {target: made.interior}
    for name, content in (("cover", made.cover), ("cover-guides", guides and made.guides)):
        if content:
            files[target.with_name(f"{target.stem}-{name}.pdf")] = content
    for place, content in files.items():
        put_bytes(place, content)
    coarse = coarse_pictures(copy, made.edition.placed, job.printer)
    found = _located(copy, made.problems, coarse)
    problems = collected(draft.problems, assembled.problems, found)
    beside = tuple(place for place in files if place != target)
    edition = made.edition
    return Result(
        target, draft, assembled, problems, made.pages, beside, made.reports,
        edition.starts, edition.folios,
    )  # fmt: skip


# The cover stands among the book's pictures, under a name that no vault's picture has.
_COVER = BookAsset("images/_cover.png", "", "image/png")


def build_screen(
    root: Path,
    plan: Plan,
    output: Path | None,
    here: Path,
    progress: Progress = silent,
    *,
    workshop: Workshop | None = None,
) -> Result:
    """Make the PDF for reading: no blank pages, live links, the cover inside.

    Raises SetupError where no book can be made or written.
    """
    workshop = workshop or Workshop()
    copy = prepare(
        root, plan, progress, curly_quotes=True, cache=workshop.kept(), expect=workshop.expect
    )
    return _screen(copy, output, here, progress, workshop)


def _screen(
    copy: Copy, output: Path | None, here: Path, progress: Progress, workshop: Workshop
) -> Result:
    theme, draft, assembled = copy.theme, copy.draft, copy.assembled
    book = assembled.book
    progress("cover", 0, 1)
    from publisher.render.cover import draw_cover  # noqa: PLC0415 - as above

    cover = draw_cover(book.metadata, theme, draft.words, workshop.kept())
    progress("cover", 1, 1)
    read = asset_reader(draft.vault.root)
    with workshop.press(progress) as press:
        printed = press(
            replace(book, assets=(_COVER, *book.assets)),
            theme,
            draft.words,
            lambda asset: cover if asset == _COVER else read(asset),
            extra_css=theme.sheet("screen.css", "print"),
        )
    target = output_path(output, book.metadata.title, "-screen.pdf", here)
    put_in_place(target, printed.write_to)
    problems = collected(draft.problems, assembled.problems, _located(copy, printed.problems))
    return Result(target, draft, assembled, problems, printed.pages)


def build_all(
    root: Path,
    plan: Plan,
    folder: Path | None,
    here: Path,
    progress: Progress = silent,
    *,
    profile: Path | None = None,
    guides: bool = False,
    workshop: Workshop | None = None,
) -> tuple[Result, ...]:
    """Print first, then the EPUB, which knows the printed pages, then the PDF for reading.

    `folder` is where the books go. Raises SetupError where one can't be made or written.
    """
    if folder is not None:
        if folder.exists() and not folder.is_dir():
            raise SetupError(f"{folder} is a file; all books go into a folder")
        folder.mkdir(parents=True, exist_ok=True)
    job = _job_for(plan, profile)
    workshop = workshop or Workshop()
    copy = prepare(
        root, plan, progress, curly_quotes=True, cache=workshop.kept(), expect=workshop.expect
    )
    printed = _print(copy, job, folder, here, progress, guides=guides, workshop=workshop)
    ebook = build_ebook(
        root, plan, folder, here, progress,
        starts=printed.starts, folios=printed.folios, cache=workshop.kept(),
    )  # fmt: skip
    screen = _screen(copy, folder, here, progress, workshop)
    return printed, ebook, screen


def print_edition(root: Path, plan: Plan, progress: Progress = silent) -> bytes:
    """The plain PDF for print, not written anywhere."""
    workshop = Workshop()
    copy = prepare(root, plan, progress, curly_quotes=True, cache=workshop.kept())
    book, words = copy.assembled.book, copy.draft.words
    with workshop.press(progress) as press:
        return press(book, copy.theme, words, asset_reader(copy.draft.vault.root)).pdf


def _located(copy: Copy, *problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems with the lines of missing letters and pictures, which the press does not know."""
    texts = {file.path: file.text for file in copy.draft.vault.files}
    return with_lines(at_embeds(copy, chain(*problems)), texts)
