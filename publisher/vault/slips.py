"""The number that a slip box puts before a note's name: the moment it was begun, to the minute."""

from __future__ import annotations

import re

# Minutes or seconds, as slip-box plugins write them.
_NUMBER = (
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)
_BEFORE = re.compile(rf"\A({_NUMBER})[\s_-]+(?=\S)")
_ALONE = re.compile(_NUMBER)


def without_number(name: str) -> str:
    """`202103150900 Fog` is called Fog: the moment is for whoever files it."""
    return _BEFORE.sub("", name)


def is_number(name: str) -> bool:
    """Whether a name is a slip's number and no more."""
    return _ALONE.fullmatch(name) is not None


def number_of(name: str) -> str:
    """The number before a name, or ""."""
    found = _BEFORE.match(name)
    return found[1] if found else ""
