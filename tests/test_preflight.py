"""Each thing a printer refuses, set by hand, and found; good files, and let through."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import hold
from handset import Handset

from publisher.render.preflight.check import preflight
from publisher.render.preflight.finding import page_ranges

CASES = sorted((Path(__file__).parent / "preflight").glob("*.test"))


def said(text: str) -> str:
    made = Handset(text)
    report = preflight(made.bytes(), made.printer, kind=made.kind, pages=made.block)
    return "\n".join(
        f"{f.severity.name.lower()} {f.code}{f' [{page_ranges(f.pages)}]' if f.pages else ''}:"
        f" {f.message}"
        for f in report.findings
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fault_is_found_and_nothing_else(path: Path) -> None:
    assert hold(path, said) == ""
