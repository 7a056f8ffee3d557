"""Callouts as the Admonition plugin has them: a fence that is named `ad-note` and its like.

```ad-note
title: Tides
Text, which is Markdown.
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")
_KIND = re.compile(r"ad-([A-Za-z][\w-]*)")
_SETTING = re.compile(r"(title|collapse|icon|color)[ \t]*:[ \t]*(.*)", re.IGNORECASE)


def rule(state: StateCore) -> None:
    """Before blocks are read: such a fence becomes a callout, line by line."""
    if "ad-" in state.src:
        state.src = "\n".join(_rewritten(state.src.split("\n")))


def _rewritten(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        end = _closing(lines, at, opening[1]) if opening else at
        kind = _KIND.fullmatch(opening[2].strip()) if opening else None
        if kind and end < len(lines):
            yield from _callout(kind[1], lines[at + 1 : end])
            yield ""
        else:
            yield from lines[at : end + 1]
        at = end + 1


def _closing(lines: list[str], at: int, fence: str) -> int:
    """Where a fence ends; past the last line where it does not."""
    close = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    return next((n for n in range(at + 1, len(lines)) if close.match(lines[n])), len(lines))


def _callout(kind: str, lines: list[str]) -> Iterator[str]:
    """As many lines as there were, and one for the fence."""
    settings = 0
    title = fold = ""
    for line in lines:
        found = _SETTING.match(line)
        if not found:
            break
        settings += 1
        if found[1].lower() == "title":
            title = found[2].strip()
        elif found[1].lower() == "collapse":
            fold = "-" if found[2].strip() in ("closed", "true") else "+"
    yield f"> [!{kind}]{fold} {title}".rstrip()
    yield from (">" for _ in range(settings))
    yield from (f"> {line}" for line in lines[settings:])


def plugin(md: MarkdownIt) -> None:
    """First of all."""
    md.core.ruler.before("block", "admonition", rule)
