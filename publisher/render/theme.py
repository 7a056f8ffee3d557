"""How a book looks: a folder with templates, style sheets, a cover and fonts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace
from PIL import ImageFont

from publisher.genres import folded
from publisher.problem import Position, SetupError, leads_back
from publisher.render.harmless import harm_in_sheet, harm_in_template
from publisher.render.ornament import PALETTES, Palette
from publisher.render.theme_home import SETTINGS, Home, homes, theme_folder
from publisher.render.theme_sandbox import Sandbox
from publisher.render.theme_sheet import PARENT, custom_properties, faults, settle, unclosed
from publisher.render.theme_token import Token, changed, read_token, settled
from publisher.trim import Trim, trim_of

TEXT_KEYS = ("title", "description", "license", "parent", "extends", "trim")
TABLES = ("tokens", "options")
LISTS = ("palettes",)
MOST_SETTINGS = 1024 * 1024
# What a template may ask of its theme; the rest would lead it to the disk.
_OPEN = frozenset({"name", "title", "description", "options", "show_rating", "tokens"})


class Theme(Struct, frozen=True):
    """A theme as read; `folders` are its own and then its parents', the nearest first.

    `wishes` are the tokens and options that the book sets otherwise. `trim` is the page it is
    drawn for, and the book's where nobody asks for another.
    """

    name: str
    folders: tuple[Path, ...]
    epub_css: str
    print_css: str
    show_rating: bool = False
    title: str = ""
    description: str = ""
    license: str = ""
    declared: tuple[Token, ...] = ()
    optional: tuple[Token, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    trim: Trim | None = None
    palettes: tuple[Palette, ...] = PALETTES

    def environment(self) -> Sandbox:
        """A Jinja2 environment in which a template cannot reach Python or leave a gap unseen."""
        names = self.names or tuple(folder.name for folder in self.folders)
        return Sandbox(tuple(zip(names, self.folders, strict=True)), _OPEN)

    def find(self, name: str) -> Path | None:
        """The nearest file of that name in the theme or its parents."""
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def genres(self) -> tuple[str, ...]:
        """The genres that have a template of their own, `templates/genre-….j2`."""
        paths = (p for f in self.folders for p in (f / "templates").glob("genre-*.j2"))
        names = {path.stem.removeprefix("genre-") for path in paths}
        return tuple(sorted(folded(name) for name in names))

    def fonts(self) -> tuple[Path, ...]:
        """The theme's own font files."""
        return tuple(
            path for folder in self.folders for path in sorted((folder / "fonts").glob("*.[ot]tf"))
        )

    def values(self, medium: str) -> dict[str, str]:
        """The tokens as they are in `epub` or `print`."""
        return settled(self.declared, dict(self.wishes), medium)

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens as they are on paper, for templates."""
        return self.values("print")

    @property
    def options(self) -> dict[str, str | bool]:
        """The options, flags as true and false, for templates."""
        wishes = dict(self.wishes)
        said = {option.name: wishes.get(option.name, option.print) for option in self.optional}
        return {
            option.name: said[option.name] == "true" if option.kind == "flag" else said[option.name]
            for option in self.optional
        }

    def sheet(self, name: str, medium: str) -> str:
        """A style sheet of the theme with its tokens settled; "" where there is none."""
        found = _joined(self.folders, name)
        return settle(found, self.values(medium), str(self.find(name) or name)) if found else ""


class Leaf(Struct, frozen=True):
    """One folder of a theme's line: its settings, and where it was found."""

    name: str
    folder: Path
    home: Home
    settings: dict[str, Any]

    @property
    def parent(self) -> str:
        """The theme it builds on, or nothing."""
        return str(self.settings.get("parent") or self.settings.get("extends") or "")


def load_theme(
    name: str,
    search: tuple[Path, ...] = (),
    tokens: Iterable[tuple[str, str]] = (),
    places: Mapping[str, Position] | None = None,
) -> Theme:
    """The theme of that name, first from `search`, then the user's, then those that came with us.

    `tokens` are what the book wants otherwise, said at `places`; SetupError where the theme knows no such thing.
    """
    line = lineage(name, homes(search))
    own, options = ({t.name: t for t in _tokens(line, table)} for table in TABLES)
    wishes = changed((*own.values(), *options.values()), tokens, name, places or {})
    folders = tuple(leaf.folder for leaf in line)
    for leaf in line:
        _sound(leaf)
    about = line[0].settings
    theme = Theme(
        name=name,
        folders=folders,
        epub_css="",
        print_css="",
        title=str(about.get("title") or name),
        description=str(about.get("description", "")),
        license=str(about.get("license", "")),
        declared=tuple(own.values()),
        optional=tuple(options.values()),
        wishes=tuple(wishes.items()),
        names=tuple(leaf.name for leaf in line),
        trim=_trim(line),
        palettes=_palettes(line),
    )
    return _dressed(theme)


def _trim(line: Iterable[Leaf]) -> Trim | None:
    """The page that the nearest theme which names one is drawn for."""
    for leaf in line:
        if said := leaf.settings.get("trim"):
            try:
                return trim_of(said)
            except SetupError as error:
                raise SetupError(f"{leaf.folder / SETTINGS}: {error}") from None
    return None


def _palettes(line: Iterable[Leaf]) -> tuple[Palette, ...]:
    """The colours for covers of the nearest theme that has some."""
    for leaf in line:
        if (said := leaf.settings.get("palettes")) is None:
            continue
        at = leaf.folder / SETTINGS
        if not isinstance(said, list) or not said:
            raise SetupError(f"{at}: palettes wants a list of tables of colours")
        for one in said:
            if not isinstance(one, dict) or not set(one) <= _HUES or not set(one) >= _NEEDED:
                raise SetupError(f"{at}: a palette has the colours {', '.join(sorted(_NEEDED))}")
            for hue, colour in one.items():
                if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)):
                    raise SetupError(f"{at}: {hue} of a palette is written #rrggbb")
        return tuple(Palette(**one) for one in said)
    return PALETTES


_HUES = frozenset(field.name for field in fields(Palette))
_NEEDED = _HUES - {"paper"}


def _dressed(theme: Theme) -> Theme:
    """The theme with its sheets and what its options ask of Python."""
    return replace(
        theme,
        epub_css=theme.sheet("epub.css", "epub"),
        print_css=theme.sheet("print.css", "print") + custom_properties(theme.values("print")),
        show_rating=theme.options.get("rating") is True,
    )


def lineage(name: str, places: tuple[Home, ...]) -> tuple[Leaf, ...]:
    """A theme and its parents, the nearest first."""
    line: list[Leaf] = []
    wanted = name
    while wanted:
        try:
            folder, home = theme_folder(wanted, places)
        except SetupError as error:
            if not line:
                raise
            at = line[-1].folder / SETTINGS
            raise SetupError(f"{at}: the parent is not to be had: {error}") from None
        known = [leaf.folder for leaf in line]
        if folder in known:
            ring = [leaf.name for leaf in line[known.index(folder) :]]
            raise leads_back("theme", ring, "is its own parent")
        line.append(Leaf(wanted, folder, home, read_settings(folder)))
        wanted = line[-1].parent
    return tuple(line)


def read_settings(folder: Path) -> dict[str, Any]:
    """What `theme.toml` says; SetupError with its place where that cannot be read."""
    path = folder / SETTINGS
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_SETTINGS + 1)
        if len(content) > MOST_SETTINGS:
            raise ValueError("it is larger than settings can be")
        settings = tomllib.loads(content.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SetupError(f"{path}: the theme's settings cannot be read: {error}") from error
    for key in TEXT_KEYS:
        if not isinstance(settings.get(key, ""), str):
            raise SetupError(f"{path}: {key} wants text in quotes")
    for key in TABLES:
        if not isinstance(settings.get(key, {}), dict):
            raise SetupError(f"{path}: [{key}] is a table of settings, not a value")
    return settings


def _tokens(line: Iterable[Leaf], table: str) -> Iterable[Token]:
    """The tokens of a line, each as its nearest theme has it."""
    found: dict[str, Token] = {}
    for leaf in reversed(tuple(line)):
        at = str(leaf.folder / SETTINGS)
        for name, said in leaf.settings.get(table, {}).items():
            found[name] = read_token(name, said, found.get(name), at)
    return found.values()


def _sound(leaf: Leaf) -> None:
    """Refuse what is no sheet or font, and what would act or fetch; ours are known to be good."""
    if leaf.home.kind == "built in":
        return
    for path in sorted(leaf.folder.glob("*.css")):
        css = read_sheet(path)
        if line := unclosed(css):
            raise SetupError(f"{path}:{line}: this brace has no other")
        fault = next(faults(css), None) or harm_in_sheet(css)
        if fault:
            raise SetupError(f"{path}:{fault[0]}: {fault[1]}")
    for path in sorted(leaf.folder.rglob("*.j2")):
        if harm := harm_in_template(_template(path)):
            raise SetupError(f"{path}:{harm[0]}: {harm[1]}")
    for path in font_files(leaf.folder):
        try:
            ImageFont.truetype(str(path))
        except OSError:
            raise SetupError(f"{path}: this file is not a font") from None


def _template(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: the template cannot be read: {error}") from error


def font_files(folder: Path) -> list[Path]:
    """All the fonts a theme brings."""
    return sorted(
        path for name in ("fonts", "print-fonts") for path in (folder / name).glob("*.[ot]tf")
    )


def read_sheet(path: Path) -> str:
    """A style sheet's text; SetupError where it is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: the style sheet cannot be read: {error}") from error


def _joined(folders: tuple[Path, ...], name: str) -> str:
    """The nearest sheet, its parent's put in where it asks for it."""
    for index, folder in enumerate(folders):
        path = folder / name
        if not path.is_file():
            continue
        css = read_sheet(path)
        if PARENT.search(css):
            above = _joined(folders[index + 1 :], name)
            if not above:
                raise SetupError(f"{path}: there is no parent's {name} to build on")
            before, _, after = css.partition(PARENT.findall(css)[0])
            return before + above + after
        return css
    return ""
