"""The margins of a page: styles for the boxes it can have, lengths for those that show something.

A page has sixteen boxes in its margins, and most pages show one or two.
"""

from __future__ import annotations

from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import page

from publisher.render.pdf import thrift

_set_page_styles = page.set_page_type_computed_styles
_PAGE_BOXES = (
    "@footnote", "@note-area",
    *(f"@{edge}-{place}" for edge in ("top", "bottom")
      for place in ("left-corner", "left", "center", "right", "right-corner")),
    *(f"@{edge}-{place}" for edge in ("left", "right") for place in ("top", "middle", "bottom")),
)  # fmt: skip
_NOTHING = {
    **dict.fromkeys(thrift.LENGTHS, 0),
    **dict.fromkeys(("max_width", "max_height"), inf),
}


def set_page_styles(page_type: Any, html: Any, style_for: Any) -> None:
    """Ask for the margin boxes a page can have, not for every element of the book."""
    style_for.add_page_declarations(page_type)
    root, base_url = html.etree_element, html.base_url
    style_for.set_computed_styles(page_type, root=root, parent=root, base_url=base_url)
    cascaded = style_for.get_cascaded_styles()
    for box in _PAGE_BOXES:
        if (page_type, box) in cascaded:
            style_for.set_computed_styles(
                page_type, pseudo_type=box, root=root, parent=page_type, base_url=base_url
            )


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Give a box of a page its lengths; one that shows nothing has none."""
    if isinstance(box, boxes.MarginBox) and not box.is_generated:
        vars(box).update(_NOTHING)
    else:
        thrift.resolve_percentages(box, containing_block)


def mend() -> None:
    """Put both in place, over what gives other boxes their lengths."""
    page.set_page_type_computed_styles = set_page_styles
    page.resolve_percentages = resolve_percentages


LEANED_ON = (_set_page_styles, page.make_margin_boxes, page.compute_variable_dimension)
