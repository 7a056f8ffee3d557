"""What we mend in WeasyPrint is still as it was when we mended it."""

from __future__ import annotations

import inspect
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint import pdf as painting
from weasyprint.pdf import fonts, stream, tags

from publisher.render.pdf import formula_rows, mending

SOURCES = {
    "weasyprint.HTML.__init__": "5f19f40b81837f87",
    "ziamath.nodes.moperator.Moperator": "69f68b418a07c5b8",
    "weasyprint.layout.background.layout_box_backgrounds": "617a870678c82755",
    "weasyprint.css.AnonymousStyle": "414bbf41061e0a4a",
    "pyphen.HyphDict": "57e31328eef1fd65",
    "pyphen.AlternativeParser": "2134b0f8e97de264",
    "pyphen.Pyphen": "96656cce4bfac004",
    "ziamath.nodes.mrow.Mrow": "3912bf3c0e9758f9",
    "ziamath.styles.parse_style": "8c82585abd0b2aeb",
    "weasyprint.text.line_break._font_style_cache_key": "d6b09d54b8258d58",
    "weasyprint.css.StyleFor": "dac5a13261681453",
    "weasyprint.css.computed_values.register_logical": "682073309c29bb72",
    "weasyprint.layout.page.make_margin_boxes": "4a2d2e301eb3bc47",
    "weasyprint.layout.page.compute_variable_dimension": "94eaf626c7cc932c",
    "weasyprint.pdf.generate_pdf": "626343ef25c396e8",
    "weasyprint.pdf._use_references": "4d1abd9646c3f4dc",
    "weasyprint.pdf.stream.Stream": "624257224db6f66d",
    "weasyprint.pdf.tags.add_tags": "f0e74575b0bafaf3",
    "weasyprint.pdf.tags._build_box_tree": "f716251a83e7096e",
    "weasyprint.pdf.fonts.Font": "1888854798bf8726",
    "weasyprint.pdf.fonts.build_fonts_dictionary": "fc551bef35d0d6c3",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b1",
    "weasyprint.anchors.gather_anchors": "373f8c676f27da3b",
    "weasyprint.anchors.make_page_bookmark_tree": "269c0c4e1b2d5c20",
    "weasyprint.layout.page.set_page_type_computed_styles": "4e68b396b35c4a06",
    "weasyprint.layout.page.remake_page": "1ff09b2dffa17839",
    "weasyprint.layout.page.make_all_pages": "b5e4034894841caa",
    "weasyprint.layout.block._linebox_layout": "e07bbe000974787e",
    "weasyprint.layout.inline._break_waiting_children": "62536bacd563bb44",
    "weasyprint.layout.inline.can_break_inside": "fec5e4629e038141",
    "weasyprint.layout.inline.justify_line": "f83b21ff8793ba6b",
    "weasyprint.layout.inline.text_align": "e953d41b87ccfc30",
    "weasyprint.layout.inline.get_next_linebox": "67af458c2545e74f",
    "weasyprint.layout.inline.iter_line_boxes": "04aec48abfcad809",
    "weasyprint.layout.inline.split_text_box": "8c564329599ef23f",
    "weasyprint.layout.page.make_page": "656f183328e8b1b5",
    "weasyprint.layout.block.block_container_layout": "65842ca53a8391eb",
    "weasyprint.layout.preferred.max_content_width": "249852d3d5ed7da3",
    "weasyprint.layout.block.block_box_layout": "a6279066e3d9ff7d",
    "weasyprint.layout.preferred.trailing_whitespace_size": "cd005b8042a652f9",
    "weasyprint.layout.inline.split_inline_box": "3a0cb7ca7e34c7ef",
    "weasyprint.images.RasterImage.get_x_object": "1f590111444639aa",
    "weasyprint.images.RasterImage.draw": "e6074f717d13a3e8",
    "weasyprint.images.RasterImage.cache_image_data": "1120a99612df6c5b",
    "weasyprint.layout.preferred.min_content_width": "b71e3b4858155dcb",
    "weasyprint.text.line_break.split_first_line": "39ad1016863ca34d",
    "weasyprint.text.line_break.Layout": "681b737d1ba5e004",
    "weasyprint.layout.column.columns_layout": "7a05cce3272fc581",
    "weasyprint.layout.column._create_column_box": "c9fc1aaa4d0fa7d8",
    "weasyprint.svg.path.path": "194cd562b8d98251",
    "weasyprint.svg.SVG.draw_node": "5e24443a435c491e",
    "weasyprint.svg.utils.color": "1cd5953c50ceffe1",
    "weasyprint.svg.utils.size": "da153ed5f4a1a620",
    "weasyprint.text.line_break.strut": "b57885b70dd08efe",
    "weasyprint.layout.percent.resolve_percentages": "71673078096fcf87",
    "weasyprint.layout.percent.percentage": "ebe404ccd9da50bf",
    "weasyprint.text.fonts.get_font_description": "85734b8947b9bf64",
    "weasyprint.css.functions.check_math": "4f8e6a21258e09ba",
    "weasyprint.css.ComputedStyle": "4ff0512c0af12674",
    "weasyprint.css.Style": "d3fe87424e314c43",
    "tinyhtml5.inputstream.HTMLUnicodeInputStream.chars_until": "dfe353323dff1fdc",
    "pydyf.PDF": "430a7b480a612b67",
    "pydyf.Stream": "f17b6bdcfedf2f50",
    "pydyf.String": "e479710d4177f8f9",
    "weasyprint.text.line_break.create_layout": "6587192cc0ab3ffa",
    "weasyprint.text.line_break.first_line_metrics": "55ec5d0b58b29a8b",
    "weasyprint.layout.inline.split_inline_level": "d98c008c8fc00582",
    "weasyprint.layout.float.avoid_collisions": "5fc7793c573af328",
    "weasyprint.layout.inline.add_word_spacing": "879516e71f1b80fa",
    "weasyprint.layout.inline.count_expandable_spaces": "175fe6f42576ed38",
    "weasyprint.layout.inline.remove_last_whitespace": "53f0c79c9fbbda50",
    "weasyprint.layout.inline.skip_first_whitespace": "deb2f1a5e2a6c035",
    "weasyprint.layout.inline.first_letter_to_box": "9f3d58c31344c13b",
}


def named(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def read() -> dict[str, str]:
    # Each as its module has it now: the source of what stands in would be ours.
    return {
        named(thing): sha256(inspect.getsource(thing).encode()).hexdigest()[:16]
        for thing in (*mending.LEANED_ON, *formula_rows.LEANED_ON)
    }


def test_what_we_lean_on_is_as_it_was() -> None:
    changed = [name for name, digest in read().items() if SOURCES.get(name) != digest]
    assert changed == [], "read these again, then write down their new digests and versions"
    assert {name: version(name) for name in mending.CHECKED_WITH} == mending.CHECKED_WITH


def test_the_line_that_sends_notes_on_is_there() -> None:
    own = next(thing for thing in mending.LEANED_ON if named(thing).endswith("._linebox_layout"))
    assert mending._SENDS_NOTES_ON in inspect.getsource(own)


PLACES = (
    (painting, "build_fonts_dictionary"),
    (painting, "resolve_links"),
    (painting, "add_outlines"),
    (painting, "Stream"),
    (stream, "Stream"),
    (tags, "_build_box_tree"),
    (fonts.Font, "get_unused_glyph_id"),
)


def test_the_substitutes_are_put_back() -> None:
    before = [getattr(place, name) for place, name in PLACES]
    caught = mending.Caught()
    document = HTML(string="<html lang=en><p>Words").render(pdf_tags=True)
    with pytest.raises(ZeroDivisionError):
        fail_while_painting(document, caught, before)
    assert [getattr(place, name) for place, name in PLACES] == before
    assert len(caught.fonts) == 1
    assert caught.font_dictionary == {}


def fail_while_painting(document: Any, caught: mending.Caught, before: list[Any]) -> None:
    with mending.relocatable_painting(caught):
        now = [getattr(place, name) for place, name in PLACES]
        assert all(one is not own for one, own in zip(now, before, strict=True))
        painting.generate_pdf(document, None, 1, **options())
        raise ZeroDivisionError


def options() -> dict[str, Any]:
    from weasyprint import DEFAULT_OPTIONS

    return {**DEFAULT_OPTIONS, "pdf_tags": True}
