"""A folder's files; the only reader of the vault, and its guard."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field

from publisher.genres import Genres
from publisher.problem import Position, Problem, SetupError
from publisher.vault.decoding import decode_text
from publisher.vault.guard import (
    RefusedError,
    check_link,
    is_hidden,
    open_regular,
    reason_of,
    shown_path,
    unreadable,
)
from publisher.vault.kinds import DRAWING, is_note, media_type

MAX_NOTE = 8 * 1024 * 1024
MAX_ASSET = 512 * 1024 * 1024
_EXCALIDRAW = re.compile(r"\A---\n(?:[^\n]*\n){0,40}?excalidraw-plugin:")


class VaultFile(Struct, frozen=True):
    """A note's text as read; `digest` is the SHA-256 of its bytes."""

    path: str
    text: str
    digest: str


class Asset(Struct, frozen=True):
    """Any other file of the vault; its bytes are read only when the book needs them."""

    path: str
    media_type: str
    size: int


class Habits(Struct, frozen=True):
    """What `.obsidian/` says that changes how notes read.

    `strict_breaks`: a single newline is a blank, not a line break.
    `curly_quotes`: straight quotation marks are set as each note's language has them.
    `template_folders`: folders, casefolded, whose notes are no notes.
    `genres`: which notes are verse, whose every blank counts.
    """

    strict_breaks: bool = False
    template_folders: tuple[str, ...] = ("templates", "template", "_templates")
    attachment_folder: str = ""
    curly_quotes: bool = False
    genres: Genres = field(default_factory=Genres)


class Vault(Struct, frozen=True):
    """Everything below the root but dot files, in the order of their paths."""

    root: str
    files: tuple[VaultFile, ...] = ()
    assets: tuple[Asset, ...] = ()
    habits: Habits = Habits()


def scan(root: Path) -> tuple[Vault, tuple[Problem, ...]]:
    """Read every note below the root and list the other files."""
    base = _vault_root(root)
    habits, problems = _read_habits(base)
    files: list[VaultFile] = []
    assets: list[Asset] = []
    seen: set[str] = set()
    for found in _walk(base):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        path, on_disk, real = found
        if path in seen:
            problems.append(unreadable(path, "another file has the same name in other bytes"))
            continue
        seen.add(path)
        try:
            item, remarks = _read_item(path, on_disk, real)
        except RefusedError as refusal:
            problems.append(refusal.problem)
            continue
        problems.extend(remarks)
        if isinstance(item, VaultFile):
            files.append(item)
        else:
            assets.append(item)
    if not files:
        reason = "; ".join(sorted({p.message for p in problems})[:1])
        raise SetupError(f"no notes (.md files) in {root}" + (f": {reason}" if reason else ""))
    vault = Vault(
        root=str(base),
        files=tuple(sorted(files, key=lambda f: _order(f.path))),
        assets=tuple(sorted(assets, key=lambda a: _order(a.path))),
        habits=habits,
    )
    return vault, tuple(problems)


def read_asset(vault_root: str | Path, asset: Asset) -> bytes:
    """An asset's bytes; a file that changed into something unreadable is a SetupError."""
    with open_inside(vault_root, asset.path) as stream:
        content = stream.read(MAX_ASSET + 1)
    if len(content) > MAX_ASSET:
        raise SetupError(f"{asset.path} is too large to put into a book")
    return content


def open_inside(vault_root: str | Path, path: str) -> BinaryIO:
    """A regular file below the root, opened; anything else is a SetupError."""
    try:
        return open_regular(check_link(Path(vault_root).resolve(), path, path), path)
    except RefusedError as refusal:
        raise SetupError(f"{path}: {refusal.problem.message}") from None


def _order(path: str) -> tuple[str, str]:
    # Folders sort by their own names, so that "A b/x" does not fall between "A/x" and "A/y".
    return unicodedata.normalize("NFC", path).replace("/", "\0"), path


def _vault_root(root: Path) -> Path:
    try:
        base = root.resolve(strict=True)
        mode = base.stat().st_mode
        if not stat.S_ISDIR(mode):
            raise SetupError(f"{root} is a file: give the folder that holds the notes")
        os.scandir(base).close()
    except FileNotFoundError:
        raise SetupError(f"there is no folder {root}") from None
    except PermissionError:
        raise SetupError(f"the folder {root} may not be read") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise SetupError(f"the folder {root} cannot be read: {reason_of(error)}") from None
    return base


def _walk(base: Path) -> Iterator[tuple[str, str, Path] | Problem]:
    """Yield (path as text, path as on disk, real path); linked folders are never entered."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(base / folder) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError as error:
            yield unreadable(shown_path(folder), reason_of(error))
            continue
        for entry in entries:
            if is_hidden(entry.name):
                continue
            on_disk = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(on_disk)
                    continue
                real = Path(entry.path)
                if entry.is_symlink():
                    real = check_link(base, on_disk, shown_path(on_disk))
                    if real.is_dir():
                        continue  # its notes are read where they really are
            except RefusedError as refusal:
                yield refusal.problem
                continue
            except OSError as error:
                yield unreadable(shown_path(on_disk), reason_of(error))
                continue
            yield shown_path(on_disk), on_disk, real


def _read_item(
    path: str, on_disk: str, real: Path
) -> tuple[VaultFile | Asset, tuple[Problem, ...]]:
    name = path.rpartition("/")[2]
    with open_regular(real, path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if not is_note(name):
            if path != on_disk:
                raise RefusedError(unreadable(path, "its name is not UTF-8"))
            return Asset(path, media_type(name), size), ()
        try:
            content = stream.read(MAX_NOTE + 1)
        except OSError as error:
            raise RefusedError(unreadable(path, reason_of(error))) from None
    if len(content) > MAX_NOTE:
        message = f"a note of more than {MAX_NOTE // 1024 // 1024} MB is left out"
        raise RefusedError(
            Problem("note-too-large", message, Position(path), hint="split the note")
        )
    text, problems = decode_text(content, path)
    if _EXCALIDRAW.match(text):
        return Asset(path, DRAWING, size), ()
    return VaultFile(path, text, hashlib.sha256(content).hexdigest()), problems


def _read_habits(base: Path) -> tuple[Habits, list[Problem]]:
    problems: list[Problem] = []
    app = _read_settings(base, ".obsidian/app.json", problems)
    folders = list(Habits().template_folders)
    for path, key in (
        (".obsidian/templates.json", "folder"),
        (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
    ):
        folder = _text(_read_settings(base, path, problems), key).casefold()
        if folder and folder not in folders:
            folders.append(folder)
    habits = Habits(
        strict_breaks=app.get("strictLineBreaks") is True,
        template_folders=tuple(folders),
        attachment_folder=_text(app, "attachmentFolderPath"),
    )
    return habits, problems


def _text(settings: dict[str, object], key: str) -> str:
    value = settings.get(key)
    cleaned = value.strip().strip("/") if isinstance(value, str) else ""
    return unicodedata.normalize("NFC", cleaned)


def _read_settings(base: Path, path: str, problems: list[Problem]) -> dict[str, object]:
    place = base / path
    # The settings folder may not be a way out of the vault either.
    if not place.is_file() or not place.resolve().is_relative_to(base):
        return {}
    try:
        with place.open("rb") as stream:
            settings = json.loads(stream.read(MAX_NOTE))
    except (OSError, ValueError, RecursionError) as error:
        message = f"Obsidian's settings cannot be read: {reason_of(error)}"
        problems.append(Problem("settings-unreadable", message, Position(path)))
        return {}
    return settings if isinstance(settings, dict) else {}
