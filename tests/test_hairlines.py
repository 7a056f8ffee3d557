"""Drawings made small for the page keep lines that a press can hold."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest

from publisher.render.prepress.hairlines import LEAST, thicken_hairlines

PAGE = """
q 0.75 0 0 -0.75 0 792 cm
q 0.1 0 0 0.1 0 0 cm 0.5 w 0 0 m 900 0 l S
 q 2 w 0 9 m 900 9 l S Q 8 w 0 18 m 900 18 l S Q
0.4 w 0 30 m 90 30 l S
q 0 0.2 -0.2 0 0 0 cm /Form Do Q /Form Do
0 w 0 60 m 90 60 l S
Q 1 w 0 0 m 9 9 l S
"""
FORM = b"1 w 0 0 m 9 0 l S 4 w 0 0 m 9 0 l S"


def widths(stream: Any) -> list[float]:
    said = pikepdf.parse_content_stream(stream)
    return [float(one.operands[0]) for one in said if str(one.operator) == "w"]


@pytest.fixture
def book() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    form = pdf.make_stream(FORM, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.BBox, form.Matrix = [0, 0, 9, 9], [0.5, 0, 0, 0.5, 0, 0]
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Form=form))
    pdf.pages[0].Contents = pdf.make_stream(PAGE.encode())
    return pdf


def test_lines_are_a_quarter_of_a_point_as_they_are_printed(book: pikepdf.Pdf) -> None:
    thicken_hairlines(book)
    page = book.pages[0]
    # Within 0.075 of a point, then 0.75; the others stay.
    assert widths(page.Contents) == pytest.approx([3.3334, 3.3334, 8, 0.4, 0.3334, 1], abs=1e-4)
    # The form is drawn at 0.075 of its size first.
    assert widths(page.Resources.XObject.Form) == pytest.approx([3.3334, 4], abs=1e-4)
    assert all(0.075 * width >= LEAST for width in widths(page.Resources.XObject.Form))


def test_pages_without_thin_lines_stay_byte_for_byte() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"q  1 w 0 0 m  9 9 l S Q")
        thicken_hairlines(pdf)
        assert pdf.pages[0].Contents.read_bytes() == b"q  1 w 0 0 m  9 9 l S Q"
