"""Colour spaces and inks, as far as a press asks: which plates, how much on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf
from msgspec import Struct

_DEVICE = {
    "/DeviceGray": "grey", "/G": "grey", "/CalGray": "grey",
    "/DeviceRGB": "rgb", "/RGB": "rgb", "/CalRGB": "rgb",
    "/DeviceCMYK": "cmyk", "/CMYK": "cmyk",
    "/Lab": "lab", "/Pattern": "pattern",
}  # fmt: skip
_BY_COMPONENTS = {1: "grey", 3: "rgb", 4: "cmyk"}
_COMPONENTS = {"grey": 1, "rgb": 3, "cmyk": 4, "lab": 3}
_DEPTH = 6


class Space(Struct, frozen=True):
    """A colour space: its kind, whether a profile or white point manages it, its spot inks."""

    kind: str
    managed: bool = False
    colorants: tuple[str, ...] = ()
    indexed: bool = False


GREY, RGB, CMYK = Space("grey"), Space("rgb"), Space("cmyk")
UNKNOWN = Space("unknown")


class Ink(Struct, frozen=True):
    """A colour as an operator set it, components from 0 to 1."""

    space: Space
    values: tuple[float, ...]

    @property
    def coverage(self) -> float:
        """Per cent of ink on all plates together; 0 where that depends on a conversion."""
        if self.space.kind == "grey":
            return 100 * (1 - sum(self.values[:1]))
        if self.space.kind == "cmyk":
            return 100 * sum(self.values)
        if self.space.kind == "spot":
            plates = 4 if "All" in self.space.colorants else 1
            return 100 * plates * sum(self.values)
        return 0.0

    @property
    def black_only(self) -> bool:
        """Whether it needs no plate but black's."""
        if self.space.kind == "cmyk":
            return sum(self.values[:3]) < 0.001
        if self.space.kind == "spot":
            return set(self.space.colorants) <= {"Black", "None"}
        return self.space.kind == "grey"

    @property
    def rich_black(self) -> bool:
        """Whether it is near black and made of more than the black plate."""
        if self.space.kind == "rgb":
            return len(self.values) == 3 and max(self.values) < 0.2
        if self.space.kind == "spot":
            return "All" in self.space.colorants
        return self.space.kind == "cmyk" and not self.black_only and self.values[3:] > (0.5,)

    @property
    def name(self) -> str:
        """The colour as a compositor would write it."""
        if self.space.kind == "cmyk" and len(self.values) == 4:
            return " ".join(f"{n}{v * 100:.0f}" for n, v in zip("CMYK", self.values, strict=True))
        if self.space.kind in ("lab", "unknown"):
            return self.space.kind
        what = "/".join(self.space.colorants) or self.space.kind.upper()
        return f"{what} {' '.join(f'{v:.2g}' for v in self.values)}".strip()


def first_ink(space: Space) -> Ink:
    """What a space paints with before a colour is set: black, in most of them."""
    values = {"grey": (0.0,), "rgb": (0.0,) * 3, "cmyk": (0.0, 0.0, 0.0, 1.0)}
    return Ink(space, values.get(space.kind, (1.0,) * len(space.colorants)))


def ink_of(space: Space, operands: Iterable[object]) -> Ink:
    """A colour from operands, cut to what the space has room for."""
    values = [min(1.0, max(0.0, float(v))) for v in operands if not isinstance(v, pikepdf.Name)]  # type: ignore[arg-type]
    room = _COMPONENTS.get(space.kind, len(space.colorants) or 4)
    return Ink(space, tuple(round(v, 4) for v in values[:room]))


def space_of(value: object, known: object = None, depth: int = 0) -> Space:
    """The space of a name or an array; `known` are the resources that names are looked up in."""
    if isinstance(value, pikepdf.Name):
        return _named(str(value), known, depth)
    if not isinstance(value, pikepdf.Array) or not len(value) or depth > _DEPTH:
        return UNKNOWN
    family = str(value[0])
    if family == "/ICCBased":
        return _profiled(value, depth)
    if family in ("/Indexed", "/I") and len(value) > 1:
        base = space_of(value[1], known, depth + 1)
        return Space(base.kind, base.managed, base.colorants, indexed=True)
    if family in ("/Separation", "/DeviceN") and len(value) > 1:
        names = value[1] if isinstance(value[1], pikepdf.Array) else [value[1]]
        return Space("spot", colorants=tuple(str(name).lstrip("/") for name in names)[:32])
    if family == "/Pattern" and len(value) > 1:
        return Space("pattern")
    return Space(_DEVICE.get(family, "unknown"), managed=family.startswith(("/Cal", "/Lab")))


def _named(name: str, known: object, depth: int) -> Space:
    spaces = known if isinstance(known, pikepdf.Dictionary) else None
    if spaces is not None and depth <= _DEPTH and name not in _DEVICE and name in spaces:
        return space_of(spaces.get(name), known, depth + 1)
    kind = _DEVICE.get(name, "unknown")
    # DefaultRGB and its like give an unmanaged space a profile without the operators' knowing.
    default = {"grey": "/DefaultGray", "rgb": "/DefaultRGB", "cmyk": "/DefaultCMYK"}.get(kind)
    if spaces is not None and default and name in _DEVICE and default in spaces and depth == 0:
        return Space(kind, managed=True)
    return Space(kind)


def _profiled(value: pikepdf.Array, depth: int) -> Space:
    profile = value[1] if len(value) > 1 else None
    if not isinstance(profile, pikepdf.Stream):
        return UNKNOWN
    components = int(profile.get("/N", 0))
    if components == 3 and "/Alternate" in profile:
        other = space_of(profile.get("/Alternate"), None, depth + 1)
        if other.kind == "lab":
            return Space("lab", managed=True)
    return Space(_BY_COMPONENTS.get(components, "unknown"), managed=True)


def shade_inks(shading: object, known: object) -> list[Ink]:
    """The colours at a gradient's stops, or the bare space where a function hides them."""
    if not isinstance(shading, pikepdf.Dictionary | pikepdf.Stream):
        return []
    space = space_of(shading.get("/ColorSpace"), known)
    stops = [ink_of(space, stop) for stop in _stops(shading.get("/Function"), 0)]
    return stops or [Ink(space, ())]


def _stops(function: object, depth: int) -> list[list[Any]]:
    if not isinstance(function, pikepdf.Dictionary) or depth > _DEPTH:
        return []
    found = [
        list(function.get(key))  # type: ignore[arg-type]
        for key in ("/C0", "/C1")
        if isinstance(function.get(key), pikepdf.Array)
    ]
    parts = function.get("/Functions")
    if isinstance(parts, pikepdf.Array):
        for part in list(parts)[:64]:
            found += _stops(part, depth + 1)
    return found
