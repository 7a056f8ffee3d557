"""Formulas in plain words, for contents and running heads."""

from __future__ import annotations

import pytest

from publisher.vault.spoken_tex import spoken

SAID = {
    r"\int_0^1 x\,dx": "∫₀¹ x dx",
    "E = mc^2": "E = mc²",
    r"x_i\leq\frac{a+b}{2}": "xᵢ ≤ (a+b)/2",
    r"\pi r^2": "πr²",
    r"f: \mathbb{R} \to \mathbb{R}": "f: ℝ → ℝ",
    r"\ce{2H2 + O2 -> 2H2O}": "2 H₂ + O₂ → 2 H₂O",
    r"\ce{SO4^2-}": "SO₄²⁻",
    r"\sqrt{2}": "√2",
    r"\bar{h} + a_{n+1}": "h̄ + aₙ₊₁",
    r"90^\circ": "90°",
    r"f'(x)": "f′(x)",
    r"\left( a \right.": "( a",
    r"10\%": "10%",
    r"\text{sea level} \times \infty": "sea level × ∞",
    r"O(n \log n)": "O(n log n)",
}
# No letters say these, or they are no TeX.
KEPT = (
    r"\matrix{a}", r"e^{i\pi}+1=0", r"x^{\frac12}", r"\sqrt[3]{x}", "a & b",
    "}", "^", "\\", r"\frac", "a^{b", "{" * 150, "x^2" * 80,
)  # fmt: skip


@pytest.mark.parametrize("tex", SAID)
def test_a_formula_is_said_in_signs(tex: str) -> None:
    assert spoken(tex) == SAID[tex]


@pytest.mark.parametrize("tex", KEPT)
def test_what_signs_do_not_say_stays_as_typed(tex: str) -> None:
    assert spoken(tex) == tex
