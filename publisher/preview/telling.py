"""What the server tells the page, as JSON has it."""

from __future__ import annotations

from typing import Any

from publisher.preview.ebook import Outline
from publisher.preview.panel import Panel
from publisher.preview.remark import Remark


def outline_as_json(outline: Outline) -> dict[str, Any]:
    """The contents, the problems and the panel."""
    return {
        "title": outline.title,
        "language": outline.language,
        "entries": [
            {
                "key": entry.key,
                "title": entry.title,
                "kind": entry.kind,
                "page": entry.page,
                "path": entry.path,
                "byline": entry.byline,
                "language": entry.language,
            }
            for entry in outline.entries
        ],
        "remarks": [_remark(remark) for remark in outline.remarks],
        "panel": _panel(outline.panel),
    }


def _remark(remark: Remark) -> dict[str, Any]:
    problem = remark.problem
    return {
        "code": problem.code,
        "severity": problem.severity.name.lower(),
        "message": problem.message,
        "hint": problem.hint,
        "place": str(problem.at),
        "entry": remark.entry,
        "block": remark.block,
        "body": remark.body,
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "theme": panel.theme,
        "fields": [
            {
                "name": field.name,
                "kind": field.kind,
                "value": field.value,
                "default": field.default,
                "about": field.about,
                "choices": list(field.choices),
                "option": field.option,
            }
            for field in panel.fields
        ],
    }
