"""What a book was made with: with another make of it, what is kept may not be used again."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from publisher.cache import digest_of

PACKAGES = (
    "markdown-it-py", "mdit-py-plugins", "nh3", "pyyaml", "python-frontmatter", "latex2mathml",
    "lxml", "pillow", "pyuca", "jinja2",
)  # fmt: skip


@cache
def provenance() -> str:
    """One digest of our own sources, of Python, and of the libraries that read notes."""
    # Our version alone would not do: in a checkout the sources change and it does not.
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return digest_of(sys.version, sources(Path(__file__).parent), *packages)


def sources(home: Path) -> str:
    """A digest of every file of a package, its tables of words and printers with it."""
    made = blake2b()
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            made.update(path.relative_to(home).as_posix().encode() + b"\0")
            made.update(blake2b(path.read_bytes()).digest())
    return made.hexdigest()
