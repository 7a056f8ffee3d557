"""Where the page engine's libraries are: known by name, not asked of a compiler.

WeasyPrint tries several names for each, and for each that is no file of its own Python runs a
compiler, a linker and `ldconfig`. On Linux that takes longer than a small book. The names it
comes to at last are those every Linux has; where they load, the others need not be looked for.
To be imported before WeasyPrint is.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

# By what they are asked for: names of other platforms, and of the files of developers.
NAMES = {
    "libgobject-2.0.so.0": ("libgobject-2.0-0", "gobject-2.0-0", "gobject-2.0"),
    "libpango-1.0.so.0": ("libpango-1.0-0", "pango-1.0-0", "pango-1.0"),
    "libharfbuzz.so.0": ("libharfbuzz-0", "harfbuzz", "harfbuzz-0.0"),
    "libharfbuzz-subset.so.0": (
        "libharfbuzz-subset-0", "harfbuzz-subset", "harfbuzz-subset-0.0",
    ),
    "libfontconfig.so.1": ("libfontconfig-1", "fontconfig-1", "fontconfig"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0-0", "pangoft2-1.0-0", "pangoft2-1.0"),
}  # fmt: skip

# WeasyPrint draws letters of many colours with it, and does well without.
SPARED = (
    "libharfbuzz-vector.so.0", "libharfbuzz-vector-0", "harfbuzz-vector", "harfbuzz-vector-0.0",
    "libharfbuzz-vector.0.dylib", "libharfbuzz-vector-0.dll",
)  # fmt: skip

_find_library = ctypes.util.find_library


def find_library(name: str) -> str | None:
    """As Python finds it, but at once where it is one of ours."""
    return _KNOWN[name] if name in _KNOWN else _find_library(name)


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


_KNOWN: dict[str, str | None] = {}
if sys.platform == "linux":
    _KNOWN |= {name: file for file, names in NAMES.items() if _loads(file) for name in names}
    _KNOWN |= dict.fromkeys(SPARED, SPARED[0] if _loads(SPARED[0]) else None)
    ctypes.util.find_library = find_library
