"""Examples in text files: `@@ what it shows`, the text, `@@`, and what is made of it.

In the text `→` is a tab, `␍` a carriage return, `␣` a blank and `␂` a byte order mark.
PUBLISHER_BLESS=1 writes what is made anew: read the difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HIDDEN = str.maketrans({"→": "\t", "␍": "\r", "␣": " ", "␂": "\ufeff"})


@dataclass(frozen=True)
class Example:
    title: str
    typed: str
    expected: str

    @property
    def text(self) -> str:
        return self.typed.translate(HIDDEN)


def read_examples(path: Path) -> Iterator[Example]:
    for block in path.read_text("utf-8").split("\n@@ ")[1:]:
        title, _, rest = block.partition("\n")
        typed, _, expected = rest.partition("\n@@\n")
        yield Example(title, typed, expected.strip("\n"))


def hold(path: Path, make: Callable[[str], str]) -> str:
    """The examples of a file that are not as expected, as a reader would compare them."""
    examples = list(read_examples(path))
    assert examples, f"no examples in {path}"
    made = [make(example.text).rstrip("\n") for example in examples]
    if os.environ.get("PUBLISHER_BLESS"):
        head = path.read_text("utf-8").split("\n@@ ")[0]
        blocks = (
            f"\n@@ {e.title}\n{e.typed}\n@@\n{m}\n" for e, m in zip(examples, made, strict=True)
        )
        path.write_text(head + "".join(blocks), "utf-8")
        return ""
    return "\n".join(
        f"## {e.title}\n{e.text}\n-- made\n{m}\n-- expected\n{e.expected}"
        for e, m in zip(examples, made, strict=True)
        if m != e.expected
    )
