"""Tokens become a galley: a note's body, and its footnotes in the order of their calls."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from publisher.vault.blocks import set_blocks
from publisher.vault.emptied import without_emptied
from publisher.vault.galley import Chunk, Galley, NoteCall
from publisher.vault.stick import Stick

_NOTES = frozenset({"footnote_open", "footnote_reference_open"})


def set_galley(stick: Stick, tokens: Sequence[Token], title_calls: Sequence[NoteCall]) -> Galley:
    """The whole note; what its title calls is called at the end of its first paragraph."""
    body, notes = _apart(tokens)
    opening = [token for token in tokens if token.type in _NOTES]
    chunks = set_blocks(stick, without_emptied(stick, body, opening))
    if title_calls:
        chunks = _with_calls(chunks, title_calls)
    return Galley(chunks, _set_footnotes(stick, notes), stick.words)


def _with_calls(chunks: Sequence[Chunk], calls: Sequence[NoteCall]) -> tuple[Chunk, ...]:
    """Titles also stand in contents and running heads, where no footnote can be called."""
    for at, chunk in enumerate(chunks):
        if isinstance(chunk, str) and "</p>" in chunk:
            before, end, after = chunk.partition("</p>")
            return (*chunks[:at], before, *calls, end + after, *chunks[at + 1 :])
    return ("<p>", *calls, "</p>\n", *chunks)


def _apart(tokens: Sequence[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """The body's tokens, and each footnote's by its id."""
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    into = body
    unused = -1
    for token in tokens:
        kind = token.type
        if kind == "footnote_open":
            into = notes.setdefault(token.meta["id"], [])
        elif kind == "footnote_reference_open":
            into = notes.setdefault(unused, [token])
            unused -= 1
        elif kind in {"footnote_close", "footnote_reference_close"}:
            into = body
        elif not kind.startswith("footnote_"):
            into.append(token)
    return body, notes


def _set_footnotes(stick: Stick, notes: dict[int, list[Token]]) -> tuple[tuple[Chunk, ...], ...]:
    """Texts by call; setting one may call another, so the calls grow as we go."""
    stick.in_footnote = True
    out: list[tuple[Chunk, ...]] = []
    done: set[int] = set()
    while len(out) < len(stick.calls):
        for note in list(stick.calls)[len(out) :]:
            out.append(set_blocks(stick, notes.get(note, ())))
            done.add(note)
    for note, tokens in notes.items():
        if note in done or not tokens:
            continue
        stick.report(
            "footnote-unused",
            "no word calls this footnote: it is left out",
            stick.position(tokens[0].map),
            hint="refer to it with [^label] in the text, or delete it",
        )
        stick.call(note)
        out.append(set_blocks(stick, tokens))
    stick.in_footnote = False
    return tuple(out)
