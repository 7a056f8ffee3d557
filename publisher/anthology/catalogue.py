"""Names, paths and aliases to notes, by the rules Obsidian resolves links with."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from msgspec import Struct, field

from publisher.vault.galley import HeadingStart, Target
from publisher.vault.note import Note
from publisher.vault.scan import Asset
from publisher.vault.slips import number_of

# Obsidian compares headings after turning these into blanks (its stripHeading).
_HEADING_SIGNS = re.compile(r"[\s!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\]+")
_STRAIGHT = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'")})


def fold(text: str) -> str:
    """Equal for names that Obsidian takes as the same: NFC, case ignored."""
    if text.isascii():  # most are, and a long book asks half a million times
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


@lru_cache(maxsize=16_384)  # a glossary compares the same words with sentence after sentence
def fold_heading(text: str) -> str:
    """Equal for headings that a link takes as the same, however quotation marks are set."""
    return _HEADING_SIGNS.sub(" ", fold(text).translate(_STRAIGHT)).strip()


class Shelf(Struct, frozen=True):
    """Paths found by their folded key (a note's has no `.md`), or the name at its end."""

    paths: dict[str, str]
    names: dict[str, tuple[str, ...]]
    exact: dict[str, str]

    def find(self, typed: str, source: str) -> str | None:
        """The path that `typed` means in a note at `source`, if there is one.

        Exact path first, then the source's own folder, then the shortest path. Where two
        paths differ in case alone, the case typed decides.
        """
        wanted = _from_root(typed, source)
        if wanted is None:
            return None
        key = fold(wanted)
        if typed.startswith(("./", "../", "/")):
            return self._path(wanted)
        if key in self.paths:
            return self._path(wanted)
        folder, _, _ = source.rpartition("/")
        beside = self._path(f"{folder}/{wanted}") if folder else None
        if beside:
            return beside
        ends = self.names.get(key.rpartition("/")[2], ())
        matches = [p for p in ends if fold(p).endswith("/" + key)]
        shortest = min(matches, key=lambda p: (len(p), p), default=None)
        return self._path(shortest) if shortest else None

    def _path(self, wanted: str) -> str | None:
        exact = self.exact.get(unicodedata.normalize("NFC", wanted))
        return exact or self.paths.get(fold(wanted))


def shelve(paths: Iterable[str], key_of: Callable[[str], str] = lambda p: p) -> Shelf:
    """Index the paths; of two that fold alike the first in order wins."""
    by_path: dict[str, str] = {}
    by_name: dict[str, list[str]] = {}
    exact: dict[str, str] = {}
    for path in paths:
        key = fold(key_of(path))
        by_path.setdefault(key, path)
        exact.setdefault(unicodedata.normalize("NFC", key_of(path)), path)
        by_name.setdefault(key.rpartition("/")[2], []).append(key_of(path))
    return Shelf(by_path, {name: tuple(found) for name, found in by_name.items()}, exact)


def _from_root(typed: str, source: str) -> str | None:
    if not typed.startswith(("./", "../")):
        return typed.lstrip("/")
    steps = source.split("/")[:-1]
    for step in typed.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in (".", ""):
            steps.append(step)
    return "/".join(steps)


def without_md(path: str) -> str:
    """The path without its `.md`, in any case of letters."""
    return path[:-3] if path[-3:].lower() == ".md" else path


class Catalogue(Struct, frozen=True):
    """Everything in the vault that a link or embed can mean."""

    notes: dict[str, Note]
    note_shelf: Shelf
    asset_shelf: Shelf
    aliases: dict[str, str]
    slips: dict[str, str]  # by the number before a note's name, where no other has the same
    assets: dict[str, Asset]
    # What was found before: each link is asked after for the glossary, the index and its piece.
    _notes: dict[tuple[str, str], Note | None] = field(default_factory=dict)
    _assets: dict[tuple[str, str], Asset | None] = field(default_factory=dict)

    def find_note(self, typed: str, source: str) -> Note | None:
        """The note a link means; an alias counts where no file has the name."""
        if not typed:
            return self.notes.get(source)
        name = typed, source.rpartition("/")[0]
        if name not in self._notes:
            self._notes[name] = self._find_note(typed, source)
        return self._notes[name]

    def _find_note(self, typed: str, source: str) -> Note | None:
        wanted = without_md(typed)
        path = self.note_shelf.find(wanted, source) or self.note_shelf.find(typed, source)
        path = path or self.aliases.get(fold(typed)) or self.slips.get(typed)
        return self.notes[path] if path else None

    def find_asset(self, typed: str, source: str) -> Asset | None:
        """The file an embed means, by the same rules as notes; a drawing may be named as one."""
        name = typed, source.rpartition("/")[0]
        if name not in self._assets:
            self._assets[name] = self._find_asset(typed, source)
        return self._assets[name]

    def _find_asset(self, typed: str, source: str) -> Asset | None:
        path = self.asset_shelf.find(typed, source)
        path = path or self.asset_shelf.find(f"{typed}.md", source)
        return self.assets[path] if path else None


def catalogue(notes: Sequence[Note], assets: Sequence[Asset]) -> Catalogue:
    """Index a vault's notes and other files."""
    by_path = {note.path: note for note in notes}
    aliases: dict[str, str] = {}
    for note in notes:
        for alias in note.properties.aliases:
            aliases.setdefault(fold(alias), note.path)
    return Catalogue(
        notes=by_path,
        note_shelf=shelve(by_path, without_md),
        asset_shelf=shelve(asset.path for asset in assets),
        aliases=aliases,
        slips=_slips(notes),
        assets={asset.path: asset for asset in assets},
    )


def _slips(notes: Sequence[Note]) -> dict[str, str]:
    """Notes by their numbers: who keeps a slip box types `[[202103150900]]` for `202103150900 Fog`."""
    numbered = [(number, note.path) for note in notes if (number := number_of(note.name))]
    count = Counter(number for number, _ in numbered)
    return {number: path for number, path in numbered if count[number] == 1}


class Same:
    """A note as a key: the very one, as comparing all that it holds would take long."""

    __slots__ = ("note",)

    def __init__(self, note: Note) -> None:
        self.note = note

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.note is self.note

    def __hash__(self) -> int:
        return id(self.note)


class _Step(Struct, frozen=True):
    """A heading and the names that lead to it."""

    heading: HeadingStart
    names: tuple[str, str]


@lru_cache(maxsize=1024)
def _steps(same: Same) -> tuple[tuple[_Step, ...], dict[str, HeadingStart]]:
    """The note's headings in order, its title's not among them, and the first of each name."""
    steps = tuple(
        _Step(chunk, (fold_heading(chunk.plain), fold_heading(chunk.source)))
        for chunk in same.note.body.chunks if isinstance(chunk, HeadingStart)
    )  # fmt: skip
    first: dict[str, HeadingStart] = {}
    for step in steps:
        for name in step.names:
            first.setdefault(name, step.heading)
    return steps, first


def find_heading(note: Note, target: Target) -> HeadingStart | None:
    """The heading that `#A#B` names: the first B below the first A.

    Where the path as a whole leads nowhere its last step alone is tried. None means
    the note itself, also when the heading is the one that became its title.
    """
    steps = [fold_heading(step) for step in target.headings if fold_heading(step)]
    if not steps:
        return None
    headings, first = _steps(Same(note))
    title = fold_heading(note.title_heading) if note.title_heading else None
    if steps[0] == title:
        return _descend(headings, steps[1:]) if len(steps) > 1 else None
    return (_descend(headings, steps) if steps[1:] else None) or first.get(steps[-1])


def _descend(headings: Sequence[_Step], steps: Sequence[str]) -> HeadingStart | None:
    found: HeadingStart | None = None
    start, above = 0, 0
    for step in steps:
        for place in range(start, len(headings)):
            heading = headings[place].heading
            if found is not None and heading.level <= above:
                return None
            if step in headings[place].names:
                found, start, above = heading, place + 1, heading.level
                break
        else:
            return None
    return found
