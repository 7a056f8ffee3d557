"""A folder's files; the only reader of the vault, and its guard."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from publisher.problem import Position, Problem, SetupError
from publisher.vault.decoding import decode_text
from publisher.vault.kinds import is_note, media_type

MAX_NOTE = 8 * 1024 * 1024
MAX_ASSET = 512 * 1024 * 1024
_EXCALIDRAW = re.compile(r"\A---\n(?:[^\n]*\n){0,40}?excalidraw-plugin:")


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


class _RefusedError(Exception):
    """A file that may not or cannot be read; holds the Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


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
        path, on_disk = found
        if path in seen:
            problems.append(_unreadable(path, "another file has the same name in other bytes"))
            continue
        seen.add(path)
        try:
            item, remarks = _read_item(base, path, on_disk)
        except _RefusedError as refusal:
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
        return _open_guarded(Path(vault_root), path, path)
    except _RefusedError as refusal:
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
        raise SetupError(f"the folder {root} cannot be read: {_reason(error)}") from None
    return base


def _walk(base: Path) -> Iterator[tuple[str, str] | Problem]:
    """Yield (path as text, path as on disk); symlinked folders are never entered."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(base / folder) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError as error:
            yield _unreadable(_shown(folder), _reason(error))
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "node_modules":
                continue
            on_disk = f"{folder}/{entry.name}" if folder else entry.name
            yield from _enter(base, entry, on_disk, pending)


def _enter(
    base: Path, entry: os.DirEntry[str], on_disk: str, pending: list[str]
) -> Iterator[tuple[str, str] | Problem]:
    shown = _shown(on_disk)
    try:
        if entry.is_symlink():
            _guard(base, on_disk, shown)
            if entry.is_dir():
                return  # its notes are read where they really are
        elif entry.is_dir():
            pending.append(on_disk)
            return
    except _RefusedError as refusal:
        yield refusal.problem
        return
    except OSError as error:
        yield _unreadable(shown, _reason(error))
        return
    yield shown, on_disk


def _read_item(
    base: Path, path: str, on_disk: str
) -> tuple[VaultFile | Asset, tuple[Problem, ...]]:
    name = path.rpartition("/")[2]
    with _open_guarded(base, on_disk, path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if not is_note(name):
            if path != on_disk:
                raise _RefusedError(_unreadable(path, "its name is not UTF-8"))
            return Asset(path, media_type(name), size), ()
        try:
            content = stream.read(MAX_NOTE + 1)
        except OSError as error:
            raise _RefusedError(_unreadable(path, _reason(error))) from None
    if len(content) > MAX_NOTE:
        raise _RefusedError(
            Problem(
                "note-too-large",
                f"a note of more than {MAX_NOTE // 1024 // 1024} MB is left out",
                Position(path),
                hint="split the note",
            )
        )
    text, problems = decode_text(content, path)
    if _EXCALIDRAW.match(text):
        return Asset(path, "text/x-excalidraw", size), ()
    return VaultFile(path, text, hashlib.sha256(content).hexdigest()), problems


def _guard(base: Path, on_disk: str, shown: str) -> Path:
    """The real path of a file that is really in the vault and not in a hidden folder."""
    try:
        real = (base / on_disk).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise _RefusedError(_unreadable(shown, _reason(error))) from None
    if not real.is_relative_to(base) or _hidden(real.relative_to(base)):
        raise _RefusedError(
            Problem(
                "link-outside-vault",
                "a symbolic link that leads out of the vault is not followed",
                Position(shown),
                hint="copy the file into the vault",
            )
        )
    return real


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def _open_guarded(base: Path, on_disk: str, shown: str) -> BinaryIO:
    real = _guard(base, on_disk, shown)
    try:
        # Not blocking, or a pipe named Note.md would hold up the book for ever.
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | os.O_CLOEXEC)
    except OSError as error:
        raise _RefusedError(_unreadable(shown, _reason(error))) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _RefusedError(_unreadable(shown, "it is no regular file"))
    return os.fdopen(handle, "rb")


def _unreadable(path: str, reason: str) -> Problem:
    return Problem("file-unreadable", f"cannot be read: {reason}", Position(path))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _shown(on_disk: str) -> str:
    """A path as text: bytes of a name that are not UTF-8 are taken for Windows Latin."""
    try:
        on_disk.encode()
    except UnicodeEncodeError:
        return os.fsencode(on_disk).decode("cp1252", errors="replace")
    return on_disk


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
        message = f"Obsidian's settings cannot be read: {_reason(error)}"
        problems.append(Problem("settings-unreadable", message, Position(path)))
        return {}
    return settings if isinstance(settings, dict) else {}
