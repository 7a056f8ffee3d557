"""The index: whom and what the texts name, in one alphabet, and on which pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from publisher.alphabet import counted, strip_article
from publisher.anthology.concepts import Concept, bare
from publisher.anthology.groups import CLAIMS, in_groups
from publisher.anthology.persons import Author
from publisher.book.desk import Desk, Mention
from publisher.book.filing import filed
from publisher.book.model import Chapter, Heading, IndexEntry, Locator
from publisher.config import Plan
from publisher.names import Anchors, find_honorific, same_person, sort_key, sort_letter
from publisher.vault.galley import LinkStart

Met = Sequence[tuple[Chapter, Sequence[Mention]]]

# A smaller book is leafed through as fast as its index.
LEAST_PIECES, LEAST_ENTRIES = 6, 24
MOST_SECTIONS = 2  # of one name that are about it
SECTION_END = "--end"


class _Subject(Struct):
    """An entry in the making: how it is filed and printed, and where it is met."""

    filed: str
    heading: str
    names: tuple[str, ...] = ()
    by: str = ""  # and where it comes from, where another has its title and author
    language: str = ""
    is_title: bool = False
    concept: Concept | None = None
    places: list[Locator] = field(default_factory=list)


class Indexer(Struct, frozen=True):
    """What an index is made from."""

    desk: Desk
    plan: Plan
    authors: Mapping[str, Author]
    language: str

    def index(self, concepts: Sequence[Concept], met: Met) -> tuple[IndexEntry, ...]:
        """The entries in order; none where the plan or the book's size says so."""
        subjects = {key: s for key, s in self._subjects(concepts, met).items() if s.places}
        if not self._is_wanted(len(met), len(subjects)):
            return ()
        anchors = Anchors()
        given = {key: f"index_{anchors.unique(s.heading)}" for key, s in subjects.items()}
        entries = [
            (s.filed, self._entry(s, given[key], self._see_also(s, key, given, subjects)))
            for key, s in subjects.items()
        ]
        entries += self._cross_references(subjects, given, anchors)
        entries.sort(key=lambda pair: (sort_key(pair[0], self.language), pair[1].anchor))
        return tuple(entry for _, entry in entries)

    def _is_wanted(self, pieces: int, entries: int) -> bool:
        if self.plan.index != "auto":
            return self.plan.index == "true"
        return pieces >= LEAST_PIECES and entries >= LEAST_ENTRIES

    def _subjects(self, concepts: Sequence[Concept], met: Met) -> dict[str, _Subject]:
        mentioned = {mention.concept for _, mentions in met for mention in mentions}
        used = [concept for concept in concepts if concept.key in mentioned]
        found: dict[str, _Subject] = {}
        for kind, members in in_groups(used, self.language, dict(self.plan.groups)):
            if kind == CLAIMS and self.plan.glossary:
                continue  # nobody looks a sentence up by its first word
            for concept in members:
                place = filed(concept, kind, self.authors.get(concept.key), whole=True)
                heading = concept.term if kind == CLAIMS else self._inverted(place)
                found[concept.key] = _Subject(place, heading, concept.also, concept=concept)
        for chapter, _ in met:
            key = f"piece:{chapter.path}"
            if key in mentioned:
                by = ", ".join(byline.name for byline in chapter.bylines)
                heading = self._inverted(chapter.title)
                found[key] = _Subject(chapter.title, heading, (), by, chapter.language, True)
                found[key].places.append(_whole(chapter))
        _place(found, met)
        _tell_apart(found)
        return found

    def _inverted(self, name: str) -> str:
        """`Sea, The`: an article in front would hide the word that is looked for."""
        rest = strip_article(name, self.language)
        if rest == name or not name.endswith(rest):
            return name
        return f"{rest[:1].upper()}{rest[1:]}, {name.removesuffix(rest).strip()}"

    def _entry(
        self, subject: _Subject, anchor: str, see_also: tuple[tuple[str, str], ...]
    ) -> IndexEntry:
        return IndexEntry(
            anchor,
            subject.heading,
            sort_letter(subject.filed, self.language),
            by=subject.by,
            language=subject.language,
            is_title=subject.is_title,
            places=tuple(subject.places),
            see_also=see_also,
        )

    def _see_also(
        self, subject: _Subject, own: str, given: Mapping[str, str], all_: Mapping[str, _Subject]
    ) -> tuple[tuple[str, str], ...]:
        """What the concept's note links to, where that has an entry."""
        note = subject.concept.note if subject.concept else None
        if note is None:
            return ()
        chunks = (*note.definition, *note.body.chunks)
        links = (chunk for chunk in chunks if isinstance(chunk, LinkStart))
        keys = dict.fromkeys(self.desk.resolver.resolve(link, note.path).concept for link in links)
        found = [(all_[key], given[key]) for key in keys if key in given and key != own]
        found.sort(key=lambda pair: sort_key(pair[0].filed, self.language))
        return tuple((other.heading, anchor) for other, anchor in found)

    def _cross_references(
        self, subjects: Mapping[str, _Subject], given: Mapping[str, str], anchors: Anchors
    ) -> Iterator[tuple[str, IndexEntry]]:
        """An entry for each other name that stands elsewhere in the alphabet."""
        taken = {bare(subject.heading) for subject in subjects.values()}
        taken |= {bare(subject.filed) for subject in subjects.values()}
        wanted: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {}
        for key, subject in subjects.items():
            for name in subject.names:
                if bare(name) not in taken and not _is_found(name, subject):
                    _, lead = wanted.setdefault(counted(name).replace(" ", ""), (name, {}))
                    lead[key] = (subject.heading, given[key])
        for name, lead in wanted.values():
            heading = self._inverted(name)
            yield (
                name,
                IndexEntry(
                    f"index_{anchors.unique(heading)}",
                    heading,
                    sort_letter(name, self.language),
                    see=tuple(lead.values()),
                ),
            )


def _tell_apart(found: Mapping[str, _Subject]) -> None:
    """Give pieces of one title and author the folder they come from, too."""
    titles = {key: subject for key, subject in found.items() if subject.is_title}
    twins = Counter((subject.filed, subject.by) for subject in titles.values())
    alike = [key for key, subject in titles.items() if twins[subject.filed, subject.by] > 1]
    for key in alike:
        folder = key.removeprefix("piece:").rpartition("/")[0].rpartition("/")[2]
        titles[key].by = ", ".join(filter(None, (titles[key].by, folder)))


def _place(found: Mapping[str, _Subject], met: Met) -> None:
    """Put every mention, and every section that has a subject's name, under its subject."""
    named = {bare(name): key for key, subject in found.items() for name in subject.names}
    terms = {key: subject.concept.term for key, subject in found.items() if subject.concept}
    named |= {bare(term): key for key, term in terms.items()}
    # “Example” over many sections is about none of them.
    common = Counter(bare(heading.text) for chapter, _ in met for heading in chapter.headings)
    for chapter, mentions in met:
        titled = named.get(bare(chapter.title))
        if titled:
            found[titled].places.append(_whole(chapter))
        for heading in chapter.headings:
            key = named.get(bare(heading.text))
            if key and common[bare(heading.text)] <= MOST_SECTIONS:
                found[key].places.append(_section(chapter, heading))
        for mention in mentions:
            subject = found.get(mention.concept)
            if subject is not None:
                subject.places.append(_locator(chapter, mention))


def _locator(chapter: Chapter, mention: Mention) -> Locator:
    until = ""
    if mention.heading:
        until = chapter.anchor if mention.heading == chapter.anchor else _end(mention.heading)
    return Locator(chapter.title, mention.section, mention.anchor, mention.note, bool(until), until)


def _whole(chapter: Chapter) -> Locator:
    return Locator(chapter.title, "", chapter.anchor, main=True, until=chapter.anchor)


def _section(chapter: Chapter, heading: Heading) -> Locator:
    return Locator(
        chapter.title, heading.text, heading.anchor, main=True, until=_end(heading.anchor)
    )


def _end(heading: str) -> str:
    return heading + SECTION_END


def _is_found(name: str, subject: _Subject) -> bool:
    """Whether who looks for that name comes upon the heading, or never looks for it."""
    filed, term = subject.filed, subject.concept.term if subject.concept else ""
    plain = name[len(find_honorific(name)) :].strip()
    return (
        _is_near(plain, filed) or same_person(name, filed) or bare(name).endswith(f" {bare(term)}")
    )


def _is_near(name: str, heading: str) -> bool:
    """Whether both stand so close in the alphabet that a reader sees one from the other."""
    one, other = (bare(text).partition(" ")[0].strip(",.") for text in (name, heading))
    return one == other or (
        min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
    )


def wanted_ends(index: Iterable[IndexEntry]) -> dict[str, int]:
    """The sections of which the index wants the end, each with its rank."""
    ends = (place.until.removesuffix(SECTION_END) for entry in index for place in entry.places)
    return {end: rank for rank, end in enumerate(dict.fromkeys(ends))}


def with_ends(chapter: Chapter, ends: Mapping[str, int]) -> Chapter:
    """The chapter knowing which of its sections are among them."""
    own = {heading.anchor for heading in chapter.headings} & ends.keys()
    return replace(chapter, ends=tuple(sorted(own, key=ends.__getitem__))) if own else chapter
