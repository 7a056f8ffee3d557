"""Notes for the concepts that have none, ready to be written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from publisher.anthology.concepts import sentences_of
from publisher.book.model import Book, GlossaryEntry
from publisher.pipeline import Draft
from publisher.problem import SetupError

_FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f]+')
_LONGEST = 120


def write_stubs(folder: Path, draft: Draft, book: Book) -> tuple[int, int]:
    """Write one note for each concept without one: (written, already there).

    A note that exists but is not to be published is there already. A file that exists is never
    touched. Raises SetupError where the folder can't be written.
    """
    written = kept = 0
    missing = {c.key for c in draft.concepts if c.note is None}
    unshown = {key for key in missing if draft.catalogue.find_note(key.partition(":")[2], "")}
    kept += len(unshown)
    missing -= unshown
    sentences = sentences_of(missing, draft.anthology, draft.catalogue)
    keys = {anchor: key for key, anchor in draft.register().concepts.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for group in book.glossary:
            for entry in group.entries:
                key = keys[entry.anchor]
                if key not in missing:
                    continue
                text = stub(entry, sentences.get(key, ()))
                try:
                    with (folder / file_name(entry.term)).open("x", encoding="utf-8") as file:
                        file.write(text)
                    written += 1
                except FileExistsError:
                    kept += 1
    except FileExistsError:
        raise SetupError(f"{folder} is a file: give a folder for the notes") from None
    except OSError as error:
        raise SetupError(f"{folder} can't be written: {error.strerror or error}") from error
    return written, kept


def file_name(term: str) -> str:
    """The term as a file name that Obsidian and every system take."""
    name = _FORBIDDEN.sub(" ", term).strip(" .") or "untitled"
    return " ".join(name.split())[:_LONGEST].strip() + ".md"


def stub(entry: GlossaryEntry, sentences: Iterable[str]) -> str:
    """The note: an empty definition, and where the concept is used as comments."""
    lines = ["---"]
    if entry.also:
        lines.append("aliases:")
        lines += [f"  - {_quoted(name)}" for name in entry.also]
    lines += ["definition:", "---", ""]
    for sentence in sentences:
        lines += [f"%% {sentence.replace('%%', '% %')} %%", ""]
    return "\n".join(lines)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
