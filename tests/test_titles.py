"""Where a displayed title may turn over."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from publisher.render.pdf.sheet import displayed


@pytest.mark.parametrize(
    ("title", "set_"),
    [
        (
            "The Class, the Party, and the Leadership",
            "[The Class,] [the Party,] [and the Leadership]",
        ),
        ("What the Chart Is Not Sure Of", "What [the Chart] [Is Not Sure] Of"),
        ("Petit traité de la brume d’été", "Petit traité [de la brume] d’été"),
        ("A Short Title", "A Short Title"),
        ("Letters & numbers, 1 < 2, of a kind", "Letters &amp; numbers, 1 &lt; 2, [of a kind]"),
        ("Über die Verfertigung der Gedanken", "Über [die Verfertigung] [der Gedanken]"),
        ("Of an Incomprehensibilitarianism Met", "[Of an] Incomprehensibilitarianism Met"),
        (
            Markup("Notes on <em>Crime and Punishment</em> in translation"),
            "Notes on <em>Crime [and Punishment]</em> [in translation]",
        ),
        ("", ""),
    ],
)
def test_groups_are_kept(title: str, set_: str) -> None:
    made = (
        displayed(title)
        .replace("\u00a0", " ")
        .replace('<span class="kept">', "[")
        .replace("</span>", "]")
    )
    assert made == set_


def test_formulas_are_left_alone() -> None:
    formula = '<math alttext="x in a set of it all"><mi>x</mi><mtext>in a set of it</mtext></math>'
    assert "kept" not in displayed(Markup(f"Concerning {formula} elsewhere, everywhere"))
