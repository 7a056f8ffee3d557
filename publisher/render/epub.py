"""Pages are packed as an EPUB 3.3, the same bytes for the same book."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ebooklib import epub
from lxml import etree

from publisher.book.model import Book, BookAsset
from publisher.problem import Position, Problem, Severity
from publisher.render.drawing import UnsoundImageError
from publisher.render.images import missing_image, prepare_image
from publisher.render.navigation import guide, ncx
from publisher.render.package import describe
from publisher.render.pages import Page
from publisher.render.theme import Theme

XHTML = "application/xhtml+xml"
# A zip's dates begin in 1980; any fixed date will do, for readers never show it.
DATE = (1980, 1, 1, 0, 0, 0)
COMPRESSED = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def write_epub(
    target: Path | IO[bytes],
    book: Book,
    pages: tuple[Page, ...],
    theme: Theme,
    cover: bytes,
    read_asset: Callable[[BookAsset], bytes],
) -> tuple[Problem, ...]:
    """Images are read, prepared and let go one at a time while the file is written."""
    problems: list[Problem] = []
    package = epub.EpubBook()
    describe(package, book, pages)
    items = [_Verbatim(page.id, page.name, XHTML, page.content, page.properties) for page in pages]
    for item in items:
        package.add_item(item)
    package.add_item(_Verbatim("style", "style/book.css", "text/css", theme.epub_css.encode()))
    package.add_item(_Verbatim("cover-image", "cover.png", "image/png", cover, ("cover-image",)))
    for number, asset in enumerate(book.assets, 1):
        package.add_item(_Picture(number, asset, read_asset, problems))
    package.spine = [
        (item, "yes" if page.linear else "no") for item, page in zip(items, pages, strict=True)
    ]
    contents = next(page for page in pages if page.kind == "contents")
    toc = ncx(contents, book.metadata)
    package.add_item(_Verbatim("ncx", "toc.ncx", "application/x-dtbncx+xml", toc))
    package.guide = guide(contents)
    modified = datetime.fromtimestamp(book.metadata.modified, UTC)
    writer = _Writer(target, package, {"mtime": modified, "raise_exceptions": True})
    writer.process()
    writer.write()
    return tuple(problems)


class _Verbatim(epub.EpubItem):  # type: ignore[misc]
    """EbookLib rewrites what it takes for HTML; a plain item goes in as it is."""

    def __init__(
        self,
        identity: str,
        name: str,
        media_type: str,
        content: bytes,
        properties: tuple[str, ...] = (),
    ) -> None:
        super().__init__(identity, name, media_type, content)
        self.properties = list(properties)


class _Picture(epub.EpubItem):  # type: ignore[misc]
    """An image that is not in memory until it is written."""

    def __init__(
        self,
        number: int,
        asset: BookAsset,
        read_asset: Callable[[BookAsset], bytes],
        problems: list[Problem],
    ) -> None:
        super().__init__(f"image-{number}", asset.name, asset.media_type)
        self._asset = asset
        self._read = read_asset
        self._problems = problems

    def get_content(self, default: object = None) -> bytes:  # noqa: ARG002 - EbookLib's
        """The prepared image, or a blank where it cannot be shown."""
        try:
            return prepare_image(self._read(self._asset), self._asset.media_type)
        except (OSError, UnsoundImageError) as error:
            self._problems.append(
                Problem(
                    code="image-unreadable",
                    message=f"the image cannot be shown: {error}",
                    at=Position(self._asset.path),
                    severity=Severity.ERROR,
                    hint="open it in an image editor and save it again as PNG, JPEG or SVG",
                )
            )
            return missing_image(self._asset.media_type)


class _FixedZip(zipfile.ZipFile):
    """A zip whose bytes depend on its members alone."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: bytes | str,  # type: ignore[override]
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        member = zipfile.ZipInfo(str(zinfo_or_arcname), DATE)
        member.create_system = 3
        member.external_attr = 0o100644 << 16
        stored = compress_type == zipfile.ZIP_STORED or member.filename.endswith(COMPRESSED)
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        super().writestr(member, data, method, compresslevel)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer with our zip, and one last look at the package document."""

    def write(self) -> None:
        with _FixedZip(self.file_name, "w") as self.out:
            self.out.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        root.set("{http://www.w3.org/XML/1998/namespace}lang", self.book.language)
        # EbookLib declares a prefix that nothing here uses.
        del root.attrib["prefix"]
        etree.cleanup_namespaces(root.find("metadata"), keep_ns_prefixes=["dc"])
        super()._write_opf_file(root)
