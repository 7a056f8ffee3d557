"""What a press that works alone may open: it reads the files itself, when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher.book.model import Book
from publisher.render.pdf.stock import Stock
from publisher.render.pdf.supply import (
    AssetFile,
    font_type,
    picture_name,
    read_picture,
    theme_fonts,
)
from publisher.render.theme import Theme


class Supply(Stock):
    """Reads the theme's fonts and the book's pictures when they are asked for."""

    def __init__(self, book: Book, theme: Theme, asset_file: AssetFile) -> None:
        super().__init__(_Reader(book, theme, asset_file))


class _Reader(Mapping[str, tuple[str, bytes]]):
    def __init__(self, book: Book, theme: Theme, asset_file: AssetFile) -> None:
        self._assets = {picture_name(asset): asset for asset in book.assets}
        self._theme, self._language = theme, book.metadata.language
        self._fonts = theme_fonts(theme)
        self._asset_file = asset_file

    def __getitem__(self, name: str) -> tuple[str, bytes]:
        if name in self._fonts:
            font = self._fonts[name]
            return font_type(font.name), font.read_bytes()
        asset = self._assets[name]
        return read_picture(asset, self._asset_file, self._theme, self._language)[:2]

    def __iter__(self) -> Iterator[str]:
        yield from self._assets
        yield from self._fonts

    def __len__(self) -> int:
        return len(self._assets) + len(self._fonts)
