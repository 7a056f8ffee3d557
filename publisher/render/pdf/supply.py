"""What the press is supplied with: the theme's fonts and the book's images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from publisher.book.model import BookAsset
from publisher.problem import Problem
from publisher.render.drawing import SVG
from publisher.render.fallback import fallback_files
from publisher.render.placeable import UNDRAWN, flattened, placeable, unplaced
from publisher.render.theme import Theme

AssetFile = Callable[[BookAsset], Path | bytes]


def theme_fonts(theme: Theme) -> dict[str, Path]:
    """The theme's fonts, and ours behind them, by the addresses style sheets have them under."""
    # The nearest folder comes first, and its file is the one that counts.
    return fallback_files() | {
        f"{home}/{path.name}": path
        for folder in reversed(theme.folders)
        for home in ("fonts", "print-fonts")
        for path in sorted((folder / home).glob("*.[ot]tf"))
    }


def picture_name(asset: BookAsset) -> str:
    """Where the pages look for a picture."""
    return f"images/{asset.name.removeprefix('images/')}"


def read_asset(asset: BookAsset, asset_file: AssetFile) -> bytes:
    """A picture's bytes, wherever they are."""
    content = asset_file(asset)
    return content if isinstance(content, bytes) else content.read_bytes()


def read_picture(
    asset: BookAsset, asset_file: AssetFile, theme: Theme, language: str
) -> tuple[str, bytes, tuple[Problem, ...]]:
    """A picture's type and bytes as pages can show them, and what became of it."""

    def draw(raw: bytes) -> bytes:
        # Few books hold such a drawing, and what draws it takes a while to load.
        from publisher.render.drawing_faces import draw_flat, faces_of  # noqa: PLC0415

        return draw_flat(raw, faces_of(theme, language))

    raw = read_asset(asset, asset_file)
    try:
        kind, made = placeable(raw, asset.media_type, draw)
    except ValueError as error:
        return asset.media_type, raw, (unplaced(asset.path, error),)
    drawn = asset.media_type == SVG and made is not raw
    return kind, made, (flattened(asset.path, UNDRAWN),) if drawn else ()


def font_type(name: str) -> str:
    """The media type of a font file."""
    return "font/otf" if name.lower().endswith(".otf") else "font/ttf"
