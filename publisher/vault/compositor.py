"""The compositor: sets one block after another, and knows what is open."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from publisher.vault.escape import legal
from publisher.vault.galley import Chunk, Embed, Image, Media, NoteCall
from publisher.vault.html_pairs import Pairs
from publisher.vault.inline import set_inline
from publisher.vault.line import Display, Line, Piece
from publisher.vault.stick import Stick, joined


class Compositor:
    """Walks the tokens of one sequence of blocks, without recursion however they nest."""

    def __init__(self, stick: Stick, tokens: Sequence[Token]) -> None:
        self.stick = stick
        self.tokens = tokens
        self.at = 0
        self.closers: list[tuple[str, str, int]] = []
        self.lists: list[str] = []
        self.poems: list[str] = []  # of the callouts around, "" for those that hold none
        self.checkbox = ""
        has_html = any(token.type == "html_block" for token in tokens)
        self.pairs = Pairs(tokens) if has_html else None

    def open(self, token: Token, tag: str, attributes: str = "", wrap: str = "") -> None:
        """Opens a block's element, with its ids."""
        mark, local, count = self.stick.begin(token, wrap)
        if mark:
            self.stick.chunks += (f"<{tag}", mark, f"{attributes}>")
        else:
            self.stick.chunks.append(f"<{tag}{attributes}>")
        self.closers.append((f"</{tag}>\n", local, count))

    def close(self) -> None:
        """Closes the element that was opened last."""
        tag, local, count = self.closers.pop()
        self.stick.chunks.append(tag)
        if count:
            self.stick.end(local, count)

    def nest(self, token: Token, tag: str, attributes: str = "") -> None:
        """Opens a block that holds blocks."""
        self.open(token, tag, attributes)
        self.stick.depth += 1

    def unnest(self) -> None:
        """Closes a block that holds blocks."""
        self.stick.depth -= 1
        self.close()

    def line(self, inline: Token, *, holds: bool = False) -> tuple[Line, str]:
        """An inline token, set and finished, and its plain text."""
        line = Line(self.stick, inline.map, holds=holds)
        set_inline(line, inline.children or ())
        return line, line.finish()

    def inline_in(self, tag: str, attributes: str = "") -> None:
        """The inline token that comes next, in an element of its own."""
        self.at += 1
        line, _ = self.line(self.tokens[self.at], holds=tag == "td" and not self.stick.in_footnote)
        self.stick.chunks.append(f"<{tag}{attributes}>")
        self.stick.chunks += solid(line.pieces)
        self.stick.chunks.append(f"</{tag}>")


def solid(pieces: Sequence[Piece]) -> list[Chunk]:
    """Pieces of a run that was not parted."""
    return [f"{p.xhtml}" if isinstance(p, Display) else p for p in pieces]


def parts(pieces: Sequence[Piece]) -> list[list[Chunk] | Chunk]:
    """A run, parted: lists of phrasing chunks, and the blocks between them."""
    out: list[list[Chunk] | Chunk] = []
    run: list[Chunk] = []
    for piece in pieces:
        block = piece.xhtml + "\n" if isinstance(piece, Display) else piece
        if not _is_block(piece):
            run.append(block)
            continue
        if _says(run):
            out.append(_trimmed(run))
        out.append(block)
        run = []
    if _says(run):
        out.append(_trimmed(run) if out else run)
    return out


def _is_block(piece: Piece) -> bool:
    return isinstance(piece, Embed | Display) or (isinstance(piece, Image | Media) and piece.alone)


def _says(run: Sequence[Chunk]) -> bool:
    return any(not isinstance(chunk, str) or _text_in(chunk) for chunk in run)


def _text_in(chunk: str) -> bool:
    """Whether a string prints anything: not only tags and blanks."""
    if chunk.startswith(("<math", '<code class="math">')):
        return True
    return not (chunk.isspace() or chunk in {"", "<br/>\n", "<wbr/>"} or chunk.startswith("<"))


def _trimmed(run: list[Chunk]) -> list[Chunk]:
    """Without the line breaks that the neighbouring block has made needless."""
    first, last = 0, len(run)
    while first < last and _is_blank(run[first]):
        first += 1
    while last > first and _is_blank(run[last - 1]):
        last -= 1
    return run[first:last]


def _is_blank(chunk: Chunk) -> bool:
    return isinstance(chunk, str) and (chunk.isspace() or chunk in {"", "<br/>\n"})


def wants_lead(stick: Stick) -> bool:
    """The first paragraph speaks for the note; one in a quote or a list only if no other does."""
    return not (stick.in_footnote or (stick.lead and (stick.depth or not stick.lead_depth)))


def keep_lead(stick: Stick, found: Sequence[list[Chunk] | Chunk], plain: str) -> None:
    """A paragraph that may speak for the note does if it has words."""
    words = next((part for part in found if isinstance(part, list)), None)
    if words is None or not any(sign.isalnum() for sign in plain):
        return
    stick.lead = joined(
        ["<p>", *(chunk for chunk in words if not isinstance(chunk, NoteCall)), "</p>"]
    )
    stick.lead_words = legal(" ".join(plain.split()))
    stick.lead_depth = stick.depth
