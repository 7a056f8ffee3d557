"""A folder's files; the only reader of the vault, and its guard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VaultFile:
    """A note's text as read; `digest` is the SHA-256 of its bytes."""

    path: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Asset:
    """Any other file of the vault; its bytes are read only when the book needs them."""

    path: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Habits:
    """What `.obsidian/` says that changes how notes read.

    `strict_breaks`: a single newline is a blank, not a line break.
    `template_folders`: folders, casefolded, whose notes are no notes.
    """

    strict_breaks: bool = False
    template_folders: tuple[str, ...] = ("templates", "template", "_templates")
    attachment_folder: str = ""


@dataclass(frozen=True, slots=True)
class Vault:
    """Everything below the root but dot files, in the order of their paths."""

    root: str
    files: tuple[VaultFile, ...] = ()
    assets: tuple[Asset, ...] = ()
    habits: Habits = Habits()
