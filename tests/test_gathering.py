"""A take that nothing moved is sewn into the file as it was bound before; any other is bound anew."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import booksample
import pikepdf
import pytest
from msgspec.structs import replace

from publisher.book.model import Book, Chapter, Part
from publisher.cache import Cache
from publisher.render.pdf.binder import Binder
from publisher.render.pdf.bound_take import BoundTake
from publisher.render.pdf.foliation import Ink
from publisher.render.pdf.folios import Folios
from publisher.render.pdf.gathering import TOGETHER
from publisher.render.pdf.press import PrintEdition, print_book
from publisher.render.pdf.writer import BRANCH, STEP, Writer, leaves, named, tree
from publisher.render.theme import load_theme
from publisher.wording import wording

SENTENCE = "The tide came in as it had the day before. "
PICTURE = '<figure class="image"><img src="images/lamp.png" alt="A lamp"/></figure>'


def book(*bodies: str) -> Book:
    """A piece for each body; `{n}` in it is a link to piece n."""
    links = {f"{n}": f'<a href="#piece-{n}">piece {n}</a>' for n in range(len(bodies))}
    chapters = tuple(
        Chapter(f"piece-{n}", f"Piece {n}", f"Piece {n}", f"<p>{body}</p>", f"{n}.md")
        for n, body in enumerate(_linked(bodies, links))
    )
    return Book(
        booksample.BOOK.metadata, (Part("", "", chapters, 1),), assets=booksample.BOOK.assets
    )


def _linked(bodies: tuple[str, ...], links: dict[str, str]) -> Iterator[str]:
    for body in bodies:
        for name, link in links.items():
            body = body.replace(f"{{{name}}}", link)
        yield body


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many takes each book had to bind, one figure a book."""
    counts: list[int] = []
    bind, init = Binder.bind, Binder.__init__

    def begun(self: Binder, *given: object) -> None:
        counts.append(0)
        init(self, *given)  # type: ignore[arg-type]

    def counted(self: Binder, *given: object) -> object:
        counts[-1] += 1
        return bind(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Binder, "__init__", begun)
    monkeypatch.setattr(Binder, "bind", counted)
    return counts


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Book], bytes]:
    def print_it(made: Book) -> bytes:
        return _edition(made, Cache(tmp_path / "cache")).pdf

    return print_it


def _edition(made: Book, cache: Cache | None = None) -> PrintEdition:
    words = wording("en")
    return print_book(
        made, load_theme("classic"), words, booksample.read_asset, jobs=1, cache=cache
    )


LONG = SENTENCE * 120
MANY = "</p><p>".join(SENTENCE for _ in range(2 * STEP))
BODIES = (f"{SENTENCE * 9}{{3}} {LONG}", f"{SENTENCE * 9}{LONG}", LONG, f"{LONG}{{1}}")


@pytest.mark.parametrize(
    ("change", "again"),
    [
        pytest.param(lambda b: b, 0, id="nothing"),
        pytest.param(lambda b: (b[0], b[1] + "One word more. ", *b[2:]), 1, id="a sentence"),
        # Pieces 2 and 3 come two pages later, as piece 0 says; for the contents it is a figure more.
        pytest.param(lambda b: (b[0], b[1] + LONG, *b[2:]), 2, id="two pages more"),
        # Piece 2 stands apart: what is before it does not move it, what is behind it is moved.
        pytest.param(lambda b: (b[0], b[1] + MANY, *b[2:]), 2, id="objects more before it"),
        pytest.param(lambda b: (*b[:2], b[2] + MANY, b[3]), 3, id="objects more in it"),
    ],
)
def test_what_nothing_moved_is_not_bound_again(
    bound: list[int],
    printed: Callable[[Book], bytes],
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
    again: int,
) -> None:
    before = printed(book(*BODIES))
    after = printed(book(*change(BODIES)))
    assert bound[0] > 6
    assert bound[1] == again
    assert (after == before) == (not again)
    assert after == _edition(book(*change(BODIES))).pdf


def test_a_picture_that_another_take_brings_now_is_bound_where_it_is(
    bound: list[int], printed: Callable[[Book], bytes]
) -> None:
    bodies = (LONG, f"{LONG}</p>{PICTURE}<p>{LONG}", LONG, f"{LONG}</p>{PICTURE}<p>{LONG}")
    for made in (
        book(*bodies),
        book(f"{LONG}</p>{PICTURE}<p>{SENTENCE}", *bodies[1:]),
        book(bodies[0], LONG, *bodies[2:]),
        book(*bodies),
    ):
        pdf = printed(made)
        assert pdf == _edition(made).pdf
        with pikepdf.open(io.BytesIO(pdf)) as file:
            pictures = [o for o in file.objects if isinstance(o, pikepdf.Stream)
                        and o.get("/Subtype") == "/Image"]  # fmt: skip
            assert len(pictures) == 1


def test_a_lost_gathering_costs_time_alone(
    printed: Callable[[Book], bytes], tmp_path: Path
) -> None:
    made = book(*BODIES)
    whole = printed(made)
    for entry in sorted((tmp_path / "cache").rglob("*"))[::2]:
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-1])
    assert printed(made) == whole


def test_numbers_begin_at_round_ones_and_every_object_is_found() -> None:
    file = io.BytesIO()
    writer = Writer(file)
    head = writer.begin(STEP - 1)
    catalog, pages = head.number(), head.number()
    firsts, said = [], {}
    for count in (3, 2 * TOGETHER + 1, 1):
        into = writer.begin()
        firsts.append(into.first)
        for n in range(count):
            said[into.new(b"<</N %d>>" % n)] = n
        number = into.number()
        into.packed(number, b"x\x9c\x03\x00\x00\x00\x00\x01")
        writer.sew(into.fold())
    last = writer.begin()
    entries = [(named(b"n%05d" % n), b"%d" % n) for n in range(BRANCH * BRANCH + 5)]
    names = last.new(tree(last, leaves(last, b"Names", entries)))
    information = last.new(b"<<>>")
    head.add(catalog, b"<</Type/Catalog/Pages %d 0 R/Names<</Dests %d 0 R>>>>" % (pages, names))
    head.add(pages, b"<</Type/Pages/Count 0/Kids[]>>")
    writer.sew(last.fold())
    writer.sew(head.fold())
    writer.close(catalog, information, b"00")
    assert firsts == [STEP, 2 * STEP, firsts[2]]
    assert firsts[2] % STEP == 0
    with pikepdf.open(file) as pdf:
        assert {n: int(pdf.get_object(n, 0)["/N"]) for n in said} == said
        found = pikepdf.NameTree(pdf.Root.Names.Dests)
        assert int(found["n00000"]) == 0
        assert int(found[f"n{BRANCH * BRANCH + 4:05d}"]) == BRANCH * BRANCH + 4


def test_what_was_bound_elsewhere_is_not_true() -> None:
    binder = Binder(io.BytesIO(), Folios())
    place = binder.place(padded=False)
    ink = Ink(b"", (("a0", b"<</ca 1>>"),), ())
    inks = [ink, None]
    into = binder.writer.begin()
    into.new(b"<<>>")
    take = BoundTake(
        place, into.fold(), shown=(), beside=(2, 0), states=ink.states, lent=(), pictures=(),
        pages=(1, 3), node=1, kids=b"", next_parent=0, parents=None, identities=None, names=(),
        linked=(), faces=(),
    )  # fmt: skip
    assert binder.is_true(take, place, inks)
    for other in (
        replace(place, first=place.first + 1),
        replace(place, parents=16),
        replace(place, padded=True),
        replace(place, apart=True),
    ):
        assert not binder.is_true(take, other, inks)
    for others in ([None, None], [ink, ink], [replace(ink, states=()), None]):
        assert not binder.is_true(take, place, others)
    assert not binder.is_true(replace(take, lent=(("lamp", 9),)), place, inks)
    binder.bound.pictures["lamp"] = 9
    assert binder.is_true(replace(take, lent=(("lamp", 9),)), place, inks)
    assert not binder.is_true(replace(take, pictures=(("lamp", 9),)), place, inks)
