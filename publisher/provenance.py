"""What a book was made with: with another make of it, what is kept may not be used again."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from publisher.cache import digest_of

PACKAGES = (
    "markdown-it-py", "mdit-py-plugins", "nh3", "pyyaml", "python-frontmatter", "latex2mathml",
    "lxml", "msgspec", "pillow", "pyuca", "jinja2",
)  # fmt: skip


@cache
def provenance() -> str:
    """One digest of our own sources, of Python, and of the libraries that read notes."""
    # Our version alone would not do: in a checkout the sources change and it does not.
    return digest_of(sys.version, sources(Path(__file__).parent), *versions(PACKAGES))


def versions(packages: Iterable[str]) -> list[str]:
    """Packages with their versions, as far as the folders they were installed with tell.

    To ask for all that each says of itself takes ten times as long.
    """
    here = _installed()
    return [f"{name} {here.get(name) or _version(name)}" for name in packages]


@cache
def _installed() -> dict[str, str]:
    """By their names; of two packages the first is imported."""
    found: dict[str, str] = {}
    for home in sys.path:
        with suppress(OSError), os.scandir(home or ".") as entries:
            folders = [entry.name for entry in entries if entry.name.endswith(".dist-info")]
            for folder in sorted(folders):
                name, _, version = folder.removesuffix(".dist-info").rpartition("-")
                found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version)
    return found


def _version(package: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - for one installed another way

    return version(package)


def sources(home: Path) -> str:
    """A digest of every file of a package, its tables of words and printers with it."""
    made = sha256()
    for folder, inner, files in os.walk(home):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        place = os.path.relpath(folder, home).replace(os.sep, "/")
        for name in sorted(files):
            made.update(f"{place}/{name}".encode() + b"\0")
            made.update(sha256(Path(folder, name).read_bytes()).digest())
    return made.hexdigest()
