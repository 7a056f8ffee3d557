"""What stands where page numbers do is read again only where a page has moved."""

from __future__ import annotations

import pytest

from publisher.book.model import Locator, Place
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.readings import Reading, Readings, asked, moved
from publisher.render.pdf.references import locator_mark
from publisher.render.pdf.standing import Standing
from publisher.render.pdf.takes import takes
from publisher.wording import wording

WORDS = wording("en")
PLACES = Place("", "", "x"), Place("", "", "y"), Locator("", "", "z", until="z--end")
SECTIONS = [
    f"<!-- sheet --><section id='{name}'><p>{locator_mark(places)}</p></section>"
    for name, places in (("a", PLACES[:2]), ("b", PLACES[2:]))
]
FIRST, SECOND = map(Standing, takes(["<html><head></head><body>", *SECTIONS, "</body></html>"])[1])
LEAVES = {"x": 5, "y": 7, "z": 9, "z--end": 10, "elsewhere": 12}
MARKED: dict[tuple[str, bool], tuple[str, ...]] = {
    (standing.take.digest, True): (f"read before {n}",)
    for n, standing in enumerate((FIRST, SECOND))
}


def reader(folios: Folios) -> Readings:
    """Knows what was read in the book before, which was marked so that one sees it."""
    made = Readings(WORDS)
    made.recall(Reading(Folios(LEAVES, 2, {"z--end": 11}), MARKED))
    made.turn(folios, lasting=False)
    return made


@pytest.mark.parametrize(
    ("folios", "again"),
    [
        (Folios(LEAVES, 2, {"z--end": 11}), ""),
        (Folios(LEAVES | {"elsewhere": 13, "new": 14}, 2, {"z--end": 11}), ""),
        (Folios(LEAVES | {"y": 8}, 2, {"z--end": 11}), "first"),
        (Folios(LEAVES | {"z": 8}, 2, {"z--end": 11}), "second"),
        (Folios(LEAVES, 2, {"z--end": 12}), "second"),
        (Folios(LEAVES, 2, {}), "second"),
        (Folios({k: v for k, v in LEAVES.items() if k != "x"}, 2, {"z--end": 11}), "first"),
        (Folios(LEAVES, 3, {"z--end": 11}), "first second"),
    ],
    ids=["nothing", "elsewhere", "a leaf", "the beginning", "the end", "no end", "gone", "front"],
)
def test_what_moved_is_read_again(folios: Folios, again: str) -> None:
    made, fresh = reader(folios), Readings(WORDS)
    fresh.turn(folios, lasting=False)
    for name, standing in (("first", FIRST), ("second", SECOND)):
        found = made.of(standing)
        assert found == (
            fresh.of(standing) if name in again else MARKED[standing.take.digest, True]
        )


def test_what_was_read_is_handed_on() -> None:
    made = Readings(WORDS)
    folios = Folios(LEAVES, 2)
    made.turn(folios, lasting=False)
    texts = made.of(FIRST)
    assert "data-of" in texts[0]
    assert made.close() == Reading(folios, {(FIRST.take.digest, True): texts})
    made.turn(folios, lasting=True)  # what has to last is true of this book alone
    made.of(FIRST)
    assert made.close() == Reading()


def test_another_text_is_not_known() -> None:
    made = reader(Folios(LEAVES, 2, {"z--end": 11}))
    (other,) = takes(["<html><body><!-- sheet --><section id='a'>None.</section></body></html>"])[1]
    assert made.of(Standing(other)) == ()


def test_names_are_found_in_what_markers_ask_for() -> None:
    given = [marker.given for marker in (*FIRST.take.markers, *SECOND.take.markers)]
    assert asked([*given, "brackets one/2 place target"]) >= {
        "x",
        "y",
        "z",
        "z--end",
        "place",
        "target",
    }
    assert moved(Folios({"a": 1, "b": 2}), Folios({"a": 1, "b": 3}, ends={"c": 1})) == {"b", "c"}
