"""Properties that stand in a note's body: the leading lines such as `AUTHOR: [[…]]`.

What fetches highlights into a vault has them in a section of their own, with this heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from publisher.vault.field import Field
from publisher.vault.field_lines import BREAKS, Line, lines_of
from publisher.vault.title import behind_title

_SECTIONS = frozenset(
    "metadata meta properties metadaten eigenschaften métadonnées propriétés metadatos propiedades"
    " metadati proprietà metagegevens metadados propriedades".split()
)
_PICTURES = frozenset({"image", "embed", "softbreak", "text"})
_ENOUGH = 2  # certain fields, for what stands among them to be some too


def lift_fields(
    tokens: list[Token], first_line: int = 0
) -> tuple[tuple[Field, ...], tuple[str, ...], list[Token]]:
    """The fields of the leading block, the tags in them, and the tokens without it.

    It stands at the head of the note, or below its title, or there in a section that is named so.
    """
    start = 0
    blocks, end, closed = _leading(tokens, start, first_line)
    if not _says(blocks) and (start := behind_title(tokens)):
        blocks, end, closed = _leading(tokens, start, first_line)
    if not _says(blocks) and (section := _section(tokens, start)) >= 0:
        start = section
        blocks, end, closed = _leading(tokens, start + 3, first_line, named=True)
    found = [line for block in blocks for line in block[2] if line.field]
    if not _says(blocks):
        return (), (), tokens
    every = all(line.field for block in blocks for line in block[2])
    if not closed:
        # Without a rule to close them, whole blocks of certain fields are taken, no more.
        while blocks and not all(line.field and line.sure for line in blocks[-1][2]):
            end = blocks.pop()[0]
    elif len(found) == 1 and not found[0].sure:
        return (), (), tokens
    if not blocks or not any(line.field for block in blocks for line in block[2]):
        return (), (), tokens
    rest = [] if every or not closed else _remaining(tokens, blocks)
    lines = [line for block in blocks for line in block[2] if line.field]
    fields = tuple(line.field for line in lines if line.field)
    tags = tuple(t.content for line in lines for t in line.tokens if t.type == "tag")
    return fields, tags, tokens[:start] + rest + tokens[end:]


_Block = tuple[int, int, list[Line]]


def _says(blocks: Sequence[_Block]) -> bool:
    """Whether any line of them is a field, and more than tags, which are lifted everywhere."""
    return any(line.field and not line.labels for block in blocks for line in block[2])


def _section(tokens: Sequence[Token], at: int) -> int:
    """Where the heading stands that says what follows it are properties, or -1.

    A picture may stand above it.
    """
    while at + 2 < len(tokens) and tokens[at].type == "paragraph_open":
        inside = tokens[at + 1].children or ()
        if any(c.type not in _PICTURES or (c.type == "text" and c.content.strip()) for c in inside):
            return -1
        at += 3
    if at + 2 < len(tokens) and tokens[at].type == "heading_open":
        return at if tokens[at + 1].content.strip(" :").casefold() in _SECTIONS else -1
    return -1


def _leading(
    tokens: Sequence[Token], start: int, first_line: int, *, named: bool = False
) -> tuple[list[_Block], int, bool]:
    """The blocks that begin with a field, where they end, and whether a rule closes them.

    Below the heading that is `named` for them nothing else need prove them.
    """
    blocks: list[_Block] = []
    at = start
    while at < len(tokens):
        kind = tokens[at].type
        if kind == "hr" and blocks:
            return blocks, at + 1, True
        is_underlined = kind == "heading_open" and tokens[at].markup == "-"
        if kind == "paragraph_open" or is_underlined:
            stop, inlines = at + 3, [tokens[at + 1]]
        elif kind == "bullet_list_open":
            stop = _end_of(tokens, at)
            inlines = _items(tokens[at:stop])
        else:
            break
        lines = [line for inline in inlines for line in lines_of(inline, first_line)]
        _judge(lines, named=named)
        if not lines or not lines[0].field or (is_underlined and not all(x.field for x in lines)):
            break
        if kind == "bullet_list_open" and not (named or all(line.field for line in lines)):
            break
        blocks.append((at, stop, lines))
        at = stop
        if is_underlined:
            # The rule under the last field has made a heading of it.
            return blocks, at, True
    return blocks, at, named and any(line.sure for block in blocks for line in block[2])


def _judge(lines: Sequence[Line], *, named: bool) -> None:
    """A line with a key of the author's own is a field where all are, and some are for certain."""
    certain = sum(line.sure and not line.labels for line in lines)
    company = certain > 0 if named else all(x.field for x in lines) and certain >= _ENOUGH
    for line in lines:
        if line.guessed:
            line.sure = company
            line.field = line.field if company else None


def _end_of(tokens: Sequence[Token], at: int) -> int:
    """Past the token that closes the block at `at`."""
    level = tokens[at].level
    for end in range(at + 1, len(tokens)):
        if tokens[end].level == level and tokens[end].nesting < 0:
            return end + 1
    return len(tokens)


def _items(tokens: Sequence[Token]) -> list[Token]:
    """The inline tokens of a plain list; none where its items hold more."""
    plain = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
             "paragraph_open", "paragraph_close", "inline"}  # fmt: skip
    if any(token.type not in plain or token.level > 3 for token in tokens):
        return []
    return [token for token in tokens if token.type == "inline"]


def _remaining(tokens: Sequence[Token], blocks: list[_Block]) -> list[Token]:
    """What of the leading block is no field, as paragraphs of its own."""
    out: list[Token] = []
    for start, _, lines in blocks:
        prose = [line.tokens for line in lines if not line.field]
        if not prose:
            continue
        at = next(n for n in range(start, len(tokens)) if tokens[n].type == "inline")
        opening, inline, closing = (
            token.copy(hidden=False, level=level)
            for token, level in zip(tokens[at - 1 : at + 2], (0, 1, 0), strict=True)
        )
        children = [child for line in prose for child in line]
        while children and children[0].type in BREAKS:
            children = children[1:]
        out += [opening, inline.copy(children=children), closing]
    return out
