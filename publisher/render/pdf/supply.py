"""What the press may open: the theme's fonts and the book's images, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

from publisher.book.model import Book, BookAsset
from publisher.render.fallback import fallback_files
from publisher.render.theme import Theme

AssetFile = Callable[[BookAsset], Path | bytes]
# No such host exists (RFC 2606): an address outside it is never looked up either.
BASE = "https://book.invalid/"


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


class Stock(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves what lies at addresses below `BASE` from memory, and refuses every other."""

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=())
        self.files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bytes at an address of ours; WeasyPrint catches the refusal of others."""
        name = unquote(url.removeprefix(BASE)) if url.startswith(BASE) else ""
        if name not in self.files:
            raise ValueError("not part of the book")
        kind, body = self.files[name]
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class Supply(Stock):
    """Reads the theme's fonts and the book's pictures when they are asked for."""

    def __init__(self, book: Book, theme: Theme, asset_file: AssetFile) -> None:
        super().__init__(_Reader(book, theme, asset_file))


class _Reader(Mapping[str, tuple[str, bytes]]):
    def __init__(self, book: Book, theme: Theme, asset_file: AssetFile) -> None:
        self._assets = {picture_name(asset): asset for asset in book.assets}
        self._fonts = theme_fonts(theme)
        self._asset_file = asset_file

    def __getitem__(self, name: str) -> tuple[str, bytes]:
        if name in self._fonts:
            font = self._fonts[name]
            return font_type(font.name), font.read_bytes()
        asset = self._assets[name]
        return asset.media_type, read_asset(asset, self._asset_file)

    def __iter__(self) -> Iterator[str]:
        yield from self._assets
        yield from self._fonts

    def __len__(self) -> int:
        return len(self._assets) + len(self._fonts)


def read_asset(asset: BookAsset, asset_file: AssetFile) -> bytes:
    """A picture's bytes, wherever they are."""
    content = asset_file(asset)
    return content if isinstance(content, bytes) else content.read_bytes()


def font_type(name: str) -> str:
    """The media type of a font file."""
    return "font/otf" if name.lower().endswith(".otf") else "font/ttf"
