"""Chemical formulas, from mhchem's way of writing to TeX that the converter reads."""

from __future__ import annotations

import pytest

from publisher.vault.chemistry import with_reactions
from publisher.vault.mathematics import mathml

FORMULAS = {
    "H2O": r"\text{H}_{2}\text{O}",
    "NH4+": r"\text{NH}_{4}^{+}",
    "SO4^2-": r"\text{SO}_{4}^{2-}",
    "[AgCl2]-": r"[\text{AgCl}_{2}]^{-}",
    "^{227}_{90}Th+": r"{}^{227}_{90}\text{Th}^{+}",
    "Fe^{II}": r"\text{Fe}^{\text{II}}",
    "(C2H4)_{$n$}": r"(\text{C}_{2}\text{H}_{4})_{n}",
    "CuSO4.5H2O": r"\text{CuSO}_{4}\cdot 5\,\text{H}_{2}\text{O}",
    "1/2 O2": r"1/2\, \text{O}_{2}",
    "CH2=CH-C#N": r"\text{CH}_{2}\text{=}\text{CH}\text{–}\text{C}\text{≡}\text{N}",
    "A + B": r"\text{A} + \text{B}",
    "A <=> B": r"\text{A}  \rightleftharpoons  \text{B}",
    "A ->[H2O][\\Delta] B": r"\text{A}  \xrightarrow[\Delta ]{\text{H}_{2}\text{O}}  \text{B}",
    "A <=>[fast] B": r"\text{A}  \overset{\text{fast}}{\rightleftharpoons}  \text{B}",
    "BaSO4 v": r"\text{BaSO}_{4} \downarrow ",
    "CO2(g) ^": r"\text{CO}_{2}(\text{g}) \uparrow ",
}  # fmt: skip


@pytest.mark.parametrize("written", FORMULAS)
def test_a_formula_is_written_out(written: str) -> None:
    tex = rf"x = \ce{{{written}}}"
    assert with_reactions(tex) == rf"x = {{{FORMULAS[written]}}}"
    assert mathml(tex, display=True)


@pytest.mark.parametrize("tex", [r"\frac{1}{2}", r"\ce{H2O", r"\cell{x}", r"\ce H"])
def test_what_is_none_stays(tex: str) -> None:
    assert with_reactions(tex) == tex


def test_one_within_another_is_part_of_it() -> None:
    assert with_reactions(r"\ce{A} + \ce{\ce{B}}").startswith(r"{\text{A}} + {\ce")
