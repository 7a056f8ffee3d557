"""Packed text in which some bytes can be changed and the rest need not be unpacked.

What changes stands in blocks of its own that are stored as they are; nothing packed leans on
them. Of the checksum at the end it is known by how much each byte moves it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from msgspec import Struct

PACKING = 6  # of zlib's levels, for what pages show
HEAD = b"\x78\x9c"  # of a zlib stream (RFC 1950)
NEAR = 32  # bytes between two places that are stored with them: a block costs as much
MOST = 0xFFFF  # bytes in a stored block
ADLER = 65_521
NOWHERE = b"\xff"  # a byte that text as PDF shows it does not have
WINDOW = 1 << 15  # bytes that what is packed may lean on
RAW = -15  # zlib's word for: without head and checksum


class Movable(Struct, frozen=True):
    """A packed text, and where in it each place that changes has got to."""

    packed: bytes
    moved: dict[int, int]


def pack(text: bytes, places: Iterable[tuple[int, int]], level: int) -> Movable:
    """Pack it; `places` are the spans that change, in order: where each begins and ends."""
    packed = bytearray(HEAD)
    moved: dict[int, int] = {}
    blocks = _blocks(places)
    before, done = _before(text, blocks), 0
    for block in blocks:
        start, end = block[0][0], block[-1][1]
        packed += _part(text[done:start], before[max(0, done - WINDOW) : done], level, last=False)
        length = end - start
        packed += b"\0" + length.to_bytes(2, "little") + (length ^ MOST).to_bytes(2, "little")
        moved |= {place: len(packed) + place - start for place, _ in block}
        packed += text[start:end]
        done = end
    packed += _part(text[done:], before[max(0, done - WINDOW) : done], level, last=True)
    packed += zlib.adler32(text).to_bytes(4, "big")
    return Movable(bytes(packed), moved)


def _before(text: bytes, blocks: list[list[tuple[int, int]]]) -> bytes:
    """The text as what follows may lean on it: there is nothing like what changes."""
    if NOWHERE in text:
        return b""
    masked = bytearray(text)
    for block in blocks:
        start, end = block[0][0], block[-1][1]
        masked[start:end] = NOWHERE * (end - start)
    return bytes(masked)


def _part(text: bytes, before: bytes, level: int, *, last: bool) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, RAW, zdict=before)
    return packer.compress(text) + packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


def _blocks(places: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Places near each other stand in one block."""
    blocks: list[list[tuple[int, int]]] = []
    for start, end in places:
        if blocks and start - blocks[-1][-1][1] <= NEAR and end - blocks[-1][0][0] <= MOST:
            blocks[-1].append((start, end))
        else:
            blocks.append([(start, end)])
    return blocks


def change(packed: bytes, changes: Iterable[tuple[int, int, Sequence[int]]]) -> bytes:
    """The packed text with other bytes at places in it.

    Each change is where it begins in the packed text, how many bytes of the text are from there
    to its end, and the new bytes.
    """
    made = bytearray(packed)
    check = int.from_bytes(made[-4:], "big")
    low, high = check & 0xFFFF, check >> 16
    for place, rest, codes in changes:
        for number, code in enumerate(codes):
            more = code - made[place + number]
            low += more
            high += more * (rest - number)
            made[place + number] = code
    made[-4:] = ((high % ADLER) << 16 | low % ADLER).to_bytes(4, "big")
    return bytes(made)
