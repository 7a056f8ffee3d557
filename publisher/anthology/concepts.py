"""What the pieces link to that is no piece: the entries of a glossary to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from msgspec import Struct, field

from publisher.anthology.catalogue import Catalogue, fold, without_md
from publisher.anthology.selection import Anthology
from publisher.names import find_honorific, same_person
from publisher.problem import Position
from publisher.tongue import is_name
from publisher.vault.galley import Chunk, Embed, LinkStart, Target
from publisher.vault.note import Note
from publisher.vault.sentence import as_typed
from publisher.vault.slips import is_number, without_number

FILE_ENDINGS = frozenset(
    "png jpg jpeg gif svg webp avif bmp tif tiff mp3 wav m4a ogg 3gp flac webm mp4 ogv mov mkv"
    " pdf canvas base excalidraw zip docx xlsx pptx csv txt json epub css js html".split()
)  # fmt: skip


_DAY = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?:[ _-].{0,12})?|\d{4}-(?:W\d\d|Q[1-4])",
    re.IGNORECASE,
)


class Concept(Struct, frozen=True):
    """One entry: its term as a reader writes it, other names, its folder, its note or None.

    `folder` is the first folder of the note's path, or of the path the author typed.
    """

    key: str
    term: str
    also: tuple[str, ...] = ()
    folder: str = ""
    note: Note | None = None


class _Sightings(Struct):
    note: Note | None
    terms: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    displays: dict[str, None] = field(default_factory=dict)


def concept_key(target: str, source: str, catalogue: Catalogue) -> tuple[str, Note | None]:
    """A key equal for links to one concept, and its note where one may be shown.

    A note that its author keeps unpublished counts as none: nothing of it is shown.
    """
    note = catalogue.find_note(target, source)
    if note is not None and note.properties.publish:
        return f"note:{note.path}", note
    return f"name:{fold(last_part(target))}", None


def last_part(path: str) -> str:
    """`People & Organizations/Trotsky.md` as its reader says it: `Trotsky`."""
    return without_number(without_md(path).rstrip("/").rpartition("/")[2]) or path


def names_a_file(target: str) -> bool:
    """A link to an attachment rather than to a note."""
    return fold(target.rpartition(".")[2]) in FILE_ENDINGS and "." in target


def names_a_moment(target: str) -> bool:
    """A link to a journal's page for a day, a week or a month, such as `2023-05-06`, or a slip's number."""
    name = last_part(target)
    return _DAY.fullmatch(name) is not None or is_number(name)


def is_concept(target: Target, source: str, catalogue: Catalogue, pieces: AbstractSet[str]) -> bool:
    """The link leads to no piece, file or address: it wants an entry."""
    if not target.path or "://" in target.path:
        return False
    note = catalogue.find_note(target.path, source)
    if note is not None:
        return note.path not in pieces
    if names_a_file(target.path) or names_a_moment(target.path):
        return False
    return catalogue.find_asset(target.path, source) is None


def gather_concepts(anthology: Anthology, catalogue: Catalogue) -> tuple[Concept, ...]:
    """Every concept the pieces' texts link to, in the order of its first mention.

    A byline discusses nobody: it adds to what is known of an entry, and makes none.
    """
    pieces = {note.path for note in anthology.pieces}
    seen: dict[str, _Sightings] = {}
    for piece in anthology.pieces:
        for source, link in _links(piece, catalogue):
            _see(seen, link, source, catalogue, pieces)
    for piece in anthology.pieces:
        for person in piece.properties.authors:
            if person.target and concept_key(person.target, piece.path, catalogue)[0] in seen:
                link = LinkStart(Target(person.target), person.name, Position(piece.path), False)
                _see(seen, link, piece.path, catalogue, pieces)
    return tuple(_concept(key, found) for key, found in seen.items())


def sentences_of(
    wanted: AbstractSet[str], anthology: Anthology, catalogue: Catalogue
) -> dict[str, tuple[str, ...]]:
    """By concept key: “sentence (piece)” for each link to it, in reading order."""
    found: dict[str, dict[str, None]] = {}
    for piece in anthology.pieces:
        for source, link in _links(piece, catalogue):
            key, _ = concept_key(link.target.path or source, source, catalogue)
            if key in wanted and link.sentence:
                found.setdefault(key, {})[f"{as_typed(link.sentence)} ({piece.title})"] = None
    return {key: tuple(sentences) for key, sentences in found.items()}


def _see(
    seen: dict[str, _Sightings],
    link: LinkStart,
    source: str,
    catalogue: Catalogue,
    pieces: AbstractSet[str],
) -> None:
    target = link.target
    if not is_concept(target, source, catalogue, pieces):
        return
    key, note = concept_key(target.path, source, catalogue)
    sighting = seen.setdefault(key, _Sightings(note))
    whole = link.typed and not target.headings and not target.block
    sighting.terms[without_md(link.display) if whole else last_part(target.path)] += 1
    path = note.path if note else target.path.lstrip("./")
    sighting.folders[path.partition("/")[0] if "/" in path else ""] += 1
    if not link.typed:
        sighting.displays[link.display.strip()] = None


def _links(piece: Note, catalogue: Catalogue) -> Iterator[tuple[str, LinkStart]]:
    """The links of a piece and of all it embeds, each with the path it was typed in."""
    waiting, known = [piece], {piece.path}
    while waiting:
        note = waiting.pop()
        for chunk in _all_chunks(note):
            if isinstance(chunk, LinkStart):
                yield note.path, chunk
            elif isinstance(chunk, Embed):
                found = catalogue.find_note(chunk.target.path, note.path)
                if found is not None and found.path not in known and found.properties.publish:
                    known.add(found.path)
                    waiting.append(found)


def _all_chunks(note: Note) -> Iterator[Chunk]:
    yield from note.heading
    yield from note.body.chunks
    for footnote in note.body.footnotes:
        yield from footnote


def _concept(key: str, found: _Sightings) -> Concept:
    term = found.note.title if found.note else _first_of_commonest(found.terms)
    names: list[str] = []
    if found.note:
        names += [found.note.name, *found.note.properties.aliases]
    names += [*found.terms, *filter(is_name, found.displays)]
    folder = _first_of_commonest(Counter({f: n for f, n in found.folders.items() if f}))
    return Concept(key, term, _others(term, names), folder, found.note)


def _others(term: str, names: Iterable[str]) -> tuple[str, ...]:
    """Each other name once, regardless of case; paths and sentences are no names.

    “the weather”, “kings” or “a king's” are “Weather” and “King” with a word's small change.
    """
    taken = {_stem(term)}
    others: list[str] = []
    for name in names:
        is_name = 0 < len(name) <= 60 and "/" not in name and not is_number(name)
        if is_name and _stem(name) not in taken and not _is_part(name, term):
            taken.add(_stem(name))
            others.append(name)
    return tuple(others)


@lru_cache(maxsize=64)  # an entry's names are its term, over and over
def _stem(name: str) -> str:
    """A bare name without its plurals: a word that ends in s, or did."""
    return " ".join(
        re.sub(r"(?:(?<=[a-z]{2})ie|(?<=s|x|z)e|(?<=ch)e|(?<=sh)e)?s$|y$", "", word)
        if len(word) > 3 else word
        for word in bare(name).split()
    )  # fmt: skip


def _is_part(name: str, term: str) -> bool:
    """A person by family name alone, with a title, an initial or an epithet: no other name."""
    is_epithet = " " in term and bare(name).endswith(f" {bare(term)}")
    if is_epithet or same_person(name, term):
        return True
    given = name[len(find_honorific(name)) :].split()
    own = term[len(find_honorific(term)) :].split()
    is_title = all(word[:1].isupper() for word in term.split() if len(word) > 3)
    return is_title and len(given) == 1 and fold(given[0]) == fold(own[-1])


def bare(name: str) -> str:
    """A name without its article and possessive."""
    bare = fold(name).replace("’", "'").removesuffix("'s")
    for article in ("the ", "a ", "an "):
        bare = bare.removeprefix(article)
    return bare.strip()


def _first_of_commonest(counted: Counter[str]) -> str:
    return max(counted, key=lambda word: counted[word], default="")
