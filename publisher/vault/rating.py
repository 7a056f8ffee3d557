"""Ratings as letters, numbers, shares and stars."""

from __future__ import annotations

import re

_LETTERS = dict(
    zip(
        "a+ a a- b+ b b- c+ c c- d+ d d- e f".split(),
        (1.0, 1.0, 0.925, 0.875, 0.8, 0.725, 0.675, 0.6, 0.525, 0.475, 0.4, 0.325, 0.2, 0.0),
        strict=True,
    )
)
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,3})?)"
_OF = re.compile(
    rf"{_NUMBER}\s*(?:/|of|out of|von|sur|de)\s*{_NUMBER}(?:\s*stars?)?", re.IGNORECASE
)
_PLAIN = re.compile(rf"{_NUMBER}\s*(?:stars?|★|⭐)?", re.IGNORECASE)
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_FULL, _HALF, _EMPTY = "★⭐🌟✭✮✯✰", "½⯨⯪", "☆✩"


def rating_share(text: str) -> float | None:
    """The rating as a share of the best possible, from 0 to 1; None when unreadable.

    A bare number is out of 5, else of 10, else of 100, whichever is the first to hold it.
    """
    plain = text.replace("\ufe0f", "").replace("−", "-").strip()
    plain = re.sub(r"(?<=\d)\s?½", ".5", plain)
    if plain.casefold() in _LETTERS:
        return _LETTERS[plain.casefold()]
    if found := _PERCENT.fullmatch(plain):
        return _share(_number(found[1]), 100)
    if found := _OF.fullmatch(plain):
        return _share(_number(found[1]), _number(found[2]))
    if found := _PLAIN.fullmatch(plain):
        value = _number(found[1])
        return next((_share(value, best) for best in (5, 10, 100) if value <= best), None)
    return _stars(plain)


def is_starred(text: str) -> bool:
    """Whether a rating was typed in stars."""
    return _stars(text.replace("\ufe0f", "")) is not None


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))


def _share(value: float, best: float) -> float | None:
    return round(value / best, 4) if best and value <= best else None


def _stars(text: str) -> float | None:
    signs = [char for char in text if not char.isspace()]
    if not signs or any(char not in _FULL + _HALF + _EMPTY for char in signs):
        return None
    full = sum(char in _FULL for char in signs) + 0.5 * sum(char in _HALF for char in signs)
    best = len(signs) if any(char in _EMPTY for char in signs) else 5
    return _share(full, best)
