"""A laid-out take is painted and lifted off the press: a proof to read, an impression to bind."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from hashlib import sha256
from typing import Any

import pydyf
from weasyprint import DEFAULT_OPTIONS, Document
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import generate_pdf

from publisher.render.pdf.finishing import keep_own_links, mend_lists, scope_headers
from publisher.render.pdf.impression import (
    DOCUMENT,
    FONTS,
    OWN,
    POINTS,
    RESOURCES,
    ROOT,
    Bookmark,
    Flow,
    Impression,
    Leaf,
    Proof,
    Relocatable,
    Side,
    Sort,
    relocatable,
)
from publisher.render.pdf.mending import Caught, relocatable_painting
from publisher.render.pdf.movable import PACKING, pack
from publisher.render.pdf.sorts import STYLE, figure_codes
from publisher.render.pdf.turns import turns

OPTIONS = {**DEFAULT_OPTIONS, "pdf_tags": True, "pdf_version": "1.7"}
FIGURE = 4  # bytes of a glyph's code
_CODE = re.compile(rb"[0-9a-f]{4}")
_GLYPHS = re.compile(rb"<([0-9a-f]*)>")
# The same in every page: not worth a difference between takes.
_FACE_LEAVES_OUT = frozenset({"hb_font", "hb_face", "file_content", "pieces"})


def capture(
    document: Document, depth: int, mark: str, dpi: int
) -> tuple[Proof, Impression, dict[str, bytes]]:
    """Paint a take; `mark` sets its names apart. The bytes are those of the faces it uses."""
    keep_own_links(document)
    caught = Caught(margins=frozenset(_margin_boxes(document)))
    with relocatable_painting(caught):
        pdf = generate_pdf(document, None, 1, **{**OPTIONS, "dpi": dpi})
        sorts, loose = _sorts(pdf)
    scope_headers(document)
    mend_lists(pdf)
    faces, files = _faces(caught)
    lift = _Lift(pdf, caught, mark)
    impression = lift.impression(sorts, faces)
    missing = "".join(dict.fromkeys(map(chr, caught.missing)))
    proof = Proof(
        tuple(_side(page, *at) for page, at in zip(document.pages, turns(document), strict=True)),
        _begins(document, depth),
        tuple(sorted(files)),
        loose,
        missing,
    )
    return proof, impression, files


def _margin_boxes(document: Document) -> list[int]:
    return [
        id(box)
        for page in document.pages
        for child in page._page_box.children  # noqa: SLF001 - no public name for boxes
        if isinstance(child, boxes.MarginBox)
        for box in child.descendants()
    ]


def _begins(document: Document, depth: int) -> str:
    """The break before the sheet's own element, or before what is around it."""
    box = document.pages[0]._page_box  # noqa: SLF001
    found = "auto"
    for _ in range(depth + 1):
        box = next((c for c in box.children if not isinstance(c, boxes.MarginBox)), None)
        if box is None:
            break
        asked = box.style["break_before"]
        found = asked if asked not in ("auto", "avoid") else found
    return found


def _side(page: Any, block: int, letters: int) -> Side:
    kind = page._page_box.page_type  # noqa: SLF001
    bookmarks = tuple(
        Bookmark(level, label, x * POINTS, (page.height - y) * POINTS, state)
        for level, label, (x, y), state in page.bookmarks
    )
    anchors = tuple(page.anchors)
    return Side(str(kind.name or ""), bool(kind.blank), anchors, bookmarks, block, letters)


def _sorts(pdf: pydyf.PDF) -> tuple[dict[int, list[tuple[str, int, tuple[bytes, ...]]]], bool]:
    """By content stream: anchor, index of the operator, and the style's ten figures."""
    found: dict[int, list[tuple[str, int, tuple[bytes, ...]]]] = {}
    known: dict[str, tuple[bytes, ...]] = {}
    loose = True
    for stream in pdf.objects:
        for box, start, end in getattr(stream, "figures", ()):
            style = repr([box.style[name] for name in STYLE])
            if style not in known:
                known[style] = figure_codes(stream, box.style)
            shown = [n for n in range(start, end) if _shows_text(stream.stream[n])]
            codes = known[style]
            whole = box.text == box.element.text and len(shown) == 1 and codes
            if not whole or _places(stream.stream[shown[0]], codes[0]) != len(box.text):
                loose = False
                continue
            anchor = box.element.get("data-of")
            found.setdefault(stream.number, []).append((anchor, shown[0], codes))
    return found, loose


def _shows_text(item: Any) -> bool:
    return isinstance(item, bytes) and item.endswith(b"] TJ")


def _places(operator: bytes, code: bytes) -> int:
    """How many glyphs are shown, if all are this one."""
    glyphs = [g for run in _GLYPHS.findall(operator) for g in _CODE.findall(run)]
    return len(glyphs) if set(glyphs) == {code} else 0


def _faces(caught: Caught) -> tuple[tuple[dict[str, Any], ...], dict[str, bytes]]:
    records, files = [], {}
    for font in caught.fonts.values():
        name = _file_name(font.file_content)
        files[name] = font.file_content
        record = {k: v for k, v in vars(font).items() if k not in _FACE_LEAVES_OUT}
        records.append(record | {"file": name})
    return tuple(records), files


@lru_cache(maxsize=16)
def _file_name(file: bytes) -> str:
    """A font file's name: a take has some of the few that its theme has."""
    return sha256(file).hexdigest()[:32]


class _Lift:
    """Takes the objects of a painted take apart."""

    def __init__(self, pdf: pydyf.PDF, caught: Caught, mark: str) -> None:
        self.pdf, self.mark = pdf, mark
        self.pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
        self.resources = pdf.objects[int(self.pages[0]["Resources"].split()[0])]
        self.root = self._named("StructTreeRoot", pdf.catalog)
        self.parents = self._named("ParentTree", self.root)
        self.document = pdf.objects[int(self.root["K"][0].split()[0])]
        reserved = {
            caught.font_dictionary.number: FONTS,
            self.root.number: ROOT,
            self.document.number: DOCUMENT,
            self.resources.number: RESOURCES,
        }
        apart = {0, pdf.pages.number, pdf.catalog.number, self.parents.number, *reserved}
        self.own = [thing for thing in pdf.objects if thing.number not in apart]
        self.places = reserved | {thing.number: OWN + n for n, thing in enumerate(self.own)}

    def _named(self, name: str, home: Any) -> Any:
        return self.pdf.objects[int(home[name].split()[0])]

    def _moved(self, *pieces: bytes) -> Relocatable:
        return relocatable(pieces, self.places)

    def impression(self, sorts: dict[int, list[Any]], faces: Any) -> Impression:
        """The parts, each with its numbers made relative."""
        identities = self._mark_apart()
        contents = {page["Contents"] for page in self.pages}
        leaves = tuple(self._leaf(page, sorts) for page in self.pages)
        apart = {id(page) for page in self.pages}
        things = [t for t in self.own if id(t) not in apart and t.reference not in contents]
        plain = [thing for thing in things if not isinstance(thing, pydyf.Stream)]
        nums = self.parents["Nums"]
        held = {nums[n]: nums[n + 1] for n in range(0, len(nums), 2)}
        names = self.pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
        listed = self.resources.pop("ExtGState").items()
        states = sorted((str(name), pydyf._to_bytes(state)) for name, state in listed)  # noqa: SLF001
        masks = [(name, state) for name, state in states if b"/SMask" in state]
        self.resources.pop("Font", None)
        return Impression(
            count=OWN + len(self.own),
            leaves=leaves,
            objects=self._moved(*(thing.data for thing in plain)),
            own=tuple(self.places[thing.number] for thing in plain),
            flows=tuple(self._flows(things)),
            states=tuple(state for state in states if state not in masks),
            masks=self._moved(*(b"/%s %s" % (name.encode(), state) for name, state in masks)),
            resources=self._moved(self.resources.data[2:-2]),
            faces=faces,
            kids=self._moved(b" ".join(self.document["K"])),
            parents=self._moved(*(pydyf._to_bytes(held[n]) for n in sorted(held))),  # noqa: SLF001
            identities=identities,
            names=tuple(_name(names[n].string) for n in range(0, len(names), 2)),
            destinations=self._moved(*(names[n].data for n in range(1, len(names), 2))),
            linked=tuple(
                sorted({_name(t["Dest"].string) for t in plain if "Dest" in t and "Subtype" in t})
            ),
        )

    def _mark_apart(self) -> tuple[tuple[bytes, int], ...]:
        """Make names and structure parents ready to stand beside those of other takes."""
        found = []
        for thing in self.own:
            if not isinstance(thing, pydyf.Dictionary):
                continue
            if "StructParent" in thing:
                thing["StructParent"] = f"{thing['StructParent']} 0 S".encode()
            if thing.get("Type") == "/StructElem" and "ID" in thing:
                name = thing["ID"]
                name.string = f"{self.mark}-{name.string}"
                found.append((name.string.encode(), self.places[thing.number]))
        return tuple(found)

    def _leaf(self, page: Any, sorts: dict[int, list[Any]]) -> Leaf:
        content = self._named("Contents", page)
        for name in ("Contents", "Parent", "Resources", "StructParents"):
            page.pop(name, None)
        place = self.places[page.number]
        dictionary = self._moved(page.data[2:-2])
        pieces = [pydyf._to_bytes(item) for item in content.stream]  # noqa: SLF001
        given = {index: (anchor, codes) for anchor, index, codes in sorts.get(content.number, ())}
        found: list[tuple[str, list[int], tuple[bytes, ...]]] = []
        position = 2  # the state is saved before all else
        for index, piece in enumerate(pieces):
            if index in given:
                anchor, codes = given[index]
                offsets = [
                    position + run.start(1) + step
                    for run in _GLYPHS.finditer(piece)
                    for step in range(0, len(run[1]), FIGURE)
                ]
                found.append((anchor, offsets, codes))
            position += len(piece) + 1
        whole = b"q\n" + b"\n".join(pieces) + b"\nQ"
        if not found:
            return Leaf(place, dictionary, zlib.compress(whole, PACKING))
        places = [(at, at + FIGURE) for _, offsets, _ in found for at in offsets]
        made = pack(whole, places, PACKING)
        movable = (
            Sort(anchor, tuple((made.moved[at], len(whole) - at) for at in offsets), codes)
            for anchor, offsets, codes in found
        )
        return Leaf(place, dictionary, made.packed, tuple(movable))

    def _flows(self, things: list[Any]) -> list[Flow]:
        flows = []
        for thing in things:
            if not isinstance(thing, pydyf.Stream):
                continue
            head, _, rest = thing.data.partition(b"\nstream\n")
            body = rest[: -len(b"\nendstream")]
            name = self._digest(thing) if thing.extra.get("Subtype") == "/Image" else ""
            flows.append(Flow(self.places[thing.number], self._moved(head), body, name))
        return flows

    def _digest(self, picture: Any) -> str:
        """The same for a picture in every take, and another with another mask."""
        extra = pydyf.Dictionary({k: v for k, v in picture.extra.items() if k != "SMask"})
        made = sha256(extra.data)
        for item in picture.stream:
            made.update(pydyf._to_bytes(item))  # noqa: SLF001
        if "SMask" in picture.extra:
            mask = self.pdf.objects[int(picture.extra["SMask"].split()[0])]
            made.update(self._digest(mask).encode())
        return made.hexdigest()


def _name(text: str) -> bytes:
    """A name as the bytes a PDF string of it stands for."""
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        return b"\xfe\xff" + text.encode("utf-16-be")
