"""Small vaults and the books they become: one text file a subject, many cases in each.

A case is a title, the vault's files, and the book as `describe` writes it:

    # A link to a note
    --- Ada.md
    See [[Babbage]].
    === book
    …

`make bless` rewrites what is expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import fields

from publisher.book.model import Book, Chapter, IndexEntry
from publisher.config import read_plan
from publisher.pipeline import collected, compose, draft_book
from publisher.problem import Problem

FOLDER = Path(__file__).parent / "book"


@dataclass(frozen=True, slots=True)
class Case:
    title: str
    files: tuple[tuple[str, str], ...]
    expected: str


def read_cases(path: Path) -> list[Case]:
    cases = []
    for text in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = text.partition("\n")
        vault, _, expected = rest.partition("=== book\n")
        pieces = re.split(r"^--- (.+)\n", vault, flags=re.MULTILINE)[1:]
        files = tuple(zip(pieces[::2], pieces[1::2], strict=True))
        cases.append(Case(title, files, expected.strip("\n")))
    return cases


def write_cases(path: Path, cases: list[Case]) -> None:
    out = []
    for case in cases:
        files = "".join(f"--- {name}\n{text}" for name, text in case.files)
        out.append(f"# {case.title}\n{files}=== book\n{case.expected}\n")
    path.write_text("\n".join(out), encoding="utf-8")


def unescape(text: str) -> str:
    """`\\#` at a line's start is a heading of the note, not a new case."""
    return re.sub(r"^\\#", "#", re.sub(r"^\\-", "-", text, flags=re.MULTILINE), flags=re.MULTILINE)


def make(case: Case, root: Path) -> str:
    for name, text in case.files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        body = unescape(text.removesuffix("\n"))
        file.write_bytes(body.encode() if body != "<image>" else IMAGE)
    plan, found = read_plan(root / "anthology.toml" if (root / "anthology.toml").exists() else None)
    draft = draft_book(root, plan)
    assembled = compose(draft)
    return describe(assembled.book, collected(found, draft.problems, assembled.problems))


def describe(book: Book, problems: tuple[Problem, ...]) -> str:
    out = []
    for part in book.parts:
        if part.title:
            out.append(f"PART {part.title}")
        for chapter in part.chapters:
            out += describe_chapter(chapter)
    for group in book.glossary:
        out.append(f"GLOSSARY {group.title}".rstrip())
        for entry in group.entries:
            out.append(f"* {entry.term} #{entry.anchor}")
            out += [f"  also {name}" for name in entry.also]
            if entry.definition:
                out.append(f"  is {entry.definition.strip()}")
            if entry.quote:
                out.append(f"  “{entry.quote}”")
            out += [f"  in {p.chapter} / {p.section} #{p.anchor}" for p in entry.places]
            out += [f"  see {term} #{anchor}" for term, anchor in entry.see_also]
    for person in book.contributors:
        pieces = ", ".join(title for title, _ in person.pieces)
        out.append(f"BY {person.file_as} ({person.name}): {pieces} {person.bio}".rstrip())
    for credit in book.credits:
        sources = "; ".join(f"{s.text} <{s.url}>" for s in credit.sources)
        out.append(f"SOURCE {credit.title}: {sources}")
    out += [describe_index(entry) for entry in book.index]
    out += [f"! {problem}" for problem in problems]
    return "\n".join(out)


def describe_index(entry: IndexEntry) -> str:
    by = f" ({entry.by})" if entry.by else ""
    out = [f"INDEX {entry.letter}: {entry.heading}{by} #{entry.anchor}"]
    for place in entry.places:
        mark = ("n" if place.note else "") + ("*" if place.main else "")
        until = f" to #{place.until}" if place.until else ""
        out.append(f"  {mark}#{place.anchor}{until}")
    out += [f"  see {heading} #{anchor}" for heading, anchor in entry.see]
    out += [f"  see also {heading} #{anchor}" for heading, anchor in entry.see_also]
    return "\n".join(out)


def describe_chapter(chapter: Chapter) -> list[str]:
    names = " + ".join(byline.name for byline in chapter.bylines)
    out = [f"CHAPTER {chapter.title_xhtml} #{chapter.anchor}" + (f" by {names}" if names else "")]
    if chapter.place:
        out.append(f"AT {chapter.place}")
    if chapter.reviewed:
        told = {f.name: getattr(chapter.reviewed, f.name) for f in fields(chapter.reviewed)}
        out.append(" | ".join(["OF", *(f"{name} {said}" for name, said in told.items() if said)]))
    out.append(chapter.xhtml.strip("\n"))
    out += [f"[{n.number}] #{n.anchor} <- #{n.call} {n.xhtml.strip()}" for n in chapter.footnotes]
    return out


# A grey PNG, four pixels wide and two high.
IMAGE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000040000000208000000005a"
    "c322bf0000000e49444154789c6368000206100100140a0401e88e83e700"
    "00000049454e44ae426082"
)

FILES = sorted(FOLDER.glob("*.test"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_books(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    cases = read_cases(path)
    assert cases
    made = []
    for number, case in enumerate(cases):
        root = tmp_path / f"{number}" / "A vault"
        root.mkdir(parents=True)
        made.append(Case(case.title, case.files, make(case, root)))
    if request.config.getoption("--bless"):
        write_cases(path, made)
        return
    for case, now in zip(cases, made, strict=True):
        assert now.expected == case.expected, case.title
