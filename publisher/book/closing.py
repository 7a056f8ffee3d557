"""The walk over a galley: each open end is closed as it is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any, ClassVar

from msgspec.structs import replace

from publisher.book.crossing import Crossings
from publisher.book.desk import Desk, Scope
from publisher.book.model import Footnote, Heading
from publisher.book.passage import find_passage, passage_name
from publisher.book.pictures import media_line
from publisher.book.shape import VERSE, Facts, shape
from publisher.problem import Position, Problem, Severity
from publisher.vault.galley import (
    BlockEnd,
    BlockStart,
    Chunk,
    Embed,
    HeadingEnd,
    HeadingStart,
    Image,
    LinkEnd,
    LinkStart,
    Mark,
    Media,
    NoteCall,
    Target,
)
from publisher.vault.note import Note

# An embed within an embed, or a footnote within a footnote, is followed this far.
MAX_DEPTH = 8
# Of the class of the calls it stands between: it is set like them, and is no word of the text.
BETWEEN_CALLS = '<span class="noteref">,</span>'


class Setter(Crossings):
    """Walks chunks and writes XHTML; one a chapter."""

    def __init__(self, chapter: str, desk: Desk, *, live: bool = True) -> None:
        super().__init__(chapter, desk, live=live)
        self.headings: list[Heading] = []
        self.footnotes: dict[int, Footnote] = {}
        self.assets: dict[str, None] = {}
        self.level_now = 1
        self.ending: list[str] = []
        self.allowance = desk.allowance.chapter()
        self.embeds = self.calls = 0

    def walk(self, chunks: Iterable[Chunk], scope: Scope) -> None:
        """Set the chunks one after the other."""
        for chunk in chunks:
            if isinstance(chunk, str):
                self.out.append(chunk)
            else:
                self._SET[type(chunk)](self, chunk, scope)

    def _mark(self, chunk: Mark, scope: Scope) -> None:
        self.out.append(f' id="{scope.prefix}{chunk.local}"' if self.live else "")

    def _heading_start(self, chunk: HeadingStart, scope: Scope) -> None:
        level = scope.level(chunk.level)
        anchor = scope.prefix + chunk.local
        if not chunk.depth:
            self.level_now = level
            self.section, self.heading = chunk.plain, anchor
            self.met.clear()
            if self.desk.repeat == "section":
                self.linked.clear()
            self.headings.append(Heading(anchor, chunk.plain, level))
        self.out.append(f'<h{level} id="{anchor}">' if self.live else f"<h{level}>")
        self.ending.append(f"</h{level}>")

    def _heading_end(self, _: HeadingEnd, __: Scope) -> None:
        self.out.append(self.ending.pop() if self.ending else "")
        self.heading = ""

    def _image(self, chunk: Image, scope: Scope) -> None:
        if self._note_named(chunk, scope):
            return
        markup, asset, problem = self.desk.pictures.place(chunk, scope.note.path)
        if "<a " in markup and self.within_link():
            markup = escape(chunk.alt or chunk.source)
        if asset is not None:
            self.assets[asset.name] = None
        if problem is not None:
            hint = problem.hint
            if not (self.live or chunk.alt or "<a " in markup):
                # A file's name means nothing in the middle of a definition.
                markup = hint = ""
            self.problems.append(replace(problem, at=chunk.at, hint=hint))
        self.out.append(markup)

    def _note_named(self, chunk: Image | Media, scope: Scope) -> bool:
        """An ending is one only where such a file is: `photo.jpg` may be a note's name."""
        shelf = self.desk.resolver.catalogue
        if "://" in chunk.source or shelf.find_asset(chunk.source, scope.note.path):
            return False
        note = shelf.find_note(chunk.source, scope.note.path)
        if note is None or self.within_link():
            return False
        if chunk.alone:
            self._embed(Embed(Target(chunk.source), chunk.at), scope)
        else:
            link = LinkStart(Target(chunk.source), note.title, chunk.at)
            self.walk((link, escape(note.title), LinkEnd()), scope)
        return True

    def _media(self, chunk: Media, scope: Scope) -> None:
        if self._note_named(chunk, scope):
            return
        if self.desk.pictures.catalogue.find_asset(chunk.source, scope.note.path) is None:
            self.problems.append(Problem(
                "file-missing", f"“{chunk.source}” is not in this vault", chunk.at
            ))  # fmt: skip
        else:
            self.problems.append(Problem(
                "file-not-shown", f"“{chunk.source}” can't stand on a page: its name does",
                chunk.at, Severity.NOTE,
            ))  # fmt: skip
        self.out.append(media_line(chunk, ""))

    def _note_call(self, chunk: NoteCall, scope: Scope) -> None:
        if not self.live:
            return
        if self.apart >= MAX_DEPTH:
            self.problems.append(Problem(
                "footnote-too-deep", "a footnote's footnote is lost in too many others",
                Position(scope.note.path),
            ))  # fmt: skip
            return
        number = scope.numbers.get(chunk.index)
        self.calls += 1
        call = f"{self.chapter}_r{self.calls}"
        if number is None:
            number = len(self.footnotes) + 1
            scope.numbers[chunk.index] = number
            anchor = f"{self.chapter}_n{number}"
            self.footnotes[number] = Footnote(anchor, call, number, "")
            text = self._apart(scope.note.body.footnotes[chunk.index], scope)
            self.footnotes[number] = Footnote(anchor, call, number, text)
        if self._ends_in_call():
            self.out.append(BETWEEN_CALLS)
        self.out.append(
            f'<a class="noteref" epub:type="noteref" role="doc-noteref" id="{call}"'
            f' href="#{self.chapter}_n{number}">{number}</a>'
        )

    def _ends_in_call(self) -> bool:
        """Whether a call is the last that was printed, emphasis that ends with it aside."""
        printed = (p for p in reversed(self.out) if p and not p.startswith("</"))
        last = next(printed, "")
        return last.startswith('<a class="noteref"')

    def _apart(self, chunks: Iterable[Chunk], scope: Scope) -> str:
        kept, self.out = self.out, []
        self.apart += 1
        self.walk(chunks, scope)
        self.apart -= 1
        text, self.out = "".join(self.out), kept
        return text

    def _block(self, _: BlockStart | BlockEnd, __: Scope) -> None:
        """What marks a block off prints nothing; its Mark holds the anchor."""

    def _embed(self, chunk: Embed, scope: Scope) -> None:
        catalogue = self.desk.resolver.catalogue
        note = catalogue.find_note(chunk.target.path, scope.note.path)
        if note is None and catalogue.find_asset(chunk.target.path, scope.note.path):
            # A drawing that is named as a note.
            self._media(Media(chunk.target.path, "", chunk.at, alone=True), scope)
            return
        if note is None or not note.properties.publish:
            self._missing(chunk, f"“{passage_name(chunk.target)}” is not a note of this vault")
            return
        passage = find_passage(note, chunk.target)
        if passage is None:
            self._missing(chunk, f"“{note.name}” has no passage “{passage_name(chunk.target)}”")
            return
        key = (note.path, Target("", chunk.target.headings, chunk.target.block))
        if key in self.stack or len(self.stack) >= MAX_DEPTH:
            self._cut(chunk, scope, note, "embed-in-ring")
            return
        if not self.allowance.grants(key, passage):
            self._cut(chunk, scope, note, "embed-too-often")
            return
        self.stack.append(key)
        self._set_embed(chunk, note, passage)
        self.stack.pop()

    def _set_embed(self, chunk: Embed, note: Note, passage: tuple[Chunk, ...]) -> None:
        self.embeds += 1
        inner = Scope(note, f"{self.chapter}_e{self.embeds}--", self.level_now)
        self.out.append('<div class="embed">')
        if not chunk.target.headings and not chunk.target.block:
            title = escape(note.title)
            piece = self.desk.resolver.register.chapters.get(note.path)
            title = f'<a class="piece-link" href="#{piece}">{title}</a>' if piece else title
            self.out.append(f'<p class="embed-title">{title}</p>')
        level, section = self.level_now, self.section
        met, linked = set(self.met), set(self.linked)
        start = len(self.out)
        self.walk(passage, inner)
        self._shape_from(start, note)
        self.level_now, self.section = level, section
        # Back in the section that the embed stands in, what it mentioned before is not new.
        self.met |= met
        self.linked |= linked
        self.out.append("</div>")

    def _shape_from(self, start: int, note: Note) -> None:
        """A poem is one wherever it is embedded; a passage that is broken is left as it is."""
        design = self.desk.genres.design(note.properties.genre)
        passage = "".join(self.out[start:])
        if design == VERSE and (shaped := shape(passage, Facts(VERSE))) is not None:
            self.out[start:] = [shaped]

    def _cut(self, chunk: Embed, scope: Scope, note: Note, code: str) -> None:
        """A ring of embeds ends in a link to the note."""
        why = "would embed itself here" if code == "embed-in-ring" else "is embedded too often"
        self.problems.append(Problem(
            code, f"“{note.name}” {why}: a link to it stands instead", chunk.at
        ))  # fmt: skip
        link = LinkStart(chunk.target, note.title, chunk.at)
        self.out.append('<p class="embed-cut">')
        self.walk((link, escape(note.title), LinkEnd()), scope)
        self.out.append("</p>")

    def _missing(self, chunk: Embed, message: str) -> None:
        self.problems.append(Problem("embed-missing", message, chunk.at))
        self.out.append(f'<p class="missing">{escape(passage_name(chunk.target))}</p>')

    # A table: looking a type up is what a walk does most.
    _SET: ClassVar[dict[type, Callable[[Setter, Any, Scope], None]]] = {
        Mark: _mark,
        HeadingStart: _heading_start,
        HeadingEnd: _heading_end,
        LinkStart: Crossings.link_start,
        LinkEnd: Crossings.link_end,
        Image: _image,
        Media: _media,
        NoteCall: _note_call,
        BlockStart: _block,
        BlockEnd: _block,
        Embed: _embed,
    }
