"""Faults of WeasyPrint 70 that show on the page or grow with its square, mended in place."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

import pydyf
from msgspec import Struct, field
from weasyprint import anchors as anchoring
from weasyprint import pdf as painting
from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes
from weasyprint.layout import background, block, inline
from weasyprint.pdf import fonts as faces
from weasyprint.pdf import stream as streams
from weasyprint.pdf import tags as tagging
from weasyprint.text import line_break

from publisher.render.pdf import (
    columns,
    even_lines,
    founts,
    full_pages,
    kept_lines,
    line_ends,
    manuscript,
    margins,
    outlines,
    photographs,
    plain_styles,
    plain_type,
    syllables,
    thrift,
)

# Each mends one thing, in a module of its own.
MENDED = (
    line_ends, even_lines, columns, outlines, photographs, thrift, founts, plain_styles, plain_type,
    margins, kept_lines, syllables, full_pages,
)  # fmt: skip
_split_first_line = line_break.split_first_line
_LETTERS = 6  # more letters to the width of an em than any text has
# No dictionary knows a word of so many letters: it would be tried at each of them.
_ENDLESS = re.compile(r"[^\s\u2e80-\uffff]{100}")


def split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    """A line that fits but for the space at its end is a full line.

    Unmended, a text that runs up to a link and ends within a space of the margin is cut
    after its first word, which then stands on a line alone.
    """
    if (known := even_lines.known_line(style, context)) is not None:
        return known
    style = _without_hyphens(style) if _ENDLESS.search(text) else style
    style, is_line_start = line_ends.breaking(text, style, max_width, is_line_start)
    given = (style, context, max_width, justification_spacing, is_line_start, minimum)
    found = _split_first_line(text, *given)
    if found[0].text.endswith(style["hyphenate_character"]):
        found, given = _kept_whole(text, given, found)
    bare = text.rstrip(" \u00a0")
    if found[2] is None or bare == text or not bare or max_width in (None, inf):
        return found
    long = len(bare) * style["font_size"] > _LETTERS * (max_width or 0)
    if long or style["white_space"] not in ("normal", "pre-line"):
        return found
    whole = _split_first_line(bare, *given)
    if whole[2] is not None or whole[3] > (max_width or 0):
        return found
    free = (style, context, None, *given[3:])
    if "\u00a0" not in text[len(bare) :]:
        return _split_first_line(text, *free)
    return _without_last_word(bare, free) or found


def _without_last_word(bare: str, free: Any) -> Any:
    """The line where a hard space binds its last word to what follows: both go to the next."""
    head, space, _ = bare.rpartition(" ")
    line = _split_first_line(head, *free) if head else None
    return line and (*line[:2], len((head + space).encode()), *line[3:])


def _without_hyphens(style: Any) -> Any:
    plain = style.copy()
    plain["hyphens"] = "none"
    return plain


def _kept_whole(text: str, given: Any, found: Any) -> Any:
    """The line with its last word unbroken, where it must be; a word too long for it stays."""
    style = line_ends.unbroken(given[0])
    if style is None:
        return found, given
    plain = (style, *given[1:])
    whole = _split_first_line(text, *plain)
    if whole[2] is None:
        return whole, plain
    encoded = text.encode()
    around = encoded[: whole[2]].decode()[-1:] + encoded[whole[2] :].decode()[:1]
    return (found, given) if around.isalnum() else (whole, plain)


def page_references(pdf: Any) -> tuple[bytes, ...]:
    """The references of all pages, made once and not for every structure element."""
    kids = pdf.pages["Kids"]
    made: tuple[bytes, ...] = getattr(pdf, "_page_references", ())
    if len(made) * 3 != len(kids):
        made = tuple(f"{number} 0 R".encode() for number in kids[::3])
        pdf._page_references = made  # noqa: SLF001 - our own mark on it
    return made


# The line that sends a footnote already set to the next page, to make room for a line.
_SENDS_NOTES_ON = "report = not context.in_column and can_break_now and not could_break_before"


def _keep_notes() -> None:
    """Let a line that finds no room above the notes go to the next page, as others do.

    Unmended, WeasyPrint would rather send the last note there, away from its call.
    """
    try:
        source = inspect.getsource(block._linebox_layout)  # noqa: SLF001
    except OSError:  # no sources beside the byte code: slipped notes become end notes
        return
    if _SENDS_NOTES_ON in source:
        mended = source.replace(_SENDS_NOTES_ON, "report = False")
        exec(compile(mended, block.__file__, "exec"), block.__dict__)  # noqa: S102


def mend() -> None:
    """Put the mended functions in place; doing so again changes nothing."""
    if inline.split_first_line is split_first_line:
        return
    _keep_notes()
    for one in MENDED:
        one.mend()
    inline.split_first_line = split_first_line
    pydyf.PDF.page_references = property(page_references)


PAGINATION = pydyf.Dictionary({"Type": "/Pagination"})


class Caught(Struct):
    """What the substitutes saw while a take was painted."""

    margins: frozenset[int] = frozenset()
    fonts: dict[Any, Any] = field(default_factory=dict)
    font_dictionary: Any = None
    missing: list[int] = field(default_factory=list)


class PressStream(streams.Stream):  # type: ignore[misc]  # WeasyPrint has no types
    """A page's content in which heads are artifacts and changeable figures are noted.

    WeasyPrint gives the text of margin boxes to structure elements that nothing holds.
    """

    caught = Caught()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figures: list[tuple[Any, int, int]] = []

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        """Mark a box's content with its structure, or as an artifact."""
        if id(box) in self.caught.margins:
            self.begin_marked_content("Artifact", PAGINATION)
            yield
            self.end_marked_content()
            return
        start = len(self.stream)
        with super().marked(box, tag):
            yield
        element = getattr(box, "element", None)
        if element is not None and element.get("data-of") and isinstance(box, boxes.TextBox):
            self.figures.append((box, start, len(self.stream)))


def _all_links(pages: Any) -> Iterator[tuple[list[Any], list[tuple[str, float, float]]]]:
    """Every link, for its target may stand in another take; each anchor's first place."""
    seen: set[str] = set()
    for sheet in pages:
        anchors = []
        for name, (x, y, _, _) in sheet.anchors.items():
            if name not in seen:
                seen.add(name)
                anchors.append((name, x, y))
        yield list(sheet.links), anchors


@contextmanager
def relocatable_painting(caught: Caught) -> Iterator[None]:
    """While it lasts, what WeasyPrint paints can be joined with what it painted elsewhere.

    Fonts are noted and not embedded, links may lead out, margin boxes stay out of the
    structure, no outline is made, and a character no font has is noted.
    """
    stand_ins = _stand_ins(caught)
    before = [(place, name, getattr(place, name)) for place, name, _ in stand_ins]
    for place, name, stand_in in stand_ins:
        setattr(place, name, stand_in)
    try:
        yield
    finally:
        for place, name, own in before:
            setattr(place, name, own)


@contextmanager
def noting_missing() -> Iterator[dict[str, None]]:
    """While it lasts, characters that no font has are noted as they are painted."""
    found: dict[str, None] = {}
    own = faces.Font.get_unused_glyph_id

    def missing(font: Any, codepoint: int) -> int:
        found[chr(codepoint)] = None
        return int(own(font, codepoint))

    faces.Font.get_unused_glyph_id = missing
    try:
        yield found
    finally:
        faces.Font.get_unused_glyph_id = own


def _stand_ins(caught: Caught) -> tuple[tuple[Any, str, Any], ...]:
    tree, unused = tagging._build_box_tree, faces.Font.get_unused_glyph_id  # noqa: SLF001

    def fonts(_pdf: Any, found: dict[Any, Any], *_: Any) -> Any:
        caught.fonts = found
        caught.font_dictionary = pydyf.Dictionary()
        return caught.font_dictionary

    def body(box: Any, *rest: Any) -> Iterator[Any]:
        if not isinstance(box, boxes.MarginBox):
            yield from tree(box, *rest)

    def missing(font: Any, codepoint: int) -> int:
        caught.missing.append(codepoint)
        return int(unused(font, codepoint))

    def outline(*_: Any, **__: Any) -> tuple[list[Any], int]:
        return [], 0

    return (
        (painting, "build_fonts_dictionary", fonts),
        (painting, "resolve_links", _all_links),
        (painting, "add_outlines", outline),
        (painting, "Stream", PressStream),
        (streams, "Stream", PressStream),
        (tagging, "_build_box_tree", body),
        (faces.Font, "get_unused_glyph_id", missing),
        (PressStream, "caught", caught),
    )


# What our substitutes and our reading of boxes take for granted. A test holds the source of
# each to the version this was checked with: read it again when that fails.
CHECKED_WITH = {"weasyprint": "70.0", "pydyf": "0.13.0", "pyphen": "0.18.1"}
LEANED_ON = (
    background.layout_box_backgrounds,
    painting.generate_pdf,
    painting._use_references,  # noqa: SLF001
    streams.Stream,
    tagging.add_tags,
    tagging._build_box_tree,  # noqa: SLF001
    faces.Font,
    faces.build_fonts_dictionary,
    drawing.draw_first_line,
    anchoring.gather_anchors,
    anchoring.make_page_bookmark_tree,
    block._linebox_layout,  # noqa: SLF001
    line_break.split_first_line,
    line_break.Layout,
    *manuscript.LEANED_ON,
    pydyf.PDF,
    pydyf.Stream,
    pydyf.String,
    *(thing for one in MENDED for thing in one.LEANED_ON),
)
