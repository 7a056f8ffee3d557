"""Lines no thinner than a press can hold: those of drawings that were made smaller for the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import hypot
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Dictionary, Name, Object, Operator

LEAST = 0.25  # points: a thinner line comes and goes on the press
_WIDTH = re.compile(rb"[\d.]\s+w\s")

# The four numbers of a matrix that turn and scale.
Turn: TypeAlias = tuple[float, float, float, float]
_AS_IT_IS: Turn = (1.0, 0.0, 0.0, 1.0)


def thicken_hairlines(book: pikepdf.Pdf) -> None:
    """Set every line's width to at least a quarter of a point as it is printed."""
    seen: set[tuple[int, int]] = set()
    for page in book.pages:
        if "/Contents" in page.obj:
            page.contents_coalesce()
            _thicken(page.obj.Contents, page.obj.get("/Resources"), _AS_IT_IS, seen)


def _thicken(
    stream: Object, resources: Object | None, turn: Turn, seen: set[tuple[int, int]]
) -> None:
    forms = {} if resources is None else _forms(resources)
    content = stream.read_bytes()
    if not forms and not _WIDTH.search(content):
        return
    changed: list[bool] = []
    made = list(_followed(stream, forms, turn, seen, changed))
    if changed:
        stream.write(pikepdf.unparse_content_stream(made))


def _followed(
    stream: Object,
    forms: dict[str, Object],
    turn: Turn,
    seen: set[tuple[int, int]],
    changed: list[bool],
) -> Iterator[tuple[Any, Any]]:
    """The instructions, with what they scale known at each."""
    kept: list[Turn] = []
    for instruction in pikepdf.parse_content_stream(stream):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator == "q":
            kept.append(turn)
        elif operator == "Q" and kept:
            turn = kept.pop()
        elif operator == "cm":
            turn = _turned(operands, turn)
        elif operator == "w":
            scale = min(hypot(*turn[:2]), hypot(*turn[2:]))
            if scale > 0 and float(operands[0]) * scale < LEAST:
                changed.append(True)
                yield [round(LEAST / scale + 0.00005, 4)], Operator("w")
                continue
        elif operator == "Do" and str(operands[0]) in forms:
            _form(forms[str(operands[0])], turn, seen)
        yield operands, instruction.operator


def _form(form: Object, turn: Turn, seen: set[tuple[int, int]]) -> None:
    if form.objgen in seen:
        return
    seen.add(form.objgen)
    _thicken(form, form.get("/Resources"), _turned(form.get("/Matrix", _AS_IT_IS), turn), seen)


def _forms(resources: Object) -> dict[str, Object]:
    things = resources.get("/XObject") or Dictionary()
    return {name: thing for name, thing in things.items() if thing.get("/Subtype") == Name.Form}


def _turned(matrix: Any, turn: Turn) -> Turn:
    """What a matrix does within another."""
    a, b, c, d = (float(number) for number in list(matrix)[:4])
    e, f, g, h = turn
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
