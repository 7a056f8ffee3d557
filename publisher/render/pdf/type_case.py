"""Fonts for the whole book: each face once, with the glyphs that any take of it shows.

WeasyPrint keeps glyph numbers when it subsets, so takes printed apart agree on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from publisher.problem import SetupError
from publisher.render.pdf.impression import Flow, Relocatable


class FaceClashError(SetupError):
    """Two workers have different files for one face: their glyph numbers mean different things."""


class Merged(Struct, frozen=True):
    """A face as all takes together use it."""

    record: dict[str, Any]

    @property
    def file(self) -> str:
        """The digest of the face's file."""
        return str(self.record["file"])


class Cast(Struct, frozen=True):
    """The fonts as PDF objects, and their dictionary."""

    count: int
    objects: Relocatable
    own: tuple[int, ...]
    flows: tuple[Flow, ...]
    dictionary: int


class FontCase:
    """Gathers the faces of takes, in their order."""

    def __init__(self) -> None:
        self.faces: dict[str, dict[str, Any]] = {}

    def add(self, records: Iterable[dict[str, Any]]) -> None:
        """The faces of one more take; what an earlier one said of a glyph stands."""
        for record in records:
            known = self.faces.get(record["hash"])
            if known is None:
                own = ("to_unicode", "widths", "missing", "variations")
                self.faces[record["hash"]] = record | {name: dict(record[name]) for name in own}
                continue
            if (known["file"], known["index"]) != (record["file"], record["index"]):
                name = record["name"].decode("ascii", "replace")
                raise FaceClashError(f"the workers have different files for the font {name}")
            for name in ("to_unicode", "widths", "missing"):
                for glyph, said in record[name].items():
                    known[name].setdefault(glyph, said)

    def merged(self) -> tuple[Merged, ...]:
        """Every face, by its name."""
        return tuple(Merged(self.faces[name]) for name in sorted(self.faces))
