"""Footnotes as in the plugin `footnote`, without its losses."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from publisher.vault.rules.depth import INTERRUPTS, too_deep
from publisher.vault.rules.verse import VERSE

REFERENCE = re.compile(r"\[\^([^\[\]\s]+)\]")
WORD = re.compile(r"[\w.:-]+")  # as labels are, and patterns such as `[^"]` are not
SIGNS = re.compile(r"\\.|[`\[\]]", re.DOTALL)
DEEPEST = 3


def definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[^label]: text`; labels are compared without regard to case."""
    at = len(state.tokens)
    in_verse, state.env[VERSE] = state.env.get(VERSE), False
    found = not too_deep(state) and footnote_def(state, start, end, silent)
    state.env[VERSE] = in_verse
    if not found:
        return False
    if not silent:
        label: str = state.tokens[at].meta["label"]
        state.env.setdefault("footnote_labels", set()).add(label.casefold())
    return True


def inline(state: StateInline, silent: bool) -> bool:
    """`^[text]`, where each level is a parse of its own and must not go on for ever."""
    start = state.pos + 2
    if not state.src.startswith("^[", state.pos) or state.src.startswith("]", start):
        return False
    depth: int = state.env.get("footnote_depth", 0)
    end = _closing(state, start - 1)
    if depth >= DEEPEST or not start < end < state.posMax:
        return False
    if not silent:
        notes, content, tokens = _notes(state.env), state.src[start:end], list[Token]()
        number = len(notes)
        notes[number] = {"content": content, "tokens": tokens}
        state.env["footnote_depth"] = depth + 1
        state.md.inline.parse(content, state.md, state.env, tokens)
        state.env["footnote_depth"] = depth
        state.push("footnote_ref", "", 0).meta = {"id": number}
    state.pos = end + 1
    return True


def _closing(state: StateInline, opening: int) -> int:
    """The bracket that closes the one at `opening`; all of a text are paired at once."""
    known: dict[str, dict[int, int]] = state.env.setdefault("brackets", {})
    if state.src not in known:
        pairs = known[state.src] = {}
        stack, pos = [], 0
        code = StateInline(state.src, state.md, {}, [])
        while found := SIGNS.search(state.src, pos):
            pos = found.end()
            if found[0] == "[":
                stack.append(found.start())
            elif found[0] == "]" and stack:
                pairs[stack.pop()] = found.start()
            elif found[0] == "`":
                code.pos = found.start()
                backtick(code, True)
                pos = code.pos
    return known[state.src].get(opening, -1)


def reference(state: StateInline, silent: bool) -> bool:
    """`[^label]`; without a definition it is text, and known for what it was to be."""
    if not state.src.startswith("[^", state.pos):
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    label = found[1].casefold()
    if label not in state.env.get("footnote_labels", ()):
        if WORD.fullmatch(label) is None or state.src.startswith(("(", "[", ":"), found.end()):
            return False
        if not silent:
            state.push("footnote_lost", "", 0).content = found[0]
    elif not silent:
        notes, refs = _notes(state.env), state.env["footnotes"]["refs"]
        number: int = refs.get(label, len(notes))
        refs[label] = number
        note = notes.setdefault(number, {"label": label, "count": 0})
        meta = {"id": number, "subId": note["count"], "label": found[1]}
        state.push("footnote_ref", "", 0).meta = meta
        note["count"] += 1
    state.pos = found.end()
    return True


def tail(state: StateCore) -> None:
    """All footnotes at the end, those that nothing refers to behind the others."""
    if "footnotes" not in state.env:
        return
    state.tokens, definitions = _apart(state.tokens)
    notes = _notes(state.env)
    _place_inline(state.tokens, definitions, notes)
    first: dict[str, tuple[Token, list[Token]]] = {}
    spare = []
    for opening, body in definitions:
        label = opening.meta["label"].casefold()
        if label in first or state.env["footnotes"]["refs"].get(label, -1) < 0:
            spare.append((opening, body))
        else:
            first[label] = (opening, body)
    tokens = state.tokens
    tokens.append(Token("footnote_block_open", "", 1))
    for number, note in notes.items():
        opening, body = first[note["label"]] if "label" in note else _written_inline(note)
        meta = {"id": number, "label": opening.meta.get("label")}
        _push(tokens, meta, opening, body, max(note.get("count", 1), 1))
    for number, (opening, body) in enumerate(spare, len(notes)):
        meta = {"id": number, "label": opening.meta["label"], "unreferenced": True}
        _push(tokens, meta, opening, body, 0)
    tokens.append(Token("footnote_block_close", "", -1))


def _notes(env: Any) -> dict[int, dict[str, Any]]:
    data = env.setdefault("footnotes", {"refs": {}, "list": {}})
    notes: dict[int, dict[str, Any]] = data["list"]
    return notes


def _apart(tokens: list[Token]) -> tuple[list[Token], list[tuple[Token, list[Token]]]]:
    """The text, and the definitions in their order; one may stand in another."""
    text: list[Token] = []
    definitions: list[tuple[Token, list[Token]]] = []
    stack = [text]
    for token in tokens:
        if token.type == "footnote_reference_open":
            stack.append([])
            definitions.append((token, stack[-1]))
        elif token.type == "footnote_reference_close":
            stack.pop()
        else:
            stack[-1].append(token)
    return text, definitions


def _place_inline(
    text: list[Token],
    definitions: list[tuple[Token, list[Token]]],
    notes: dict[int, dict[str, Any]],
) -> None:
    """A footnote written in the text has the lines of the block it stands in."""
    if all("label" in note for note in notes.values()):
        return
    for tokens in (text, *(body for _, body in definitions)):
        for token in tokens:
            waiting = [(token.map, child) for child in token.children or ()]
            while waiting:
                lines, child = waiting.pop()
                if child.type == "footnote_ref" and "label" not in child.meta:
                    note = notes[child.meta["id"]]
                    note["map"] = lines
                    waiting += [(lines, inner) for inner in note["tokens"]]


def _written_inline(note: dict[str, Any]) -> tuple[Token, list[Token]]:
    lines: list[int] | None = note.get("map")
    text = Token("inline", "", 0, map=lines, content=note["content"], children=note["tokens"])
    body = [
        Token("paragraph_open", "p", 1, map=lines, block=True),
        text,
        Token("paragraph_close", "p", -1, block=True),
    ]
    return Token("footnote_reference_open", "", 1, map=lines), body


def _push(
    tokens: list[Token], meta: dict[str, Any], opening: Token, body: list[Token], calls: int
) -> None:
    tokens.append(Token("footnote_open", "", 1, meta=meta, map=opening.map))
    tokens += body
    closing = tokens.pop() if tokens[-1].type == "paragraph_close" else None
    for call in range(calls):
        anchor = {"id": meta["id"], "subId": call, "label": meta["label"]}
        tokens.append(Token("footnote_anchor", "", 0, meta=anchor))
    if closing:
        tokens.append(closing)
    tokens.append(Token("footnote_close", "", -1))


def plugin(md: MarkdownIt) -> None:
    """Before links: `word[^1](aside)` is a footnote and an aside."""
    md.block.ruler.before("reference", "footnote_def", definition, INTERRUPTS)
    md.inline.ruler.before("link", "footnote_inline", inline)
    md.inline.ruler.before("link", "footnote_ref", reference)
    md.core.ruler.after("inline", "footnote_tail", tail)
