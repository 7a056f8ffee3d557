"""How a book looks: a folder with templates, style sheets, a cover and fonts."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from publisher.problem import SetupError

# In a wheel the themes lie inside the package, in a checkout beside it.
HOMES = (
    Path(__file__).resolve().parents[1] / "themes",
    Path(__file__).resolve().parents[2] / "themes",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as read; `folders` are its own and then its parents', the nearest first."""

    name: str
    folders: tuple[Path, ...]
    epub_css: str
    print_css: str
    show_rating: bool = False

    def environment(self) -> SandboxedEnvironment:
        """A Jinja2 environment in which a template cannot reach Python or leave a gap unseen."""
        return SandboxedEnvironment(
            loader=FileSystemLoader([folder / "templates" for folder in self.folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def find(self, name: str) -> Path | None:
        """The nearest file of that name in the theme or its parents."""
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def fonts(self) -> tuple[Path, ...]:
        """The theme's own font files."""
        return tuple(
            path for folder in self.folders for path in sorted((folder / "fonts").glob("*.[ot]tf"))
        )


def load_theme(name: str, search: tuple[Path, ...] = ()) -> Theme:
    """The theme of that name, first from `search`, then from those that came with us."""
    homes = (*search, *HOMES)
    folders: list[Path] = []
    settings: dict[str, Any] = {}
    wanted = name
    while wanted:
        folder = _folder(wanted, homes)
        if folder in folders:
            raise SetupError(f"the theme “{name}” is its own parent, by way of “{wanted}”")
        folders.append(folder)
        own = _settings(folder)
        settings = {**own, **settings}
        wanted = str(own.get("parent", ""))
    return Theme(
        name=name,
        folders=tuple(folders),
        epub_css=_text(folders, "epub.css"),
        print_css=_text(folders, "print.css"),
        show_rating=settings.get("rating") is True,
    )


def _folder(name: str, homes: tuple[Path, ...]) -> Path:
    for home in homes:
        # The name comes from a configuration file: it must not climb out of its home.
        if Path(name).name == name and (home / name / "theme.toml").is_file():
            return home / name
    known = sorted({toml.parent.name for home in homes for toml in home.glob("*/theme.toml")})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    hint = f"; did you mean “{near[0]}”?" if near else ""
    raise SetupError(f"there is no theme “{name}”{hint}")


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "theme.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: the theme's settings cannot be read: {error}") from error


def _text(folders: list[Path], name: str) -> str:
    found = next((folder / name for folder in folders if (folder / name).is_file()), None)
    return found.read_text(encoding="utf-8") if found else ""
