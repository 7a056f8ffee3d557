"""The tools a page depends on: with another version of one, it may come out another page."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from publisher.cache import digest_of
from publisher.provenance import provenance
from publisher.render.pdf.installed import installed
from publisher.render.pdf.native import harfbuzz_version, pango_version

PACKAGES = (
    "weasyprint", "pydyf", "pyphen", "fonttools", "pillow", "lxml", "tinycss2", "tinyhtml5",
    "ziamath", "latex2mathml",
)  # fmt: skip


@cache
def tools() -> str:
    """One digest of all tools, our own among them, and of the fonts of this machine."""
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    native = [f"pango {pango_version()}", f"harfbuzz {harfbuzz_version()}"]
    return digest_of(*packages, *native, provenance(), *_fonts())


def _fonts() -> list[str]:
    """The files that stand in where the theme's fonts have no glyph."""
    files = {Path(file) for _, file in installed()}
    return sorted(f"{path} {path.stat().st_size if path.exists() else 0}" for path in files)
