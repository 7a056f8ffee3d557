"""What the package document says of the book, its pieces and its accessibility."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ebooklib import epub

from publisher.alphabet import strip_article
from publisher.book.model import Book, Chapter, Metadata
from publisher.render.binding import NOT_XML
from publisher.render.pages import Page

# Shelves sort by creators; a book by a crowd is known by who gathered it.
CROWD = 20


def describe(package: epub.EpubBook, book: Book, pages: tuple[Page, ...]) -> None:
    """Everything a catalogue, a shelf or an assistive reader wants to know."""
    about = book.metadata
    package.metadata.clear()
    package.IDENTIFIER_ID = "pub-id"
    package.uid = about.identifier
    package.title = _clean(about.title)
    package.language = about.language
    package.direction = about.direction
    _titles(package, about)
    _identifiers(package, about)
    _people(package, about)
    _circumstances(package, about)
    for language in _languages(book):
        _dublin(package, "language", language)
    for page in pages:
        if page.chapter is not None:
            _piece(package, page.id, page.chapter)
    for name, value in _accessibility(pages):
        _meta(package, f"schema:{name}", value)
    if _has_pages(pages):
        # EPUB Accessibility 1.1, 3.3.1: the edition whose pages are marked.
        source = f"urn:isbn:{about.print_isbn}" if about.print_isbn else f"{about.title} (print)"
        _meta(package, "pageBreakSource", source)
    package.add_metadata("OPF", "cover", "", {"name": "cover", "content": "cover-image"})


def _clean(text: str) -> str:
    """EbookLib drops a value that XML cannot hold, with no more than a line in a log."""
    return NOT_XML.sub("", text)


def _dublin(package: epub.EpubBook, name: str, value: str, identity: str = "") -> None:
    package.add_metadata("DC", name, _clean(value), {"id": identity} if identity else {})


def _meta(package: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    package.add_metadata(None, "meta", _clean(value), {"property": name, **attributes})


def _titles(package: epub.EpubBook, about: Metadata) -> None:
    for order, (kind, title) in enumerate((("main", about.title), ("subtitle", about.subtitle)), 1):
        if title:
            _dublin(package, "title", title, f"title-{kind}")
            _meta(package, "title-type", kind, refines=f"#title-{kind}")
            _meta(package, "display-seq", str(order), refines=f"#title-{kind}")
    filed = strip_article(about.title, about.language)
    if filed != about.title and about.title.endswith(filed):
        article = about.title.removesuffix(filed).strip()
        _meta(package, "file-as", f"{filed}, {article}", refines="#title-main")


def _identifiers(package: epub.EpubBook, about: Metadata) -> None:
    _dublin(package, "identifier", about.identifier, "pub-id")
    if about.isbn:
        _dublin(package, "identifier", f"urn:isbn:{about.isbn}", "isbn")
        _meta(package, "identifier-type", "15", refines="#isbn", scheme="onix:codelist5")


def _people(package: epub.EpubBook, about: Metadata) -> None:
    people = [(*editor, "edt") for editor in about.editors]
    if not people or len(about.authors) <= CROWD:
        people += [(*author, "aut") for author in about.authors]
    for order, (name, file_as, role) in enumerate(people, 1):
        mark = f"#creator-{order}"
        _dublin(package, "creator", name, mark[1:])
        _meta(package, "role", role, refines=mark, scheme="marc:relators")
        _meta(package, "file-as", file_as or name, refines=mark)
        _meta(package, "display-seq", str(order), refines=mark)


def _circumstances(package: epub.EpubBook, about: Metadata) -> None:
    for name, value in (
        ("publisher", about.publisher),
        ("date", about.date),
        ("description", about.description),
        ("rights", about.rights),
        *(("subject", subject) for subject in about.subjects),
    ):
        if value:
            _dublin(package, name, value)
    if about.series:
        _meta(package, "belongs-to-collection", about.series, id="series")
        _meta(package, "collection-type", "series", refines="#series")
        if about.series_index:
            _meta(package, "group-position", about.series_index, refines="#series")


def _languages(book: Book) -> Iterable[str]:
    main = book.metadata.language
    others = {chapter.language for part in book.parts for chapter in part.chapters}
    return (main, *sorted(others - {main, ""}))


def _piece(package: epub.EpubBook, item: str, chapter: Chapter) -> None:
    refines = f"#{item}"
    _meta(package, "dcterms:title", chapter.title or item, refines=refines)
    for byline in chapter.bylines:
        _meta(package, "dcterms:creator", byline.name, refines=refines)
    if chapter.date:
        _meta(package, "dcterms:date", str(chapter.date), refines=refines)
    for source in chapter.sources:
        _meta(package, "dcterms:source", source.url or source.text, refines=refines)


def _accessibility(pages: tuple[Page, ...]) -> Iterator[tuple[str, str]]:
    """Only what is so: nobody has looked at this book, so it claims no conformance."""
    text = [page for page in pages if page.kind != "cover"]
    images = sum(page.images for page in text)
    unnamed = sum(page.unnamed_images for page in text)
    math = any("mathml" in page.properties for page in pages)
    yield "accessMode", "textual"
    if images:
        yield "accessMode", "visual"
    yield "accessModeSufficient", "textual,visual" if unnamed else "textual"
    features = ["ARIA", "displayTransformability", "readingOrder", "structuralNavigation"]
    features += ["tableOfContents", "unlocked"]
    features += [] if unnamed else ["alternativeText"]
    features += ["pageBreakMarkers", "pageNavigation"] if _has_pages(pages) else []
    features += ["MathML"] if math else []
    for feature in sorted(features):
        yield "accessibilityFeature", feature
    yield "accessibilityHazard", "none"
    yield "accessibilitySummary", _summary(images, unnamed, math=math)


def _has_pages(pages: tuple[Page, ...]) -> bool:
    """The contents list the pages of a print edition."""
    return any(page.kind == "contents" and b'"page-list"' in page.content for page in pages)


def _summary(images: int, unnamed: int, *, math: bool) -> str:
    sentences = ["Text that reflows, with headings, a table of contents and linked notes."]
    if unnamed:
        sentences.append(f"{unnamed} of {images} images have no text alternative.")
    elif images:
        sentences.append("All images have text alternatives.")
    if math:
        sentences.append("Formulas are MathML with a text alternative.")
    return " ".join(sentences)
