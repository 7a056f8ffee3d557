"""Author properties: one text may name several people, as words or as links."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.names import bare_surname, parse_name, same_person

_LINK = re.compile(r"!?\[\[([^\[\]|]*)(?:\\?\|([^\[\]]*))?\]\]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\(<?([^()<>]*)>?\)")
_AND = re.compile(r"\s+(?:and|und|et|y|e|en)\s+|\s*&\s*|\s+(?:with|mit|avec|con)\s+", re.IGNORECASE)
_ET_AL = re.compile(r",?\s*\b(?:et\s+al|u\.\s?a)\b\.?", re.IGNORECASE)
_OPENING = re.compile(r"^(?:by|von|par|por|di)\s+", re.IGNORECASE)
_CORPORATE_COMMA = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|inc|ltd|llc)\b", re.IGNORECASE)
# One word on the far side of a single `y` is the rest of a surname, as in José Ortega y Gasset.
_SURNAME = re.compile(
    r"(?P<head>[^\s,;]+\s+[^\s,;]+)\s+y\s+(?P<tail>[^\s,;\ue000]+)"
    r"|(?P<first>[^\s,;]+)\s+y\s+(?P<second>[^\s,;\ue000]+)(?P<given>,[^,]+)"
)
# Given names, at most, with initials at most behind them: `J. Smith` has a family name.
_GIVEN = re.compile(
    r"(?:[^\W\d_][\w'’-]{1,40} ?){1,2}(?:[^\W\d_]\.[ -]?){0,3}|(?:[^\W\d_]\.[ -]?){1,4}"
)
_FAMILY = re.compile(r"[^\W\d_][\w'’ -]+")
_PLACEHOLDER = "\ue000"


def people_in(text: str) -> list[tuple[str, str]]:
    """(name, link target) of everyone named: `A; B`, `A, B and C`, `[[A]] & [[B|b]]`."""
    links: list[tuple[str, str]] = []

    def stash(found: re.Match[str]) -> str:
        links.append(link_parts(found))
        return f"{_PLACEHOLDER}{len(links) - 1}{_PLACEHOLDER}"

    # Runs of blanks are made one: patterns that begin with blanks would try each of them.
    text = re.sub(r"[^\S\n]+", " ", text.replace(_PLACEHOLDER, ""))
    plain = _LINK.sub(stash, text)
    plain = _MARKDOWN_LINK.sub(lambda m: m[1], plain)
    plain = _OPENING.sub("", _ET_AL.sub("", plain).strip())
    out: list[tuple[str, str]] = []
    for name in _split(plain):
        stashed = re.findall(f"{_PLACEHOLDER}(\\d+){_PLACEHOLDER}", name)
        if stashed:
            out.extend(links[int(number)] for number in stashed)
        elif name:
            out.append((_upright(name), ""))
    return [(name, target) for name, target in out if name]


def link_parts(found: re.Match[str]) -> tuple[str, str]:
    """(words, target) of a wikilink's match."""
    target = found[1].partition("#")[0].strip().rstrip("\\").strip()
    words = (found[2] or "").strip() or target.rpartition("/")[2]
    return words, target


def compatible_people(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> bool:
    """Whether two lists may name the same people, in any order."""
    if len(ours) != len(theirs):
        return False
    left = list(theirs)
    for person in ours:
        match = next((other for other in left if _compatible(person, other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _compatible(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[1] and one[1].casefold() == other[1].casefold():
        return True
    return any(
        same_person(a, b) or bare_surname(a, b) or bare_surname(b, a)
        for a in _spellings(one)
        for b in _spellings(other)
    )


def _spellings(person: tuple[str, str]) -> list[str]:
    name, target = person
    last = target.rpartition("/")[2]
    return [name, last] if last and last != name else [name]


def _split(text: str) -> list[str]:
    if ";" in text or "\n" in text:
        return [name for part in re.split(r"[;\n]", text) for name in _split(part.strip()) if name]
    if _SURNAME.fullmatch(text) and len(_AND.findall(text)) == 1:
        return [text]
    parts = [part.strip(" ,") for part in _AND.split(text)]
    commas = [piece.strip() for piece in parts[0].split(",") if piece.strip()]
    commas = _rejoined(commas)
    if len(parts) == 1 and len(commas) == 2 and _is_inverted(commas[0], commas[1]):
        return [text]
    if len(parts) > 1 and all(_one_inverted(part) for part in parts):
        return [part for part in parts if part]
    split = [piece for part in parts for piece in _rejoined(part.split(","))]
    return paired([piece for piece in (p.strip() for p in split) if piece])


def paired(pieces: Sequence[str]) -> list[str]:
    """`Smith`, `John A.`, `Garcia`, `Maria` are two people, whom commas have parted.

    Nobody is called `John A.` and no more: half the given names must be so for it to be told
    from `Plato`, `Aristotle`, `Kant`, `Hegel`.
    """
    families, given = pieces[::2], pieces[1::2]
    pairs = list(zip(families, given, strict=False))
    if len(pieces) < 4 or len(pieces) % 2 or not all(_is_inverted(*pair) for pair in pairs):
        return list(pieces)
    if not all(map(_FAMILY.fullmatch, families)) or not all(map(_GIVEN.fullmatch, given)):
        return list(pieces)
    initials = sum(name.endswith(".") for name in given)
    return [f"{a}, {b}" for a, b in pairs] if 2 * initials >= len(given) else list(pieces)


def _rejoined(pieces: list[str]) -> list[str]:
    """Put `Jr.` back behind the name it belongs to."""
    out: list[str] = []
    for piece in (p.strip() for p in pieces):
        if out and _CORPORATE_COMMA.match(piece):
            out[-1] = f"{out[-1]}, {piece}"
        elif piece:
            out.append(piece)
    return out


def _one_inverted(text: str) -> bool:
    pieces = _rejoined(text.split(","))
    return len(pieces) == 2 and _is_inverted(pieces[0], pieces[1])


def _is_inverted(left: str, right: str) -> bool:
    """`Trotsky, Leon`: one family name, perhaps with particles, before given names."""
    if _PLACEHOLDER in left or _PLACEHOLDER in right:
        return False
    words = left.split()
    family = words and all(word.islower() for word in words[:-1])
    capitalised = len(words) == 2 and words[0].casefold() in _CAPITAL_PARTICLES
    return bool(family or capitalised) and len(right.split()) <= 4


_CAPITAL_PARTICLES = frozenset("de van von le la du di da mac st. saint ten der".split())


def _upright(name: str) -> str:
    """`Trotsky, Leon` as it is spoken: `Leon Trotsky`."""
    pieces = [piece.strip() for piece in name.split(",")]
    if len(pieces) > 1:
        return str(parse_name(name))
    return " ".join(name.split())
