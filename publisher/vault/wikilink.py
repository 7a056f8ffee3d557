"""What stands between `[[` and `]]`, taken apart."""

from __future__ import annotations

import re
from urllib.parse import unquote

from publisher.vault.galley import Syntax, Target
from publisher.vault.slips import without_number

ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)


def split(inside: str) -> tuple[str, str]:
    """Target and display text; the latter is empty where the author gave none.

    A backslash before the bar is how tables write it, and no part of the target.
    """
    target, _, display = inside.partition("|")
    return target.removesuffix("\\").strip(), display.strip()


def target(text: str, syntax: Syntax = Syntax.WIKI) -> Target:
    """`Folder/Note#A#B` or `Note#^id`; percent signs count in Markdown links only.

    Web addresses are left whole: their `#` leads nowhere in the vault.
    """
    if ADDRESS.match(text):
        return Target(text.strip(), syntax=syntax)
    path, *parts = text.split("#")
    if syntax is Syntax.MARKDOWN:
        path, parts = unquote(path), [unquote(part) for part in parts]
    parts = [part for part in map(str.strip, parts) if part]
    block = parts.pop()[1:].strip() if parts and parts[-1].startswith("^") else ""
    return Target(path.strip(), tuple(parts), block, syntax)


def is_empty(target: Target) -> bool:
    """A target such as `[[]]` or `[[#]]`, which names nothing at all."""
    return not (target.path or target.headings or target.block)


def display(target: Target) -> str:
    """`Note > Heading`, with the last part of a path; never a raw `#`.

    A block's id says nothing to a reader: the note's name stands for it. Nor does the
    number that a slip box puts before a name.
    """
    if ADDRESS.match(target.path):
        return target.path
    name = without_number(target.path.rstrip("/").rpartition("/")[2]) or target.path
    block = f"^{target.block}" if target.block and not name else ""
    return " > ".join(filter(None, (name, *target.headings, block)))
