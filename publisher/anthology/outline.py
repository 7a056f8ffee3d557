"""An outline note gives the order: its headings are parts, its links the pieces."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.anthology.catalogue import Catalogue
from publisher.plankeys import meant
from publisher.problem import SetupError
from publisher.vault.galley import HeadingStart, LinkStart
from publisher.vault.note import Note


def in_outline_order(
    outline: str, pieces: Sequence[Note], catalogue: Catalogue
) -> list[tuple[str, list[Note]]]:
    """(part title, notes) as the outline lists them; a note listed twice stands first.

    Raises SetupError where there is no such note.
    """
    note = catalogue.find_note(outline, "")
    if note is None:
        near = meant(outline, {known.name for known in catalogue.notes.values()})
        raise SetupError(f"the outline “{outline}” is not a note of this vault{near}")
    allowed = {piece.path for piece in pieces}
    seen = {note.path}
    parts: list[tuple[str, list[Note]]] = [("", [])]
    for chunk in note.body.chunks:
        if isinstance(chunk, HeadingStart):
            parts.append((chunk.plain, []))
        elif isinstance(chunk, LinkStart):
            found = catalogue.find_note(chunk.target.path, note.path)
            if found is not None and found.path in allowed and found.path not in seen:
                seen.add(found.path)
                parts[-1][1].append(found)
    return [(title, notes) for title, notes in parts if notes]
