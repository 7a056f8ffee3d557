"""What the press may open: the theme's fonts and the book's images, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

from publisher.book.model import Book, BookAsset
from publisher.render.theme import Theme

AssetFile = Callable[[BookAsset], Path | bytes]
# No such host exists (RFC 2606): an address outside it is never looked up either.
BASE = "https://book.invalid/"
FONT_TYPES = {".ttf": "font/ttf", ".otf": "font/otf"}


class Supply(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the addresses below `BASE` from memory, and refuses every other."""

    def __init__(self, book: Book, theme: Theme, asset_file: AssetFile) -> None:
        super().__init__(allowed_protocols=())
        self._assets = {
            f"images/{asset.name.removeprefix('images/')}": asset for asset in book.assets
        }
        # The nearest folder comes first, and its file is the one that counts.
        self._fonts = {
            f"{home}/{path.name}": path
            for folder in reversed(theme.folders)
            for home in ("fonts", "print-fonts")
            for path in sorted((folder / home).glob("*.[ot]tf"))
        }
        self._asset_file = asset_file

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bytes at an address of ours; WeasyPrint catches the refusal of others."""
        name = unquote(url.removeprefix(BASE)) if url.startswith(BASE) else ""
        if name in self._assets:
            asset = self._assets[name]
            content = self._asset_file(asset)
            body = content if isinstance(content, bytes) else content.read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": asset.media_type})
        if name in self._fonts:
            font = self._fonts[name]
            kind = FONT_TYPES.get(font.suffix.lower(), "font/ttf")
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": kind})
        raise ValueError("not part of the book")
