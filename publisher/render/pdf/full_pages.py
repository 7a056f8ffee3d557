"""Which pages of a take are full, where the rest of its list goes on in another.

The layout ends as soon as it has enough: what is left of the take's entries is never set, and
has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from weasyprint import Document
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page

from publisher.render.pdf.flows import ENTRY, letters_in

_remake_page = page.remake_page
# Letters in a take of full pages: one page of most books, two or three of a small one.
ENOUGH = 1_200


class Going(Struct):
    """A take that is being laid out, and with which entry the next goes on."""

    html: str = ""
    end: int = -1


_going = Going()


@contextmanager
def going_on(html: str) -> Iterator[Going]:
    """Lay out no more of a list, while it lasts, than fills pages."""
    _going.html, _going.end = html, -1
    try:
        yield _going
    finally:
        _going.html = ""


def remake_page(index: int, context: Any, root_box: Any, html: Any) -> Any:
    """Lay out a page; it is the last where it has enough, and a whole entry comes next."""
    made, resume_at = _remake_page(index, context, root_box, html)
    if not _going.html or resume_at is None:
        return made, resume_at
    following = _first_of(root_box, resume_at)
    if following <= 0 or _letters_before(following) < ENOUGH:
        return made, resume_at
    _going.end = following
    _, *rest, state = context.page_maker[index + 1]
    context.page_maker[index + 1] = (None, *rest, state | {"content_changed": False})
    return made, None


def _letters_before(entry: int) -> int:
    return letters_in(_going.html[: _going.html.index(f' {ENTRY}="{entry}"')])


def _first_of(box: Any, resume_at: Any) -> int:
    """The entry of which nothing stands before the place at which a page begins; -1 for none."""
    while resume_at:
        ((number, resume_at),) = resume_at.items()
        box = box.children[number]
        entry = _number(box)
        if entry >= 0:
            return entry if resume_at is None else -1
    return -1


def cut(document: Document, end: int = -1) -> tuple[Document, int]:
    """The full pages of a take of which the rest goes on in another, and with which entry.

    The page after them begins with a whole entry; -1 where no page does. `end` is where the
    layout has ended already.
    """
    if end > 0:
        return document, end
    met, entry = -1, -1
    end = 0
    for number, leaf in enumerate(document.pages):
        numbers = _entries(leaf._page_box)  # noqa: SLF001 - no public name leads to the boxes
        first = min(numbers, default=-1)
        if first > max(met, 0) and _begins(leaf._page_box, first):  # noqa: SLF001
            end, entry = number, first
        met = max(met, *numbers) if numbers else met
    return (document.copy(document.pages[:end]), entry) if end else (document, -1)


def _number(box: Any) -> int:
    """Which entry begins with a box; -1 for none."""
    element = getattr(box, "element", None)
    number = element.get(ENTRY) if element is not None and hasattr(element, "get") else None
    return int(number) if number else -1


def _entries(box: Any) -> set[int]:
    found: set[int] = set()
    waiting = [box]
    while waiting:
        box = waiting.pop()
        number = _number(box)
        if number >= 0:
            found.add(number)
            continue
        waiting += [c for c in getattr(box, "children", ()) if not isinstance(c, boxes.TextBox)]
    return found


def _begins(box: Any, entry: int) -> bool:
    """Whether nothing stands before the entry on its page."""
    while box is not None:
        if _number(box) == entry:
            return True
        children = getattr(box, "children", ())
        box = next((c for c in children if not isinstance(c, boxes.MarginBox)), None)
    return False


def mend() -> None:
    """Put it in place."""
    page.remake_page = remake_page


LEANED_ON = (_remake_page, page.make_all_pages)
