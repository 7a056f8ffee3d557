"""Front matter, by examples: tests/properties/front-matter.test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from examples import hold
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import comes_to_an_end

from publisher.vault.front_matter import read_front_matter

EXAMPLES = Path(__file__).parent / "properties" / "front-matter.test"


def shown(text: str) -> str:
    front = read_front_matter(text, "n.md")
    values = [f"{key} = {json.dumps(v, ensure_ascii=False)}" for key, v in front.values.items()]
    body = f"body after {front.body_line}: {json.dumps(front.body, ensure_ascii=False)}"
    return "\n".join([*values, body, *(f"{p} ({p.hint})" for p in front.problems)])


def test_examples() -> None:
    assert hold(EXAMPLES, shown) == ""


@pytest.mark.parametrize("text", ["---\na: 1\n---", "---\na: 1\n---\n", "---\na: 1\n---\nb\nc"])
def test_lines_before_the_body_and_its_own_make_the_whole(text: str) -> None:
    front = read_front_matter(text, "n.md")
    assert text.split("\n")[front.body_line :] in ([], front.body.split("\n"))


def test_each_key_knows_its_line() -> None:
    front = read_front_matter("---\ntitle: x\ntags:\n  - a\n\nAuthor: y\n---\n", "n.md")
    assert front.lines == {"title": 2, "tags": 3, "author": 6}


@pytest.mark.parametrize(
    "block",
    [
        "a: " + "[" * 20_000,
        "a: " + "{a: " * 20_000,
        "- " * 20_000,
        "a: &a [*a]\n" * 2_000,
        "? " * 20_000,
        "x: |\n" + "  y\n" * 50_000,
        "{" + '"a":' * 20_000,
        "{" + '{"a":' * 20_000,
        "key" * 50_000,
        "\n" * 100_000,
        "a: 'b\n" * 5_000,
        " " * 200_000 + "x",
    ],
)
def test_hostile_blocks_end_soon(block: str) -> None:
    with comes_to_an_end():
        front = read_front_matter(f"---\n{block}\n---\nthe body\n", "n.md")
    assert front.body.endswith("the body\n")


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t1\\", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_block_is_read_and_the_body_kept(block: str) -> None:
    text = f"---\n{block}\n---\nbody\n"
    assert read_front_matter(text, "n.md").body.endswith("body\n")
