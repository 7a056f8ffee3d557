"""What the press may open: the theme's fonts and the book's images, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

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
