"""A run of inline tokens, set: words, links, images, notes' calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

from publisher.problem import Severity
from publisher.vault import wikilink
from publisher.vault.address import Kind, file_path, is_image, is_media, read_address, sized
from publisher.vault.escape import escape, legal
from publisher.vault.galley import (
    Chunk,
    Embed,
    Image,
    LinkEnd,
    LinkStart,
    Media,
    NoteCall,
    Target,
)
from publisher.vault.html import Tag, element_for, is_active, kept_attributes, pair_tags
from publisher.vault.mathematics import mathml
from publisher.vault.sentence import sentence_at, sentence_starts
from publisher.vault.stick import Stick, count_words

BREAKS: Final = frozenset({"softbreak", "hardbreak"})


@dataclass(frozen=True, slots=True)
class Display:
    """A finished block, such as a displayed formula, that parts a paragraph in two."""

    xhtml: str


Piece = Chunk | Display


@dataclass(slots=True)
class _Link:
    """An opened link, until its words are known; `chunk` is where its start belongs."""

    target: Target
    typed: bool
    raw: str
    chunk: int
    start: int
    words: str = ""


class Line:
    """One inline run being set. `splits` is true where blocks may stand between its parts."""

    def __init__(self, stick: Stick, span: Sequence[int] | None, *, splits: bool = False) -> None:
        self.stick = stick
        self.span = span
        self.splits = splits
        self.breaks = not stick.strict
        self.pieces: list[Piece] = []
        self.plain: list[str] = []
        self.length = 0
        self.unread = 0
        self.open: list[tuple[str, str]] = []
        self.held: list[tuple[str, _Link | None]] = []
        self.links: list[tuple[_Link, int]] = []
        self.calls: list[NoteCall] = []
        self.children: Sequence[Token] = ()
        self.pairs: dict[int, tuple[Tag, int]] | None = None

    def set(self, children: Sequence[Token]) -> None:
        """Sets all tokens; `finish` must follow."""
        self.children = children
        for index, child in enumerate(children):
            kind = child.type
            if kind == "text":
                self.say(child.content)
            elif rule := _RULES.get(kind):
                rule(self, child, index)
            else:
                self.say(child.content)

    def say(self, text: str) -> None:
        """Plain words, as read and as printed."""
        if text:
            self.pieces.append(escape(text))
            self.plain.append(text)
            self.length += len(text)

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
        return plain

    def _write_links(self, plain: str) -> None:
        starts = sentence_starts(plain)
        for link, end in self.links:
            display = legal(" ".join(plain[link.start : end].split()) or link.words)
            self.pieces[link.chunk] = LinkStart(
                link.target,
                display,
                self.stick.find(link.raw, self.span),
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
        link = _Link(target, typed, raw, len(self.pieces), self.length)
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

    def stands_alone(self, index: int) -> bool:
        """Whether a token is all there is on its line of a run that may be parted."""
        if not self.splits or self.open or self.held:
            return False
        return self._clear(index, -1) and self._clear(index, 1)

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

    def show_image(self, source: str, words: str, raw: str, index: int) -> None:
        """An image by path or address; its size is no part of its words."""
        alt, width, height = sized(words)
        self.add_image(source, alt, (width, height), raw, index)

    def add_image(
        self, source: str, alt: str, size: tuple[int, int], raw: str, index: int
    ) -> None:
        """An image, in its line or alone between blocks."""
        alone = self.stands_alone(index)
        at = self.stick.find(raw, self.span)
        image = Image(legal(source), legal(alt), at, size[0], size[1], alone)
        if alone:
            self.part(image)
        else:
            self.pieces.append(image)

    def show_note(self, target: Target, raw: str) -> None:
        """An embedded note stands between blocks; where none may stand it is a link."""
        if self.splits and not self.held:
            self.part(Embed(target, self.stick.find(raw, self.span)))
            return
        self.open_link(target, raw, typed=True)
        self.say(wikilink.display(target))
        self.close_link()


def _open(name: str) -> Callable[[Line, Token, int], None]:
    def rule(line: Line, _token: Token, _index: int) -> None:
        line.element(f"<{name}>", f"</{name}>")

    return rule


def _close(name: str) -> Callable[[Line, Token, int], None]:
    def rule(line: Line, _token: Token, _index: int) -> None:
        line.close(f"</{name}>")

    return rule


def _softbreak(line: Line, _token: Token, _index: int) -> None:
    line.pieces.append("<br/>\n" if line.breaks else "\n")
    line.plain.append(" ")
    line.length += 1


def _hardbreak(line: Line, _token: Token, _index: int) -> None:
    line.pieces.append("<br/>\n")
    line.plain.append(" ")
    line.length += 1


def _code(line: Line, token: Token, _index: int) -> None:
    line.pieces.append("<code>")
    line.say(token.content)
    line.pieces.append("</code>")
    line.unread += len(token.content.split())


def _math(line: Line, token: Token, index: int) -> None:
    tex = token.content.strip()
    display = token.type != "math_inline"
    alone = display and line.stands_alone(index)
    xhtml = formula(line.stick, tex, line.span, display=display)
    line.plain.append(tex)
    line.length += len(tex)
    line.unread += count_words(tex)
    if alone:
        line.part(Display(f'<div class="math">{xhtml}</div>'))
    else:
        line.pieces.append(xhtml)


def formula(stick: Stick, tex: str, span: Sequence[int] | None, *, display: bool) -> str:
    """MathML, or the source where it can't be read."""
    xhtml = mathml(tex, display=display)
    if xhtml:
        return xhtml
    if tex.strip():
        message = "this formula can't be set; its TeX stands in its place"
        at = stick.find(tex.strip().partition("\n")[0], span)
        stick.report("math-unreadable", message, at, Severity.ERROR)
    return f'<code class="math">{escape(tex)}</code>'


def _link_open(line: Line, token: Token, index: int) -> None:
    first = line.children[index + 1]
    words = first.content if first.type == "text" else ""
    raw = words if token.markup == "autolink" else f"[{words}"
    line.open_address(str(token.attrs.get("href", "")), raw)


def _wikilink_open(line: Line, token: Token, _index: int) -> None:
    line.open_link(token.meta["target"], token.meta["raw"], typed=token.meta["typed"])


def _link_close(line: Line, _token: Token, _index: int) -> None:
    if line.held and line.held[-1][0] == "</a>" and str(line.pieces[-1]).startswith("<a "):
        line.say(str(line.pieces[-1]).split('"')[1])
    line.close_link()


def _image(line: Line, token: Token, index: int) -> None:
    source = str(token.attrs.get("src", ""))
    words = "".join(child.content or " " for child in token.children or ()) or token.content
    address = read_address(source)
    if address.kind is Kind.OUTSIDE:
        line.show_image(address.url, words, "![", index)
        return
    path = file_path(source)
    if address.kind is Kind.REFUSED or not path:
        alt = sized(words)[0]
        line.say(alt)
        line.stick.report(
            "image-dropped",
            f"an image can't come from “{legal(source)[:80]}”; its alt text stands in its place",
            line.stick.find("![", line.span),
        )
    elif is_image(path):
        line.show_image(path, words, "![", index)
    elif is_media(path):
        _media(line, path, sized(words)[0], "![")
    elif address.target is not None:
        line.show_note(address.target, "![")


def _embed(line: Line, token: Token, index: int) -> None:
    target: Target = token.meta["target"]
    display, raw = token.meta["display"], token.meta["raw"]
    if is_image(target.path) or wikilink.ADDRESS.match(target.path):
        line.show_image(target.path, display, raw, index)
    elif is_media(target.path):
        _media(line, target.path, sized(display)[0], raw)
    else:
        line.show_note(target, raw)


def _media(line: Line, path: str, words: str, raw: str) -> None:
    name = words or path.rpartition("/")[2]
    at = line.stick.find(raw, line.span)
    line.pieces.append(Media(legal(path), legal(name), at))
    line.plain.append(name)
    line.length += len(name)


def _tag(line: Line, token: Token, _index: int) -> None:
    line.stick.tags.setdefault(token.content)
    line.pieces.append('<span class="tag">')
    line.say(token.content)
    line.pieces.append("</span>")


def _field_open(line: Line, token: Token, _index: int) -> None:
    line.element('<span class="field">', "</span>")
    line.pieces.append('<span class="field-key">')
    line.say(str(token.meta["key"]))
    line.pieces.append("</span>")
    line.say(" ")


def _field_close(line: Line, _token: Token, _index: int) -> None:
    line.close("</span>")


def _footnote(line: Line, token: Token, _index: int) -> None:
    call = NoteCall(line.stick.call(token.meta["id"]))
    if line.held:
        line.calls.append(call)
    else:
        line.pieces.append(call)


def _html(line: Line, token: Token, index: int) -> None:
    if line.pairs is None:
        line.pairs = pair_tags(line.children)
    found = line.pairs.get(index)
    if found is None:
        line.say(token.content)
        return
    tag, partner = found
    if is_active(tag) and not tag.closes:
        line.stick.report(
            "html-unsafe",
            f"“<{tag.name}>” holds a script or style, which no book runs",
            line.stick.find(token.content, line.span),
        )
    if partner == index:
        _void(line, tag, token.content, index)
    elif partner < 0:
        _unpaired(line, tag, token.content)
    elif tag.name == "a":
        _html_link(line, tag, token.content)
    else:
        _html_element(line, tag, token.content)


def _html_link(line: Line, tag: Tag, raw: str) -> None:
    if tag.closes:
        line.close_link()
    elif "href" in tag.attributes:
        line.open_address(tag.attributes["href"], raw, kept_attributes(tag.attributes))
    else:
        line.held.append(("", None))


def _html_element(line: Line, tag: Tag, raw: str) -> None:
    name = element_for(tag)
    if not name:
        if not tag.closes:
            _report_dropped(line, tag, raw)
    elif tag.closes:
        line.close(f"</{name}>")
    else:
        line.element(f"<{name}{kept_attributes(tag.attributes)}>", f"</{name}>")


def _void(line: Line, tag: Tag, raw: str, index: int) -> None:
    if tag.name == "br":
        _hardbreak(line, line.children[index], index)
    elif tag.name == "wbr":
        line.pieces.append("<wbr/>")
    elif tag.name == "hr":
        line.pieces.append("<br/>")
    elif tag.name == "input" and tag.attributes.get("type", "").lower() == "checkbox":
        line.say("☑" if "checked" in tag.attributes else "☐")
    elif tag.name == "img" and tag.attributes.get("src"):
        _html_image(line, tag, raw, index)
    else:
        _report_dropped(line, tag, raw)


def _html_image(line: Line, tag: Tag, raw: str, index: int) -> None:
    source, alt = tag.attributes["src"], tag.attributes.get("alt", "")
    address = read_address(source)
    if address.kind is Kind.REFUSED:
        line.say(alt)
        _report_dropped(line, tag, raw)
        return
    size = (pixels(tag.attributes.get("width", "")), pixels(tag.attributes.get("height", "")))
    path = address.url if address.kind is Kind.OUTSIDE else file_path(source)
    line.add_image(path, alt, size, raw, index)


def pixels(value: str) -> int:
    """A length in CSS pixels, or 0 where it is none."""
    digits = value.strip().lower().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0


def _unpaired(line: Line, tag: Tag, raw: str) -> None:
    if tag.name in {"p", "li", "hr"}:
        return
    what = "closes nothing" if tag.closes else "is never closed"
    line.stick.report(
        "html-unclosed",
        f"“{legal(raw)[:60]}” {what} in its paragraph; the tag is left out, its words stay",
        line.stick.find(raw, line.span),
    )


def _report_dropped(line: Line, tag: Tag, raw: str) -> None:
    line.stick.report(
        "html-dropped",
        f"“<{tag.name}>” has no place in a book; its words stay",
        line.stick.find(raw, line.span),
        Severity.NOTE,
    )


_RULES: Final[dict[str, Callable[[Line, Token, int], None]]] = {
    "softbreak": _softbreak,
    "hardbreak": _hardbreak,
    "code_inline": _code,
    "math_inline": _math,
    "math_inline_double": _math,
    "math_block": _math,
    "link_open": _link_open,
    "link_close": _link_close,
    "wikilink_open": _wikilink_open,
    "wikilink_close": _link_close,
    "image": _image,
    "embed": _embed,
    "tag": _tag,
    "field_open": _field_open,
    "field_close": _field_close,
    "footnote_ref": _footnote,
    "html_inline": _html,
} | {
    f"{kind}_{way}": rule(name)
    for kind, name in (("em", "em"), ("strong", "strong"), ("s", "s"), ("highlight", "mark"))
    for way, rule in (("open", _open), ("close", _close))
}
