"""What the server tells the page, as JSON has it."""

from __future__ import annotations

from typing import Any

from publisher.preview.ebook import Outline
from publisher.preview.panel import Panel
from publisher.preview.remark import Remark
from publisher.preview.spread import Spreads


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


def spreads_as_json(spreads: Spreads) -> dict[str, Any]:
    """The printed pages in order, each with its folio and its picture's name."""
    return {
        "width": spreads.width,
        "height": spreads.height,
        "places": list(spreads.places),
        "sides": [
            {
                "label": side.label,
                "plate": f"{side.sheet}/{side.number}" if side.sheet else "",
                "entry": side.entry,
                "stale": side.stale,
            }
            for side in spreads.sides
        ],
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
        "letters": remark.letters,
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
