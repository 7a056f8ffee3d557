"""Where themes are found: beside the notes, with the user, and with us."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from publisher.plankeys import meant
from publisher.problem import SetupError

# In a wheel the themes lie inside the package, in a checkout beside it.
BUILT_IN = (
    Path(__file__).resolve().parents[1] / "themes",
    Path(__file__).resolve().parents[2] / "themes",
)
SETTINGS = "theme.toml"
# A theme is a few dozen files; a folder with more is something else.
MOST_FILES = 2000


class Home(Struct, frozen=True):
    """A folder of themes; what stands in the book's own comes from strangers."""

    folder: Path
    kind: str

    def themes(self) -> Iterator[Path]:
        """The folders in it that are themes."""
        yield from (file.parent for file in sorted(self.folder.glob(f"*/{SETTINGS}")))


def user_folder() -> Path:
    """The user's own themes: PUBLISHER_THEMES, or a place by the system's custom."""
    if given := os.environ.get("PUBLISHER_THEMES"):
        return Path(given).expanduser()
    if given := os.environ.get("XDG_CONFIG_HOME"):
        return Path(given) / "publisher" / "themes"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "publisher" / "themes"
    if sys.platform == "win32" and (given := os.environ.get("APPDATA")):
        return Path(given) / "publisher" / "themes"
    return Path.home() / ".config" / "publisher" / "themes"


def homes(book: tuple[Path, ...] = ()) -> tuple[Home, ...]:
    """All places in the order they are searched."""
    return (
        *(Home(folder, "book") for folder in book),
        Home(user_folder(), "user"),
        *(Home(folder, "built in") for folder in BUILT_IN),
    )


def theme_folder(name: str, places: tuple[Home, ...]) -> tuple[Path, Home]:
    """The first theme of that name; SetupError names the nearest."""
    # The name comes from a configuration file: it must not climb out of its home.
    if Path(name).name == name and not name.startswith("."):
        for home in places:
            if (home.folder / name / SETTINGS).is_file():
                if home.kind == "book":
                    _guard(home.folder, home.folder / name)
                return home.folder / name, home
    known = {folder.name for home in places for folder in home.themes()}
    near = meant(name, known) or (f"; there is {', '.join(sorted(known))}" if known else "")
    hint = near + "?" if near.startswith("; did") and not near.endswith("?") else near
    for word in known:
        hint = hint.replace(f"mean {word}?", f"mean “{word}”?")
    raise SetupError(f"there is no theme “{name}”{hint}")


def _guard(home: Path, folder: Path) -> None:
    """Nothing in a book's theme may lead out of the book's folder, or be no file."""
    book = home.parent.resolve()
    walk = [home, folder, *_below(folder)]
    for path in walk:
        real = path.resolve()
        if not real.is_relative_to(book):
            raise SetupError(f"{path}: a link in a book's theme may not lead out of its folder")
        if not (real.is_file() or real.is_dir()):
            raise SetupError(f"{path}: this is no regular file, as a theme's must be")


def _below(folder: Path) -> Iterator[Path]:
    seen = 0
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            seen += 1
            if seen > MOST_FILES:
                raise SetupError(f"{folder}: a theme has no more than {MOST_FILES:,} files")
            yield Path(root, name)
