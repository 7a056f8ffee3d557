"""Tags that label a paragraph are lifted out of it; tags that are its words stay."""

from __future__ import annotations

from markdown_it.token import Token

from publisher.tongue import goes_on

_BREAKS = frozenset({"softbreak", "hardbreak"})
_ANNOUNCES = (":", "：")  # a colon left alone would announce nothing
_STOPS = tuple(".!?…;。！？”\"')»]")
_HEADS = frozenset({"tags:", "tag:", "keywords:", "topics:"})


def lift_tags(
    children: list[Token], tags: dict[str, None], *, item: bool = False, labels: bool = False
) -> list[Token]:
    """The run without its lines of nothing but tags and without the tags that trail it.

    In a list item a line of tags stays when it is all there is. With `labels`, as in
    headings and tasks, even a single tag at the end is no word of its sentence.
    """
    if not any(child.type == "tag" for child in children):
        return children
    lines = _lines(children)
    kept = [line for line in lines if not _is_labels(line)]
    if not kept and item:
        return children
    for line in lines:
        if _is_labels(line):
            _collect(line, tags)
    if kept:
        kept[-1] = _without_trail(kept[-1], tags, always=labels)
    out: list[Token] = []
    for line in kept:
        # A line's own break goes with it; the first line kept needs none before it.
        out += line if out else [child for child in line if child.type not in _BREAKS]
    return out


def _lines(children: list[Token]) -> list[list[Token]]:
    """Lines, each with the break that stands before it."""
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type in _BREAKS:
            lines.append([])
        lines[-1].append(child)
    return lines


def _is_labels(line: list[Token]) -> bool:
    """Whether a line is nothing but tags, perhaps after `Tags:`."""
    words = "".join(child.content for child in line if child.type == "text").strip(" ,\t")
    if words and words.casefold() not in _HEADS:
        return False
    kinds = {child.type for child in line} - _BREAKS
    return "tag" in kinds and kinds <= {"tag", "text"}


def _without_trail(line: list[Token], tags: dict[str, None], *, always: bool) -> list[Token]:
    """Two tags or more at the end are labels, and so is one after a full stop.

    None is after a colon or a word with which no sentence ends: they are what it goes on with.
    """
    end = len(line)
    while end and (line[end - 1].type == "tag" or _is_space(line[end - 1])):
        end -= 1
    trail = [child for child in line[end:] if child.type == "tag"]
    if not trail or not end:
        return line
    before = line[end - 1]
    said = before.content.rstrip() if before.type == "text" else ""
    if (
        said.endswith(_ANNOUNCES)
        or goes_on(said)
        or not (always or said.endswith(_STOPS) or len(trail) > 1)
    ):
        return line
    _collect(trail, tags)
    if before.type == "text":
        before.content = before.content.rstrip()
    return line[:end]


def _is_space(token: Token) -> bool:
    return token.type == "text" and not token.content.strip(" ,")


def _collect(line: list[Token], tags: dict[str, None]) -> None:
    for child in line:
        if child.type == "tag":
            tags.setdefault(child.content)
