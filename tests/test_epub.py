"""The EPUB as a file: valid, reproducible, and truthful about itself."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import booksample
import pytest
from booksample import BOOK, large_book, single_piece
from epubs import complaints, make_epub
from lxml import etree
from msgspec.structs import replace

from publisher.book.model import Book, BookAsset, Part
from publisher.render.epub import write_epub
from publisher.render.pages import epub_pages
from publisher.render.theme import load_theme
from publisher.wording import wording

OPF = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
NCX = {"ncx": "http://www.daisy.org/z3986/2005/ncx/"}
NO_COVER = b"\x89PNG"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_epub(BOOK, tmp_path_factory.mktemp("epub") / "sample.epub")


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def member(epub: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(epub) as archive:
        return etree.fromstring(archive.read(name))


def package(book: Book) -> etree._Element:
    theme = load_theme("classic")
    pages, _ = epub_pages(book, theme, wording("en"))
    out = io.BytesIO()
    write_epub(out, book, pages, theme, NO_COVER, booksample.read_asset)
    with zipfile.ZipFile(out) as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))


def metas(opf: etree._Element, name: str) -> list[str]:
    found = opf.iterfind(f".//opf:meta[@property='{name}']", OPF)
    return [element.text or "" for element in found]


def test_epubcheck_has_nothing_to_say(sample: Path) -> None:
    assert complaints(sample) == []


def test_epubcheck_is_awake(sample: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(broken, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(b"<h1", b"<h1 id='x:y' onclick=''"))
    assert any(complaint.startswith("ERROR") for complaint in complaints(broken))


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(single_piece(), id="one piece"),
        pytest.param(large_book(120), id="120 pieces"),
        pytest.param(replace(BOOK, parts=()), id="no pieces"),
        pytest.param(
            replace(BOOK, metadata=replace(BOOK.metadata, language="ar", direction="rtl")),
            id="right to left",
        ),
    ],
)
def test_unusual_books_are_valid(book: Book, tmp_path: Path) -> None:
    if not book.parts:
        book = Book(metadata=book.metadata, parts=(Part("empty", "An Empty Part", ()),))
    assert complaints(make_epub(book, tmp_path / "book.epub")) == []


@pytest.mark.usefixtures("zone")
def test_the_same_book_is_the_same_bytes_in_every_time_zone(tmp_path: Path) -> None:
    made: list[bytes] = []
    for place in ("Pacific/Kiritimati", "America/Lima"):
        os.environ["TZ"] = place
        time.tzset()
        made.append(make_epub(BOOK, tmp_path / f"{len(made)}.epub").read_bytes())
    assert made[0] == made[1]


def test_the_zip_begins_with_its_media_type_and_keeps_no_dates(sample: Path) -> None:
    with zipfile.ZipFile(sample) as archive:
        members = archive.infolist()
    assert members[0].filename == "mimetype"
    assert members[0].compress_type == zipfile.ZIP_STORED
    assert members[1].filename == "META-INF/container.xml"
    assert {m.date_time for m in members} == {(1980, 1, 1, 0, 0, 0)}
    assert len({m.filename for m in members}) == len(members)
    assert all(m.filename.isascii() for m in members)


def test_the_catalogue_knows_the_book(sample: Path) -> None:
    opf = member(sample, "EPUB/content.opf")

    def dublin(name: str) -> list[str | None]:
        return [element.text for element in opf.iterfind(f".//dc:{name}", OPF)]

    assert dublin("title") == [BOOK.metadata.title, BOOK.metadata.subtitle]
    assert dublin("creator")[0] == "Tomas Reed"
    assert dublin("language") == ["en", "ar", "fr"]
    assert dublin("identifier") == [BOOK.metadata.identifier, "urn:isbn:9780306406157"]
    assert dublin("subject") == ["Essays", "Anthologies"]
    assert metas(opf, "dcterms:modified") == ["2026-01-05T10:00:00Z"]
    assert metas(opf, "role") == ["edt", "aut", "aut", "aut", "aut"]
    assert metas(opf, "file-as")[0] == "Harbour Lamp, The"
    assert "Meer, Bram van der" in metas(opf, "file-as")
    assert metas(opf, "belongs-to-collection") == ["Ports of Call"]
    assert metas(opf, "group-position") == ["2"]


def test_a_piece_has_metadata_of_its_own(sample: Path) -> None:
    opf = member(sample, "EPUB/content.opf")
    said = {
        (m.get("property"), m.text) for m in opf.iterfind(".//opf:meta[@refines='#piece-2']", OPF)
    }
    assert said == {
        ("dcterms:title", "Letter from the Pier"),
        ("dcterms:creator", "Bram van der Meer"),
        ("dcterms:creator", "Ada Quill"),
        ("dcterms:date", "1931-09-14"),
        ("dcterms:source", "https://example.com/letters/pier"),
    }


def test_a_crowd_of_authors_is_known_by_its_editors() -> None:
    crowd = tuple((f"Author {n}", f"{n}, Author") for n in range(21))
    many = replace(BOOK, metadata=replace(BOOK.metadata, authors=crowd))
    assert metas(package(many), "role") == ["edt"]
    unedited = replace(many, metadata=replace(many.metadata, editors=()))
    assert metas(package(unedited), "role") == ["aut"] * 21


def test_control_characters_do_not_cost_the_title() -> None:
    odd = replace(BOOK, metadata=replace(BOOK.metadata, title="Form\x0cFeed"))
    assert package(odd).findtext(".//dc:title", namespaces=OPF) == "FormFeed"


def test_accessibility_is_claimed_only_where_it_is_so(sample: Path) -> None:
    whole = member(sample, "EPUB/content.opf")
    assert metas(whole, "schema:accessMode") == ["textual", "visual"]
    features = metas(whole, "schema:accessibilityFeature")
    assert {"MathML", "alternativeText", "tableOfContents"} <= set(features)
    assert metas(whole, "dcterms:conformsTo") == []

    plain = package(single_piece())
    assert metas(plain, "schema:accessMode") == ["textual"]
    assert "MathML" not in metas(plain, "schema:accessibilityFeature")

    unnamed = package(with_body('<p><img src="images/lamp.png" alt=""/></p>'))
    assert "alternativeText" not in metas(unnamed, "schema:accessibilityFeature")
    assert metas(unnamed, "schema:accessModeSufficient") == ["textual,visual"]


def with_body(xhtml: str) -> Book:
    part = BOOK.parts[0]
    chapter = replace(part.chapters[0], xhtml=xhtml, footnotes=())
    return replace(BOOK, parts=(replace(part, chapters=(chapter,)),), glossary=(), credits=())


def test_old_readers_get_two_levels(sample: Path) -> None:
    ncx = member(sample, "EPUB/toc.ncx")
    parts = ncx.findall("ncx:navMap/ncx:navPoint", NCX)
    labels = [point.findtext("ncx:navLabel/ncx:text", namespaces=NCX) for point in parts]
    assert labels == ["Lamps", "Other Tongues", "Glossary", "Contributors", "Sources", "Colophon"]
    first = parts[0].find("ncx:navPoint", NCX)
    assert first is not None
    assert first.findtext("ncx:navLabel/ncx:text", namespaces=NCX) == (
        "On Keeping a Lamp · Ada Quill"
    )
    assert not first.findall("ncx:navPoint", NCX)
    guide = member(sample, "EPUB/content.opf").findall("opf:guide/opf:reference", OPF)
    assert [(r.get("type"), r.get("href")) for r in guide] == [
        ("cover", "text/cover.xhtml"),
        ("toc", "text/contents.xhtml"),
        ("text", "text/part-1.xhtml"),
    ]


def test_an_image_that_cannot_be_shown_is_reported_and_its_place_kept() -> None:
    def read(asset: BookAsset) -> bytes:
        if asset.media_type == "image/png":
            raise OSError("gone")
        return b"<svg"

    theme = load_theme("classic")
    pages, _ = epub_pages(BOOK, theme, wording("en"))
    out = io.BytesIO()
    problems = write_epub(out, BOOK, pages, theme, NO_COVER, read)
    assert [(p.code, p.at.path) for p in problems] == [
        ("image-unreadable", "Pictures/Lamp (1904).png"),
        ("image-unreadable", "Pictures/diagram.svg"),
    ]
    with zipfile.ZipFile(out) as archive:
        assert archive.read("EPUB/images/lamp.png").startswith(b"\x89PNG")
        assert archive.read("EPUB/images/diagram.svg").startswith(b"<svg")


def test_images_are_held_one_at_a_time(tmp_path: Path) -> None:
    """An image is read only when the one before it is in the file."""
    target = tmp_path / "book.epub"
    sizes: list[int] = []

    def read(asset: BookAsset) -> bytes:
        sizes.append(target.stat().st_size)
        return booksample.read_asset(asset)

    theme = load_theme("classic")
    assets = tuple(BookAsset(f"images/{n}.png", "a.png", "image/png") for n in range(80))
    book = replace(BOOK, assets=assets)
    pages, _ = epub_pages(book, theme, wording("en"))
    write_epub(target, book, pages, theme, NO_COVER, read)
    assert sizes[-1] > sizes[0]
