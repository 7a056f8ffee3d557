"""Under what an entry is filed: people by family name, all else as written."""

from __future__ import annotations

from publisher.anthology.concepts import Concept
from publisher.anthology.groups import PEOPLE
from publisher.anthology.persons import Author
from publisher.names import file_as, find_honorific


def filed(concept: Concept, kind: str, author: Author | None, *, whole: bool = False) -> str:
    """What an entry is sorted by; with `whole` an author known by one name has all of it."""
    if concept.note is not None and concept.note.properties.file_as:
        return concept.note.properties.file_as
    if author is not None:
        return author.file_as if whole or len(concept.term.split()) > 1 else concept.term
    honorific = find_honorific(concept.term)
    if honorific:
        rest = file_as(concept.term[len(honorific) :].strip())
        return f"{rest} {honorific}" if "," in rest else f"{rest}, {honorific}"
    if kind == PEOPLE and _is_person(concept):
        return file_as(concept.term)
    return concept.term


def _is_person(concept: Concept) -> bool:
    """Two or three capitalised words in a folder that holds people alone."""
    words = concept.term.split()
    return (
        len(concept.folder.split()) == 1
        and "organi" not in concept.folder.casefold()
        and 2 <= len(words) <= 3
        and all(word[:1].isupper() for word in (words[0], words[-1]))
    )
