"""What the press is supplied with: the theme's fonts and the book's images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from publisher.book.model import BookAsset
from publisher.render.fallback import fallback_files
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


def font_type(name: str) -> str:
    """The media type of a font file."""
    return "font/otf" if name.lower().endswith(".otf") else "font/ttf"
