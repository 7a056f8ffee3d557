"""Contrast as WCAG reckons it, and which rules of a sheet want more."""

from __future__ import annotations

import pytest

from publisher.render.contrast import BLACK, WHITE, colour_of, contrast, faint, over


@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [
        ("black", "white", 21.0),
        ("#777", "#fff", 4.48),
        ("#767676", "white", 4.54),
        ("device-cmyk(0 0 0 0.4)", "white", 2.85),
        ("red", "red", 1.0),
        ("#00f", "#ff0", 8.0),
    ],
)
def test_ratios_are_those_of_wcag(text: str, ground: str, ratio: float) -> None:
    one, other = colour_of(text), colour_of(ground)
    assert one is not None
    assert other is not None
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_what_is_seen_through_is_laid_over() -> None:
    half = colour_of("rgba(0, 0, 0, 0.5)")
    assert half is not None
    assert over(half, WHITE) == pytest.approx((0.5, 0.5, 0.5, 1.0))
    assert colour_of("inherit") is None
    assert colour_of("currentcolor") is None


@pytest.mark.parametrize(
    ("css", "ratios"),
    [
        ("p { color: #777 }", [4.4]),
        ("p { color: #767676 }", []),
        ("h1 { color: #777; font-size: 18pt }", []),
        ("h1 { color: #777; font-size: 24px }", []),
        ("h1 { color: #777; font-size: 14pt }", [4.4]),
        ("h1 { color: #777; font-size: 14pt; font-weight: bold }", []),
        ("h1 { color: #999; font-size: 2em }", [2.8]),
        ("hr::before, .ornament { color: #ccc }", []),
        (".a { background: #333 }", [1.6]),
        (".a { background: #333; color: white }", []),
        ("html { background: #111; color: #eee } p { color: #222 }", [1.1]),
        ("body { color: #bbb }", [1.9]),
        ("@media print { p { color: #ccc } }", [1.6]),
        ("@page { @top-left { color: #ccc } }", [1.6]),
        ("p { color: inherit; background: transparent }", []),
    ],
)
def test_faint_text_is_found(css: str, ratios: list[float]) -> None:
    assert [int(one.ratio * 10) / 10 for one in faint(css, "epub")] == ratios


def test_a_ratio_just_missed_is_not_shown_as_met() -> None:
    (one,) = faint("p {}\np { color: #777 }", "print")
    assert str(one) == ("#777 on the page has a contrast of 4.4:1; text of this size wants 4.5:1")
    assert one.line == 2
    assert contrast(BLACK, BLACK) == 1.0
