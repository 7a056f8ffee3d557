"""Drawings that become pictures, their words set in the faces that the book is set in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import resvg_py
from msgspec import Struct
from PIL import ImageFont

from publisher.render.cover_faces import faces_for, letters_of
from publisher.render.drawing import clean_drawing
from publisher.render.theme import Theme

WIDTH = 2_000  # pixels: more than 300 to the inch on all but the largest pages
_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_NAMED = re.compile(r"""font-family\s*:\s*["']?([^"';}]+)""", re.IGNORECASE)
_SOURCE = re.compile(r"""src\s*:\s*url\(\s*["']?([^"')]+)""", re.IGNORECASE)
_ASKED = re.compile(r"""font(?:-family)?\s*(?:=\s*("[^"]*"|'[^']*')|:\s*([^;}>]*))""")
# What stands in for a kind of type that the theme has none of: families that come with us.
_STAND_IN = {
    "serif": "Noto Serif",
    "sans-serif": "Noto Sans Symbols",
    "monospace": "Noto Sans Symbols",
}


class Faces(Struct, frozen=True):
    """The theme's font files, and which family each kind of type is set in."""

    files: tuple[Path, ...]
    families: tuple[tuple[str, str], ...]  # by kinds
    language: str


STAND_INS = Faces((), tuple(_STAND_IN.items()), "")


def faces_of(theme: Theme, language: str) -> Faces:
    """The faces that drawings are set in: those of the text, its headings and its code."""
    files = {f"{p.parent.name}/{p.name}": p for p in reversed(_files(theme))}
    known = {
        family[1].strip(): files[source[1]]
        for face in _FACE.findall(theme.print_css)
        if (family := _NAMED.search(face)) and (source := _SOURCE.search(face))
        if source[1] in files
    }
    values = theme.values("print")
    chains = [values.get("body-family", ""), *values.values()]
    kinds = tuple(
        (kind, next(map(_name, _leading(chains, kind, known)), family))
        for kind, family in _STAND_IN.items()
    )
    return Faces(_files(theme), kinds, language)


# It is asked for to know the picture by, and again for each take that shows it.
@lru_cache(maxsize=4)
def draw_flat(raw: bytes, faces: Faces) -> bytes:
    """The drawing as a PNG; raises UnsoundImageError or ValueError where it cannot be drawn.

    Its words are the same on every machine, but for families that it names itself.
    """
    # What a drawing fetches from outside is none of the book's.
    svg = clean_drawing(raw).decode()
    asked, kinds = _asked(svg), dict(faces.families)
    own = (*faces.files, *_installed(asked, faces))
    files, strange, _ = faces_for(letters_of(svg), own, faces.language)
    # A family known nowhere is drawn as a serif: as what is asked of no family, if it may be.
    serif = kinds["serif" if "serif" in asked else "sans-serif"]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            font_files=[str(file) for file in files],
            skip_system_fonts=not strange,
            # A page sets in a sans-serif what names no family.
            font_family=kinds["sans-serif"],
            sans_serif_family=kinds["sans-serif"],
            serif_family=serif,
            monospace_family=kinds["monospace"],
            cursive_family=serif,
            fantasy_family=serif,
        )
    )


def _files(theme: Theme) -> tuple[Path, ...]:
    return tuple(
        path
        for folder in theme.folders
        for home in ("fonts", "print-fonts")
        for path in sorted((folder / home).glob("*.[ot]tf"))
    )


def _leading(chains: list[str], kind: str, known: dict[str, Path]) -> Iterator[Path]:
    for chain in chains:
        first, *others = (name.strip().strip("\"'") for name in chain.split(","))
        if others and others[-1] == kind and first in known:
            yield known[first]


def _name(file: Path) -> str:
    return str(ImageFont.truetype(file).getname()[0])


def _asked(svg: str) -> set[str]:
    """The families that a drawing names."""
    chains = ",".join(one or other for one, other in _ASKED.findall(svg))
    return {name.strip(" \"'") for name in chains.replace("&quot;", "").split(",")}


def _installed(asked: set[str], faces: Faces) -> tuple[Path, ...]:
    """The files of families that are asked for and that this machine has, as pages find them."""
    names = asked - {""}.union(*faces.families)
    if not names:
        return ()
    # The engine knows the system's fonts; it is slow to load, and few drawings need it.
    from publisher.render.pdf.installed import installed  # noqa: PLC0415

    return tuple(Path(file) for family, file in installed() if family in names)
