"""Whatever holds a text: every kind of inline syntax in every kind of block.

`containers.txt` has both lists. Each container is a vault with a note for each inline text,
whose page must show what is wanted and nothing raw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_book import IMAGE
from test_rules import RAW, check_book, make, shown, words

SOURCE = Path(__file__).with_name("containers.txt").read_text("utf-8")
NOTE = "\n\n[^n]: A note.\n"
OTHERS = {"Other.md": "A paragraph. ^bid\n\n## Sec tion\n\nText.\n"}


@dataclass(frozen=True, slots=True)
class Inline:
    """`shows` are (selector, words it must have), `lacks` what must not be seen."""

    name: str
    typed: str
    shows: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    raw: bool


@dataclass(frozen=True, slots=True)
class Container:
    name: str
    selector: str
    typed: str

    def hold(self, text: str) -> str:
        if "| --" in self.typed:
            text = re.sub(r"(?<!\\)\|", r"\\|", text)
        return self.typed.replace("…", text) + NOTE


def parts(heading: str) -> list[list[str]]:
    body = SOURCE.partition(f"# {heading}\n")[2].partition("\n# ")[0]
    return [block.splitlines() for block in re.split(r"^@@ ", body, flags=re.MULTILINE)[1:]]


def read_inline(lines: list[str]) -> Inline:
    name, typed, *asked = (line for line in lines if line)
    shows = [line.removeprefix("el ").partition(" | ") for line in asked if line.startswith("el ")]
    lacks = tuple(line.removeprefix("lacks ") for line in asked if line.startswith("lacks "))
    pairs = tuple((selector, text) for selector, _, text in shows)
    return Inline(name, typed, pairs, lacks, "raw" in asked)


def read_container(lines: list[str]) -> Container:
    name, _, selector = lines[0].partition(": ")
    return Container(name, selector, "\n".join(lines[1:]).strip("\n"))


INLINES = [read_inline(lines) for lines in parts("Inline")]
CONTAINERS = [read_container(lines) for lines in parts("Containers")]


def test_both_lists_are_there() -> None:
    assert len(INLINES) > 25
    assert len(CONTAINERS) > 18


@pytest.mark.parametrize("embedded", [False, True], ids=["typed", "embedded"])
@pytest.mark.parametrize("container", CONTAINERS, ids=lambda container: container.name)
def test_all_inline_syntax_in(container: Container, embedded: bool, tmp_path: Path) -> None:
    for name, text in OTHERS.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "pic.png").write_bytes(IMAGE)
    (tmp_path / "doc.pdf").write_bytes(b"x")
    for inline in INLINES:
        body = container.hold(inline.typed)
        if embedded:
            # As a note from another system, shown in a quote.
            held = tmp_path / "Held" / f"{inline.name} held.md"
            held.parent.mkdir(exist_ok=True)
            held.write_bytes(body.replace("\n", "\r\n").encode())
            body = f"> ![[{inline.name} held]]\n"
        (tmp_path / f"A note of {inline.name}.md").write_text(body, "utf-8")
    made = make(tmp_path)
    check_book(made, raw=True)
    lost = []
    for inline in INLINES:
        page = made.page(f"A note of {inline.name}.md")
        seen = shown(page.body)
        if not page.find(container.selector):
            lost.append(f"{inline.name}: no {container.selector}")
        for selector, text in inline.shows:
            if not any(text in words(element) for element in page.find(selector)):
                lost.append(f"{inline.name}: no {selector} with “{text}”: {seen}")
        lost += [f"{inline.name}: shows {sign}: {seen}" for sign in inline.lacks if sign in seen]
        if not inline.raw and (found := RAW.search(seen)):
            lost.append(f"{inline.name}: raw {found[0]}: {seen}")
    assert "\n".join(lost) == ""
