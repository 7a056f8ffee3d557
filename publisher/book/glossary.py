"""Concepts and the places that mention them become a glossary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from publisher.anthology.concepts import Concept
from publisher.anthology.groups import CLAIMS, CONCEPTS, PEOPLE, in_groups
from publisher.anthology.persons import Author
from publisher.book.desk import Desk, Mention
from publisher.book.filing import filed as filed_under
from publisher.book.model import Chapter, GlossaryEntry, GlossaryGroup
from publisher.book.prose import Extract, set_extract
from publisher.book.quotation import by_concept, find_quotation, gather_places, set_quotation
from publisher.names import sort_key, sort_letter
from publisher.vault.escape import escape
from publisher.vault.galley import LinkStart
from publisher.vault.note import Note
from publisher.vault.sentence import sentence_starts
from publisher.wording import Wording

# From this many entries on a group is easier to find one's way in with letters.
_LETTERS_FROM = 24

Met = Sequence[tuple[Chapter, Sequence[Mention]]]


class Compiler(Struct, frozen=True):
    """What entries are made from: authors by their concept's key, titles by folder."""

    desk: Desk
    authors: Mapping[str, Author]
    words: Wording
    language: str
    named: Mapping[str, str]

    def compile(
        self, concepts: Sequence[Concept], met: Met
    ) -> tuple[tuple[GlossaryGroup, ...], tuple[Extract, ...]]:
        """The groups in order with their entries sorted, and the definitions as they were set."""
        places, quotes = gather_places(met)
        mentions = by_concept(met)
        register = self.desk.resolver.register.concepts
        used = [c for c in concepts if places.get(c.key) and c.key in register]
        terms = {register[c.key]: c.term for c in used}
        definitions: list[Extract] = []
        groups: list[GlossaryGroup] = []
        grouped = in_groups(used, self.language, self.named)
        for number, (kind, members) in enumerate(grouped, 1):
            entries: list[tuple[str, GlossaryEntry]] = []
            for concept in members:
                extract, see_also = self._definition(concept, terms)
                definitions.append(extract)
                own = mentions.get(concept.key, ())
                used_in = ("", "") if extract.xhtml else find_quotation(concept, quotes, own)
                quote = set_quotation(*used_in, own)
                filed = filed_under(concept, kind, self.authors.get(concept.key))
                entries.append((filed, GlossaryEntry(
                    anchor=register[concept.key],
                    term=concept.term,
                    sort_letter=sort_letter(filed, self.language),
                    also=concept.also,
                    definition=extract.xhtml,
                    quote=quote,
                    places=tuple(places[concept.key]),
                    see_also=(*see_also, *self._among_contributors(concept)),
                )))  # fmt: skip
            title = _title(kind, members, self.words, alone=len(grouped) == 1)
            groups.append(self._group(number, kind, title, entries))
        return tuple(groups), tuple(definitions)

    def _group(
        self, number: int, kind: str, title: str, entries: list[tuple[str, GlossaryEntry]]
    ) -> GlossaryGroup:
        entries.sort(key=lambda pair: (sort_key(pair[0], self.language), pair[1].anchor))
        return GlossaryGroup(
            anchor=f"glossary_{number}",
            title=title,
            entries=tuple(entry for _, entry in entries),
            lettered=len(entries) >= _LETTERS_FROM and kind != CLAIMS,
        )

    def _definition(
        self, concept: Concept, terms: Mapping[str, str]
    ) -> tuple[Extract, tuple[tuple[str, str], ...]]:
        """The definition, and what else to see.

        An author's is the first sentence: the rest stands among the contributors.
        """
        note = concept.note
        if note is None:
            return Extract(), ()
        see_also = _see_also(note, concept, self.desk, terms)
        if note.definition:
            return set_extract(note.definition, note, self.desk), see_also
        if note.properties.description:
            return Extract(f"<p>{escape(note.properties.description)}</p>"), see_also
        starts = sentence_starts(note.lead)
        if len(starts) > 1 and self._among_contributors(concept):
            return Extract(f"<p>{escape(note.lead[: starts[1]].strip())}</p>"), ()
        extract = set_extract(note.lead_chunks, note, self.desk)
        if not extract.xhtml and note.lead:
            extract = replace(extract, xhtml=f"<p>{escape(note.lead)}</p>")
        return extract, see_also

    def _among_contributors(self, concept: Concept) -> tuple[tuple[str, str], ...]:
        """Someone who wrote pieces has an entry among the contributors too."""
        author = self.authors.get(concept.key)
        contributors = self.desk.resolver.register.contributors
        anchor = contributors.get(author) if author else None
        return ((self.words.contributors, anchor),) if anchor else ()


def _title(kind: str, members: Sequence[Concept], words: Wording, *, alone: bool) -> str:
    if alone:
        return ""
    if kind == PEOPLE:
        folders = {c.folder for c in members}
        return folders.pop() if len(folders) == 1 else words.people
    return {CONCEPTS: words.concepts, CLAIMS: words.claims}.get(kind, kind)


def _see_also(
    note: Note, concept: Concept, desk: Desk, terms: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Other entries that the note links to beyond its definition."""
    own = desk.resolver.register.concepts[concept.key]
    in_lead = {_anchor(c, note, desk) for c in note.lead_chunks if isinstance(c, LinkStart)}
    found: dict[str, str] = {}
    for chunk in note.body.chunks:
        if isinstance(chunk, LinkStart):
            anchor = _anchor(chunk, note, desk)
            if anchor in terms and anchor != own and anchor not in in_lead:
                found.setdefault(anchor, terms[anchor])
    return tuple((term, anchor) for anchor, term in found.items())


def _anchor(link: LinkStart, note: Note, desk: Desk) -> str:
    return desk.resolver.resolve(link, note.path).anchor
