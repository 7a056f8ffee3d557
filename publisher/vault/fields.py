"""Properties that stand in a note's body: the leading lines such as `AUTHOR: [[…]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from publisher.vault.address import Kind, read_address
from publisher.vault.field import Field, FieldLink
from publisher.vault.title import behind_title

_BREAKS = frozenset({"softbreak", "hardbreak"})

# Keys that are taken for properties however they are typed; others need more evidence.
_KNOWN = frozenset(
    """
    title subtitle author authors by writer editor translator source sources url link tag tags
    keywords topics genre category rating score date created published publication year
    alias aliases language lang publisher status type isbn series
    """.split()
)
# `key:: value` shows its value wherever it stands; only these are properties of the note.
_LABELLED = _KNOWN - {"status", "type", "link", "category"}
_BARE = re.compile(r"\s*([^\W\d_][\w /-]{0,30}?)\s*:(?!:)(?:\s+|$)")
_DOUBLE = re.compile(r"\s*([^\W\d_][\w /-]{0,30}?)\s*::\s*")
_COLON = re.compile(r"\s*(::?)\s*")
_LONGEST_BARE = 200


class _Line:
    """One source line of the leading block, and the field it holds, if any."""

    __slots__ = ("field", "sure", "tokens")

    def __init__(self, tokens: list[Token], field: Field | None, *, sure: bool) -> None:
        self.tokens = tokens
        self.field = field
        self.sure = sure


def lift_fields(
    tokens: list[Token], first_line: int = 0
) -> tuple[tuple[Field, ...], tuple[str, ...], list[Token]]:
    """The fields of the leading block, the tags in them, and the tokens without it.

    It stands at the head of the note, or below its title.
    """
    start = 0
    blocks, end, closed = _leading(tokens, start, first_line)
    if not blocks and (start := behind_title(tokens)):
        blocks, end, closed = _leading(tokens, start, first_line)
    found = [line for block in blocks for line in block[2] if line.field]
    if not found:
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


_Block = tuple[int, int, list[_Line]]


def _leading(
    tokens: Sequence[Token], start: int, first_line: int
) -> tuple[list[_Block], int, bool]:
    """The blocks that begin with a field, where they end, and whether a rule closes them."""
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
        lines = [line for inline in inlines for line in _lines(inline, first_line)]
        if not lines or not lines[0].field or (is_underlined and not all(x.field for x in lines)):
            break
        if kind == "bullet_list_open" and not all(line.field for line in lines):
            break
        blocks.append((at, stop, lines))
        at = stop
        if is_underlined:
            # The rule under the last field has made a heading of it.
            return blocks, at, True
    return blocks, at, False


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
        opening, inline, closing = tokens[start : start + 3]
        children = [child for line in prose for child in line]
        while children and children[0].type in _BREAKS:
            children = children[1:]
        out += [opening, inline.copy(children=children), closing]
    return out


def _lines(inline: Token, first_line: int) -> Iterator[_Line]:
    """The lines of a paragraph, each with the field it is."""
    number = first_line + (inline.map[0] if inline.map else 0) + 1
    for tokens in _split(inline.children or []):
        for part in _parted(tokens):
            yield _read(part, number)
        number += 1


def _split(children: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type in _BREAKS:
            lines.append([])
        lines[-1].append(child)
    return lines


def _parted(tokens: list[Token]) -> list[list[Token]]:
    """A line of nothing but `[key:: value]` and `(key:: value)` is a line for each."""
    parts: list[list[Token]] = [[]]
    inside = False
    for token in tokens:
        inside = inside or token.type == "field_open"
        if not inside and token.type not in _BREAKS and not _is_blank(token):
            return [tokens]
        parts[-1].append(token)
        if token.type == "field_close":
            inside = False
            parts.append([])
    held = [part for part in parts if any(token.type == "field_open" for token in part)]
    return held if len(held) > 1 else [tokens]


def _read(tokens: list[Token], number: int) -> _Line:
    """A field as `` `KEY:` value ``, `**Key:** value`, `key:: value` or `Key: value`."""
    line = [token for token in tokens if token.type not in _BREAKS]
    while line and _is_blank(line[0]):
        line = line[1:]
    while line and _is_blank(line[-1]):
        line = line[:-1]
    key, value, known = _key(line)
    if not key:
        return _Line(tokens, None, sure=False)
    text = _text(value).strip()
    links = tuple(_links(value))
    return _Line(tokens, Field(key.strip(), text, links, number), sure=known)


def _is_blank(token: Token) -> bool:
    return token.type == "text" and not token.content.strip()


_Keyed = tuple[str, list[Token], bool]
_NO_FIELD: _Keyed = ("", [], False)


def _key(line: list[Token]) -> _Keyed:
    """Key, value and whether the key alone proves a field; no key where there is none."""
    if not line:
        return _NO_FIELD
    first = line[0]
    if first.type == "field_open":
        key = str(first.meta["key"])
        whole = line[-1].type == "field_close"
        return (key, line[1:-1], True) if whole and _is_known(key, _LABELLED) else _NO_FIELD
    if first.type == "code_inline":
        return _marked(first.content, line[1:], capitals=True)
    if first.type in {"strong_open", "em_open"} and len(line) > 2:
        closing = first.type.replace("open", "close")
        if line[1].type == "text" and line[2].type == closing:
            return _marked(line[1].content, line[3:], capitals=False)
    return _bare(line) if first.type == "text" else _NO_FIELD


def _bare(line: list[Token]) -> _Keyed:
    """`Key: value` or `key:: value` with a key that is known to be a property's."""
    first = line[0]
    found, keys = _DOUBLE.match(first.content), _LABELLED
    if not found:
        found, keys = _BARE.match(first.content), _KNOWN
        if sum(len(token.content) for token in line) > _LONGEST_BARE:
            return _NO_FIELD
    if not found or not _is_known(found.group(1), keys):
        return _NO_FIELD
    rest = first.content[found.end() :]
    value = [first.copy(content=rest), *line[1:]] if rest else line[1:]
    return found.group(1), value, True


def _marked(key: str, rest: list[Token], *, capitals: bool) -> _Keyed:
    """A key set off by code or bold; its colon stands inside or right after."""
    name = key.rstrip().rstrip(":").strip()
    inside = key.rstrip().endswith(":")
    if not name or len(name) > 40 or len(name.split()) > 3:
        return _NO_FIELD
    if not inside:
        colon = _COLON.match(rest[0].content) if rest and rest[0].type == "text" else None
        if colon is None or not colon.group(1):
            return _NO_FIELD
        left = rest[0].content[colon.end() :]
        rest = [rest[0].copy(content=left), *rest[1:]] if left else rest[1:]
    sure = _is_known(name, _KNOWN) or (capitals and name.isupper() and len(name) > 1)
    return name, rest, sure


def _is_known(key: str, keys: frozenset[str]) -> bool:
    return key.strip().casefold().replace("_", " ").replace("-", " ") in keys


def _text(tokens: Sequence[Token]) -> str:
    """The words of a value, tags with their `#`."""
    return "".join(
        f"#{token.content}" if token.type == "tag" else token.content
        for token in tokens
        if token.type in {"text", "tag", "code_inline", "math_inline"}
    )


def _links(tokens: Sequence[Token]) -> Iterator[FieldLink]:
    """The links of a value, with their words."""
    for at, token in enumerate(tokens):
        if token.type not in {"link_open", "wikilink_open"}:
            continue
        closing = token.type.replace("open", "close")
        end = next((i for i in range(at, len(tokens)) if tokens[i].type == closing), len(tokens))
        words = _text(tokens[at:end]).strip()
        if token.type == "wikilink_open":
            yield FieldLink(words, target=token.meta["target"].path)
            continue
        address = read_address(str(token.attrs.get("href", "")))
        if address.kind is Kind.OUTSIDE:
            yield FieldLink(words, url=address.url)
        elif address.target is not None:
            yield FieldLink(words, target=address.target.path)
