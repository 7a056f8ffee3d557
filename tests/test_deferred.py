"""What the engine's libraries have for few books is there when it is wanted, and not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEFORE = """
import sys
import publisher.render.pdf.deferred, publisher.render.pdf.journeyman
from publisher.render.pdf.deferred import DEFERRED, Deferred
print(*(type(sys.modules[name]) is Deferred for name in DEFERRED), "fontTools.varLib" in sys.modules)
"""


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param("", "", id="not before"),
        pytest.param(
            "from weasyprint.pdf.fonts import subset; print(subset.Options().notdef_glyph,"
            " type(sys.modules['fontTools.subset']).__name__)",
            "True module",
            id="a thing of it",
        ),
        pytest.param(
            "import fontTools.subset; print(fontTools.subset.Subsetter.__name__)",
            "Subsetter",
            id="asked for by name",
        ),
        pytest.param(
            "from weasyprint.pdf.fonts import instantiateVariableFont as cut\n"
            "try: cut(None, {})\nexcept (AttributeError, TypeError): print('called', end=' ')\n"
            "print(type(sys.modules['fontTools.varLib.instancer']).__name__)",
            "called module",
            id="a function taken out of it",
        ),
        pytest.param(
            "import inspect; print(inspect.getmodule(print).__name__)",
            "builtins",
            id="a look at all that is loaded",
        ),
    ],
)
def test_it_is_loaded_when_it_is_asked_for(then: str, said: str) -> None:
    order = [sys.executable, "-W", "ignore", "-c", BEFORE + then]
    done = subprocess.run(order, capture_output=True, text=True, check=True)
    first, _, rest = done.stdout.partition("\n")
    assert first == "True True False"
    assert said in rest
