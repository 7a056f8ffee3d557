"""Pages that end a line or two above the others are let out to their foot.

The rule against lone lines, or a heading that needs company, takes lines over to the next page. As
a compositor does, the white that stands on the page anyhow is let out then: above and below
headings, ornaments, quotations, lists and pictures, each by half of itself at most. The lines of
the text keep their distance, and where there is no such white the page stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import mode
from typing import Any

from msgspec import Struct
from weasyprint import Document
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.background import layout_box_backgrounds

from publisher.render.pdf.fitting import classes

LEAST = 0.15  # lines; what is less nobody sees
MOST = 2.2  # lines; what is more is for another reason
WHITE = 0.4  # lines, from which on a gap is one
SHARE = 0.5  # of a gap, by which it may grow
# Where white has a meaning of its own, or a place: stanzas, and the title a piece opens with.
_FIXED = frozenset({"poem", "verse", "stanza", "opening", "title-page"})
_SLACK = 0.01
_FRAMES = (
    ("border_image_source", "border_image"),
    ("mask_border_source", "mask_border_image"),
)


class _Gap(Struct, frozen=True):
    """White above the box that begins at `top`, in pixels."""

    top: float
    size: float


def level_pages(document: Document) -> None:
    """Let out the pages of a take whose text goes on upon the next."""
    sheets = [page._page_box for page in document.pages]  # noqa: SLF001 - no public name
    for number, (ended, begun) in enumerate(pairwise(map(sections, sheets))):
        goes_on = ended and begun and ended[-1].element is begun[0].element
        if goes_on and not _noted(sheets[number]) and _let_out(sheets[number], ended):
            # A page reads where its links and anchors are when it is made.
            document.pages[number] = Page(sheets[number])


def _noted(sheet: Any) -> bool:
    """Whether there are notes at its foot: they level a page themselves."""
    return any(isinstance(box, boxes.FootnoteAreaBox) and box.children for box in sheet.children)


def sections(sheet: Any) -> list[Any]:
    """The blocks within the body of a page, its notes not among them."""
    body = sheet
    while body.element_tag != "body":
        inner = [child for child in body.children if isinstance(child, boxes.BlockBox)]
        if not inner or isinstance(inner[0], boxes.FootnoteAreaBox):
            return []
        body = inner[0]
    return [child for child in body.children if is_block(child)]


def is_block(box: Any) -> bool:
    """Whether it is a block that stands where it comes in the text."""
    return isinstance(box, boxes.BlockLevelBox) and box.is_in_normal_flow()


def _let_out(sheet: Any, ended: list[Any]) -> bool:
    heights = [line.height for box in ended for line in lines(box)]
    if not heights or any(_has_columns(box) for box in ended):
        return False
    leading, top = mode(heights), sheet.content_box_y()
    foot = top + (sheet.height + _SLACK) // leading * leading
    wanted = foot - max(bottom(box) for box in ended)
    gaps = [gap for gap in _gaps(ended) if gap.size >= WHITE * leading]
    white = sum(gap.size for gap in gaps)
    if not LEAST * leading < wanted < MOST * leading or wanted > SHARE * white:
        return False
    grown = [(gap.top, wanted * gap.size / white) for gap in gaps]
    for box in ended:
        _move(box, grown)
    for box in (each for one in ended for each in (one, *one.descendants())):
        if getattr(box, "background", None):
            _lay_ground(sheet, box)
    return True


def _lay_ground(sheet: Any, box: Any) -> None:
    """Lay the ground of a box where the box stands now; its pictures are those it had."""
    style = box.style
    pictures = {
        said: layer.image
        for (kind, said), layer in zip(
            style["background_image"], box.background.layers, strict=False
        )
        if kind == "url"
    }
    for source, picture in _FRAMES:
        kind, said = style[source]
        if kind == "url":
            pictures[said] = getattr(box, picture)
    layout_box_backgrounds(sheet, box, lambda url, **_: pictures[url], layout_children=False)


def lines(box: Any) -> Iterator[Any]:
    """The lines of text within a block."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.LineBox):
            yield child
        elif child.is_in_normal_flow():
            yield from lines(child)


def _has_columns(box: Any) -> bool:
    style = box.style
    if style["column_count"] != "auto" or style["column_width"] != "auto":
        return True
    return any(_has_columns(child) for child in getattr(box, "children", ()) if is_block(child))


def bottom(box: Any) -> float:
    """Where what is seen of a box ends."""
    inner = [bottom(child) for child in getattr(box, "children", ()) if is_block(child)]
    own = [line for line in getattr(box, "children", ()) if isinstance(line, boxes.LineBox)]
    inner += [float(line.position_y + line.height) for line in own]
    framed = box.border_bottom_width or (box.padding_bottom and getattr(box, "background", None))
    if not inner or framed or isinstance(box, boxes.TableBox):
        inner.append(float(box.border_box_y() + box.border_height()))
    return max(inner)


def _gaps(siblings: list[Any]) -> Iterator[_Gap]:
    """The white between blocks that follow each other, from the outermost in."""
    before = None
    for box in siblings:
        if before is not None and not (_is_fixed(box) or _is_fixed(before)):
            top = float(box.border_box_y())
            yield _Gap(top, top - float(before.border_box_y() + before.border_height()))
        before = box
        if isinstance(box, boxes.BlockBox) and not _is_fixed(box):
            yield from _gaps([child for child in box.children if is_block(child)])


def _is_fixed(box: Any) -> bool:
    return bool(classes(box) & _FIXED) or box.element_tag == "h1"


def _move(box: Any, grown: list[tuple[float, float]]) -> None:
    """Move a box by what grew above it, and make it higher by what grew within."""
    top = float(box.position_y if isinstance(box, boxes.LineBox) else box.border_box_y())
    foot = top + float(box.height if isinstance(box, boxes.LineBox) else box.border_height())
    above = sum(more for place, more in grown if place <= top + _SLACK)
    within = sum(more for place, more in grown if top + _SLACK < place < foot)
    if not within:
        box.translate(dy=above)
        return
    box.position_y += above
    box.height += within
    for child in box.children:
        if is_block(child) or isinstance(child, boxes.LineBox):
            _move(child, grown)
        else:
            child.translate(dy=sum(more for place, more in grown if place <= child.position_y))
