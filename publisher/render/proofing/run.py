"""What is read off a finished page before anything is made of it."""

from __future__ import annotations

from msgspec import Struct

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Word(Struct, frozen=True):
    """Letters without a space among them; `glued` follows the word before without one."""

    text: str
    left: float
    right: float
    glued: bool = False


class Run(Struct, frozen=True):
    """Words set in one go, in one face, on one baseline.

    `block` counts the page's structure elements and is -1 where nothing is tagged;
    `space` is the width a space has in the face.
    """

    words: tuple[Word, ...]
    base: float
    size: float
    role: str = ""
    block: int = -1
    face: str = ""
    mono: bool = False
    space: float = 0.0


class Leaf(Struct, frozen=True):
    """A page: its folio as labelled, its runs in the order drawn, its pictures and rules.

    `rules` are frames about text too, of which the upper edge is a rule; `marks` are the baselines at which a list's bullets and numbers stand.
    """

    number: int
    folio: str
    box: Box
    runs: tuple[Run, ...] = ()
    pictures: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    marks: tuple[float, ...] = ()
    tagged: bool = False
