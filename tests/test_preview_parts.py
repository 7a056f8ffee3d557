"""What the preview decides without a browser: places of problems, who may ask, what is watched."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from publisher.config import Plan
from publisher.preview.desk import Desk
from publisher.preview.gate import refusal
from publisher.preview.remark import NOWHERE, place_lines
from publisher.preview.settings import Wish, parse_wish, wished, write_wish
from publisher.preview.watch import matters
from publisher.problem import SetupError

HOME = {"host": "127.0.0.1:81"}
NOTE = """\
# Fog

The fog came in at [[Harbour|the quay]] and stayed
until the bell had rung twice.

- one lamp
- two lamps, [both](https://example.org/lamps) lit

The fog came in again, and the bell was silent.

| Ship | Tons |
|---|---|
| Ada | 40 |
"""
PAGE = b"""\
<html xmlns="http://www.w3.org/1999/xhtml"><body><section><h1>Fog</h1><div class="body">
<p>The fog came in at <a href="#quay">the quay</a> and stayed<br/>
until the bell had rung twice.</p>
<ul><li>one lamp</li><li>two lamps, <a href="https://example.org/lamps">both</a> lit</li></ul>
<p>The fog came in again, and the bell was silent.</p>
<table><tr><th>Ship</th><th>Tons</th></tr><tr><td>Ada</td><td>40</td></tr></table>
</div></section></body></html>
"""


@pytest.mark.parametrize(
    ("line", "block", "body"),
    [
        (1, 0, -1),  # the title stands above the body
        (3, 2, 0),
        (4, 2, 0),  # a line within a paragraph
        (6, 3, 1),
        (7, 4, 2),
        (9, 5, 3),  # not the first paragraph, which is nearly the same
        (13, 9, 7),  # of two cells of a row, the nearer to the end
        (0, -1, -1),
        (99, -1, -1),
        (2, -1, -1),
    ],
)
def test_a_line_finds_its_block(line: int, block: int, body: int) -> None:
    assert place_lines(PAGE, NOTE, (line,))[0][:2] == (block, body)


def test_a_block_is_known_by_its_first_letters() -> None:
    assert place_lines(PAGE, NOTE, (3,))[0][2] == "Thefogcameinatthequayandstayeduntilthebe"


def test_a_line_without_its_words_on_the_page_is_of_the_page_as_a_whole() -> None:
    assert place_lines(PAGE, "nothing of this was ever printed", (1,)) == (NOWHERE,)
    assert place_lines(b"<p>no page", "no page", (1,)) == (NOWHERE,)


@pytest.mark.parametrize(
    ("headers", "method", "let_in"),
    [
        (HOME, "GET", True),
        ({"host": "localhost:81"}, "GET", True),
        ({"host": "127.0.0.1"}, "GET", False),
        ({"host": "127.0.0.1:82"}, "GET", False),
        ({"host": "evil.example:81"}, "GET", False),
        ({}, "GET", False),
        (HOME | {"origin": "http://127.0.0.1:81"}, "POST", True),
        (HOME | {"origin": "http://localhost:81"}, "POST", True),
        (HOME | {"origin": "https://127.0.0.1:81"}, "POST", False),
        (HOME | {"origin": "null"}, "POST", False),
        (HOME | {"origin": "http://evil.example"}, "GET", False),
        (HOME, "POST", False),
        (HOME | {"sec-fetch-site": "same-origin"}, "GET", True),
        (HOME | {"sec-fetch-site": "none"}, "GET", True),
        (HOME | {"sec-fetch-site": "same-site"}, "GET", False),
        (HOME | {"sec-fetch-site": "cross-site"}, "GET", False),
    ],
)
def test_only_its_own_page_is_answered(headers: dict[str, str], method: str, let_in: bool) -> None:
    assert (refusal(headers, method, 81) == "") is let_in


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/notes/Fog.md", True),
        ("/notes/anthology.toml", True),
        ("/notes/themes/dusk/epub.css", True),
        ("/notes/Pictures/boat.png", True),
        ("/notes/.obsidian/app.json", True),
        ("/notes/.obsidian/workspace.json", False),
        ("/notes/.git/index", False),
        ("/notes/.Fog.md.swp", False),
        ("/notes/Fog.md~", False),
        ("/notes/node_modules/x.md", False),
        ("/.hidden/notes/Fog.md", True),  # the vault itself may lie anywhere
    ],
)
def test_what_is_no_part_of_the_book_is_not_watched(path: str, wanted: bool) -> None:
    assert matters(path, ("/notes", "/.hidden/notes")) is wanted


BEFORE = """\
# The plan of a small book.
[book]
title = "Fog" # short

[theme.tokens]
# Ox blood, as Ann likes it.
accent = "#7a1f1f" # do not touch
hyphens = false

[parts]
by = "none"
"""


@pytest.mark.parametrize(
    ("wish", "changes"),
    [
        (Wish(tokens=(("accent", "#1f1f7a"),)), {'"#7a1f1f" #': '"#1f1f7a" #'}),
        (Wish(tokens=(("hyphens", True),)), {"hyphens = false": "hyphens = true"}),
        (Wish(tokens=(("hyphens", None),)), {"hyphens = false\n": ""}),
        (Wish(tokens=(("opening", None),)), {}),
        (
            Wish(tokens=(("leading", 1.4),)),
            {"hyphens = false\n": "hyphens = false\nleading = 1.4\n"},
        ),
        (Wish(theme="dusk"), {"[theme.tokens]": '[theme]\nname = "dusk"\n\n[theme.tokens]'}),
    ],
)
def test_a_wish_changes_its_own_line_alone(wish: Wish, changes: dict[str, str]) -> None:
    expected = BEFORE
    for old, new in changes.items():
        assert old in expected
        expected = expected.replace(old, new)
    assert wished(BEFORE, wish) == expected


def test_a_plan_is_begun_where_there_is_none(tmp_path: Path) -> None:
    plan = tmp_path / "anthology.toml"
    write_wish(plan, Wish("classic", (("accent", "darkred"),)), ())
    told = tomllib.loads(plan.read_text("utf-8"))
    assert told == {"theme": {"name": "classic", "tokens": {"accent": "darkred"}}}


@pytest.mark.parametrize(
    ("text", "wish", "said"),
    [
        (BEFORE, Wish(tokens=(("accent", "blueish"),)), "accent wants a colour"),
        (BEFORE, Wish(tokens=(("opening", "drop"),)), "opening is "),
        (BEFORE, Wish(tokens=(("nothing", "1pt"),)), "no token “nothing”"),
        (BEFORE, Wish(theme="nowhere"), "nowhere"),
        (BEFORE, Wish(theme="../classic"), "a theme's name"),
        ("[book\n", Wish(theme="classic"), "must be mended first"),
        ("theme = 3\n", Wish(theme="classic"), "is a table of settings"),
    ],
)
def test_a_wish_that_cannot_be_changes_nothing(
    tmp_path: Path, text: str, wish: Wish, said: str
) -> None:
    plan = tmp_path / "anthology.toml"
    plan.write_text(text, "utf-8")
    with pytest.raises(SetupError, match=said):
        write_wish(plan, wish, ())
    assert plan.read_text("utf-8") == text


def test_no_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text("", "utf-8")
    (tmp_path / "anthology.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(SetupError, match="is a link"):
        write_wish(tmp_path / "anthology.toml", Wish("classic"), ())
    assert (tmp_path / "elsewhere.toml").read_text("utf-8") == ""


@pytest.mark.parametrize("told", [[], 3, {"x": 1}, {"theme": 1}, {"tokens": {"accent": [1]}}])
def test_what_is_no_wish_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="a "):
        parse_wish(told)


class Counted:
    """A shop that does nothing, and knows what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def order(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        self.asked.append(work.__name__)
        done: Future[Any] = Future()
        done.set_result(work(*given))
        return done

    def progress(self) -> tuple[int, int]:
        return 0, 0


@dataclass
class Made:
    bound: dict[str, bytes]


@pytest.mark.parametrize(("glance", "before"), [(True, ["first", "seen", "more"]), (False, None)])
def test_what_comes_into_view_is_made_before_all_the_rest(
    glance: bool, before: list[str] | None
) -> None:
    def first(*_: Any) -> Made:
        return Made({"sheet": b""} if glance else {})

    def more(*_: Any) -> None:
        return None

    def seen(*_: Any) -> None:
        return None

    async def looked_at() -> list[str]:
        shop = Counted()
        desk = Desk(lambda: (Path(), Plan(), ()), shop)  # type: ignore[arg-type]
        working = asyncio.create_task(desk.work({"print": (first, more)}))
        async for state in desk.look("print"):
            if state["shown"] and "seen" not in shop.asked:
                shop.order(seen)
            if state["fresh"]:
                desk.end()
        working.cancel()
        return shop.asked

    asked = asyncio.run(looked_at())
    assert sorted(asked) == ["first", "more", "seen"]
    assert before is None or asked == before
