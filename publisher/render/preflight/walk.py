"""A page's operators, followed one by one into forms and patterns."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import Any

import pikepdf
from msgspec import Struct
from msgspec.structs import replace

from publisher.render.preflight.colour import (
    CMYK,
    GREY,
    RGB,
    Ink,
    Space,
    first_ink,
    ink_of,
    shade_inks,
    space_of,
)
from publisher.render.preflight.faces import face_of
from publisher.render.preflight.leaves import Leaf
from publisher.render.preflight.paths import DRAWN, ENDED, Matrix, Path, on_all_plates, times
from publisher.render.preflight.pictures import read_picture
from publisher.render.preflight.states import note_change
from publisher.render.preflight.streams import readable
from publisher.render.preflight.survey import Survey, Tally

Operands = Any  # pikepdf’s own list
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
_OPERATORS = (
    "q Q cm Do k K g G rg RG cs CS sc SC scn SCN gs Tr Tf Tj TJ ' \" BI ID EI"
    " sh w f F f* B B* b b* S s BX"
)
_WITH_PATHS = " ".join((_OPERATORS, *DRAWN, ENDED))
_DEEPEST = 16
_MOST_STEPS = 500_000  # on one page; a map has some ten thousand
_MOST_FORMS = 5_000  # followed on one page
_MOST_HEAVY = 10  # pages; after them the file is hostile, and no more of it is read
_WRONG = (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError)
_MALFORMED = (*_WRONG, NotImplementedError, RuntimeError, pikepdf.PdfError)


class _State(Struct, frozen=True):
    """The graphics state, as much of it as the press asks for."""

    matrix: Matrix = _UPRIGHT
    fill: tuple[Ink, ...] = (Ink(GREY, (0.0,)),)
    stroke: tuple[Ink, ...] = (Ink(GREY, (0.0,)),)
    fill_space: Space = GREY
    stroke_space: Space = GREY
    mode: int = 0
    width: float = 1.0


def survey(pdf: pikepdf.Pdf, marked: tuple[Leaf, ...] = ()) -> Survey:
    """All pages' operators, read once; the marks outside the bleed of those `marked` left out."""
    tally = Tally()
    for number, page in enumerate(pdf.pages, 1):
        tally.page = number
        if len(tally.marks["heavy"]) > _MOST_HEAVY:
            tally.mark("heavy")
            continue
        walker = _Walker(tally, Path(marked[number - 1].bleed) if marked else None)
        try:
            walker.page(page)
        except _MALFORMED:
            tally.mark("broken")
        if page.obj.get("/Thumb") is not None:
            tally.mark("thumbnail")
    return tally.survey()


class _Walker:
    """One page's walk."""

    def __init__(self, tally: Tally, path: Path | None) -> None:
        self.tally, self.path = tally, path
        # A map's paths are long, and only marks ask where they lie.
        self.operators = _OPERATORS if path is None else _WITH_PATHS
        self.steps = self.forms = 0
        self.state = _State()
        self.stack: list[_State] = []
        self.resources: Any = pikepdf.Dictionary()

    def page(self, page: pikepdf.Page) -> None:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        if not all(readable(part) for part in parts if isinstance(part, pikepdf.Stream)):
            self.tally.mark("heavy")
            return
        self._group(page.obj, "page")
        self.resources = page.resources
        if contents is not None:
            self._follow(page, 0)

    def _follow(self, source: Any, depth: int) -> None:
        for step in pikepdf.parse_content_stream(source, self.operators):
            self.steps += 1
            if self.steps > _MOST_STEPS:
                self.tally.mark("heavy")
                return
            try:
                if isinstance(step, pikepdf.ContentStreamInlineImage):
                    self._picture(step.iimage, None)
                    continue
                name = str(step.operator)
                if name == "Do":
                    self._do(str(step.operands[0]), depth)
                elif name in ("scn", "SCN"):
                    self._pattern(name, step.operands, depth)
                elif action := _ACTIONS.get(name):
                    action(self, name, step.operands)
            except _MALFORMED:
                self.tally.mark("broken")

    def _named(self, group: str, name: Any) -> Any:
        found = self.resources.get(group)
        return found.get(str(name)) if isinstance(found, pikepdf.Dictionary) else None

    def save(self, _: str, __: Operands) -> None:
        if len(self.stack) < 2_000:
            self.stack.append(self.state)

    def restore(self, _: str, __: Operands) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, _: str, operands: Operands) -> None:
        a, b, c, d, e, f = (float(v) for v in operands)
        self.state = replace(self.state, matrix=times((a, b, c, d, e, f), self.state.matrix))

    def device(self, name: str, operands: Operands) -> None:
        space = {"g": GREY, "rg": RGB, "k": CMYK}[name.lower()]
        device = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}[name.lower()]
        known = self.resources.get("/ColorSpace")
        if known is not None:
            space = space_of(pikepdf.Name(device), known)
        self._colour(name.islower(), space, (ink_of(space, operands),))

    def space(self, name: str, operands: Operands) -> None:
        space = space_of(operands[0], self.resources.get("/ColorSpace"))
        self._colour(name.islower(), space, (first_ink(space),))

    def set(self, name: str, operands: Operands) -> None:
        space = self.state.fill_space if name.islower() else self.state.stroke_space
        self._colour(name.islower(), space, (ink_of(space, operands),))

    def _colour(self, fill: bool, space: Space, inks: tuple[Ink, ...]) -> None:
        if fill:
            self.state = replace(self.state, fill=inks, fill_space=space)
        else:
            self.state = replace(self.state, stroke=inks, stroke_space=space)

    def _pattern(self, name: str, operands: Operands, depth: int) -> None:
        if not isinstance(operands[-1], pikepdf.Name):
            self.set(name, operands)
            return
        pattern = self._named("/Pattern", operands[-1])
        space = Space("pattern")
        if isinstance(pattern, pikepdf.Stream):
            self._form(pattern, depth)
            self._colour(name.islower(), space, ())
        elif pattern is not None:
            known = self.resources.get("/ColorSpace")
            inks = shade_inks(pattern.get("/Shading"), known)
            self._colour(name.islower(), space, tuple(inks))

    def shade(self, _: str, operands: Operands) -> None:
        shading = self._named("/Shading", operands[0])
        self.tally.paint("art", shade_inks(shading, self.resources.get("/ColorSpace")))

    def line_width(self, _: str, operands: Operands) -> None:
        self.state = replace(self.state, width=float(operands[0]))

    def trace(self, name: str, operands: Operands) -> None:
        if self.path is not None and name != ENDED:
            self.path.draw(name, operands, self.state.matrix)
        elif self.path is not None:
            self.path.end(0)

    def paint(self, name: str, _: Operands) -> None:
        a, b, c, d, *_rest = self.state.matrix
        fine, broad = sorted((hypot(a, b), hypot(c, d)))
        outside = self.path is not None and self.path.end(self.state.width * broad)
        if name[0] in "fFBb" and not (outside and on_all_plates(self.state.fill)):
            self.tally.paint("art", self.state.fill)
        if name[0] in "BbSs" and not (outside and on_all_plates(self.state.stroke)):
            self.tally.paint("art", self.state.stroke)
            self.tally.draw(self.state.width * fine)

    def mode(self, _: str, operands: Operands) -> None:
        self.state = replace(self.state, mode=int(operands[0]))

    def font(self, _: str, operands: Operands) -> None:
        font = self._named("/Font", operands[0])
        if font is None:
            self.tally.mark("font missing")
            return
        key = font.objgen if font.is_indirect else (self.tally.page, str(operands[0]))
        if not self.tally.known_face(key):
            self.tally.face(key, face_of(font))

    def compatibility(self, name: str, _: Operands) -> None:
        self.tally.mark(name)

    def show(self, _: str, __: Operands) -> None:
        mode = self.state.mode
        if mode in (0, 2, 4, 6):
            self.tally.paint("text", self.state.fill)
        if mode in (1, 2, 5, 6):
            self.tally.paint("text", self.state.stroke)
        if mode == 3:
            self.tally.mark("invisible text")

    def _do(self, name: str, depth: int) -> None:
        thing = self._named("/XObject", name)
        if not isinstance(thing, pikepdf.Stream):
            self.tally.mark("broken")
        elif thing.get("/Subtype") == "/Image":
            self._picture(thing, thing.objgen)
        elif thing.get("/Subtype") == "/Form":
            self._form(thing, depth)
        else:
            self.tally.mark("PostScript")

    def _picture(self, image: Any, key: object) -> None:
        a, b, c, d, *_ = self.state.matrix
        known = self.resources.get("/ColorSpace")
        key = key or (self.tally.page, self.steps)
        picture = read_picture(
            image, known, (hypot(a, b), hypot(c, d)), self.tally.known_picture(key)
        )
        self.tally.picture(key, picture)
        if picture.space.kind == "mask":
            self.tally.paint("art", self.state.fill)
        if isinstance(image, pikepdf.Stream) and image.get("/SMask") is not None:
            self.tally.see_through("an image's soft mask")
        if isinstance(image, pikepdf.Stream):
            if image.get("/OPI") is not None:
                self.tally.mark("OPI")
            if _replaced(image):
                self.tally.mark("alternate")

    def _form(self, form: Any, depth: int) -> None:
        self.forms += 1
        if depth >= _DEEPEST or self.forms > _MOST_FORMS or not readable(form):
            self.tally.mark("heavy")
            return
        self._group(form, "form")
        if form.get("/OPI") is not None:
            self.tally.mark("OPI")
        if form.get("/Ref") is not None:
            self.tally.mark("reference")
        if form.get("/Subtype2") == "/PS":
            self.tally.mark("PostScript")
        kept, stack, state = self.resources, self.stack, self.state
        self.resources, self.stack = form.get("/Resources", kept), []
        matrix = form.get("/Matrix")
        if isinstance(matrix, pikepdf.Array) and len(matrix) == 6:
            self.transform("cm", list(matrix))
        self._follow(form, depth + 1)
        self.resources, self.stack, self.state = kept, stack, state

    def _group(self, holder: Any, what: str) -> None:
        group = holder.get("/Group")
        if isinstance(group, pikepdf.Dictionary) and group.get("/S") == "/Transparency":
            self.tally.mark(f"{what} group")

    def graphics(self, _: str, operands: Operands) -> None:
        change = self._named("/ExtGState", operands[0])
        if not isinstance(change, pikepdf.Dictionary):
            return
        note_change(change, self.tally)
        if change.get("/LW") is not None:
            self.line_width("w", [change.get("/LW")])


_Action = Callable[[_Walker, str, Operands], None]
_ACTIONS: dict[str, _Action] = {
    "q": _Walker.save, "Q": _Walker.restore, "cm": _Walker.transform, "gs": _Walker.graphics,
    **dict.fromkeys(("g", "G", "rg", "RG", "k", "K"), _Walker.device),
    **dict.fromkeys(("cs", "CS"), _Walker.space),
    **dict.fromkeys(("sc", "SC"), _Walker.set),
    **dict.fromkeys("f F f* B B* b b* S s".split(), _Walker.paint),
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _Walker.show),
    **dict.fromkeys((*DRAWN, ENDED), _Walker.trace),
    "BX": _Walker.compatibility, "sh": _Walker.shade, "w": _Walker.line_width, "Tr": _Walker.mode, "Tf": _Walker.font,
}  # fmt: skip


def _replaced(image: pikepdf.Stream) -> bool:
    """Whether a press would print one of the image's alternates in its place."""
    others = image.get("/Alternates")
    return isinstance(others, pikepdf.Array) and any(
        bool(one.get("/DefaultForPrinting", False))
        for one in others
        if isinstance(one, pikepdf.Dictionary)
    )
