"""Figures are changed in packed text, and frozen values come back from where they are kept."""

from __future__ import annotations

import io
import random
import zlib

import pytest

from publisher.render.pdf.gathering import TOGETHER
from publisher.render.pdf.movable import change, pack
from publisher.render.pdf.writer import Writer

LINE = b"BT /F1 11 Tf 1 0 0 1 57 412 Tm [<00130013> -12 <0013>] TJ ET\n"
ELSEWHERE = b"0 0 m 10 10 l S\n" * 40


def places(text: bytes) -> list[tuple[int, int]]:
    found, at = [], text.find(b"0013")
    while at >= 0:
        found.append((at, at + 4))
        at = text.find(b"0013", at + 4)
    return found


@pytest.mark.parametrize(
    "text",
    [
        LINE + ELSEWHERE + LINE + LINE + ELSEWHERE,
        LINE,
        b"0013",
        b"0013" * 20_000,
        b"\xff" + LINE * 3,
        random.Random(1).randbytes(70_000).replace(b"0013", b"") + LINE + ELSEWHERE * 90 + LINE,
    ],
    ids=["far and near", "one", "nothing else", "more than a block", "any byte", "long"],
)
def test_figures_change_in_packed_text(text: bytes) -> None:
    spans = places(text)
    made = pack(text, spans, 6)
    assert zlib.decompress(made.packed) == text
    codes = [b"%04x" % (at % 0xFFFF) for at, _ in spans]
    wanted = bytearray(text)
    for (start, end), code in zip(spans, codes, strict=True):
        wanted[start:end] = code
    changes = [
        (made.moved[at], len(text) - at, code) for (at, _), code in zip(spans, codes, strict=True)
    ]
    changed = change(made.packed, changes)
    assert zlib.decompress(changed) == wanted  # it holds the checksum against the text
    assert change(changed, [(at, rest, b"0013") for at, rest, _ in changes]) == made.packed


def test_what_stands_between_figures_is_packed() -> None:
    text = (LINE + ELSEWHERE) * 30
    assert len(pack(text, places(text), 6).packed) < len(text) / 10


def test_objects_added_together_are_as_objects_added_one_by_one() -> None:
    files = io.BytesIO(), io.BytesIO()
    one, all_ = map(Writer, files)
    sources = [b"<</N %d>>" % n for n in range(2 * TOGETHER + 7)]
    gatherings = one.begin(), all_.begin()
    for gathering in gatherings:
        assert gathering.number(len(sources)) == 1
        gathering.add(1, sources[0])
    for number, source in enumerate(sources[1:], 2):
        gatherings[0].add(number, source)
    gatherings[1].add_all(range(2, len(sources) + 1), sources[1:])
    for writer, gathering in zip((one, all_), gatherings, strict=True):
        writer.sew(gathering.fold())
        writer.close(1, 2, b"00")
    assert files[0].getvalue() == files[1].getvalue()
    assert files[0].getvalue().count(b"/Type/ObjStm") == 3
