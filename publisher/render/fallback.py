"""What stands in where a theme's own typefaces lack a letter: chosen, not left to the system.

The faces that come with us follow the theme's own in every chain of families, and the
generic family ends it. Chinese, Japanese and Korean come from the system, by name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from publisher.problem import Position, Problem

HOME = Path(__file__).resolve().parents[1] / "fallback"
ADDRESS = "fallback/"
SHOWN = 6  # letters of one script that a problem names
_CODE = re.compile(r"\(U\+([0-9A-F]{4,6})\)")
STYLES = {
    "regular": "",
    "italic": " font-style: italic;",
    "bold": " font-weight: bold;",
    "bold-italic": " font-style: italic; font-weight: bold;",
}
_GENERIC = {"serif": "serif", "sans-serif": "sans", "monospace": "mono"}
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u303f\u3040-\u31ff\u3200-\ua4cf\ua960-\ua97f"
                   "\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")  # fmt: skip
_STRING = r""""[^"\n]*"|'[^'\n]*'"""
_DECLARED = re.compile(
    rf"/\*.*?\*/|@font-face\s*\{{[^{{}}]*\}}"
    rf"|(?P<name>(?<![\w-])font(?:-family)?\s*:\s*)(?P<value>(?:{_STRING}|[^;{{}}\"'])+)"
    rf"|{_STRING}",
    re.DOTALL | re.IGNORECASE,
)
_NO_FAMILY = re.compile(r"\s*(?:inherit|initial|unset|revert|[^,]*var\([^,]*)?\s*", re.IGNORECASE)


class Fallback(Struct, frozen=True):
    """The faces that come with us, the system's families for CJK, and what to install."""

    faces: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # family, (style, file)
    cjk: tuple[tuple[str, dict[str, list[str]]], ...]  # language, families by kind
    packages: dict[str, str]


@cache
def fallback() -> Fallback:
    """What `fallback.toml` says."""
    said: dict[str, Any] = tomllib.loads((HOME / "fallback.toml").read_text("utf-8"))
    faces = tuple(
        (face["family"], tuple((style, face[style]) for style in STYLES if style in face))
        for face in said["face"]
    )
    return Fallback(faces, tuple(said["cjk"].items()), said["packages"])


def fallback_files() -> dict[str, Path]:
    """The font files by the addresses that style sheets have them under."""
    return {f"{ADDRESS}{file}": HOME / file for _, files in fallback().faces for _, file in files}


def with_fallback(css: str, body: str, language: str) -> str:
    """A print sheet whose every chain of families ends in ours.

    `body` is the chain of the text, which a passage in another CJK language gets anew.
    """
    order = cjk_order(language)
    rules = [
        f'@font-face {{ font-family: "{family}";{STYLES[style]} src: url({ADDRESS}{file}); }}\n'
        for family, files in fallback().faces
        for style, file in files
    ]
    if body and body != "inherit":
        for name, _ in fallback().cjk:
            chain = _chained(body, cjk_order(name))
            rules.append(f":where({_spoken(name)}) {{ font-family: {chain} }}\n")
    return "".join(rules) + _DECLARED.sub(lambda found: _declared(found, order), css)


def _declared(found: re.Match[str], order: tuple[str, ...]) -> str:
    if not found["name"]:
        return found[0]
    return found["name"] + _chained(found["value"], order)


def _chained(value: str, order: tuple[str, ...]) -> str:
    """The chain with ours before the generic family, or at its end where it has none."""
    said, sign, important = value.partition("!")
    if _NO_FAMILY.fullmatch(said):
        return value
    before, comma, last = said.rstrip().rpartition(",")
    generic = last.strip().casefold()
    if comma and generic in _GENERIC:
        chain = f"{before}, {_ours(generic, order)}, {generic}"
    elif (word := generic.rpartition(" ")[2]) in _GENERIC and not comma:
        # The reader's or the system's own comes first where a theme asks for no other.
        chain = f"{said.rstrip()}, {_ours(word, order)}"
    else:
        chain = f"{said.rstrip()}, {_ours('serif', order)}, serif"
    return f"{chain} {sign}{important}" if sign else chain


def _ours(generic: str, order: tuple[str, ...]) -> str:
    families = (*(family for family, _ in fallback().faces), *_system(_GENERIC[generic], order))
    return ", ".join(f'"{name}"' for name in families)


def _system(kind: str, order: tuple[str, ...]) -> tuple[str, ...]:
    known = dict(fallback().cjk)
    kinds = (kind,) if kind == "serif" else (kind, "serif")
    return tuple(name for k in kinds for language in order for name in known[language][k])


def cjk_families(kind: str, language: str) -> tuple[str, ...]:
    """The system's families for Chinese, Japanese and Korean, those of the language first."""
    return _system(kind, cjk_order(language))


def cjk_order(language: str) -> tuple[str, ...]:
    """The languages of CJK, the book's or passage's own first."""
    names = [name for name, _ in fallback().cjk]
    own = cjk_language(language)
    return (own, *(name for name in names if name != own)) if own else tuple(names)


def cjk_language(language: str) -> str:
    """`zh-Hans`, `zh-Hant`, `ja` or `ko`; "" for any other language."""
    parts = language.replace("_", "-").casefold().split("-")
    if parts[0] in ("zh", "yue", "cmn"):
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-Hans"
    return parts[0] if parts[0] in ("ja", "ko") else ""


def _spoken(name: str) -> str:
    """The selector of what is said to be in a language; only where it is said."""
    tags = {"zh-Hant": ("zh-Hant", "zh-TW", "zh-HK", "zh-MO"), "zh-Hans": ("zh-Hans", "zh-CN")}
    alone = ', [lang="zh" i]' if name == "zh-Hans" else ""
    return ", ".join(f'[lang|="{tag}" i]' for tag in tags.get(name, (name,))) + alone


def is_cjk(letter: str) -> bool:
    """Whether a letter is one of Chinese, Japanese or Korean."""
    return _WIDE.match(letter) is not None


def missing_letters(letters: str, what: str, at: Position) -> Problem:
    """Letters that no font has, in something named; what is said of the first says its place."""
    named = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in letters[:SHOWN])
    if len(letters) > SHOWN:
        named += f" and {len(letters) - SHOWN} more"
    several = "characters" if len(letters) > 1 else "character"
    packages = fallback().packages
    install = packages["cjk" if is_cjk(letters[0]) else "other"]
    return Problem(
        "glyph-missing",
        f"no font has the {several} {named} of {what}: a sign stands in the place",
        at,
        hint=f"install {install}; or put a font that has it into the theme's print-fonts/ and"
        " name it among its families",
    )


def missing_in(letters: str, what: str, path: str) -> Iterator[Problem]:
    """The same, what has to be installed for CJK apart from the rest."""
    for wide in (True, False):
        if some := "".join(letter for letter in letters if is_cjk(letter) == wide):
            yield missing_letters(some, what, Position(path))


def with_lines(problems: Iterable[Problem], texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """The problems, those about missing letters at the first place of the first letter."""
    return tuple(
        replace(problem, at=_found(problem, texts.get(problem.at.path, "")))
        if problem.code == "glyph-missing" and not problem.at.line
        else problem
        for problem in problems
    )


def _found(problem: Problem, text: str) -> Position:
    code = _CODE.search(problem.message)
    place = text.find(chr(int(code[1], 16))) if code else -1
    if place < 0:
        return problem.at
    line = text.count("\n", 0, place) + 1
    return Position(problem.at.path, line, place - text.rfind("\n", 0, place))
