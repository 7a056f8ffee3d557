"""Columns are laid out once, where WeasyPrint would lay out each full page of them twice.

It tries the columns at full height, to see whether all that is left fits below them; where it
does not, it throws them away and lays out the same again. Where they are to end level, it tries
one height after another. An index is half as long in the press when what was tried is kept.

They begin level, too: unmended, the space above a heading that stands first in a column stays.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, column

_columns_layout = block.columns_layout
_block_box_layout = block.block_box_layout


class _Set(Struct):
    """A paragraph as it was set, how far below where it was to begin, and in which column."""

    box: Any  # it is known by it, which must not be another's meanwhile
    found: tuple[Any, ...]
    below: float
    before: list[Any]  # margins that collapsed with its own
    after: list[Any]  # those that collapse with what follows; whoever lays that out adds to them
    column: Any


class _Tried:
    """What was laid out of one container on one page.

    Columns by where they begin and how high they may be; paragraphs by how wide, for they are the
    same in a higher column.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], Any] = {}
        self.set: dict[tuple[Any, ...], _Set] = {}
        self.column: Any = None  # that is being laid out, by its key
        self.top: float | None = None

    def lay_out(
        self, context: Any, box: Any, bottom_space: float, skip_stack: Any, *given: Any, **more: Any
    ) -> Any:
        """A column, or the one tried before in its place."""
        if not box.is_column:
            return self._lay_out_inside(context, box, bottom_space, skip_stack, *given, **more)
        _holder, empty, out_of_flow, fixed, margins, *_ = given
        key = (repr(skip_stack), round(bottom_space, 6), bool(empty), box.position_y, box.width)
        final = margins is None
        if final and key in self.kept:
            found = self.kept.pop(key)
            # What was tried stood in the place of the first column.
            found[0].translate(box.position_x - found[0].position_x)
            return found
        before = _loose(context)
        self.column, self.top = key, box.position_y
        found = _block_box_layout(context, box, bottom_space, skip_stack, *given, **more)
        self.column = self.top = None
        if not final and found[0] is not None and not (out_of_flow or fixed):
            if _loose(context) == before:
                self.kept[key] = found
            else:
                self.kept.clear()
        return found

    def _lay_out_inside(
        self, context: Any, box: Any, bottom_space: float, skip_stack: Any, *given: Any, **more: Any
    ) -> Any:
        """What stands in a column; a paragraph that was set before is moved to where it is now."""
        holder, _, out_of_flow, fixed, margins, *styles = given
        if (
            box.position_y == self.top
            and not any(margins or ())
            and box.style["margin_break"] != "keep"
        ):
            box.margin_top = 0
        whole = skip_stack is None and margins is not None and not context.excluded_shapes
        if not (whole and box.children and all(map(_is_line, box.children))):
            return _block_box_layout(context, box, bottom_space, skip_stack, *given, **more)
        key = (id(box), holder.width, box.margin_top, *margins, *map(id, (*styles, *more.values())))
        known = self.set.get(key)
        lowest = context.page_bottom - bottom_space
        if known and box.position_y + known.below + known.found[0].margin_height() <= lowest:
            return self._moved(known, box, margins)
        before = _loose(context), len(out_of_flow), len(fixed)
        begun = box.position_y  # it is moved while it is laid out
        found = _block_box_layout(context, box, bottom_space, skip_stack, *given, **more)
        alone = before == (_loose(context), len(out_of_flow), len(fixed))
        if found[0] is not None and found[1] is None and alone:
            below = found[0].position_y - begun
            self.set[key] = _Set(box, found, below, [*margins], [*found[3]], self.column)
        return found

    def _moved(self, known: _Set, box: Any, margins: list[Any]) -> Any:
        """It in its new place; the column that had it is not as it was any more."""
        if known.column != self.column:
            self.kept.pop(known.column, None)
            known.column = self.column
        block = known.found[0]
        right, below = box.position_x - block.position_x, box.position_y + known.below
        block.translate(right, below - block.position_y)
        margins[:] = known.before
        return (*known.found[:3], [*known.after], *known.found[4:])


def _is_line(box: Any) -> bool:
    return isinstance(box, boxes.LineBox)


def _loose(context: Any) -> tuple[int, ...]:
    """What a layout leaves behind in the page beside its boxes; then it is not used again."""
    return (
        len(context.current_page_footnotes),
        len(context.reported_footnotes),
        len(context.excluded_shapes),
        len(context.broken_out_of_flow),
        sum(map(len, context.running_elements.values())),
    )


def columns_layout(*given: Any) -> Any:
    """Lay out columns, remembering what was tried."""
    outer = block.block_box_layout
    block.block_box_layout = _Tried().lay_out
    try:
        return _columns_layout(*given)
    finally:
        block.block_box_layout = outer


def mend() -> None:
    """Put it in place."""
    block.columns_layout = columns_layout


LEANED_ON = (_columns_layout, _block_box_layout, column._create_column_box)  # noqa: SLF001
