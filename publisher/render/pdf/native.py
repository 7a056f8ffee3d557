"""The page engine's libraries, asked for what they know without the engine, which is slow to load.

They are looked for as WeasyPrint looks for them: it is to be the same ones that answer.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from publisher.problem import SetupError
from publisher.render.pdf.libraries import NAMES, find_library

PANGO, HARFBUZZ = "libpango-1.0.so.0", "libharfbuzz.so.0"
FONTCONFIG = "libfontconfig.so.1"
# As macOS has them.
DYLIBS = {
    PANGO: "libpango-1.0.dylib",
    HARFBUZZ: "libharfbuzz.0.dylib",
    FONTCONFIG: "libfontconfig.1.dylib",
}
_SYSTEM = 0  # FcSetSystem
_MATCH = 0  # FcResultMatch


class _Fonts(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )


@cache
def library(file: str) -> ctypes.CDLL:
    """One of ours, under the first of its names that loads. Raises SetupError where none does."""
    for name in (*NAMES[file], file, DYLIBS[file]):
        # A name with a dot may be a file's, and is then the one to load.
        for found in (name if "." in name else None, find_library(name)):
            loaded = _loaded(found) if found else None
            if loaded is not None:
                return loaded
    raise SetupError(
        f"the library {file} does not load: Pango, which print needs, is not installed"
    )


def _loaded(file: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(file)
    except OSError:
        return None


def _said(file: str, function: str, kind: Any, *given: Any) -> Any:
    ask = getattr(library(file), function)
    ask.restype = kind
    return ask(*given)


def pango_version() -> int:
    """As Pango counts: two figures each for what is minor and what is least."""
    return int(_said(PANGO, "pango_version", ctypes.c_int))


def harfbuzz_version() -> str:
    """The version of the shaper."""
    version: bytes = _said(HARFBUZZ, "hb_version_string", ctypes.c_char_p)
    return version.decode()


def system_fonts() -> frozenset[tuple[str, str]]:
    """Family and file of each font of this machine, as Fontconfig knows them; two families at most."""
    config = ctypes.c_void_p(_said(FONTCONFIG, "FcInitLoadConfigAndFonts", ctypes.c_void_p))
    try:
        kind = ctypes.POINTER(_Fonts)
        fonts = _said(FONTCONFIG, "FcConfigGetFonts", kind, config, _SYSTEM).contents
        patterns = map(ctypes.c_void_p, fonts.fonts[: fonts.count])
        return frozenset(
            (_read(pattern, b"family", number), _read(pattern, b"file"))
            for pattern in patterns
            for number in range(2)
        )
    finally:
        _said(FONTCONFIG, "FcConfigDestroy", None, config)


def _read(pattern: ctypes.c_void_p, what: bytes, number: int = 0) -> str:
    name = ctypes.c_char_p()
    given = pattern, what, number, ctypes.byref(name)
    if _said(FONTCONFIG, "FcPatternGetString", ctypes.c_int, *given) != _MATCH:
        return ""
    return (name.value or b"").decode("utf-8", "replace")
