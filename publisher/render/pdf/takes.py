"""A book is set in takes: the filled template parts where a sheet begins on a page of its own.

A theme's template says where with the comment `<!-- sheet -->` before a `<section>`. A theme without one has
its whole book in a single take, which is right but slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape

from msgspec import Struct
from msgspec.structs import replace

from publisher.cache import digest_of
from publisher.render.pdf.anchors import identities
from publisher.render.pdf.flows import GOES_ON, Flow, flow_of, letters_in
from publisher.render.pdf.references import MARKER, Marker, markers
from publisher.render.pdf.tray import Slip, Tray

SEAM = "<!-- sheet -->"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_HREF = re.compile(r'(<a\b[^<>]*?)\shref="#([^"<>]*)"')
_SOURCE = re.compile(r'<img\b[^<>]*?\ssrc="(images/[^"<>]*)"')
_OPENING = re.compile(r"<section\b[^<>]*>")
_CLASS = re.compile(r'\sclass="([^"]*)"')
_BLOCK = re.compile(r"</(?:p|h[1-6]|li|div|pre|tr|blockquote|figure)>")
_TEXT = re.compile(r"<[^<>]*>|\s+")

_CLOSE = "</section>"
_EMPTY = frozenset({"meta", "link", "br", "hr", "img", "wbr", "input"})


class Facts(Struct, frozen=True):
    """What a take's text shows at a glance: found once, for a long book has as many as pieces."""

    anchor: str
    markers: tuple[Marker, ...]
    anchors: tuple[tuple[str, float], ...]  # and how far into the text each stands
    links: frozenset[str]
    pictures: tuple[str, ...]
    letters: int
    kinds: tuple[str, ...] = ()  # its section's classes, together and each


class Take(Struct, frozen=True):
    """One sheet's HTML with the elements around it, its page references still marked."""

    text: Slip | bytes
    own_digest: str  # of the text
    facts: Facts
    depth: int  # elements around the sheet's own
    flow: Flow | None = None  # what it is the beginning of
    names: frozenset[str] = frozenset()  # all anchors of the flow
    cut: bool = False  # not all of it is printed: a take that goes on has the rest

    @property
    def anchor(self) -> str:
        """Its first anchor."""
        return self.facts.anchor

    @property
    def markers(self) -> tuple[Marker, ...]:
        """Where page numbers are wanted, in order."""
        return self.facts.markers

    @property
    def letters(self) -> int:
        """How long its text is."""
        return self.facts.letters

    @property
    def kinds(self) -> tuple[str, ...]:
        """Its section's classes, together and each."""
        return self.facts.kinds

    def html(self) -> str:
        """The HTML."""
        return (self.text if isinstance(self.text, bytes) else self.text.read()).decode()

    @property
    def digest(self) -> str:
        """One of all that is in it, and of whether the rest is another's."""
        return digest_of("cut", self.own_digest) if self.cut else self.own_digest

    def listed(self) -> frozenset[str]:
        """The places of which it gathers the pages, as an index does."""
        given = (marker.given.split() for marker in self.markers if marker.kind == "l")
        return frozenset(mark.partition("|")[0] for marks in given for mark in marks)


def parted(bits: Iterable[str]) -> Iterator[str]:
    """The text between seams, as it comes; the first is what stands before all sheets.

    No seam is parted between two bits.
    """
    waiting: list[str] = []
    for bit in bits:
        first, *rest = bit.split(SEAM)
        waiting.append(first)
        for following in rest:
            yield "".join(waiting)
            waiting = [following]
    yield "".join(waiting)


def takes(
    bits: Iterable[str], known: Mapping[str, Facts] | None = None
) -> tuple[str, tuple[Take, ...]]:
    """The document's head, and its takes in order; `known` are facts by the digest of a text."""
    pieces = parted(bits)
    opening = next(pieces)
    head, body, rest = opening.partition("<body")
    around = _stack([], head[head.find("<html") :] + body + rest)
    made: list[Take] = []
    tray, known = Tray(), known or {}
    for piece in pieces:
        end = piece.rfind(_CLOSE)
        cut = end + len(_CLOSE) if end >= 0 else len(piece)
        made.append(_take(piece[:cut], around, known, tray))
        around = _stack(around, piece[cut:])
    if not made:  # a theme that marks no sheets
        tag, _, sheet = rest.partition(">")
        outside = [*_stack([], head[head.find("<html") :]), ("body", f"{body}{tag}>")]
        made.append(_take(sheet.rpartition("</body>")[0], outside, known))
    return head, tuple(made)


def _stack(around: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The elements open after the text, each with its tag as written."""
    found = list(around)
    for tag in _TAG.finditer(re.sub(r"<head\b.*?</head>", "", text, flags=re.DOTALL)):
        name = tag[2].lower()
        if tag[1]:
            while found and found.pop()[0] != name:
                pass
        elif name not in _EMPTY:
            found.append((name, tag[0]))
    return found


def _take(
    sheet: str,
    around: list[tuple[str, str]],
    known: Mapping[str, Facts],
    tray: Tray | None = None,
) -> Take:
    before = "<!DOCTYPE html>" + "".join(tag for _, tag in around)
    closed = "".join(f"</{name}>" for name, _ in reversed(around))
    if GOES_ON in sheet:
        opened = _stack([], sheet.partition(GOES_ON)[0])
        flow = flow_of(sheet, opened, before, closed)
        if flow:
            names = frozenset(name for bit in flow.entries for name, _ in identities(bit))
            first = take_of(flow, 0, len(around))
            return replace(first, flow=flow, names=names)
    return _made(f"{before}{sheet}{closed}", len(around), tray, known)


def take_of(flow: Flow, at: int, depth: int, reach: int = 1) -> Take:
    """The take of a flow that begins with entry `at`."""
    end = flow.end(at, reach)
    take = _made(flow.html(at, end), depth)
    if end == len(flow.entries):
        return take
    return replace(take, cut=True)


def _made(
    html: str, depth: int, tray: Tray | None = None, known: Mapping[str, Facts] | None = None
) -> Take:
    raw = html.encode()
    digest = digest_of(raw)
    facts = (known or {}).get(digest) or _facts(html)
    return Take(tray.put(raw) if tray else raw, digest, facts, depth)


def _facts(sheet: str) -> Facts:
    length = max(len(sheet), 1)
    opening = _OPENING.search(sheet)
    found = _CLASS.search(opening[0]) if opening else None
    kind = found[1] if found else ""
    anchors = tuple((name, at / length) for name, at in identities(sheet))
    return Facts(
        anchor=anchors[0][0] if anchors else "",
        markers=markers(sheet),
        anchors=anchors,
        links=frozenset(unescape(href[2]) for href in _HREF.finditer(sheet)),
        pictures=tuple(sorted({unescape(src) for src in _SOURCE.findall(sheet)})),
        letters=letters_in(sheet),
        kinds=(kind, *kind.split()),
    )


def without_links(html: str, dead: frozenset[str]) -> str:
    """The text without links to what is not there."""
    return _HREF.sub(lambda at: at[1] if unescape(at[2]) in dead else at[0], html)


def plain(take: Take) -> Take:
    """The words of a take and nothing else, for one that could not be printed as it is."""
    html = take.html()
    opening = _OPENING.search(html)
    start = opening.end() if opening else html.find("<body>") + len("<body>")
    inner, close, after = html[start:].rpartition(_CLOSE)
    words = (" ".join(_TEXT.sub(" ", block).split()) for block in _BLOCK.split(inner))
    text = "".join(f"<p>{MARKER.sub('', block)}</p>" for block in words if block)
    names = {name for name, _ in identities(inner)}
    marks = "".join(f'<span id="{escape(name)}"></span>' for name in sorted(names))
    return _made(f"{html[:start]}<p>{marks}</p>{text}{close}{after}", take.depth)
