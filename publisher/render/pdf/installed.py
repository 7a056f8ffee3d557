"""The fonts of this machine, as Fontconfig knows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from weasyprint.text.ffi import ffi, fontconfig


@cache
def installed() -> tuple[tuple[str, str], ...]:
    """Each font's first family and file."""
    config: Any = fontconfig.FcInitLoadConfigAndFonts()
    try:
        fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
        found = {
            (_said(pattern, b"family", number), _said(pattern, b"file"))
            for pattern in fonts.fonts[0 : fonts.nfont]
            for number in range(2)
        }
        return tuple(sorted(pair for pair in found if all(pair)))
    finally:
        fontconfig.FcConfigDestroy(config)


def _said(pattern: Any, what: bytes, number: int = 0) -> str:
    name = ffi.new("FcChar8 **")
    # FcResultMatch is 0; anything else leaves nothing to read.
    if fontconfig.FcPatternGetString(pattern, what, number, name):
        return ""
    return str(ffi.string(name[0]).decode("utf-8", "replace"))


def first_installed(families: tuple[str, ...]) -> tuple[str, Path] | None:
    """The first of some families that is here, and its file."""
    here = dict(installed())
    return next(((name, Path(here[name])) for name in families if name in here), None)
