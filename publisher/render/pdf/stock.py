"""What the press may open: the theme's fonts and the book's images, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

from publisher.book.model import Book
from publisher.render.pdf.supply import (
    AssetFile,
    font_type,
    picture_name,
    read_asset,
    theme_fonts,
)
from publisher.render.theme import Theme

# No such host exists (RFC 2606): an address outside it is never looked up either.
BASE = "https://book.invalid/"


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
