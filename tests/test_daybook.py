"""What the press learned of a book saves reading, and may be lost at any time."""

from __future__ import annotations

from pathlib import Path

import booksample
import pytest
from markupsafe import Markup

from publisher.cache import Cache
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.daybook import Daybook
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.shelf import Shelf
from publisher.render.pdf.store import Store

ANCHORS = tuple(c.anchor for part in booksample.BOOK.parts for c in part.chapters)


def shelf(cache: Cache) -> tuple[Shelf, Store]:
    store = Store(cache)
    return Shelf(booksample.BOOK, frozenset(), Crew(Kit("", "", ())), store), store


def test_what_was_learned_is_found_by_the_next_and_no_other(tmp_path: Path) -> None:
    store = Store(Cache(tmp_path))
    Daybook[int](store, "pages", "A Reader").write({"a": 1})
    assert Daybook[int](store, "pages", "A Reader").learned == {"a": 1}
    assert Daybook[int](store, "pages", "Another").learned == {}
    assert Daybook[int](store, "cards", "A Reader").learned == {}


def test_sheets_that_are_known_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    first, _ = shelf(cache)
    read: list[str] = []
    get = Cache.get

    def watched(self: Cache, key: str) -> bytes | None:
        read.append(key)
        return get(self, key)

    monkeypatch.setattr(Cache, "get", watched)
    second, store = shelf(cache)
    assert second.cards == first.cards
    keys = {card.key for card in second.cards.values()}
    assert read
    assert keys.isdisjoint(read)
    assert keys <= vars(store)["_used"]  # what was not read is not pruned either


def test_small_things_are_set_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Fog & <i>rime</i>", Markup("Fog &amp; <i>rime</i>")
    shown = []
    for _ in range(2):
        one, _ = shelf(Cache(tmp_path))
        shown.append([one.fragment(f"<p>{said[1]}</p>"), *map(one.displayed, said)])
        one.remember()
        # The second time round, they can't be made.
        monkeypatch.setattr("publisher.render.pdf.shelf.fragment", None)
        monkeypatch.setattr("publisher.render.pdf.shelf.displayed", None)
    assert shown[0] == shown[1]
    assert shown[0][1] != shown[0][2]
    assert all(isinstance(each, Markup) for each in shown[1])


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"torn")])
@pytest.mark.parametrize("end_notes", [False, True])
def test_a_sheet_lost_after_its_card_was_read_is_set_again(
    tmp_path: Path, damage: object, *, end_notes: bool
) -> None:
    cache = Cache(tmp_path)
    first, _ = shelf(cache)
    first.set(ANCHORS, end_notes=end_notes)
    wanted = [(first[a].body, first[a].end_notes) for a in ANCHORS]
    second, _ = shelf(cache)
    second.set(ANCHORS, end_notes=end_notes)
    for card in second.cards.values():
        damage(tmp_path / card.key[:2] / card.key)  # type: ignore[operator]
    assert [(second[a].body, second[a].end_notes) for a in ANCHORS] == wanted
