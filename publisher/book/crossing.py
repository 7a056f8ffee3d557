"""A link is set: its tag, the anchor for the way back, and now and then other words."""

from __future__ import annotations

from html import escape

from publisher.book.desk import Desk, Mention, Scope
from publisher.book.links import Destination
from publisher.problem import Problem
from publisher.vault.galley import LinkEnd, LinkStart, Target
from publisher.vault.slips import is_number


class Crossings:
    """The links of one chapter, as they are met on the walk over its galley."""

    def __init__(self, chapter: str, desk: Desk, *, live: bool) -> None:
        self.chapter, self.desk, self.live = chapter, desk, live
        self.out: list[str] = []
        self.mentions: list[Mention] = []
        self.problems: list[Problem] = []
        self.section = self.heading = ""
        self.met: set[str] = set()
        self.linked: set[str] = set()
        self.stack: list[tuple[str, Target]] = []  # the piece, and embed within embed
        self.apart = self.links = 0
        self._closing: list[str] = []
        self._titled: list[tuple[int, str]] = []  # where words begin, and what stands for them

    def link_start(self, link: LinkStart, scope: Scope) -> None:
        """Open a link where it leads, if anywhere."""
        found = self.desk.resolver.resolve(link, scope.note.path)
        self.links += 1
        if found.problem is not None:
            self.problems.append(found.problem)
        if found.concept and self.live:
            self._mention(found, link)
        elif found.url:
            self._open(f'<a class="external" href="{escape(found.url)}">', "</a>")
        elif found.anchor:
            kind = "glossary-link" if found.concept else "piece-link"
            is_noted = self.live and found.piece and self.desk.indexed
            where = self._note(f"piece:{found.piece}", link) if is_noted else ""
            self._open(f'<a class="{kind}"{where} href="#{found.anchor}">', "</a>")
        else:
            self._open("", "")
        self._titled.append((len(self.out), self._title(link, scope)))

    def link_end(self, _: LinkEnd, __: Scope) -> None:
        """Close it."""
        if self._titled:
            begun, title = self._titled.pop()
            if title:
                self.out[begun:] = [escape(title)]
        self.out.append(self._closing.pop() if self._closing else "")

    def _title(self, link: LinkStart, scope: Scope) -> str:
        """What stands for a slip's number, which means nothing to a reader; "" where words stay."""
        if not (link.typed and is_number(link.display)):
            return ""
        note = self.desk.resolver.catalogue.find_note(link.target.path, scope.note.path)
        return note.title if note else ""

    def _open(self, tag: str, closing: str) -> None:
        self.out.append(tag)
        self._closing.append(closing)

    def _mention(self, found: Destination, link: LinkStart) -> None:
        """A glossary link: live once a section, with an anchor for the way back."""
        first = found.concept not in self.met
        again = found.concept in self.linked and self.desk.repeat != "always"
        self.met.add(found.concept)
        self.linked.add(found.concept)
        where = self._note(found.concept, link, again=not first)
        if again or not found.anchor:
            self._open(f"<span{where}>" if where else "", "</span>" if where else "")
        elif found.concept in self.desk.resolver.register.concepts:
            self._open(
                f'<a class="glossary-link" epub:type="glossref" role="doc-glossref"{where}'
                f' href="#{found.anchor}">', "</a>",
            )  # fmt: skip
        else:
            self._open(f'<a class="piece-link"{where} href="#{found.anchor}">', "</a>")

    def _note(self, key: str, link: LinkStart, *, again: bool = False) -> str:
        """Note a mention down; its anchor as an attribute, or "" where it needs none."""
        if key == f"piece:{self.stack[0][0]}" or (again and not self.desk.indexed):
            return ""
        anchor = f"{self.chapter}_m{len(self.mentions) + 1}"
        self.mentions.append(Mention(
            key, self.section, anchor, link.sentence, again, self.apart > 0, self.heading,
            link.display,
        ))  # fmt: skip
        return f' id="{anchor}"'

    def within_link(self) -> bool:
        """Whether a link is open around the place being set."""
        if any(self._closing):
            return True
        for text in reversed(self.out):
            opened, closed = text.rfind("<a "), text.rfind("</a>")
            if opened != closed:
                return opened > closed
        return False
