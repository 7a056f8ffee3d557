"""The colours of a finished PDF turned into inks: type, lines, blends and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Stream

from publisher.printer import Printer
from publisher.problem import Position, Problem
from publisher.render.prepress.colour import Press
from publisher.render.prepress.profile import Profile

_SCREEN = re.compile(rb"(?:\s(?:rg|RG)|/lab-d\d\d\s+(?:cs|CS))\b")
_LAB = ("/lab-d50", "/lab-d65")


def ink_pages(pdf: pikepdf.Pdf, printer: Printer, profile: Profile | None) -> tuple[Problem, ...]:
    """Turn every colour that is still a screen's into this printer's; what could not be turned."""
    if printer.colour == "rgb":
        return ()
    bath = _Bath(Press(printer, profile))
    for number, page in enumerate(pdf.pages, 1):
        bath.page(page, number)
    return tuple(bath.problems)


class _Bath:
    """Walks through the things pages are drawn with, each only once."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.seen: set[tuple[int, int]] = set()
        self.problems: list[Problem] = []
        self.at = 1

    def page(self, page: pikepdf.Page, number: int) -> None:
        self.at = number
        if "/Contents" in page.obj:
            page.contents_coalesce()
            self._stream(page.obj.Contents)
        self._resources(page.obj.get("/Resources"))

    def _stream(self, stream: Object) -> None:
        content = stream.read_bytes()
        if _SCREEN.search(content):
            stream.write(pikepdf.unparse_content_stream(list(self._turned(stream))))

    def _turned(self, stream: Object) -> Iterator[tuple[Any, Any]]:
        lab = {"cs": False, "CS": False}
        for instruction in pikepdf.parse_content_stream(stream):
            operands, operator = list(instruction.operands), str(instruction.operator)
            if operator in ("rg", "RG"):
                inks = self.press.ink(*(float(part) for part in operands))
                yield list(inks), Operator("k" if operator == "rg" else "K")
            elif operator in lab:
                lab[operator] = str(operands[0]) in _LAB
                if not lab[operator]:
                    yield operands, instruction.operator
            elif lab["cs" if operator in ("sc", "scn") else "CS"] and operator in (
                "sc", "scn", "SC", "SCN",
            ):  # fmt: skip
                light = min(1.0, max(0.0, float(operands[0]) / 100))
                yield [0, 0, 0, round(1 - light, 4)], Operator("k" if operator[0] == "s" else "K")
                self._say("a colour given as lightness was printed as a grey")
            else:
                yield operands, instruction.operator

    def _resources(self, resources: Object | None) -> None:
        if resources is None or self._known(resources):
            return
        spaces = resources.get("/ColorSpace")
        for name in _LAB:
            if spaces is not None and name in spaces:
                del spaces[name]
        for kind in ("/XObject", "/Pattern"):
            for thing in (resources.get(kind) or Dictionary()).values():
                self._thing(thing)
        for shading in (resources.get("/Shading") or Dictionary()).values():
            self._shading(shading)
        for state in (resources.get("/ExtGState") or Dictionary()).values():
            mask = state.get("/SMask")
            if isinstance(mask, Dictionary) and "/G" in mask:
                # A mask's greys are shares of light, no ink: its own space stays.
                self.seen.add(mask.G.objgen)

    def _thing(self, thing: Object) -> None:
        if self._known(thing):
            return
        if "/Shading" in thing:
            self._shading(thing.Shading)
        if thing.get("/Subtype") == Name.Image:
            self._picture(thing)
        elif isinstance(thing, Stream):
            if "/Group" in thing and self.press.colour != "rgb":
                thing.Group.CS = Name.DeviceCMYK
            self._stream(thing)
            self._resources(thing.get("/Resources"))

    def _known(self, thing: Object) -> bool:
        known = thing.objgen != (0, 0) and thing.objgen in self.seen
        self.seen.add(thing.objgen)
        return known

    def _shading(self, shading: Object) -> None:
        if self._known(shading) or shading.get("/ColorSpace") != Name.DeviceRGB:
            return
        shading.ColorSpace = Name.DeviceCMYK
        if "/Background" in shading:
            shading.Background = self._array(shading.Background)
        functions = shading.get("/Function")
        for function in functions if isinstance(functions, Array) else [functions]:
            if function is None or not self._function(function):
                self._say("a blend could not be turned into the printer's colours")

    def _function(self, function: Object) -> bool:
        if function.get("/FunctionType") == 3:
            return all(self._function(part) for part in list(function.Functions))
        if function.get("/FunctionType") != 2:
            return False
        for end in ("/C0", "/C1"):
            if end in function and len(function[end]) == 3:
                function[end] = self._array(function[end])
        if "/Range" in function:
            function.Range = Array([0, 1] * 4)
        return True

    def _array(self, colour: Object) -> Array:
        return Array(list(self.press.ink(*(float(part) for part in colour))))

    def _picture(self, image: Object) -> None:
        if (
            not isinstance(image, Stream)
            or image.get("/ColorSpace") != Name.DeviceRGB
            or image.get("/ImageMask", False)
        ):
            return
        try:
            shown = pikepdf.PdfImage(image).as_pil_image()
        except (pikepdf.PdfError, OSError, ValueError, NotImplementedError) as error:
            self._say(f"a picture could not be turned into the printer's colours: {error}")
            return
        made = self.press.picture(shown.convert("RGB"))
        if made.mode == "RGB":
            return
        for key in ("/DecodeParms", "/Filter", "/Decode"):
            if key in image:
                del image[key]
        image.ColorSpace = Name.DeviceGray if made.mode == "L" else Name.DeviceCMYK
        image.BitsPerComponent = 8
        image.write(made.tobytes())

    def _say(self, message: str) -> None:
        self.problems.append(Problem("colour-left", message, Position(f"page {self.at}")))
