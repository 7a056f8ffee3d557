"""The tools a page depends on: with another version of one, it may come out another page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from publisher.cache import digest_of
from publisher.provenance import provenance, versions
from publisher.render.pdf.installed import installed
from publisher.render.pdf.native import harfbuzz_version, pango_version

PACKAGES = (
    "weasyprint", "pydyf", "pyphen", "fonttools", "pillow", "lxml", "tinycss2", "tinyhtml5",
    "ziamath", "latex2mathml",
)  # fmt: skip


@cache
def tools() -> str:
    """One digest of all tools, our own among them, and of the fonts of this machine."""
    native = [f"pango {pango_version()}", f"harfbuzz {harfbuzz_version()}"]
    return digest_of(*versions(PACKAGES), *native, provenance(), *_fonts())


def _fonts() -> list[str]:
    """The files that stand in where the theme's fonts have no glyph."""
    return [f"{file} {_size(file)}" for file in sorted({file for _, file in installed()})]


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size
    except OSError:
        return 0
