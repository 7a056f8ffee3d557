"""The fonts a theme's sheets ask for are those it brings."""

from __future__ import annotations

import re
from pathlib import PurePath

from publisher.problem import SetupError
from publisher.render.theme import Theme, font_files, read_sheet

FACE = re.compile(r"@font-face\s*\{([^{}]*)\}")
URL = re.compile(r"url\(\s*[\"']?([^\"')]+)")


def require_fonts(theme: Theme) -> None:
    """SetupError where a sheet of the theme asks for a font that it does not bring."""
    known = {path.name for folder in theme.folders for path in font_files(folder)}
    for folder in theme.folders:
        for path in sorted(folder.glob("*.css")):
            css = read_sheet(path)
            for rule in FACE.finditer(css):
                file = URL.search(rule[1])
                if file and not file[1].startswith("data:") and PurePath(file[1]).name not in known:
                    line = css.count("\n", 0, rule.start()) + 1
                    raise SetupError(f"{path}:{line}: there is no font {file[1]} in the theme")
