"""Columns are laid out once, where WeasyPrint would lay out each full page of them twice.

It tries the columns at full height, to see whether all that is left fits below them; where it
does not, it throws them away and lays out the same again. An index is half as long in the press
when what was tried is kept.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import block, column

_columns_layout = block.columns_layout
_block_box_layout = block.block_box_layout


class _Tried:
    """The columns of one container on one page, by where they begin and how high they may be."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], Any] = {}

    def lay_out(
        self, context: Any, box: Any, bottom_space: float, skip_stack: Any, *given: Any, **more: Any
    ) -> Any:
        """A column, or the one tried before in its place."""
        if not box.is_column:
            return _block_box_layout(context, box, bottom_space, skip_stack, *given, **more)
        _holder, empty, out_of_flow, fixed, margins, *_ = given
        key = (repr(skip_stack), round(bottom_space, 6), bool(empty), box.position_y, box.width)
        final = margins is None
        if final and key in self.kept:
            found = self.kept.pop(key)
            # What was tried stood in the place of the first column.
            found[0].translate(box.position_x - found[0].position_x)
            return found
        before = _loose(context)
        found = _block_box_layout(context, box, bottom_space, skip_stack, *given, **more)
        if not final and found[0] is not None and not (out_of_flow or fixed):
            if _loose(context) == before:
                self.kept[key] = found
            else:
                self.kept.clear()
        return found


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
