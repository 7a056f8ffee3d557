"""What can be changed in a theme without writing CSS: tokens, their kinds and values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from tinycss2.color5 import parse_color  # type: ignore[import-untyped]

from publisher.plankeys import listed, meant
from publisher.problem import Position, SetupError

MEDIA = ("epub", "print")
# One unit is so many points; an em is a share of what the reader or the theme chose.
_POINTS = {"pt": 1.0, "in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "px": 0.75}
_SHARES = {"em": 1.0, "rem": 1.0, "%": 0.01}
_LENGTH = re.compile(r"(-?\d{1,5}(?:\.\d{1,4})?)(pt|in|mm|cm|px|em|rem|%|)")
_NUMBER = re.compile(r"-?\d{1,5}(?:\.\d{1,4})?")
_NAME = r"""(?:"[^"\\\n<>{};]+"|'[^'\\\n<>{};]+'|[A-Za-z][\w-]*(?: [A-Za-z][\w-]*)*)"""
_FAMILY = re.compile(rf"{_NAME}(?:\s*,\s*{_NAME})*")
_TOKEN_NAME = re.compile(r"[a-z][a-z0-9-]*")
_YES, _NO = ("true", "on", "yes"), ("false", "off", "no")
WANTED = {
    "colour": "a colour, such as #7a1f1f or darkred",
    "length": "a length, such as 11pt or 1.2em",
    "number": "a number, such as 1.2",
    "family": 'names of typefaces, such as "EB Garamond", serif',
    "flag": "true or false",
    "choice": "one of its choices",
}
KEYS = ("type", "default", "about", "choices", "per")


class Token(Struct, frozen=True):
    """One thing to change: its value in each medium, as CSS has it.

    `per` names the token that this one is a multiple of where it is given as a mere number.
    """

    name: str
    kind: str
    epub: str
    print: str
    about: str = ""
    choices: tuple[str, ...] = ()
    per: str = ""

    def default(self, medium: str) -> str:
        """Its value in `epub` or `print`."""
        return self.epub if medium == "epub" else self.print

    @property
    def shown(self) -> str:
        """The default in a word, or for each medium."""
        same = self.epub == self.print
        return self.epub if same else f"{self.print} in print, {self.epub} in the EPUB"


def read_token(name: str, said: Any, inherited: Token | None, at: str) -> Token:
    """A token as `theme.toml` has it: a table, or a mere new default for a parent's token."""
    if not _TOKEN_NAME.fullmatch(name):
        raise SetupError(f"{at}: a token's name is small letters, figures and hyphens")
    if inherited is None and not isinstance(said, dict):
        raise SetupError(f"{at}: no parent has the token “{name}”: give it a type and a default")
    if not isinstance(said, dict) or not {"type", "about", "choices", "per"} & said.keys():
        said = {"default": said.get("default", said) if isinstance(said, dict) else said}
    base = inherited or Token(name, "", "", "")
    kind = str(said.get("type", base.kind))
    if kind not in WANTED:
        raise SetupError(f"{at}: the type of “{name}” is {listed(WANTED)}, not “{kind}”")
    base = replace(
        base,
        kind=kind,
        about=str(said.get("about", base.about)),
        choices=tuple(map(str, said.get("choices", base.choices))),
        per=str(said.get("per", base.per)),
    )
    default = said.get("default", {"epub": base.epub, "print": base.print})
    if not isinstance(default, dict):
        default = dict.fromkeys(MEDIA, default)
    if set(default) != set(MEDIA):
        raise SetupError(f"{at}: “{name}” wants a default, or one for epub and one for print")
    epub, paper = (_value(base, _text(default[medium]), at) for medium in MEDIA)
    return replace(base, epub=epub, print=paper)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _value(token: Token, text: str, at: str) -> str:
    """The value as CSS has it; SetupError where it is of another type."""
    found = _CHECKS[token.kind](token, text)
    if found:
        return found
    wanted = WANTED[token.kind]
    if token.kind == "choice":
        wanted = f"{listed(token.choices)}{meant(text, token.choices)}"
        raise SetupError(
            f"{at}: {token.name} is {wanted.replace('; did', ', not “' + text + '”; did')}"
            if "; did" in wanted
            else f"{at}: {token.name} is {wanted}, not “{text}”"
        )
    raise SetupError(f"{at}: {token.name} wants {wanted}, not “{text}”")


def _colour(_token: Token, text: str) -> str:
    if text.casefold() in ("inherit", "currentcolor"):
        return text.casefold()
    return text if re.fullmatch(r"[#\w(),.%/ -]+", text) and parse_color(text) else ""


def _length(token: Token, text: str) -> str:
    found = _LENGTH.fullmatch(text)
    bare = found is not None and not found[2] and float(found[1]) != 0
    return text if found and (token.per or not bare) else ""


def _number(_token: Token, text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ""


def _family(_token: Token, text: str) -> str:
    return text if _FAMILY.fullmatch(text) else ""


def _flag(_token: Token, text: str) -> str:
    text = text.casefold()
    return "true" if text in _YES else "false" if text in _NO else ""


def _choice(token: Token, text: str) -> str:
    return text if text in token.choices else ""


_CHECKS: dict[str, Callable[[Token, str], str]] = {
    "colour": _colour,
    "length": _length,
    "number": _number,
    "family": _family,
    "flag": _flag,
    "choice": _choice,
}


def changed(
    tokens: Iterable[Token],
    wishes: Iterable[tuple[str, str]],
    theme: str,
    places: Mapping[str, Position],
) -> dict[str, str]:
    """The wishes by token, checked; SetupError names the nearest token and the place."""
    known = {token.name: token for token in tokens}
    out: dict[str, str] = {}
    for name, text in wishes:
        at = f"{places[name]}: [theme.tokens]" if name in places else "[theme.tokens]"
        if name not in known:
            raise SetupError(f"{at}: the theme “{theme}” has no token “{name}”{meant(name, known)}")
        out[name] = _value(known[name], text, at)
    return out


def settled(tokens: Iterable[Token], wishes: Mapping[str, str], medium: str) -> dict[str, str]:
    """Each token's value in one medium."""
    every = {token.name: token for token in tokens}
    out: dict[str, str] = {}
    for token in sorted(every.values(), key=lambda token: bool(token.per)):
        wish = wishes.get(token.name)
        if token.kind == "length":
            base = every.get(token.per)
            grown = _grown(base, out.get(token.per, ""), medium) if base else 1.0
            out[token.name] = _sized(token, wish, medium, grown, out.get(token.per, ""))
        elif token.kind == "colour":
            out[token.name] = _inked(wish or token.default(medium), medium)
        else:
            out[token.name] = wish or token.default(medium)
    return {name: out[name] for name in every}


def _measure(text: str) -> tuple[float, str]:
    """A length in points ("pt"), as a share ("em"), or as a multiple ("")."""
    found = _LENGTH.fullmatch(text)
    number, unit = (float(found[1]), found[2]) if found else (0.0, "")
    if unit in _POINTS:
        return number * _POINTS[unit], "pt"
    return (number * _SHARES[unit], "em") if unit else (number, "")


def _grown(base: Token, value: str, medium: str) -> float:
    """By how much the token that another hangs on is larger than its default."""
    before, now = _measure(base.default(medium))[0], _measure(value)[0]
    return now / before if before else 1.0


def _sized(token: Token, wish: str | None, medium: str, grown: float, base: str) -> str:
    """A length for one medium: the same share of its default as it is of the other's.

    In an EPUB the reader chooses the size: 12 points where print has 11 make 12/11 of it.
    """
    own, unit = _measure(token.default(medium))
    if wish is None:
        # What hangs on another token grows with it; a multiple does so by itself.
        same = grown == 1.0 or not unit
        return token.default(medium) if same else _said(own * grown, unit)
    value, given = _measure(wish)
    if given == unit:
        return wish
    if not given and value and base:
        size, measure = _measure(base)
        return _said(value * size, measure)
    other, others = _measure(token.default("print" if medium == "epub" else "epub"))
    if given != others or not other:
        return wish
    if not unit:
        # The multiple is of a size that may have changed, in print as much as here.
        return _said(own * value / (other * grown), unit)
    return _said(own * value / other, unit)


def _said(number: float, unit: str) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".") + unit


def _inked(text: str, medium: str) -> str:
    """A colour as the medium knows it: no inks on screens, and greys in black ink on paper."""
    if text in ("inherit", "currentcolor"):
        return text
    colour = parse_color(text)
    if colour.space == "device-cmyk":
        cyan, magenta, yellow, black = colour.coordinates
        light = [round(255 * (1 - ink) * (1 - black)) for ink in (cyan, magenta, yellow)]
        return text if medium == "print" else "#" + "".join(f"{part:02x}" for part in light)
    if medium == "print" and colour.alpha == 1:
        red, green, blue = (round(part, 4) for part in colour.to("srgb").coordinates)
        if red == green == blue:
            return f"device-cmyk(0 0 0 {_said(1 - red, '')})"
    return text
