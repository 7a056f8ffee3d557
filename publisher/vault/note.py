"""A file becomes a note."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from publisher.language import language_tag
from publisher.problem import Position, Problem, Severity
from publisher.tongue import guess
from publisher.vault.blocks import set_title
from publisher.vault.escape import escape, legal
from publisher.vault.fields import lift_fields
from publisher.vault.front_matter import FrontMatter, read_front_matter
from publisher.vault.galley import Chunk, Galley, NoteCall
from publisher.vault.keys import SYNONYMS
from publisher.vault.markup import parse
from publisher.vault.properties import Properties, properties_from
from publisher.vault.rules.quotes import Quotes, curled
from publisher.vault.rules.verse import VERSE
from publisher.vault.scan import Habits, VaultFile
from publisher.vault.setting import set_galley
from publisher.vault.stick import Stick, count_words
from publisher.vault.title import called, take_title
from publisher.wording import languages, wording


class Note(Struct, frozen=True):
    """A note, read and set. `path` is its place below the vault's root, with `/`.

    `title` is the `title` property, else the H1 that is the note's title, else the file's
    name, as plain text; `heading` the same with its markup. A heading that serves as
    the title is no longer in the body, but `title_heading` keeps its plain text so that
    links to it still land, and `title_blocks` its block ids. `lead` is the plain text of
    the first paragraph; `tongue` is the language that the text seems to be in, where no
    property says one.
    """

    path: str
    title: str
    heading: tuple[Chunk, ...]
    properties: Properties
    body: Galley
    digest: str
    title_heading: str = ""
    title_blocks: tuple[str, ...] = ()
    lead: str = ""
    tongue: str = ""
    lead_chunks: tuple[Chunk, ...] = ()
    definition: tuple[Chunk, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without `.md`: what links are matched against."""
        return name_of(self.path)


def name_of(path: str) -> str:
    """The last part of a note's path, without `.md` in any case."""
    return path.rpartition("/")[2][: -len(".md")]


def parse_note(file: VaultFile, habits: Habits) -> tuple[Note, tuple[Problem, ...]]:
    """Never raises: a note that can't be set keeps its text, and says so."""
    front = FrontMatter({}, file.text)
    try:
        front = read_front_matter(file.text, file.path)
        return _set_note(file, front, habits)
    # One note must not stop the book, whatever stands in it.
    except Exception as error:  # noqa: BLE001
        return _as_typed(file, front, error)


def _set_note(
    file: VaultFile, front: FrontMatter, habits: Habits
) -> tuple[Note, tuple[Problem, ...]]:
    marks = _marks(front) if habits.curly_quotes else None
    fields, field_tags, tokens = lift_fields(parse(front.body, marks), front.body_line)
    properties, problems = properties_from(
        front.values, fields, Position(file.path, 1), front.lines
    )
    strict = habits.strict_breaks
    if verse := habits.genres.design(properties.genre) == VERSE:
        # Only now is it known that blanks count.
        again = parse(front.body, marks, in_verse=True)
        fields, field_tags, tokens = lift_fields(again, front.body_line)
    stick = Stick(file.path, front.body, front.body_line, strict=strict, in_verse=verse)
    stick.tags.update(dict.fromkeys(field_tags))
    title, tokens, inline = take_title(tokens, properties.title, name_of(file.path), stick)
    title = curled(title, marks)
    heading, plain, typed = set_title(stick, inline) if inline else ((), "", "")
    if inline and not title:
        title = plain or name_of(file.path)
    title = called(title, name_of(file.path))
    calls = [chunk for chunk in heading if isinstance(chunk, NoteCall)]
    heading = tuple(chunk for chunk in heading if not isinstance(chunk, NoteCall))
    body = set_galley(stick, tokens, calls)
    note = Note(
        path=file.path,
        title=title,
        heading=heading if inline and plain == title else (escape(title),),
        properties=_shown(properties, stick.tags, marks),
        body=body,
        digest=file.digest,
        title_heading=typed,
        title_blocks=tuple(inline.meta["block_ids"]) if inline else (),
        lead=stick.lead_words,
        tongue="" if properties.language else _guess(body),
        lead_chunks=stick.lead,
        definition=_definition(file.path, front, marks),
    )
    return note, (*front.problems, *problems, *stick.problems)


def _shown(properties: Properties, tags: dict[str, None], marks: Quotes | None) -> Properties:
    """The properties with the text's tags, and what is printed of them with its marks."""
    return replace(
        properties,
        tags=_tags(properties.tags, tags),
        subtitle=curled(properties.subtitle, marks),
        description=curled(properties.description, marks),
    )


def _guess(body: Galley) -> str:
    """The language of a galley's own words."""
    return guess("".join(chunk for chunk in body.chunks if isinstance(chunk, str)))


def _marks(front: FrontMatter) -> Quotes | None:
    """The quotation marks of the note's language, where we know them."""
    given = next((front.values[key] for key in ("lang", "language") if key in front.values), "")
    return marks_of(language_tag(str(given)) or guess(front.body) or "en")


def marks_of(language: str) -> Quotes | None:
    """The quotation marks of a language, where we know them."""
    if language.partition("-")[0] not in languages():
        return None
    words = wording(language)
    return (*words.quotes, *words.inner_quotes)


def _definition(path: str, front: FrontMatter, marks: Quotes | None) -> tuple[Chunk, ...]:
    """A definition is text like any other: its links lead on to other entries."""
    for key in SYNONYMS["description"].split():
        text = front.values.get(key)
        if isinstance(text, str) and text.strip():
            stick = Stick(path, text, front.lines.get(key, 1) - 1, strict=True)
            return set_galley(stick, parse(text, marks), ()).chunks
    return ()


def _tags(given: tuple[str, ...], found: dict[str, None]) -> tuple[str, ...]:
    """Tags without repeats; as elsewhere in a vault, case makes no difference."""
    out: dict[str, str] = {}
    for tag in (*given, *found):
        out.setdefault(tag.casefold(), tag)
    return tuple(out.values())


def _as_typed(
    file: VaultFile, front: FrontMatter, error: Exception
) -> tuple[Note, tuple[Problem, ...]]:
    """The note's text in plain paragraphs."""
    body = legal(front.body)
    paragraphs = [part.strip() for part in re.split(r"\n[ \t\r]*\n", body) if part.strip()]
    chunks = "".join(f"<p>{escape(part)}</p>\n" for part in paragraphs)
    problem = Problem(
        "note-unreadable",
        f"this note can't be set and stands as typed ({type(error).__name__})",
        Position(file.path),
        Severity.ERROR,
        hint="look for blocks or brackets nested very deep",
    )
    name = name_of(file.path)
    note = Note(
        path=file.path,
        title=name,
        heading=(escape(name),),
        properties=Properties(),
        body=(typed := Galley((chunks,) if chunks else (), (), count_words(body))),
        tongue=_guess(typed),
        digest=file.digest,
        lead=paragraphs[0] if paragraphs else "",
        lead_chunks=(f"<p>{escape(paragraphs[0])}</p>",) if paragraphs else (),
    )
    return note, (*front.problems, problem)
