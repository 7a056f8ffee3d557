"""The places where a paragraph's lines may end, measured in its boxes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from statistics import median_low
from typing import Any

import pyphen
from msgspec import Struct, field
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import FROM_UNITS, ffi
from weasyprint.text.line_break import create_layout, get_log_attrs

from publisher.render.pdf.even_breaks import Place
from publisher.render.proofing.last_words import LAST_WORD

SPACES = " \u00a0"
OBJECT = "\ufffc"  # stands for a picture or a formula
_LEFT = 5  # letters of a paragraph's last word on its last line; it is whole, line by line
LONGEST = 20_000  # letters; no paragraph anybody wrote for a book is longer
_SOFT = "\u00ad"
_WORD = re.compile(r"[^\W\d_]+")


class UnmeasurableError(Exception):
    """The paragraph is endless, or holds what is not measured: floats, text from the right."""


class Leaf(Struct, frozen=True):
    """A text of a paragraph: where it stands in the tree and which letters are its own."""

    path: tuple[int, ...]
    first: int
    text: str
    style: Any
    last_word: bool = False

    def letter(self, byte: int) -> int:
        """The letter of the text at that byte."""
        return byte if self.text.isascii() else len(self.text.encode()[:byte].decode())

    def byte(self, letter: int) -> int:
        """The byte of the text at that letter."""
        return letter if self.text.isascii() else len(self.text[:letter].encode())


class Measured(Struct):
    """A paragraph's text, and for each letter (and the end) where it begins on an endless line.

    `spacing` is the most that the engine adds between letters and after the last; `words` are the
    places where no word is broken.
    """

    text: str = ""
    edges: list[float] = field(default_factory=lambda: [0.0])
    leaves: list[Leaf] = field(default_factory=list)
    by_box: dict[int, Leaf] = field(default_factory=dict)
    style: Any = None
    spacing: float = 0.0
    spaces: Sequence[int] = (0,)
    words: Sequence[Place] = ()
    _places: Sequence[Place] = ()

    def letter_at(self, stack: Any) -> int:
        """The letter at which the engine resumes."""
        if stack is None:
            return 0
        path = []
        while stack is not None:
            ((index, stack),) = stack.items()
            path.append(index)
        for leaf in self.leaves:
            if leaf.path == tuple(path[:-1]):
                return leaf.first + leaf.letter(path[-1])
            if leaf.path >= tuple(path):
                return leaf.first
        return len(self.text)

    def place(self, letter: int, hyphen: float = 0.0) -> Place:
        """The place before that letter; spaces before it and after it are in no line."""
        end = begin = letter
        while end and self.text[end - 1] == " ":
            end -= 1
        while begin < len(self.text) and self.text[begin] == " ":
            begin += 1
        edge = self.edges[end] + hyphen
        spaces, begun = self.spaces[end], self.spaces[begin]
        return Place(edge, self.edges[begin], spaces, begun, end, begin, hyphen)

    def places(self, context: Any) -> Sequence[Place]:
        """All places, those within words as well."""
        if not self._places:
            hyphens = dict(_hyphens(context, self, [place.letter for place in self.words]))
            words = (place for place in self.words if place.letter not in hyphens)
            broken = (self.place(letter, wide) for letter, wide in hyphens.items())
            self._places = sorted((*words, *broken), key=lambda place: place.letter)
        return self._places

    def forget(self) -> None:
        """Keep the text alone: a long take has many paragraphs, and each is measured but once."""
        self.edges, self.spaces, self.words, self._places = [], (), (), ()

    @property
    def space(self) -> float:
        """The width of a space of the text."""
        widths = [
            self.edges[number + 1] - self.edges[number]
            for number, letter in enumerate(self.text)
            if letter == " "
        ]
        return median_low(widths) if widths else 1.0


def measure(context: Any, line: Any, block_box: Any) -> Measured:
    """The text of a line's box. Raises UnmeasurableError."""
    found = Measured(style=line.style)
    _add(context, line, block_box, (), found)
    found.spaces = tuple(accumulate((letter in SPACES for letter in found.text), initial=0))
    found.words = [found.place(letter) for letter in _breaks(found)]
    return found


def leaves(box: Any) -> Iterator[Any]:
    """The texts of a line, and what stands in it as if it were a letter."""
    for child in box.children:
        if isinstance(child, boxes.InlineBox):
            yield from leaves(child)
        elif child.is_in_normal_flow():
            yield child


def _add(context: Any, box: Any, block_box: Any, path: tuple[int, ...], found: Measured) -> None:
    for index, child in enumerate(box.children):
        here = (*path, index)
        if not child.is_in_normal_flow():
            if not str(child.element_tag).endswith("::first-letter"):
                raise UnmeasurableError
        elif isinstance(child, boxes.TextBox):
            _add_text(context, child, here, found)
        elif isinstance(child, boxes.InlineBox) and not child.is_leader:
            # The engine has not come to it yet.
            inline.resolve_percentages(child, block_box)
            before, after = _decoration(child)
            held, length = found.edges[-1], len(found.edges)
            found.edges[-1] += before
            _add(context, child, block_box, here, found)
            if len(found.edges) > length:
                found.edges[length - 1] = held
            found.edges[-1] += after
        elif isinstance(child, boxes.InlineReplacedBox):
            found.leaves.append(Leaf(here, len(found.text), OBJECT, child.style))
            found.text += OBJECT
            inline.resolve_percentages(child, block_box)
            set_box = inline.atomic_box(context, child, 0, None, block_box, [], [])
            found.edges.append(found.edges[-1] + float(set_box.margin_width()))
        else:
            raise UnmeasurableError


def _decoration(box: Any) -> tuple[float, float]:
    """What an element adds before and after its text."""
    before = (box.margin_left, box.padding_left, box.style["border_left_width"])
    after = (box.margin_right, box.padding_right, box.style["border_right_width"])
    return _sum(before), _sum(after)


def _sum(lengths: Iterable[Any]) -> float:
    return sum(0.0 if length == "auto" else float(length) for length in lengths)


def _add_text(context: Any, box: Any, path: tuple[int, ...], found: Measured) -> None:
    style, text = box.style, box.text
    if style["white_space"] not in ("normal", "nowrap") or style["direction"] == "rtl":
        raise UnmeasurableError
    if len(found.text) + len(text) > LONGEST:
        raise UnmeasurableError
    if not text or not style["font_size"]:
        return
    element = getattr(box, "element", None)
    last_word = element is not None and element.get("class") == LAST_WORD
    leaf = Leaf(path, len(found.text), text, style, last_word)
    found.leaves.append(leaf)
    found.by_box[id(box)] = leaf
    found.text += text
    start = found.edges[-1]
    found.edges.extend(start + edge for edge in accumulate(_widths(context, text, style)))
    if style["letter_spacing"] != "normal":
        # The engine adds it once more after each piece of text.
        found.spacing = max(found.spacing, style["letter_spacing"])
        found.edges[-1] += style["letter_spacing"]


def _widths(context: Any, text: str, style: Any) -> list[float]:
    """The width of each letter; of several in one glyph the first has all."""
    layout = create_layout(text, style, context, None, 0)
    line, more = layout.get_first_line()
    if more is not None or len(layout.text) != len(text):
        raise UnmeasurableError
    advances: dict[int, int] = {}
    run, fields = line.runs, ffi.sizeof("PangoGlyphInfo") // ffi.sizeof("gint")
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        if item.analysis.level % 2:
            raise UnmeasurableError
        count, offset = glyphs.num_glyphs, item.offset
        # All at once: to ask for one field after another takes ten times as long.
        sized = ffi.buffer(glyphs.glyphs, count * ffi.sizeof("PangoGlyphInfo"))
        placed = ffi.buffer(glyphs.log_clusters, count * ffi.sizeof("gint"))
        widths = memoryview(sized).cast("i")[1::fields].tolist()
        for cluster, wide in zip(memoryview(placed).cast("i").tolist(), widths, strict=True):
            advances[offset + cluster] = advances.get(offset + cluster, 0) + wide
        run = run.next
    layout.deactivate()
    if text.isascii():
        return [advances.get(byte, 0) * FROM_UNITS for byte in range(len(text))]
    starts = accumulate((len(letter.encode()) for letter in text[:-1]), initial=0)
    return [advances.get(byte, 0) * FROM_UNITS for byte in starts]


def _breaks(found: Measured) -> list[int]:
    """Before which letters a line may end without a hyphen; the paragraph's end is the last."""
    lang = found.leaves[0].style["lang"] if found.leaves else None
    attributes = get_log_attrs(found.text, lang)
    fixed: set[int] = set()
    for leaf in found.leaves:
        if leaf.style["white_space"] == "nowrap":
            fixed.update(range(leaf.first + 1, leaf.first + len(leaf.text)))
    last = len(found.text.rstrip(" "))
    inner = range(1, last)
    return [n for n in inner if attributes[n].is_line_break and n not in fixed] + [last]


def _hyphens(context: Any, found: Measured, breaks: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Before which letters a word may be broken, and how wide the hyphen is."""
    wide: dict[int, float] = {}
    for leaf in found.leaves:
        style = found.style if leaf.last_word else leaf.style
        if leaf.text == OBJECT or style["hyphens"] == "none" or style["white_space"] == "nowrap":
            continue
        least = _LEFT if leaf.last_word else 0
        broken = list(_broken(context, leaf, style, least, breaks))
        if broken and id(style) not in wide:
            wide[id(style)] = sum(_widths(context, style["hyphenate_character"], style))
        for place in broken:
            yield place, wide[id(style)]


def _broken(
    context: Any, leaf: Leaf, style: Any, left: int, breaks: Sequence[int]
) -> Iterator[int]:
    last = leaf.first + len(leaf.text)
    dictionary, least = _dictionary(context, style)
    start = leaf.first
    inner = slice(bisect_right(breaks, leaf.first), bisect_left(breaks, last))
    for stop in (*breaks[inner], last):
        piece = leaf.text[start - leaf.first : stop - leaf.first]
        if piece.endswith(_SOFT):
            yield stop
        elif dictionary is not None and _SOFT not in piece:
            word = next((w for w in _WORD.finditer(piece) if len(w[0]) >= least), None)
            if word is not None:
                for before, after in dictionary.iterate(word[0]):
                    if word[0].startswith(before) and len(after) >= left:
                        yield start + word.start() + len(before)
        start = stop


def _dictionary(context: Any, style: Any) -> tuple[Any, int]:
    """The engine's own dictionary of the language, and the letters of the shortest word."""
    total, left, right = style["hyphenate_limit_chars"]
    lang = style["lang"] and pyphen.language_fallback(style["lang"])
    if style["hyphens"] != "auto" or not lang:
        return None, total
    key = (lang, left, right, total)
    if key not in context.dictionaries:
        context.dictionaries[key] = pyphen.Pyphen(lang=lang, left=left, right=right)
    return context.dictionaries[key], total
