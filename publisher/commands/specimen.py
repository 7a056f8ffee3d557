"""`publisher theme specimen`: all that a theme has to set, in one small book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from publisher.config import FILE_NAME as PLAN_FILE
from publisher.config import Plan, plan_with, read_plan
from publisher.render.theme import load_theme

VAULT = Path(__file__).resolve().parents[1] / "specimen"


def specimen_plan(name: str, search: tuple[Path, ...], book: Plan) -> Plan:
    """The plan of the specimen in the theme of that name.

    The book's own theme is shown with the tokens that the book gives it.
    """
    plan, _ = read_plan(VAULT / PLAN_FILE)
    wishes = book.theme_tokens if name == book.theme else ()
    changes: dict[str, Any] = {
        "title": f"Specimen of {load_theme(name, search, wishes).title}",
        "theme": name,
        "theme_tokens": wishes,
        "theme_homes": tuple(map(str, search)),
    }
    return plan_with(plan, **changes)
