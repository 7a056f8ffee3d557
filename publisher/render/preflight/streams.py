"""Streams, opened with a limit: a few bytes can unpack to gigabytes."""

from __future__ import annotations

import zlib

import pikepdf

MOST = 96 * 1024 * 1024  # bytes that a page's content or a font may unpack to
_LONGEST = 16 * 1024 * 1024  # bytes of operators on a page
_WORDS = 1_000_000  # operators and operands on a page; a map has some hundred thousand
_SAFE = MOST // 1032  # zlib packs no better than 1 to 1032


def filters_of(stream: pikepdf.Object) -> tuple[str, ...]:
    """The stream's filters in order, without their slashes."""
    found = stream.get("/Filter")
    names = list(found) if isinstance(found, pikepdf.Array) else [found]
    try:
        return tuple(str(name).lstrip("/") for name in names if isinstance(name, pikepdf.Name))
    except UnicodeDecodeError:
        return ("unreadable",)


def opened(stream: pikepdf.Object) -> bytes | None:
    """The stream's bytes; nothing where they are too many or cannot be read."""
    try:
        return stream.read_bytes() if fits(stream) else None
    except (pikepdf.PdfError, RuntimeError):
        return None


def readable(stream: pikepdf.Object) -> bool:
    """Whether a page's operators can be read in a moment: not too long, not too many."""
    if not fits(stream):
        return False
    found = opened(stream) or b""
    return len(found) <= _LONGEST and sum(map(found.count, (b" ", b"\n", b"\r"))) <= _WORDS


def fits(stream: pikepdf.Object) -> bool:
    """Whether the stream unpacks to a size that a page can honestly have."""
    names = filters_of(stream)
    packed = [name for name in names if name in ("FlateDecode", "Fl", "LZWDecode", "LZW")]
    try:
        if len(packed) > 1:
            return False
        raw = stream.read_raw_bytes()
        if not packed or len(raw) < _SAFE:
            return len(raw) <= MOST
        if len(names) > 1 or "LZW" in packed[0]:
            return len(raw) <= MOST // 64
        unpacker = zlib.decompressobj()
        left = MOST
        for start in range(0, len(raw), 1 << 20):
            left -= len(unpacker.decompress(raw[start : start + (1 << 20)], left))
            if unpacker.unconsumed_tail or left <= 0:
                return False
        return True
    except (zlib.error, pikepdf.PdfError, RuntimeError):
        return True  # a broken stream is short; qpdf reads what there is
