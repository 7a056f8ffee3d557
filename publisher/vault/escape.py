"""Text made safe for XHTML."""

from __future__ import annotations

import re

# What XML 1.0 can't hold in any form: most control characters, surrogates, U+FFFE/FFFF.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile('[&<>"]')
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape(text: str) -> str:
    """Text for an element or a double-quoted attribute."""
    text = legal(text)
    return _SPECIAL.sub(_reference, text) if _SPECIAL.search(text) else text


def legal(text: str) -> str:
    """Text without the characters that no XML document may hold."""
    return _ILLEGAL.sub("\ufffd", text) if _ILLEGAL.search(text) else text


def _reference(found: re.Match[str]) -> str:
    return _NAMED[found.group()]
