"""Notes are chosen, grouped into parts and put in order; every choice has a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch

from msgspec import Struct, field

from publisher.anthology.catalogue import Catalogue, fold
from publisher.anthology.outline import in_outline_order
from publisher.anthology.persons import Authors, gather_authors
from publisher.config import Plan
from publisher.names import sort_key
from publisher.vault.days import day_named
from publisher.vault.galley import Embed, Image, Media
from publisher.vault.note import Note
from publisher.vault.properties import Day
from publisher.vault.scan import Habits
from publisher.vault.unseen import is_unseen
from publisher.wording import wording


class Section(Struct, frozen=True):
    """A part to be: its title ("" where it needs none) and its notes in order."""

    title: str
    notes: tuple[Note, ...]


class LeftOut(Struct, frozen=True):
    """A note that is no piece, and why."""

    path: str
    reason: str


class Anthology(Struct, frozen=True):
    """What will be in the book, in order; `tongues` gives each piece's language."""

    title: str
    language: str
    by: str
    sections: tuple[Section, ...]
    authors: Authors
    left_out: tuple[LeftOut, ...] = ()
    tongues: dict[str, str] = field(default_factory=dict)

    @property
    def pieces(self) -> tuple[Note, ...]:
        """All pieces in reading order."""
        return tuple(note for section in self.sections for note in section.notes)


def arrange(
    notes: Sequence[Note],
    catalogue: Catalogue,
    plan: Plan,
    habits: Habits,
    folder_name: str,
) -> Anthology:
    """Choose the pieces and group them as the plan says, or as they suggest themselves."""
    pieces, left_out = _choose(notes, plan, habits)
    tongues = {n.path: n.properties.language or n.tongue for n in pieces}
    language = plan.language or _prevailing(tongues.values())
    words = wording(language)
    authors = gather_authors(pieces, catalogue, plan)
    by = plan.by or _grouping(pieces)
    sections: tuple[Section, ...]
    if plan.outline:
        sections = tuple(
            Section(title, tuple(found))
            for title, found in in_outline_order(plan.outline, pieces, catalogue)
        )
        chosen = {note.path for section in sections for note in section.notes}
        reason = f"not in the outline {plan.outline}"
        left_out += [LeftOut(n.path, reason) for n in pieces if n.path not in chosen]
        outline = catalogue.find_note(plan.outline, "")
        if outline:
            left_out = [out for out in left_out if out.path != outline.path]
            left_out.append(LeftOut(outline.path, "the outline of the book"))
        by = "outline"
    else:
        sections = _group(pieces, by, authors, language, words.unsigned)
        sections = tuple(Section(s.title, _order(s.notes, plan, language)) for s in sections)
    if len(sections) == 1 and by != "outline":
        sections = (Section("", sections[0].notes),)
    title = plan.title or _title(sections, folder_name, words.anthology)
    left_out.sort(key=lambda out: out.path)
    return Anthology(
        title, language, by, sections, authors, tuple(left_out), _agreeing(tongues, language)
    )


def _agreeing(tongues: dict[str, str], language: str) -> dict[str, str]:
    """A piece in the book's language has the book's own tag: `en-GB`, not `en`."""
    base = language.partition("-")[0]
    return {path: language if tag in ("", base) else tag for path, tag in tongues.items()}


def _choose(notes: Sequence[Note], plan: Plan, habits: Habits) -> tuple[list[Note], list[LeftOut]]:
    left_out: list[LeftOut] = []
    open_notes: list[Note] = []
    for note in notes:
        reason = _barred(note, plan, habits)
        if reason:
            left_out.append(LeftOut(note.path, reason))
        else:
            open_notes.append(note)
    signed = [n for n in open_notes if n.properties.authors or n.properties.genre]
    pieces = signed or open_notes
    chosen = {note.path for note in pieces}
    left_out.extend(
        LeftOut(note.path, "no author and no genre")
        for note in open_notes
        if note.path not in chosen
    )
    return pieces, left_out


def _barred(note: Note, plan: Plan, habits: Habits) -> str:
    """Why a note may not be a piece at all, or ""."""
    if is_template(note.path, habits):
        return "a template"
    if not note.properties.publish:
        return "marked as a draft or not to be published"
    if plan.include and not any(fnmatch(note.path, glob) for glob in plan.include):
        return "not among the included paths"
    for glob in plan.exclude:
        if fnmatch(note.path, glob):
            return f"excluded by “{glob}”"
    for name, wanted in _wanted(plan).items():
        if not any(_matches(note, name, value) for value in wanted):
            return f"{name} is not “{'” or “'.join(wanted)}”"
    if _is_blank(note):
        return "only a definition" if note.properties.description else "empty"
    return ""


def _wanted(plan: Plan) -> dict[str, list[str]]:
    """By property the values that the plan admits: any of them will do."""
    wanted: dict[str, list[str]] = {}
    for name, value in plan.where:
        wanted.setdefault(name, []).append(value)
    return wanted


def is_template(path: str, habits: Habits) -> bool:
    """The note stands in a folder of templates: it is a form, not a text."""
    folders = [fold(folder) for folder in path.split("/")[:-1]]
    return any(folder in habits.template_folders for folder in folders) or any(
        fold(path).startswith(fold(template) + "/") for template in habits.template_folders
    )


def _is_blank(note: Note) -> bool:
    """Nothing to print: no words, image or embed in it."""
    chunks = [c for c in note.body.chunks if not (isinstance(c, Image) and is_unseen(c))]
    return not note.body.words and not any(
        isinstance(c, Image | Embed | Media) or (isinstance(c, str) and not c.isspace())
        for c in chunks
    )


def _matches(note: Note, name: str, value: str) -> bool:
    wanted = fold(value.strip())
    return any(fold(v) == wanted for v in values_of(note, name))


def values_of(note: Note, name: str) -> tuple[str, ...]:
    """A property's values as text, under its usual names: for `--where`."""
    own = note.properties
    usual: dict[str, tuple[str, ...]] = {
        "author": tuple(p.name for p in own.authors),
        "genre": (own.genre, *own.more_genres),
        "rating": (own.rating.typed,) if own.rating else (),
        "tag": own.tags,
        "language": (own.language,),
        "date": (str(own.date), str(own.date.year)) if own.date else (),
        "title": (note.title,),
        "folder": (note.path.rpartition("/")[0], note.path.partition("/")[0]),
    }
    key = fold(name)
    singular = key[:-1] if key.endswith("s") and key[:-1] in usual else key
    if singular in usual:
        return tuple(v for v in usual[singular] if v)
    return tuple(v for k, v in own.other if fold(k) == key)


def _grouping(pieces: Sequence[Note]) -> str:
    if any(n.properties.authors for n in pieces):
        return "author"
    if any(n.properties.genre for n in pieces):
        return "genre"
    return "folder"


def _group(
    pieces: Sequence[Note], by: str, authors: Authors, language: str, unsigned: str
) -> tuple[Section, ...]:
    if by == "none":
        return (Section("", tuple(pieces)),)
    name_of: Callable[[Note], tuple[str, str, str]] = {
        "author": lambda n: _by_author(n, authors),
        "genre": lambda n: (_capital(n.properties.genre), n.properties.genre, ""),
        "folder": lambda n: (*(n.path.rpartition("/")[0].partition("/")[0],) * 2, ""),
    }[by]
    groups: dict[tuple[str, str], tuple[str, str, list[Note]]] = {}
    for note in pieces:
        title, filed, whose = name_of(note)
        groups.setdefault((fold(title), whose), (title, filed, []))[2].append(note)
    # Notes at the vault's root open a book by folders; unsigned ones close any other.
    first = by == "folder"
    ordered = sorted(
        groups.values(), key=lambda g: ((g[0] == "") != first, sort_key(g[1], language))
    )
    rest = "" if first else unsigned
    return tuple(Section(title or rest, tuple(found)) for title, _, found in ordered)


def _by_author(note: Note, authors: Authors) -> tuple[str, str, str]:
    """Two people of one name are told apart by their notes, or by how they are filed."""
    found = authors.of(note)
    if not found:
        return "", "", ""
    return found[0].name, found[0].file_as, f"{found[0].note} {found[0].file_as}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _order(notes: Iterable[Note], plan: Plan, language: str) -> tuple[Note, ...]:
    notes = tuple(notes)
    days = {} if plan.order else _journal(notes)
    by_title = sorted(
        notes,
        key=lambda n: (n.properties.order is None, n.properties.order or 0,
                       days.get(n.path, Day(9999)), sort_key(n.title, language), n.path),
    )  # fmt: skip
    if plan.order == "file":
        by_title.sort(key=lambda n: sort_key(n.path, language))
    elif plan.order == "date":
        by_title.sort(key=lambda n: n.properties.date or Day(9999))
    elif plan.order == "rating":
        by_title.sort(key=lambda n: -(n.properties.rating.share if n.properties.rating else -1))
    return tuple(by_title)


def _journal(notes: Sequence[Note]) -> dict[str, Day]:
    """The days that notes are named for, by path, where most of a part's are: it is a journal.

    By title, “Friday, 5 May” would stand before “Monday, 1 May”.
    """
    named = ((note.path, day_named(note.name)) for note in notes)
    days = {path: Day(*day) for path, day in named if day}
    return days if 2 * len(days) > len(notes) else {}


def _prevailing(tongues: Iterable[str]) -> str:
    """The language of most pieces; one among many of which nothing is known proves nothing."""
    counted = Counter(tongues)
    unknown = counted.pop("", 0)
    best = min(counted, key=lambda tongue: (-counted[tongue], tongue), default="en")
    return best if counted[best] >= unknown else "en"


def _title(sections: Sequence[Section], folder_name: str, fallback: str) -> str:
    """A single piece names its book; else the vault's folder does."""
    pieces = [n for s in sections for n in s.notes]
    if len(pieces) == 1:
        return pieces[0].title
    name = folder_name.replace("_", " ").replace("-", " ").strip()
    if name.islower():
        name = name.title()
    return name or fallback
