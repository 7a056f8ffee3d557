"""Authors under all their names, as one person each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import Struct

from publisher.anthology.catalogue import Catalogue, fold
from publisher.config import Plan
from publisher.names import file_as, parse_name, same_person
from publisher.vault.note import Note
from publisher.vault.properties import Person


class Author(Struct, frozen=True):
    """A person in print: the fullest name, how it is filed, their own note's path or "".

    `targets` are the paths that links to them were typed with.
    """

    name: str
    file_as: str
    note: str = ""
    targets: tuple[str, ...] = ()


class Authors(Struct, frozen=True):
    """Every author named in the vault's pieces, found by name and path as typed."""

    known: dict[Person, Author]

    def of(self, note: Note) -> tuple[Author, ...]:
        """The note's authors, each once, in the order it names them."""
        return tuple(dict.fromkeys(self.known[person] for person in note.properties.authors))

    def all(self) -> tuple[Author, ...]:
        """Each author once."""
        return tuple(dict.fromkeys(self.known.values()))


def authors_by_key(authors: Authors) -> dict[str, Author]:
    """Who is meant by a link, by the key of the concept that it would be."""
    found: dict[str, Author] = {}
    named = Counter(fold(author.name) for author in authors.all())
    for author in authors.all():
        if author.note:
            found.setdefault(f"note:{author.note}", author)
        for target in author.targets:
            found.setdefault("name:" + fold(target.rpartition("/")[2]), author)
    for author in authors.all():
        if named[fold(author.name)] == 1:
            found.setdefault("name:" + fold(author.name), author)
    return found


def gather_authors(pieces: Iterable[Note], catalogue: Catalogue, plan: Plan) -> Authors:
    """Join the names that a note, an alias, a link or the plan says are one author's."""
    persons = list(dict.fromkeys(p for note in pieces for p in note.properties.authors))
    groups: dict[str, list[Person]] = {}
    keys = _join_spellings(persons, _joined_keys(persons, catalogue, plan), catalogue)
    for person, key in zip(persons, keys, strict=True):
        groups.setdefault(key, []).append(person)
    known: dict[Person, Author] = {}
    for group in groups.values():
        author = _author(group, catalogue, plan)
        known.update(dict.fromkeys(group, author))
    return Authors({person: known[person] for person in persons})


def _joined_keys(persons: Sequence[Person], catalogue: Catalogue, plan: Plan) -> list[str]:
    """One key for each person: those who share a name, a note or the plan's word share it."""
    chosen: dict[str, str] = {}
    find = partial(_chosen, chosen)
    told: list[str] = []
    for person in persons:
        name, *others = _keys(person, catalogue, plan)
        first, surest = find(name), next(iter(others), name)
        for other in others:
            second = find(other)
            # Two notes of one name are two persons, unless the plan says otherwise.
            if other.startswith("note:") and first != second and _at_odds(first, second):
                first = second
                continue
            low, high = sorted((first, second), key=lambda k: not k.startswith("note:"))
            chosen[high] = first = low
        told.append(surest)
    return [find(key) for key in told]


def _keys(person: Person, catalogue: Catalogue, plan: Plan) -> list[str]:
    """All that tells who is meant: the name as typed, a note, a line of the plan."""
    keys = [f"name:{fold(person.name)}"]
    note = _note_of(person, catalogue)
    names = [person.name]
    if note is not None:
        keys.append(f"note:{note.path}")
        names += [note.title, note.name, *note.properties.aliases]
    listed = next((full for name in names if (full := _listed(name, plan))), "")
    return [*keys, f"plan:{fold(listed)}"] if listed else keys


def _join_spellings(persons: Sequence[Person], keys: list[str], catalogue: Catalogue) -> list[str]:
    """`Trotsky, Leon` and `Leon Trotsky` are one; `Trotsky` alone is not joined by guess."""
    spelt: dict[tuple[str, str], None] = {}
    for person, key in zip(persons, keys, strict=True):
        note = _note_of(person, catalogue)
        names = (person.name, note.title if note else "")
        spelt.update(dict.fromkeys((name, key) for name in names if len(name.split()) > 1))
    joined: dict[str, str] = {}
    families: dict[str, list[tuple[str, str]]] = {}
    # A spelling joins the person with a note, so that it can't lead one note to another.
    for name, key in sorted(spelt, key=lambda s: not s[1].startswith("note:")):
        family = families.setdefault(fold(file_as(name).partition(",")[0]), [])
        for other, other_key in family:
            one, two = _chosen(joined, key), _chosen(joined, other_key)
            if same_person(name, other) and (one == two or not _at_odds(one, two)):
                joined[one] = two
                break
        else:
            family.append((name, key))
    return [_chosen(joined, key) for key in keys]


def _chosen(joined: dict[str, str], key: str) -> str:
    """The key that stands for all those it was joined with."""
    while joined.setdefault(key, key) != key:
        key = joined[key]
    return key


def _at_odds(key: str, other: str) -> bool:
    """Two notes of their own are two persons, however alike the names."""
    return key.startswith("note:") and other.startswith("note:")


def _listed(name: str, plan: Plan) -> str:
    for full, others in plan.persons:
        if fold(name) in {fold(full), *(fold(other) for other in others)}:
            return full
    return ""


def _author(group: Sequence[Person], catalogue: Catalogue, plan: Plan) -> Author:
    notes = [n for p in group if (n := _note_of(p, catalogue)) is not None]
    note = notes[0] if notes else None
    listed = next((full for p in group if (full := _listed(p.name, plan))), "")
    name = listed or _fullest([p.name for p in group], note)
    override = _override(listed, plan) or (note.properties.file_as if note else "")
    targets = tuple(dict.fromkeys(p.target for p in group if p.target))
    return Author(name, file_as(name, override), note.path if note else "", targets)


def _fullest(names: Sequence[str], note: Note | None) -> str:
    """The longest form of the name; a pen name or nickname is none of its forms."""
    base = note.title if note else names[0]
    family = fold(parse_name(base).family)
    others = note.properties.aliases if note else ()
    forms = [n for n in (*names, *others) if family in fold(n)]
    spelt = [str(parse_name(form)) for form in (base, *forms)]
    return max(spelt, key=lambda form: (len(form.split()), len(form)))


def _note_of(person: Person, catalogue: Catalogue) -> Note | None:
    for typed in (person.target, person.name):
        note = catalogue.find_note(typed, "") if typed else None
        if note is not None and not note.properties.authors:
            return note
    return None


def _override(listed: str, plan: Plan) -> str:
    return dict(plan.files_as).get(listed, "") if listed else ""
