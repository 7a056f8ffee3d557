"""A run of inline text being set: its words, and what is open in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token
from msgspec import Struct, field

from publisher.problem import Position, Severity
from publisher.vault import wikilink
from publisher.vault.address import Kind, read_address, sized
from publisher.vault.escape import escape, legal
from publisher.vault.galley import Chunk, Embed, Image, LinkEnd, LinkStart, NoteCall, Target
from publisher.vault.html import Tag
from publisher.vault.sentence import bare, marked, sentence_at, sentence_starts
from publisher.vault.stick import Stick, count_words

_PROGRAM: Final = re.compile(
    r"(?!https?:|ftp:|javascript:|vbscript:|data:|file:)[a-z][\w+.-]*:", re.IGNORECASE
)
BREAKS: Final = frozenset({"softbreak", "hardbreak"})


class Display(Struct, frozen=True):
    """A finished block, such as a displayed formula, that parts a paragraph in two."""

    xhtml: str


Piece = Chunk | Display


class _Link(Struct):
    """An opened link, until its words are known; `chunk` is where its start belongs."""

    target: Target
    typed: bool
    at: Position
    chunk: int
    start: int
    words: str = ""


class _Row(Struct):
    """What is known of the line that raw HTML is on; `counts` are the lists it is in."""

    said: bool = False
    ended: bool = False
    counts: list[int] = field(default_factory=list)


class Line:
    """One inline run being set.

    `splits` is true where blocks may stand between its parts, `holds` where they may only
    stand among its words, as in a table's cell.
    """

    def __init__(
        self, stick: Stick, span: Sequence[int] | None, *, splits: bool = False, holds: bool = False
    ) -> None:
        self.stick = stick
        self.span = span
        self.splits = splits
        self.holds = splits or holds
        self.breaks = bool(stick.verses) or not stick.strict
        self.gap = "\n"
        self.pieces: list[Piece] = []
        self.plain: list[str] = []
        self.length = 0
        self.unread = 0
        self.skip = 0
        self.row = _Row()
        self.open: list[tuple[str, str]] = []
        self.held: list[tuple[str, _Link | None]] = []
        self.links: list[tuple[_Link, int]] = []
        self.calls: list[NoteCall] = []
        self.children: Sequence[Token] = ()
        self.pairs: dict[int, tuple[Tag, int]] | None = None

    def say(self, text: str, kind: str = "") -> None:
        """Plain words, as read and as printed; of a `kind` that a quotation has to show."""
        if self.row.ended and text.strip():
            self.begin_row()
        if text:
            self.pieces.append(escape(text))
            self.read(marked(text, kind) if kind else text)

    def read(self, text: str) -> None:
        """What is read here, however it is printed."""
        self.plain.append(text)
        self.length += len(text)
        self.row.said = self.row.said or bool(text.strip())

    def begin_row(self) -> None:
        """A block of raw HTML begins, which here is no more than a line of its own."""
        if self.row.said:
            self.break_off("<br/>\n")
        self.row.ended = False

    def break_off(self, sign: str) -> None:
        """The line breaks, or might have: words on both sides are never glued."""
        self.pieces.append(sign)
        self.plain.append(" ")
        self.length += 1
        self.row.said = self.row.ended = False

    def finish(self) -> str:
        """Closes what is open, writes the links' starts, and gives the plain text."""
        while self.held:
            self.close_link()
        while self.open:
            self.pieces.append(self.open.pop()[1])
        plain = "".join(self.plain)
        if self.links:
            self._write_links(plain)
        self.stick.words += max(count_words(plain) - self.unread, 0)
        return bare(plain)

    def _write_links(self, plain: str) -> None:
        starts = sentence_starts(plain)
        for link, end in self.links:
            words = bare(plain[link.start : end])
            display = legal(" ".join(words.split()) or link.words)
            self.pieces[link.chunk] = LinkStart(
                link.target,
                display,
                link.at,
                link.typed,
                legal(sentence_at(plain, starts, link.start, end)),
            )

    def element(self, start: str, end: str) -> None:
        """Opens an inline element."""
        self.pieces.append(start)
        self.open.append((start, end))

    def close(self, end: str) -> None:
        """Closes the element that was opened last."""
        if self.open and self.open[-1][1] == end:
            self.open.pop()
            self.pieces.append(end)

    def open_link(self, target: Target, raw: str, *, typed: bool) -> None:
        """A link into the vault opens; within another link it is only its words."""
        if self.held:
            self.held.append(("", None))
            return
        link = _Link(target, typed, self.stick.find(raw, self.span), len(self.pieces), self.length)
        self.pieces.append("")
        self.held.append(("link", link))

    def open_address(self, href: str, raw: str, attributes: str = "") -> None:
        """A Markdown or HTML link opens, to wherever its address leads."""
        address = read_address(href)
        if self.held:
            self.held.append(("", None))
        elif address.kind is Kind.OUTSIDE:
            url = escape(address.url)
            self.pieces.append(f'<a href="{url}" class="external"{attributes}>')
            self.held.append(("</a>", None))
        elif address.target is None or wikilink.is_empty(address.target):
            address_named = f"“{legal(href)[:80]}”" if href else "this link's address"
            self.stick.report(
                "link-dropped",
                f"a book can't follow {address_named}: its words stay, the link goes",
                self.stick.find(raw, self.span),
                # Links to other programs are normal in a vault.
                Severity.NOTE if _PROGRAM.match(href) else Severity.WARNING,
            )
            self.held.append(("", None))
        else:
            self.open_link(address.target, raw, typed=False)

    def close_link(self) -> None:
        """The link that was opened last ends; calls that waited for it follow."""
        if not self.held:
            return
        kind, link = self.held.pop()
        if kind == "</a>":
            self.pieces.append(kind)
        elif link is not None:
            self._close_vault_link(link)
        if not self.held and self.calls:
            self.pieces.extend(self.calls)
            self.calls.clear()

    def _close_vault_link(self, link: _Link) -> None:
        if len(self.pieces) == link.chunk + 1:
            self.say(wikilink.display(link.target))
            link.typed = True
        self.pieces.append(LinkEnd())
        image = next((p for p in self.pieces[link.chunk :] if isinstance(p, Image)), None)
        link.words = (image.alt or image.source) if image else ""
        self.links.append((link, self.length))

    def part(self, block: Piece) -> None:
        """A block parts the run: what is open closes before it and opens again after it."""
        self.pieces.extend(end for _, end in reversed(self.open))
        self.pieces.append(block)
        self.pieces.extend(start for start, _ in self.open)
        self.plain.append(" ")
        self.length += 1

    def stands_alone(self, index: int, end: int = 0) -> bool:
        """Whether a token, or all up to `end`, has a line of a run that may be parted."""
        if not self.splits or self.open or self.held:
            return False
        return self._clear(index, -1) and self._clear(max(index, end), 1)

    def _clear(self, index: int, step: int) -> bool:
        index += step
        while 0 <= index < len(self.children):
            child = self.children[index]
            if child.type in BREAKS and self.breaks:
                return True
            if child.type in BREAKS or (child.type == "text" and not child.content.strip()):
                index += step
                continue
            return False
        return True

    def show_image(self, source: str, words: str, raw: str, index: int, title: str = "") -> None:
        """An image by path or address; its size is no part of its words."""
        alt, width, height = sized(words)
        self.add_image(source, alt, (width, height), raw, index, title)

    def add_image(
        self,
        source: str,
        alt: str,
        size: tuple[int, int],
        raw: str,
        index: int,
        title: str = "",
    ) -> None:
        """An image, in its line or alone between blocks."""
        alone = self.stands_alone(index)
        at = self.stick.find(raw, self.span)
        said = " ".join(legal(title).split())
        image = Image(legal(source), legal(alt), at, size[0], size[1], alone, said)
        if alone:
            self.part(image)
        else:
            self.pieces.append(image)

    def show_note(self, target: Target, raw: str) -> None:
        """An embedded note stands between blocks; where none may stand it is a link."""
        if self.holds and not self.held:
            self.part(Embed(target, self.stick.find(raw, self.span)))
            return
        self.open_link(target, raw, typed=True)
        self.say(wikilink.display(target))
        self.close_link()
