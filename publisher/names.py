"""Titles and people by name: slugs, anchors, and where each is looked up."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from anyascii import anyascii
from msgspec import Struct

from publisher.alphabet import SortKey, collate, first_letter, strip_article

_LONGEST_SLUG = 80
_SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)
_PARTICLES = frozenset(
    "van von der den de da di del della dello degli dei do dos das du des af av zu zum zur "
    "vom ten ter te ibn bin bint abu ben el al y e la las los le het 't op auf und".split()
)
# Those that open a particle; "la" and "el" only go on from one.
_OPENERS = _PARTICLES - frozenset("la las los le el op".split())
_GLUED = frozenset(("d’", "d'", "al-", "el-"))
# With a capital they belong to the name: De Quincey, Van Buren, Le Guin.
_CAPITAL = frozenset(
    "van von de del della der di da du des la le los las lo ten ter dos mac st. saint san".split()
)
_WHOLE = frozenset("van von de du la le del des".split())
_CONNECTORS = frozenset(("y", "e", "i"))
_NAME_OPENERS = frozenset("ibn abu umm bint".split())
_CORPORATE = re.compile(
    r"\b(?:the|and|of|und|et|for|press|committee|group|collective|union|party|institute|"
    r"society|association|university|editors?|staff|board|council|league|international|"
    r"movement|federation|congress|team|inc|ltd|gmbh|company|club|project|foundation|"
    r"anonymous|various|unknown)\b",
    re.IGNORECASE,
)
# A title before a name says that it is a person's: `Mrs Amery` stands under A.
_HONORIFIC = re.compile(
    r"(?:mrs?|ms|miss|mx|dr|prof(?:essor)?|sir|dame|lady|lord|rev(?:erend)?|capt(?:ain)?|"
    r"col(?:onel)?|gen(?:eral)?|lieutenant|sergeant|major|father|sister|brother|saint|st|"
    r"m|mme|mlle|madame|monsieur|mademoiselle|herr|frau|fräulein|señora?|sra?|signora?)\.? "
    r"(?=\w)",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def slug(text: str) -> str:
    """A name safe for files, addresses and ids: `a-z`, `0-9`, `-`, starting with a letter."""
    plain = text if text.isascii() else anyascii(unicodedata.normalize("NFC", text))
    ascii_text = plain.lower()
    words = re.sub(r"['’`]", "", ascii_text)
    out = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
    if len(out) > _LONGEST_SLUG:
        out = out[:_LONGEST_SLUG].rpartition("-")[0] or out[:_LONGEST_SLUG]
    if not out:
        # Nothing to spell: the text's digest keeps different names apart.
        return "n" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return out if out[0].isalpha() else f"n{out}"


class Anchors:
    """Hands out ids, each once; the same requests in the same order give the same ids."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def unique(self, text: str) -> str:
        """The text's slug, with a number from 2 on where it is taken."""
        base = slug(text)
        if base not in self._taken:
            self._taken.add(base)
            return base
        number = self._last.get(base, 1) + 1
        while f"{base}-{number}" in self._taken:
            number += 1
        self._last[base] = number
        self._taken.add(f"{base}-{number}")
        return f"{base}-{number}"


def sort_key(text: str, language: str = "en") -> SortKey:
    """Where a title stands: its article aside, by the language's alphabet."""
    group, key, _ = collate(strip_article(_unquoted(text), language), language)
    return group, key, text


def sort_letter(text: str, language: str = "en") -> str:
    """The letter heading a title stands under: `T`, `Å`, `#`."""
    return first_letter(strip_article(_unquoted(text), language), language)


def _unquoted(text: str) -> str:
    return text.lstrip(" \t\"“”„«»‹›‘'*_([¿¡…")


class PersonName(Struct, frozen=True):
    """A name in its parts; what is filed as written is all `family`."""

    given: str
    particle: str
    family: str
    suffix: str = ""

    def __str__(self) -> str:
        glue = "" if self.particle.endswith(("-", "’", "'")) else " "
        last = f"{self.particle}{glue}{self.family}" if self.particle else self.family
        return " ".join(part for part in (self.given, last, self.suffix) if part)


def parse_name(name: str, language: str = "") -> PersonName:
    """Read `Leon Trotsky` or `Trotsky, Leon`; organisations and single names stay whole."""
    # Files' names may have letters and accents apart, which are no letters of a word then.
    text = " ".join(unicodedata.normalize("NFC", name).split())
    parts = [part.strip() for part in text.split(",") if part.strip()]
    suffix = ""
    if len(parts) > 1 and _SUFFIX.fullmatch(parts[-1]):
        suffix = parts.pop()
    if len(parts) == 2:
        return _inverted(parts[0], parts[1], suffix)
    if len(parts) > 2 or not parts:
        return PersonName("", "", text)
    words = parts[0].split()
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if _filed_as_written(words, language):
        return PersonName("", "", " ".join(words), suffix)
    start = _family_start(words)
    return _with_particle(words[:start], words[start:], suffix)


def file_as(name: str, override: str = "", language: str = "") -> str:
    """The name as catalogues have it: `Trotsky, Leon`, `Gogh, Vincent van`."""
    if override.strip():
        return override.strip()
    parsed = parse_name(name, language)
    if not parsed.given and not parsed.particle:
        return ", ".join(part for part in (parsed.family, parsed.suffix) if part)
    before = " ".join(part for part in (parsed.given, parsed.particle) if part)
    return ", ".join(part for part in (parsed.family, before, parsed.suffix) if part)


def person_key(name: str, language: str = "en", override: str = "") -> SortKey:
    """Where a person stands in a list: `La Fontaine` under L, `The Economist` under E."""
    filed = file_as(name, override)
    return collate(filed if "," in filed else strip_article(filed, language), language)


def find_honorific(name: str) -> str:
    """The title that a person's name begins with, of names with capitals: `Mrs`, or ""."""
    found = _HONORIFIC.match(name)
    rest = name[found.end() :] if found else ""
    is_name = rest and all(word[:1].isupper() for word in rest.split()[-1:]) and rest != name
    return found[0].strip() if found and is_name and name[:1].isupper() else ""


def same_person(one: str, other: str) -> bool:
    """Whether two names surely mean one person: inverted, folded, or with initials."""
    if _folded(one) == _folded(other):
        return bool(_folded(one))
    a, b = parse_name(one), parse_name(other)
    if not a.given or not b.given or _folded(a.suffix) != _folded(b.suffix):
        return False
    if _folded(f"{a.particle} {a.family}") != _folded(f"{b.particle} {b.family}"):
        return False
    ours, theirs = _givens(a.given), _givens(b.given)
    return len(ours) == len(theirs) and all(map(_same_given, ours, theirs))


def bare_surname(short: str, full: str) -> bool:
    """Whether `short` is but the family name of `full`: `Trotsky` of `Leon Trotsky`."""
    a, b = parse_name(short), parse_name(full)
    if a.given or not b.given or not a.family:
        return False
    family = _folded(b.family)
    return _folded(str(a)) in (family, _folded(f"{b.particle} {b.family}"))


def _inverted(left: str, right: str, suffix: str) -> PersonName:
    given = right.split()
    tail = len(given)
    while tail and (_is_particle(given[tail - 1]) or given[tail - 1] in _GLUED):
        tail -= 1
    if 0 < tail < len(given):
        return PersonName(" ".join(given[:tail]), " ".join(given[tail:]), left, suffix)
    return _with_particle(given, left.split(), suffix)


def _with_particle(given: list[str], last: list[str], suffix: str) -> PersonName:
    count = 0
    while count < len(last) - 1 and last[count].islower() and last[count] in _PARTICLES:
        count += 1
    if count and last[0] not in _OPENERS:
        count = 0  # "le Carré" stands under L
    particle, family = " ".join(last[:count]), " ".join(last[count:])
    if glued := re.match(r"(al-|el-|d’|d')(?=\w)", family):
        particle = f"{particle} {glued[0]}".strip()
        family = family[glued.end() :]
    return PersonName(" ".join(given), particle, family, suffix)


def _family_start(words: list[str]) -> int:
    """Where the family name with its particles begins."""
    start = len(words) - 1
    if start > 2 and words[start - 1] in _CONNECTORS:
        start -= 2  # Ortega y Gasset
    while start and _is_particle(words[start - 1]):
        start -= 1
    if start > 1 and words[start - 1].istitle() and words[start - 1].casefold() in _CAPITAL:
        start -= 1
    return start


def _is_particle(word: str) -> bool:
    return word in _PARTICLES and word not in _CONNECTORS


def _filed_as_written(words: list[str], language: str) -> bool:
    text = " ".join(words)
    return (
        len(words) < 2
        or _EAST_ASIAN.search(text) is not None
        or language.partition("-")[0] == "hu"
        or words[0].casefold() in _NAME_OPENERS
        or (len(words) == 2 and words[0].istitle() and words[0].casefold() in _WHOLE)
        or _CORPORATE.search(text) is not None
        or any(char in "&/0123456789" for char in text)
    )


def _folded(text: str) -> str:
    spaced = re.sub(r"[.\s,_-]+", " ", anyascii(unicodedata.normalize("NFC", text)).casefold())
    return re.sub(r"[^\w ]", "", spaced).strip()


def _givens(given: str) -> list[str]:
    return _folded(given).split()


def _same_given(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
