"""Nothing stands out of the text block, whatever a note holds."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from publisher.config import Plan
from publisher.printing import build_print

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
CODE = "`" + "a_function_of_a_long_name_" * 6 + "`"
HARD = "\u00a0".join(["`alpha`", "**bold**", "`beta-gamma`", "*italic*", "plain,"] * 6)
TALL = r"\frac{-b \pm \sqrt{b^2-4ac}}{2a} + \sum_{i=0}^{\infty} a_i x^i"
FORMULA = f"{TALL} + {' + '.join('abcdefghijklmno')}"
NOTES = {
    f"{WORD}.md": "A title of one word.\n",
    "Words.md": f"""\
The text (*{WORD * 2}*) and [[{WORD}]] and {CODE}.

{HARD}

> - {WORD} {CODE}
>     - {HARD}

## {WORD}

Under it[^1].

[^1]: {HARD} {WORD}
""",
    "Shapes.md": f"""\
In a line ${FORMULA}$ of text.

$$
{FORMULA}
$$

| Name | Picture | Formula |
|---|---|---|
| A row | ![[large.png]] | ${FORMULA}$ |

| Picture | Picture |
|---|---|
| ![[large.png\\|900]] | ![[large.png]] |

| Words |
|---|
| {WORD} {CODE} |
| {HARD} |
""",
}


@pytest.mark.parametrize(("printer", "margin"), [("4.25x7", 44), ("a5", 60)])
def test_no_ink_stands_beside_the_text_block(tmp_path: Path, printer: str, margin: int) -> None:
    for name, text in NOTES.items():
        (tmp_path / name).write_text(text, "utf-8")
    Image.new("L", (2400, 1600), 128).save(tmp_path / "large.png")
    made = build_print(tmp_path, Plan(printer=printer), tmp_path / "out.pdf", tmp_path)
    with pypdfium2.PdfDocument(made.path) as document:
        for number, page in enumerate(document, 1):
            picture = page.render(scale=1, grayscale=True).to_pil()
            box = picture.point([255 * (shade < 200) for shade in range(256)]).getbbox()
            if box is not None:
                assert box[0] >= margin, number
                assert box[2] <= picture.width - margin, number
