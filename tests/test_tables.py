"""Tables on paper: a column of code is as wide as its code."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]
import pytest

from publisher.config import Plan
from publisher.printing import build_print

LONG = "Changes the way in which all of it is done, in a sentence that goes on for several lines."
NOTE = f"""\
| Option | What it does |
|---|---|
| `internalLinkDisplayText` | {LONG} |
| `{{{{modelProvider}}}}` | {LONG} |
| `path/to/some/deep/folder/file_name` | {LONG} {LONG} |
| `match-case:` | {LONG} |
| `--conflict-strategy` | {LONG} |
"""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("Tables")
    (root / "Options.md").write_text(NOTE, "utf-8")
    made = build_print(root, Plan(), root / "out.pdf", root)
    pages = pypdfium2.PdfDocument(made.path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    return [line.replace("\u200b", "").strip() for line in text.splitlines()]


@pytest.mark.parametrize(
    "code",
    [
        "internalLinkDisplayText",
        "{{modelProvider}}",
        "match-case:",
        "file_name",
        "--conflict-strategy",
    ],
)
def test_code_in_a_narrow_column_is_not_broken_within_a_word(lines: list[str], code: str) -> None:
    found = [line for line in lines if code in line]
    assert found, lines
