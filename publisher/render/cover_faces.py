"""The faces a cover is drawn with: the theme's, those that stand in, and the system's for CJK."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import resvg_py
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from PIL import Image

from publisher.book.model import Metadata
from publisher.problem import Problem
from publisher.render.fallback import (
    cjk_families,
    fallback_files,
    is_cjk,
    missing_in,
)
from publisher.render.theme import Theme

_FAMILY = re.compile(r'font-family="([^"]*)"')
_TEXT = re.compile(r">([^<]+)<")
_NOTHING = "\u0378"  # a character that is none, and that no font has
_CELL = 40


def draw(svg: str, width: int, height: int, theme: Theme, language: str) -> bytes:
    """The drawing as a PNG, its letters from the same faces on every machine if they can be."""
    files, strange, family = faces_for(letters_of(svg), theme.fonts(), language)
    if family:
        svg = _FAMILY.sub(lambda chain: f'font-family="{escape(family)}, {chain[1]}"', svg)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            height=height,
            font_files=[str(file) for file in files],
            skip_system_fonts=not strange,
        )
    )


def files_for(svg: str, theme: Theme, language: str) -> tuple[Path, ...]:
    """The font files a drawing is made with; none where the system must be asked for letters."""
    files, strange, family = faces_for(letters_of(svg), theme.fonts(), language)
    return () if strange or family else files


def missing_on_cover(about: Metadata, theme: Theme) -> tuple[Problem, ...]:
    """The letters of a cover's words that no font has."""
    names = (*about.authors, *about.editors)
    words = (about.title, about.subtitle, about.publisher, *(name for name, _ in names))
    files, strange, _ = faces_for("".join(words), theme.fonts(), about.language)
    missing = _undrawn(strange, files)
    return tuple(missing_in(missing, "the cover", "anthology.toml"))


def letters_of(svg: str) -> str:
    """What a drawing says."""
    return "".join(_TEXT.findall(svg))


def faces_for(
    letters: str, own: tuple[Path, ...], language: str
) -> tuple[tuple[Path, ...], str, str]:
    """The files to draw with, the letters that none of them has, and the family that leads."""
    # What stands in follows the theme's own: a letter is taken from the first file that has it.
    files = (*own, *fallback_files().values())
    strange = _strange(letters, files)
    found = _system(language) if any(map(is_cjk, strange)) else None
    if found is None:
        return files, strange, ""
    family, file = found
    return (*files, file), _strange(strange, (file,)), family


def _strange(letters: Iterable[str], files: tuple[Path, ...]) -> str:
    """The letters that none of the files has."""
    letters = [letter for letter in dict.fromkeys(letters) if letter.isprintable()]
    left = [letter for letter in letters if letter > "~" and not letter.isspace()]
    for file in files:
        if not left:
            break
        has = _letters_of(file)
        left = [letter for letter in left if ord(letter) not in has]
    return "".join(left)


@cache
def _letters_of(file: Path) -> frozenset[int]:
    try:
        with TTFont(file, lazy=True, fontNumber=0) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()


def _undrawn(letters: str, files: tuple[Path, ...]) -> str:
    """Those of the letters that come out as the sign for a missing one, all fonts tried."""
    if not letters:
        return ""
    cells = "".join(
        f'<text x="{n * _CELL + 8}" y="28">{escape(letter)}</text>'
        for n, letter in enumerate(_NOTHING + letters)
    )
    size = f'width="{_CELL * (len(letters) + 1)}" height="{_CELL}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g font-size="24">{cells}</g></svg>'
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, font_files=list(map(str, files)), skip_system_fonts=False
    )
    with Image.open(io.BytesIO(bytes(drawn))) as image:
        looks = [
            image.crop((n * _CELL, 0, (n + 1) * _CELL, _CELL)).tobytes()
            for n in range(len(letters) + 1)
        ]
    return "".join(
        letter for letter, look in zip(letters, looks[1:], strict=True) if look == looks[0]
    )


@cache
def _system(language: str) -> tuple[str, Path] | None:
    # The engine knows the system's fonts; it is slow to load, and few covers need it.
    from publisher.render.pdf.installed import first_installed  # noqa: PLC0415

    return first_installed(cjk_families("serif", language))
