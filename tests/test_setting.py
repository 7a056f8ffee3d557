"""Notes, set: tests/galley/*.test say what each piece of text becomes.

An example is a line `@@ rule: what it shows`, the text, a line `@@`, and the galley: its
chunks as `‹…›`, then a line for what else the note has got. `(strict)` in the title sets
strict line breaks. In the text `␣` is a blank, `→` a tab, `␍` a carriage return, `␀` the
null character and `⌦` a delete. PUBLISHER_BLESS=1 writes the galleys anew: read the
difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from publisher.problem import Problem
from publisher.vault.galley import (
    BlockEnd,
    BlockStart,
    Chunk,
    Embed,
    HeadingEnd,
    HeadingStart,
    Image,
    LinkEnd,
    LinkStart,
    Mark,
    Media,
    NoteCall,
    Target,
)
from publisher.vault.note import Note, parse_note
from publisher.vault.properties import Properties
from publisher.vault.scan import Habits, VaultFile

EXAMPLES = Path(__file__).parent / "galley"
HIDDEN = str.maketrans({"␣": " ", "→": "\t", "␍": "\r", "␀": "\0", "⌦": "\x1b"})
BLESS = bool(os.environ.get("PUBLISHER_BLESS"))
MATHML = re.compile(
    r'<math xmlns="[^"]*"( display="block")? alttext="([^"]*)">(?:(?!</math>).)*</math>'
)


@dataclass(frozen=True)
class Example:
    file: str
    title: str
    text: str
    expected: str


def read(path: Path) -> Iterator[Example]:
    """An example without its second `@@` has not been blessed yet."""
    for part in re.split(r"^@@ ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        text, _, expected = rest.partition("\n@@\n") if not rest.startswith("@@\n") else (
            "", "", rest[3:])  # fmt: skip
        yield Example(path.name, title, text.rstrip("\n"), expected.strip("\n"))


ALL = [example for path in sorted(EXAMPLES.glob("*.test")) for example in read(path)]


def parse(example: Example) -> tuple[Note, tuple[Problem, ...]]:
    text = example.text.translate(HIDDEN)
    habits = Habits(strict_breaks="(strict)" in example.title)
    return parse_note(VaultFile("Test.md", text, ""), habits)


def where(target: Target) -> str:
    block = (f"^{target.block}",) if target.block else ()
    return "#".join((target.path, *target.headings, *block))


def image(chunk: Image | Media) -> str:
    after = " alone\n" if chunk.alone else ""
    if isinstance(chunk, Media):
        return f"‹media {chunk.source} “{chunk.text}”›{after}"
    size = f" {chunk.width}x{chunk.height}" if chunk.width else ""
    alt = f" “{chunk.alt}”" if chunk.alt else ""
    said = f" said “{chunk.title}”" if chunk.title else ""
    return f"‹image {chunk.source}{alt}{size}{said}›{after}"


def link(chunk: LinkStart) -> str:
    words = "" if chunk.typed else f" = {chunk.display}"
    return f"‹{chunk.target.syntax.value} {where(chunk.target)}{words}›"


def heading(chunk: HeadingStart) -> str:
    source = "" if chunk.source == chunk.plain else f" ({chunk.source})"
    deep = f" deep {chunk.depth}" if chunk.depth else ""
    return f"‹h{chunk.level} {chunk.local}: {chunk.plain}{source}{deep}›"


def formula(found: re.Match[str]) -> str:
    return f"‹math{' block' if found[1] else ''} {found[2]}›"


SHOWN: dict[type, Callable[[Any], str]] = {
    str: lambda chunk: MATHML.sub(formula, chunk),
    LinkStart: link,
    LinkEnd: lambda _: "‹/›",
    Embed: lambda chunk: f"‹embed {where(chunk.target)}›\n",
    Image: image,
    Media: image,
    Mark: lambda chunk: f" ‹id {chunk.local}›",
    HeadingStart: heading,
    HeadingEnd: lambda _: "‹/h›\n",
    BlockStart: lambda c: f"‹^{c.block_id} {c.local}{f' in {c.wrap}' if c.wrap else ''}›",
    BlockEnd: lambda chunk: f"‹/{chunk.local}›\n",
    NoteCall: lambda chunk: f"‹call {chunk.index}›",
}


def shown(chunk: Chunk) -> str:
    return SHOWN[type(chunk)](chunk)


def line(chunks: Sequence[Chunk]) -> str:
    return "".join(map(shown, chunks)).strip("\n")


def galley(note: Note, problems: Sequence[Problem]) -> str:
    out = [line(note.body.chunks)]
    out += [f"footnote {n}: {line(text)}" for n, text in enumerate(note.body.footnotes)]
    if note.title != "Test":
        out.append(f"title: {note.title} = {line(note.heading)}")
    if note.title_heading not in {"", note.title}:
        out.append(f"title heading: {note.title_heading}")
    plain = Properties()
    for field in fields(Properties):
        value = getattr(note.properties, field.name)
        if value != getattr(plain, field.name) and field.name != "at":
            out.append(f"{field.name}: {value}")
    out += map(str, problems)
    return "\n".join(filter(None, out))


def told(example: Example) -> str:
    note, problems = parse(example)
    out = galley(note, problems)
    return f"{out}\nlead: {note.lead}" if example.title.startswith("lead") else out


@pytest.mark.parametrize("example", ALL, ids=lambda e: f"{e.file}: {e.title}")
def test_example(example: Example) -> None:
    if BLESS:
        pytest.skip("blessing")
    assert told(example) == example.expected


@pytest.mark.skipif(not BLESS, reason="writes the expected galleys")
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.test")), ids=lambda p: p.name)
def test_bless(path: Path) -> None:
    assert not any("note-unreadable" in told(example) for example in read(path))
    parts = [f"@@ {e.title}\n{e.text}\n@@\n{told(e)}\n" for e in read(path)]
    path.write_text("\n".join(parts), "utf-8")
