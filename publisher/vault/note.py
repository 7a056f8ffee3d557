"""A file becomes a note."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.vault.galley import Chunk, Galley
from publisher.vault.properties import Properties


@dataclass(frozen=True, slots=True)
class Note:
    """A note, read and set. `path` is its place below the vault's root, with `/`.

    `title` is the `title` property, else the first H1, else the file's name, as plain
    text; `heading` the same with its markup. An H1 that serves as the title is no
    longer in the body, but `title_heading` keeps its plain text so that links to it
    still land. `lead` is the plain text of the first paragraph.
    """

    path: str
    title: str
    heading: tuple[Chunk, ...]
    properties: Properties
    body: Galley
    digest: str
    title_heading: str = ""
    lead: str = ""
    lead_chunks: tuple[Chunk, ...] = field(default=())

    @property
    def name(self) -> str:
        """The file's name without `.md`: what links are matched against."""
        return self.path.rpartition("/")[2][: -len(".md")]
