r"""Chemical formulas as Obsidian reads them, `\ce{2H2 + O2 -> 2H2O}`, in plain TeX.

What can be written is a part of mhchem (its manual, version 4): formulas, charges, isotopes, bonds,
states, arrows with words above and below, and `$…$` for anything else.
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"\\ce\s*\{")
_ARROWS = {
    "<=>>": r"\rightleftharpoons", "<<=>": r"\rightleftharpoons", "<=>": r"\rightleftharpoons",
    "<->": r"\leftrightarrow", "<-->": r"\rightleftarrows", "->": r"\rightarrow", "<-": r"\leftarrow",
}  # fmt: skip
_BONDS = {"-": "–", "=": "=", "#": "≡"}  # as words: an operator would stand off its atoms
_WORDED = {r"\rightarrow": r"\xrightarrow", r"\leftarrow": r"\xleftarrow"}
_SIGN = re.compile(
    r"""
      (?P<arrow><=>>|<<=>|<=>|<-->|<->|->|<-)(?P<above>\[[^\]]*\])?(?P<below>\[[^\]]*\])?
    | \$(?P<math>[^$]*)\$
    | (?P<up>(?<=\s)\^(?=\s|$)) | (?P<down>(?<=\s)v(?=\s|$))
    | \^(?P<raised>\{[^{}]*\}|\d*[+-]|\d+|\S) | _(?P<lowered>\{[^{}]*\}|\d+|\S)
    | (?P<charge>(?<=[\w)\]}])[+-](?=\s|$|[)\]}]))
    | (?P<number>(?<![\w)\]}])\d+(?:[./]\d+)?|\d+) | (?P<word>[A-Za-z]+)
    | (?P<command>\\[A-Za-z]+|\\.) | (?P<point>[.*]) | (?P<blank>\s+) | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def with_reactions(tex: str) -> str:
    r"""The TeX with what stands in each `\ce{…}` written out; one that is never closed stays."""
    out, done = [], 0
    for found in _COMMAND.finditer(tex):
        end = _closing(tex, found.end())
        if found.start() < done or end < 0:
            continue
        out += [tex[done : found.start()], "{", _reaction(tex[found.end() : end]), "}"]
        done = end + 1
    return "".join(out) + tex[done:]


def _closing(tex: str, place: int) -> int:
    """Where the brace before `place` is closed, or -1."""
    depth = 1
    for at in range(place, len(tex)):
        if tex[at] in "{}" and tex[at - 1] != "\\":
            depth += 1 if tex[at] == "{" else -1
            if not depth:
                return at
    return -1


def _reaction(text: str) -> str:
    out: list[str] = []
    within = False  # a formula: what comes next belongs to an atom or a bracket
    for found in _SIGN.finditer(text.strip()):
        kind = str(found.lastgroup)
        kind = "arrow" if kind in ("above", "below") else kind
        out.append(_said(kind, found, within=within))
        within = kind in ("word", "raised", "lowered", "charge", "math") or (
            kind == "number" and within
        ) or (kind == "sign" and found[0] in ")]}")  # fmt: skip
    return "".join(out)


def _said(kind: str, found: re.Match[str], *, within: bool) -> str:
    text = found[0]
    match kind:
        case "arrow":
            return _arrow(_ARROWS[found["arrow"]], found["above"], found["below"])
        case "math":
            return f"{{{found['math']}}}"
        case "raised" | "lowered":
            script = str(found[kind]).strip("{}")
            script = rf"\text{{{script}}}" if script.isalpha() else script.replace("$", "")
            return f"{'' if within else '{}'}{'^' if kind == 'raised' else '_'}{{{script}}}"
        case "charge":
            return f"^{{{text}}}"
        case "number":
            return f"_{{{text}}}" if within else rf"{text}\,"
        case "word":
            return rf"\text{{{text}}}"
        case "sign" if within and text in _BONDS:
            return rf"\text{{{_BONDS[text]}}}"
    return {
        "up": r"\uparrow ", "down": r"\downarrow ", "point": r"\cdot ",
        "blank": " ", "command": f"{text} ",
    }.get(kind, text)  # fmt: skip


def _arrow(arrow: str, above: str | None, below: str | None) -> str:
    over, under = (_reaction(words[1:-1]) if words else "" for words in (above, below))
    if not (over or under):
        return f" {arrow} "
    if arrow in _WORDED:
        return f" {_WORDED[arrow]}{f'[{under}]' if under else ''}{{{over}}} "
    over = rf"\overset{{{over}}}{{{arrow}}}" if over else arrow
    return rf" \underset{{{under}}}{{{over}}} " if under else f" {over} "
