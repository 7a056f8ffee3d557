"""How a word is read follows it in brackets where nothing can stand above it."""

from __future__ import annotations

import pytest
from lxml import etree

from publisher.render.pdf.ruby import bracket_readings


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("<ruby>漢字<rt>かんじ</rt></ruby>も", "漢字（かんじ）も"),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>", "漢（かん）字（じ）"),
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>で", "東京（とうきょう）で"),
        ("<ruby>word<rt>an <em>aid</em> here</rt></ruby>", "word(an aid here)"),
        ("<ruby>word<rt><em>aid</em></rt></ruby>.", "word(aid)."),
    ],
)
def test_readings_are_in_brackets(written: str, printed: str) -> None:
    body = etree.fromstring(f"<p>{written}</p>")
    bracket_readings(body)
    assert "".join(map(str, body.itertext())) == printed
    assert not {"rt", "rp"} & {element.tag for element in body.iter()}
