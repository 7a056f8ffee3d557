"""What is handed to a worker, and what comes back: the engine that does it is not needed here."""

from __future__ import annotations

from msgspec import Struct

from publisher.book.model import Chapter
from publisher.render.pdf.impression import Proof
from publisher.render.pdf.type_case import Merged


class Kit(Struct, frozen=True):
    """What all takes of a book are printed with."""

    css: str
    bare: str  # what keeps folios off the takes
    fonts: tuple[tuple[str, str, bytes], ...]  # address, media type, bytes
    language: str = ""


class SheetJob(Struct, frozen=True):
    """Set a chapter for paper; `drawn` are drawings of formulas that may be in it."""

    chapter: Chapter
    targets: frozenset[str]
    end_notes: bool = False
    run_in: str = "none"
    drawn: dict[str, str] = {}


class TakeJob(Struct, frozen=True):
    """Print a take; `verso` where its first page lies on the left."""

    html: str
    depth: int
    mark: str
    verso: bool = False
    pictures: tuple[tuple[str, str, bytes], ...] = ()
    known: frozenset[str] = frozenset()  # faces that need not be sent back
    cut: bool = False  # the rest of it is another's


class FolioJob(Struct, frozen=True):
    """A sheet of folios: so many pages of one name, numbered on from the first."""

    name: str
    first: int
    css: str
    attributes: str
    count: int


class CastJob(Struct, frozen=True):
    """Make the fonts of the finished book."""

    faces: tuple[Merged, ...]
    files: tuple[tuple[str, bytes], ...]


class PapersJob(Struct, frozen=True):
    """Say what the finished book says of itself; it stands in the document's head."""

    head: str


class Printed(Struct, frozen=True):
    """A take's proof, its impression as bytes, and the face files that were not known."""

    proof: Proof
    impression: bytes
    files: tuple[tuple[str, bytes], ...]


class Papers(Struct, frozen=True):
    """What stands in the file beside its pages: information, metadata, language."""

    information: bytes
    metadata: bytes
    language: bytes


Job = SheetJob | TakeJob | FolioJob | CastJob | PapersJob
