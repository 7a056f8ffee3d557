"""What a line at the head of a note holds: a key and a value, set off in one of many ways."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from publisher.vault.address import Kind, read_address
from publisher.vault.field import Field, FieldLink

BREAKS = frozenset({"softbreak", "hardbreak"})

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
_MOST_WORDS = 4  # in a key


class Line:
    """One source line of the leading block, and the field it holds, if any.

    One that is `guessed` has a key that we do not know, and nothing that sets it off; one of
    `labels` is nothing but tags, which prove nothing of the lines around it.
    """

    __slots__ = ("field", "guessed", "labels", "sure", "tokens")

    def __init__(
        self, tokens: list[Token], field: Field | None, *, sure: bool, labels: bool = False
    ) -> None:
        self.tokens = tokens
        self.field = field
        self.sure = sure
        self.labels = labels
        self.guessed = False


def lines_of(inline: Token, first_line: int) -> Iterator[Line]:
    """The lines of a paragraph, each with the field it is."""
    number = first_line + (inline.map[0] if inline.map else 0) + 1
    for tokens in _split(inline.children or []):
        for part in _parted(tokens):
            yield _read(part, number)
        number += 1


def _split(children: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type in BREAKS:
            lines.append([])
        lines[-1].append(child)
    return lines


def _parted(tokens: list[Token]) -> list[list[Token]]:
    """A line of nothing but `[key:: value]` and `(key:: value)` is a line for each."""
    parts: list[list[Token]] = [[]]
    inside = False
    for token in tokens:
        inside = inside or token.type == "field_open"
        if not inside and token.type not in BREAKS and not _is_blank(token):
            return [tokens]
        parts[-1].append(token)
        if token.type == "field_close":
            inside = False
            parts.append([])
    held = [part for part in parts if any(token.type == "field_open" for token in part)]
    return held if len(held) > 1 else [tokens]


def _read(tokens: list[Token], number: int) -> Line:
    """A field as `` `KEY:` value ``, `**Key:** value`, `key:: value` or `Key: value`."""
    line = [token for token in tokens if token.type not in BREAKS]
    while line and _is_blank(line[0]):
        line = line[1:]
    while line and _is_blank(line[-1]):
        line = line[:-1]
    if _is_labels(line):
        return Line(tokens, Field("tags", _text(line).strip(), (), number), sure=True, labels=True)
    key, value, known = _key(line)
    guessed = not key
    if guessed:
        key, value = _own(line)
    if not key:
        return Line(tokens, None, sure=False)
    text = _text(value).strip()
    links = tuple(_links(value))
    if known and _is_related(key, value):
        # Alone, the line is text like any other, and its links are links.
        guessed, known = True, False
    found = Line(tokens, Field(key.strip(), text, links, number), sure=known)
    found.guessed = guessed
    return found


def _is_blank(token: Token) -> bool:
    return token.type == "text" and not token.content.strip()


def _is_labels(line: list[Token]) -> bool:
    """Whether a line is nothing but tags."""
    return bool(line) and all(token.type == "tag" or _is_blank(token) for token in line)


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
    found, keys = _DOUBLE.match(line[0].content), _LABELLED
    if not found:
        found, keys = _BARE.match(line[0].content), _KNOWN
        if sum(len(token.content) for token in line) > _LONGEST_BARE:
            return _NO_FIELD
    if not found or not _is_known(found.group(1), keys):
        return _NO_FIELD
    return found.group(1), _after(line, found.end()), True


def _own(line: list[Token]) -> tuple[str, list[Token]]:
    """The same with a key of the author's own: whether it is one the lines around it tell."""
    if line and line[0].type == "field_open" and line[-1].type == "field_close":
        return str(line[0].meta["key"]), line[1:-1]
    if not line or line[0].type != "text":
        return "", []
    found = _DOUBLE.match(line[0].content) or _BARE.match(line[0].content)
    is_long = sum(len(token.content) for token in line) > _LONGEST_BARE
    if not found or is_long or len(found.group(1).split()) > _MOST_WORDS:
        return "", []
    return found.group(1), _after(line, found.end())


def _after(line: list[Token], end: int) -> list[Token]:
    """What follows the key at the beginning of a line."""
    rest = line[0].content[end:]
    return [line[0].copy(content=rest), *line[1:]] if rest else line[1:]


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


def _is_related(key: str, value: Sequence[Token]) -> bool:
    """`Link: [[A]], [[B]]` names notes to see, and no source."""
    if key.strip().casefold() not in {"link", "links"}:
        return False
    outside = depth = 0
    for token in value:
        depth += (token.type == "wikilink_open") - (token.type == "wikilink_close")
        outside += not depth and (
            token.type == "link_open" or any(sign.isalnum() for sign in token.content)
        )
    return not outside and any(token.type == "wikilink_open" for token in value)


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
