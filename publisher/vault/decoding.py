"""A note's bytes become text that XML can hold."""

from __future__ import annotations

import codecs
import re
import unicodedata

from publisher.problem import Position, Problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The same as bytes of UTF-8, the last two by what they and a few others begin with: to look
# for bytes is quicker by far than for any of many letters.
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_NO_LETTERS = b"\xef\xbf"
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def decode_text(content: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """The text with line feeds as its only line endings, no byte order mark, no control codes."""
    encoding = "utf-8"
    for mark, name in _BOMS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], name
            break
    problems: list[Problem] = []
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        text = _guess(content, encoding)
        problems.append(_not_utf8(content, error.start, encoding, path))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    suspect = encoding != "utf-8" or _NO_LETTERS in content
    suspect = suspect or len(content.translate(None, _CONTROLS)) < len(content)
    if suspect and (found := _CONTROL.search(text)):
        line, column = _line_column(text, found.start())
        problems.append(
            Problem(
                "control-character",
                f"the control character U+{ord(found[0]):04X} is replaced",
                Position(path, line, column),
                hint="delete it in the note",
            )
        )
        text = _CONTROL.sub(lambda m: " " if m[0] in "\x0b\x0c" else "\ufffd", text)
    return text, tuple(problems)


def _guess(content: bytes, encoding: str) -> str:
    """Windows Latin when the bytes read as such, else U+FFFD for what is not UTF-8."""
    if encoding == "utf-8" and not _MULTIBYTE.search(content):
        text = content.decode("cp1252", errors="replace")
        letters = [c for c in text if c.isalpha()]
        foreign = [c for c in text if ord(c) > 127]
        odd = sum(1 for c in foreign if unicodedata.category(c) in ("Cn", "Cc", "So", "Sm"))
        accents = sum(1 for c in letters if ord(c) > 127)
        if accents <= max(4, len(letters) * 0.25) and odd * 4 <= len(foreign):
            return text
    return content.decode(encoding, errors="replace")


def _not_utf8(content: bytes, offset: int, encoding: str, path: str) -> Problem:
    before = content[:offset].decode(encoding, errors="replace")
    line, column = _line_column(before.replace("\r\n", "\n").replace("\r", "\n"))
    return Problem(
        "not-utf-8",
        "the note is not UTF-8 text; its odd bytes are guessed or shown as �",
        Position(path, line, column),
        hint="save the note as UTF-8",
    )


def _line_column(text: str, offset: int | None = None) -> tuple[int, int]:
    head = text if offset is None else text[:offset]
    return head.count("\n") + 1, len(head) - (head.rfind("\n") + 1) + 1
