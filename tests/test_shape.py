"""Modules and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "publisher"
MODULE_LINES = 310
FUNCTION_LINES = 40


def outgrown(path: Path, name: str) -> list[str]:
    """The module and the functions in it that are too long, a line each."""
    source = path.read_text("utf-8")
    long = []
    if (lines := source.count("\n")) > MODULE_LINES:
        long.append(f"{name}: {lines} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                long.append(f"{name}:{node.lineno}: {node.name} has {lines} lines")
    return long


def test_nothing_has_outgrown_a_reader() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))
    found = [line for path in modules for line in outgrown(path, str(path.relative_to(PACKAGE)))]
    assert "\n".join(found) == ""


@pytest.mark.parametrize(
    ("source", "long"),
    [
        ("x = 1\n" * MODULE_LINES, []),
        ("x = 1\n" * (MODULE_LINES + 1), ["m.py: 311 lines"]),
        ("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1), []),
        ("def f():\n" + "    x = 1\n" * FUNCTION_LINES, ["m.py:1: f has 41 lines"]),
    ],
)
def test_what_is_too_long_is_named(tmp_path: Path, source: str, long: list[str]) -> None:
    (tmp_path / "m.py").write_text(source, "utf-8")
    assert outgrown(tmp_path / "m.py", "m.py") == long
