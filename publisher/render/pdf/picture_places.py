"""A picture that does not fit on its page leaves no hole there.

As a compositor does, it is made a little smaller, so that it stays where it is named; or else the
paragraphs that follow it go first and fill the page, so that it stands at most one page further on.
It passes no heading, list, table or other picture, and stays behind words that announce it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise, takewhile
from statistics import mode
from typing import Any

from msgspec import Struct
from weasyprint import Document
from weasyprint.formatting_structure import boxes

from publisher.book.tree import HEADINGS
from publisher.render.pdf.levelling import bottom, is_block, lines, sections

HOLE = 4  # lines, from which on white is one
GAIN = 2  # lines that are hardly seen to be wanting
SMALLER = 0.8  # of its size, that a picture may get
AHEAD = 3  # pages, of which what follows a picture may fill the hole
LAYOUTS = 8  # of a take, at the most, to find places
_FIGURE = re.compile(r'<figure class="image">.*?</figure>', re.DOTALL)
_PARAGRAPH = re.compile(r"\s*<p(?: data-b=\"\d+\")?>(.*?)</p>", re.DOTALL)
_WIDTH = re.compile(r'(<img\b[^<>]*\sstyle=")width:[\d.]+px(")')
_TAGS = re.compile(r"<[^<>]*>")
_ANNOUNCES = (":", "：")
_CAPTION = re.compile(r"\s*(?:<(?:em|i)>(?:(?!</(?:em|i)>).)*</(?:em|i)>\s*$|(?:fig|abb|pict|bild|plate)\w*\.?\s\d)",
                      re.DOTALL | re.IGNORECASE)  # fmt: skip

LayOut = Callable[[str], Document]


class _Hole(Struct, frozen=True):
    """White at a page's foot, in pixels, for the picture of that number did not fit there."""

    number: int
    page: int
    white: float
    leading: float
    picture: tuple[float, float]  # its width and height
    around: float  # of the figure's height, what is not the picture's
    headed: bool  # it went over to the next page together with its heading
    heights: tuple[float, ...]  # of the blocks that follow it


def place_pictures(html: str, document: Document, lay_out: LayOut) -> tuple[str, Document]:
    """The take with its pictures where they leave no holes, as far as that can be."""
    seeker = _Seeker(lay_out)
    best = html, document
    # A hole that is filled may open another, which is filled in its turn; where in the end it is
    # not, only what helps at once is done.
    for strict in (False, True):
        best = seeker.fill(*best, strict=strict)
    return best


class _Seeker:
    """Lays a take out with a picture elsewhere, no more than so often in all, and no way twice."""

    def __init__(self, lay_out: LayOut) -> None:
        self._lay_out = lay_out
        self._seen: set[str] = set()

    def fill(self, html: str, document: Document, *, strict: bool) -> tuple[str, Document]:
        """The best take on the way from hole to hole."""
        tried: set[int] = set()
        best, least = (html, document), _holed(document)
        while hole := next((hole for hole in _holes(document) if hole.number not in tried), None):
            tried.add(hole.number)
            for other in _attempts(html, hole):
                if other in self._seen:
                    continue
                if len(self._seen) == LAYOUTS:
                    return best
                self._seen.add(other)
                laid_out = self._lay_out(other)
                holed = _holed(laid_out)
                if _is_filled(laid_out, hole) and (holed < least or not strict):
                    html, document = other, laid_out
                    if holed < least:
                        best, least = (html, document), holed
                    break
        return best


def _is_filled(document: Document, hole: _Hole) -> bool:
    """Whether the hole is less, and the picture in it or on the page after it."""
    pages = [page._page_box for page in document.pages]  # noqa: SLF001 - no public name
    wanted = _figures(pages[0])[hole.number]
    for number, page in enumerate(pages[: hole.page + 2]):
        if any(box.element is wanted for box in page.descendants()):
            white = _white(pages[hole.page]) if number > hole.page else 0.0
            return white <= hole.white - GAIN * hole.leading
    return False


def _holed(document: Document) -> float:
    """How full of holes the pages are that text goes on from; a large one is worse than two."""
    pages = [page._page_box for page in document.pages]  # noqa: SLF001 - no public name
    least = GAIN * _leading(pages)
    whites = (
        max(0.0, _white(page) - least)
        for page, following in pairwise(pages)
        if _goes_on(sections(page), sections(following))
    )
    return sum(white * white for white in whites)


def _goes_on(ended: list[Any], begun: list[Any]) -> bool:
    return bool(ended and begun) and ended[-1].element is begun[0].element


def _leading(pages: Sequence[Any]) -> float:
    heights = [line.height for page in pages for box in sections(page) for line in lines(box)]
    return float(mode(heights)) if heights else 0.0


def _holes(document: Document) -> Iterator[_Hole]:
    pages = [page._page_box for page in document.pages]  # noqa: SLF001 - no public name
    figures = {id(element): number for number, element in enumerate(_figures(pages[0]))}
    leading = _leading(pages) if figures else 0.0
    for number, (page, following) in enumerate(pairwise(pages)):
        found = _first_figure(page, following) if leading else None
        white = _white(page) if found else 0.0
        if found is None or white < HOLE * leading:
            continue
        figure, parent, headed = found
        images = [box for box in figure.descendants() if isinstance(box, boxes.ReplacedBox)]
        if len(images) == 1:
            size = float(images[0].width), float(images[0].height)
            around = float(figure.margin_height()) - size[1]
            after = _after(figure.element, parent, pages[number + 1 : number + 1 + AHEAD])
            place = figures[id(figure.element)], number
            yield _Hole(*place, white, leading, size, around, headed, after)


def _figures(page: Any) -> list[Any]:
    """The figures of the whole document, in their order."""
    return [one for one in page.children[0].element.iter("figure") if one.get("class") == "image"]


def _is_figure(box: Any) -> bool:
    element = box.element
    return (
        element is not None
        and box.element_tag == "figure"
        and element.get("class") == "image"
        and isinstance(box, boxes.BlockBox)
    )


def _white(page: Any) -> float:
    """From the end of a page's text to its notes, or its foot."""
    foot = float(page.content_box_y() + page.height)
    for box in page.children:
        if isinstance(box, boxes.FootnoteAreaBox) and box.children:
            foot = float(box.position_y)
    ended = sections(page)
    return foot - max(map(bottom, ended)) if ended else 0.0


def _first_figure(page: Any, following: Any) -> tuple[Any, Any, bool] | None:
    """The figure that a page begins with, at most behind headings, in what goes on from before.

    With it the element in which it stands, and whether there are headings.
    """
    ended, begun = sections(page), sections(following)
    while _goes_on(ended, begun) and isinstance(begun[0], boxes.BlockBox):
        parent = begun[0].element
        ended, begun = (
            [child for child in one.children if is_block(child)] for one in (ended[-1], begun[0])
        )
        heads = len(list(takewhile(lambda box: box.element_tag in HEADINGS, begun)))
        if heads < len(begun) and _is_figure(begun[heads]):
            return begun[heads], parent, bool(heads)
    return None


def _after(figure: Any, parent: Any, pages: Sequence[Any]) -> tuple[float, ...]:
    """How high what follows a figure in its parent is, as far as it stands on these pages."""
    siblings = list(parent)
    after = siblings[siblings.index(figure) + 1 :]
    heights = dict.fromkeys(map(id, after), 0.0)
    for box in (box for page in pages for box in page.descendants() if is_block(box)):
        if id(box.element) in heights:
            heights[id(box.element)] += float(box.margin_height())
    return tuple(takewhile(bool, heights.values()))


def _attempts(html: str, hole: _Hole) -> Iterator[str]:
    """The take with a picture a little smaller, then with it further on."""
    found = list(_FIGURE.finditer(html))
    if hole.number >= len(found):
        return
    figure = found[hole.number]
    share = (hole.white - hole.around - 1) / hole.picture[1]
    if SMALLER <= share < 1 and not hole.headed:
        width = f"{hole.picture[0] * share:.2f}"
        smaller = _WIDTH.sub(rf"\g<1>width:{width}px\2", figure[0])
        if smaller != figure[0]:
            yield html[: figure.start()] + smaller + html[figure.end() :]
    ends = _ends(html, figure)
    reach = list(accumulate(hole.heights[: len(ends)]))
    full = next((n for n, height in enumerate(reach, 1) if height >= hole.white), len(reach))
    for many in range(full, max(0, full - 2), -1):
        if reach[many - 1] >= GAIN * hole.leading:
            end = ends[many - 1]
            passed = html[figure.end() : end]
            yield html[: figure.start()] + passed + figure[0] + html[end:]


def _ends(html: str, figure: re.Match[str]) -> list[int]:
    """Where the paragraphs end that the picture may come after, the nearest first."""
    before = _TAGS.sub("", html[max(0, figure.start() - 200) : figure.start()]).rstrip()
    if before.endswith(_ANNOUNCES):
        return []
    ends: list[int] = []
    place = figure.end()
    while (found := _PARAGRAPH.match(html, place)) and "<img" not in found[1]:
        words = _TAGS.sub("", found[1]).lstrip()
        if not ends and (_CAPTION.match(found[1]) or words[:1].islower()):
            return []
        place = found.end()
        ends.append(place)
        if words.rstrip().endswith(_ANNOUNCES):
            return ends[:-1]  # what it announces comes next
    return ends
