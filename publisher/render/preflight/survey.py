"""What the pages paint, gathered from all of them: inks, pictures, fonts, transparency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from publisher.render.preflight.colour import Ink, Space
from publisher.render.preflight.faces import Face

_MOST_INKS = 5_000  # a gradient drawn as strips must not fill the memory


class Paint(Struct, frozen=True):
    """One ink, on what it was used (`text` or `art`) and where."""

    use: str
    ink: Ink
    pages: tuple[int, ...]


def pixels(width: int, height: int) -> str:
    """How large a picture is, in words."""
    return f"{width} × {height} pixels"


class Picture(Struct, frozen=True):
    """An image as it is placed: its worst resolution of all its places, its ink as stored."""

    width: int
    height: int
    dpi: float
    space: Space
    bits: int
    ink: float
    filters: tuple[str, ...]
    pages: tuple[int, ...]
    unmeasured: bool = False

    @property
    def name(self) -> str:
        """What a report calls it."""
        return pixels(self.width, self.height)


class Survey(Struct, frozen=True):
    """All pages' operators summed up; `marks` maps a name such as `soft mask` to its pages."""

    paints: tuple[Paint, ...]
    pictures: tuple[Picture, ...]
    faces: tuple[Face, ...]
    marks: Mapping[str, tuple[int, ...]]
    transparency: Mapping[str, tuple[int, ...]]
    hairline: float = 0.0

    @property
    def most_ink(self) -> float:
        """The highest total ink on the pages, in per cent."""
        inks = [paint.ink.coverage for paint in self.paints]
        return max([0.0, *inks, *(picture.ink for picture in self.pictures)])

    @property
    def colours(self) -> tuple[str, ...]:
        """The kinds of colour in use, the spot inks by name."""
        spaces = [p.ink.space for p in self.paints] + [p.space for p in self.pictures]
        return tuple(sorted({s for space in spaces for s in space.colorants or (space.kind,)}))


class Tally:
    """What a walk has met so far, page by page."""

    def __init__(self) -> None:
        self.page = 0
        self.marks: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self.transparency: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self.hairline = 0.0
        self._paints: defaultdict[tuple[str, Ink], dict[int, None]] = defaultdict(dict)
        self._pictures: dict[object, Picture] = {}
        self._picture_pages: defaultdict[object, dict[int, None]] = defaultdict(dict)
        self._faces: dict[object, Face] = {}
        self._face_pages: defaultdict[object, dict[int, None]] = defaultdict(dict)

    def mark(self, name: str) -> None:
        """Note something on this page."""
        self.marks[name][self.page] = None

    def see_through(self, name: str) -> None:
        """Note a kind of transparency on this page."""
        self.transparency[name][self.page] = None

    def paint(self, use: str, inks: Iterable[Ink]) -> None:
        """An ink reaches this page."""
        for ink in inks:
            if (use, ink) in self._paints or len(self._paints) < _MOST_INKS:
                self._paints[use, ink][self.page] = None
        self.mark("painted")

    def draw(self, width: float) -> None:
        """A line of that width is drawn; the thinnest is kept."""
        if width < 0.25:
            self.hairline = min(width, self.hairline) if "hairline" in self.marks else width
            self.mark("hairline")

    def known_picture(self, key: object) -> Picture | None:
        """A picture met before."""
        return self._pictures.get(key)

    def picture(self, key: object, picture: Picture) -> None:
        """A picture is placed on this page, at its `dpi` there."""
        before = self._pictures.get(key)
        self._pictures[key] = picture if before is None or picture.dpi < before.dpi else before
        self._picture_pages[key][self.page] = None
        self.mark("painted")

    def known_face(self, key: object) -> bool:
        """Whether the font was met before; then this page is added to it."""
        if key in self._faces:
            self._face_pages[key][self.page] = None
            return True
        return False

    def face(self, key: object, face: Face) -> None:
        """A font is used on this page for the first time."""
        self._faces[key] = face
        self._face_pages[key][self.page] = None

    def survey(self) -> Survey:
        """The sum."""
        pages = {key: tuple(found) for key, found in self._paints.items()}
        return Survey(
            tuple(Paint(use, ink, pages[use, ink]) for use, ink in self._paints),
            tuple(
                _placed(picture, tuple(self._picture_pages[key]))
                for key, picture in self._pictures.items()
            ),
            tuple(face.on(tuple(self._face_pages[key])) for key, face in self._faces.items()),
            {name: tuple(found) for name, found in self.marks.items() if found},
            {name: tuple(found) for name, found in self.transparency.items()},
            self.hairline,
        )


def _placed(picture: Picture, pages: tuple[int, ...]) -> Picture:
    return Picture(
        picture.width,
        picture.height,
        picture.dpi,
        picture.space,
        picture.bits,
        picture.ink,
        picture.filters,
        pages,
        picture.unmeasured,
    )
