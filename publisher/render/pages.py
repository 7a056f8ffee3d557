"""A book and a theme become XHTML pages, each a file that stands on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from publisher.book.model import Book, Chapter
from publisher.cache import Cache
from publisher.problem import Position, Problem, SetupError, Severity
from publisher.render.binding import NOT_XML, Proof, bind, plain, proof
from publisher.render.filters import filters
from publisher.render.kept_pages import KeptPages
from publisher.render.leaves import Leaf, leaves
from publisher.render.page_starts import PageStart, mark_pages
from publisher.render.pdf.folios import Folios
from publisher.render.theme import Theme
from publisher.wording import Wording


class Page(Struct, frozen=True):
    """A finished XHTML file; `name` is its place in the book, `kind` its template."""

    name: str
    title: str
    content: bytes
    kind: str
    landmark: str = ""
    linear: bool = True
    properties: tuple[str, ...] = ()
    chapter: Chapter | None = None
    images: int = 0
    unnamed_images: int = 0

    @property
    def id(self) -> str:
        """What the manifest calls it."""
        return self.name.rpartition("/")[2].partition(".")[0]


def epub_pages(
    book: Book,
    theme: Theme,
    words: Wording,
    starts: Sequence[PageStart] = (),
    folios: Folios | None = None,
    cache: Cache | None = None,
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Every page in reading order, and what could not be set as the author wrote it.

    `starts` are where the print edition's pages begin: they are marked, and listed in the
    contents. `folios` are its page numbers, for the glossary and the index. Chapters that the
    cache holds are not rendered again.
    """
    environment = theme.environment()
    # Only a page without the printed page numbers is the same in any edition.
    known = cache if folios is None else None
    kept = KeptPages(known, environment, book, theme, words) if known else None
    environment.filters |= filters(words, folios)
    environment.globals |= {
        "book": book,
        "about": book.metadata,
        "words": words,
        "theme": theme,
        "paged": folios is not None,
    }
    problems: list[Problem] = []
    label = f"{words.page} {{}}"
    press = partial(_proof, environment, book=book, problems=problems, kept=kept)
    proofs = list(_proofs(environment, leaves(book, words), press, starts, label))
    files = _files(proofs)
    pages = []
    for leaf, sheet in proofs:
        content, lost = bind(sheet.xhtml, files)
        problems += (_lost(anchor, leaf) for anchor in lost)
        pages.append(_page(leaf, sheet, content.encode()))
    return tuple(pages), tuple(problems)


def _proofs(
    environment: SandboxedEnvironment,
    wanted: Sequence[Leaf],
    press: Callable[[Leaf], Proof],
    starts: Sequence[PageStart],
    label: str,
) -> Iterator[tuple[Leaf, Proof]]:
    """Each page filled; the contents last, for only then its list of pages is known."""
    by_anchor: dict[str, list[PageStart]] = {}
    for start in starts:
        by_anchor.setdefault(start.anchor, []).append(start)
    found: set[str] = set()
    done: dict[str, Proof] = {}
    for leaf in sorted(wanted, key=lambda leaf: leaf.template == "contents"):
        here = {s.label for s in by_anchor.get(leaf.anchor, ()) if leaf.template == "contents"}
        listed = [start.label for start in starts if start.label in found | here]
        environment.globals["page_list"] = listed
        sheet = press(leaf)
        done[leaf.name] = _marked(sheet, by_anchor, label, found)
    yield from ((leaf, done[leaf.name]) for leaf in wanted)


def _marked(
    sheet: Proof, by_anchor: Mapping[str, list[PageStart]], label: str, found: set[str]
) -> Proof:
    """The page with a mark where each printed page begins on it."""
    starts = [start for anchor in sheet.ids for start in by_anchor.get(anchor, ())]
    if not starts:
        return sheet
    head, opening, _ = sheet.xhtml.partition("<html")
    root = etree.fromstring(sheet.xhtml.encode())
    found.update(start.label for start in mark_pages(root, starts, label))
    return proof(head + etree.tostring(root, encoding="unicode")) if opening else sheet


def _proof(
    environment: SandboxedEnvironment,
    leaf: Leaf,
    *,
    book: Book,
    problems: list[Problem],
    kept: KeptPages | None,
) -> Proof:
    if kept and (found := kept.find(leaf)):
        return found
    try:
        sheet = proof(_render(environment, leaf, book))
        if sheet.harm:
            page = f"the theme's page “{leaf.template}”"
            raise SetupError(f"{page} holds {sheet.harm}: nothing in a book acts or fetches")
        if kept:
            kept.keep(leaf, sheet)
        return sheet
    except etree.XMLSyntaxError as error:
        if leaf.chapter is None:
            raise SetupError(f"the theme's page “{leaf.template}” is not XHTML: {error}") from error
    chapter = leaf.chapter
    problems.append(
        Problem(
            code="unsound-markup",
            message=f"“{chapter.title}” could not be set; its words stand without their form",
            at=Position(chapter.path),
            severity=Severity.ERROR,
            hint="look for raw HTML in the note",
        )
    )
    bare = replace(
        chapter,
        title_xhtml=escape(chapter.title),
        xhtml=plain(chapter.xhtml),
        footnotes=tuple(replace(n, xhtml=plain(n.xhtml)) for n in chapter.footnotes),
    )
    return proof(_render(environment, replace(leaf, fields={"chapter": bare}), book))


def _render(environment: SandboxedEnvironment, leaf: Leaf, book: Book) -> str:
    fields: dict[str, Any] = {
        **leaf.fields,
        "leaf": leaf,
        "language": leaf.language or book.metadata.language,
        "direction": leaf.direction or book.metadata.direction,
    }
    try:
        page = environment.get_template(f"{leaf.template}.xhtml.j2").render(fields)
    except TemplateError as error:
        raise SetupError(f"the theme's page “{leaf.template}” cannot be filled: {error}") from error
    return NOT_XML.sub("", page)


def _files(proofs: list[tuple[Leaf, Proof]]) -> dict[str, str]:
    """Where each anchor is.

    A page is reached without a fragment: Kobo would take a whole short piece for a note
    and show it in a popup.
    """
    files: dict[str, str] = {}
    for leaf, sheet in proofs:
        for identity in sheet.ids:
            files.setdefault(identity, f"{leaf.name}.xhtml#{identity}")
    return files | {leaf.anchor: f"{leaf.name}.xhtml" for leaf, _ in proofs if leaf.anchor}


def _lost(anchor: str, leaf: Leaf) -> Problem:
    return Problem(
        code="anchor-missing",
        message=f"a link in “{leaf.title}” leads to “{anchor}”, which is on no page",
        at=Position(leaf.path or leaf.title),
        severity=Severity.WARNING,
    )


def _page(leaf: Leaf, sheet: Proof, content: bytes) -> Page:
    properties = ["nav"] if leaf.template == "contents" else []
    properties += ["mathml"] if sheet.math else []
    properties += ["svg"] if sheet.drawings else []
    return Page(
        name=f"text/{leaf.name}.xhtml",
        title=leaf.title,
        content=content,
        kind=leaf.template,
        landmark=leaf.landmark,
        linear=leaf.linear,
        properties=tuple(properties),
        chapter=leaf.chapter,
        images=sheet.images,
        unnamed_images=sheet.unnamed,
    )
