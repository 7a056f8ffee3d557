"""A book's interior for one printer: its pictures, its pages laid out, its last way to the press."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from publisher.book.model import Book, BookAsset
from publisher.printer import Printer
from publisher.problem import Problem
from publisher.render.drawing_faces import faces_of
from publisher.render.pdf.press import PrintEdition
from publisher.render.pdf.supply import AssetFile
from publisher.render.prepress.geometry import (
    CLASSIC,
    PageGeometry,
    Proportions,
    geometry,
    leaves_wanting,
    page_count_problem,
    page_css,
)
from publisher.render.prepress.pictures import prepare_for_press
from publisher.render.prepress.profile import Profile
from publisher.render.prepress.ready import make_press_ready
from publisher.render.prepress.sheet import prepress_css
from publisher.render.theme import Theme
from publisher.trim import Trim

# Sets the book's pages with the style sheet given; as `print_book` with all else bound.
Layout = Callable[[str], PrintEdition]


class Job(Struct, frozen=True):
    """What is wanted of a printer; `trim` as `choose_trim` gives it, the paper by `on_paper`."""

    printer: Printer
    trim: Trim
    bleed: bool = False
    profile: Profile | None = None
    proportions: Proportions = CLASSIC


class Interior(Struct, frozen=True):
    """The file for the printer, blank leaves counted in; `edition` is the one it was made from."""

    pdf: bytes
    pages: int
    geometry: PageGeometry
    edition: PrintEdition
    problems: tuple[Problem, ...]


class PressAssets(Struct, frozen=True):
    """The book's pictures in the printer's colours, as files named by what they hold."""

    places: tuple[tuple[str, Path], ...]

    def __call__(self, asset: BookAsset) -> Path:
        """The picture's file."""
        return dict(self.places)[asset.name]


def press_assets(
    book: Book, theme: Theme, asset_file: AssetFile, job: Job, folder: Path
) -> tuple[PressAssets, tuple[Problem, ...]]:
    """Turn every picture of the book once, into a folder; one at a time is held in memory."""
    places: list[tuple[str, Path]] = []
    problems: list[Problem] = []
    faces = faces_of(theme, book.metadata.language)
    for asset in book.assets:
        content = asset_file(asset)
        raw = content if isinstance(content, bytes) else content.read_bytes()
        made, _, found = prepare_for_press(
            raw, asset.media_type, job.printer, job.profile, asset.path, faces
        )
        path = folder / sha256(made).hexdigest()[:32]
        path.write_bytes(made)
        places.append((asset.name, path))
        problems += found
    return PressAssets(tuple(places)), tuple(problems)


def make_interior(layout: Layout, job: Job, *, title: str, modified: int) -> Interior:
    """Lay the book out for its own page count, and make it ready for the press."""
    edition, made = laid_out(layout, job)
    pdf, problems = make_press_ready(
        edition.pdf, job.printer, made, job.profile, title=title, modified=modified
    )
    pages = edition.pages + leaves_wanting(job.printer, edition.pages)
    count = page_count_problem(job.printer, job.trim, "", pages)
    every = (*edition.problems, *problems, *((count,) if count else ()))
    return Interior(pdf, pages, made, edition, every)


def laid_out(layout: Layout, job: Job) -> tuple[PrintEdition, PageGeometry]:
    """Again where the page count asks for another gutter than the book was laid out with."""
    made = _geometry(job, 0)
    edition = layout(page_css(made) + prepress_css(job.printer))
    # Never narrower again: at a limit the book could go to and fro for ever.
    while (wanted := _geometry(job, edition.pages)).inside > made.inside:
        made = wanted
        edition = layout(page_css(made) + prepress_css(job.printer))
    return edition, made


def _geometry(job: Job, pages: int) -> PageGeometry:
    bound = pages + leaves_wanting(job.printer, pages)
    return geometry(job.printer, job.trim, bound, bleed=job.bleed, proportions=job.proportions)
