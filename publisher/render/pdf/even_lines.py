"""Paragraphs whose lines are broken all at once, so that their grey is even.

WeasyPrint fills line after line and spreads what is left over; one long word then tears the line
before it apart. Here a justified paragraph is measured, its best breaks are found, and each line is
ordered with the text it should hold. The engine still sets every line; where one comes out
otherwise than ordered, what follows is ordered anew, and text that can't be measured is set as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from msgspec import Struct, field
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout, first_line_metrics

from publisher.render.pdf import letter_spacing, line_ends
from publisher.render.pdf.even_breaks import Paragraph, Place, best_breaks
from publisher.render.pdf.founts import strut
from publisher.render.pdf.line_places import OBJECT, Measured, UnmeasurableError, leaves, measure

NARROWEST = 160  # pixels; in a narrower column nothing comes out even
_SLACK = 0.5  # pixels
_RUNT = 2.2  # of an em; a last line that is shorter is hardly one
_BESIDE = 6  # lines that may stand beside an initial
_MISSES = 3  # lines not set as ordered, after which a paragraph is left to the engine

_split_inline_box = inline.split_inline_box
_split_text_box = inline.split_text_box
_text_align = inline.text_align


class Order(Struct, frozen=True):
    """A line as it is wanted: its natural width and its room in pixels, its text and its end."""

    width: float
    room: float
    text: str
    place: Place


class Plan(Struct):
    """How a paragraph is to be set: the order for each line, by where the engine begins it."""

    measured: Measured
    orders: dict[str, tuple[Order, ...]] = field(default_factory=dict)
    misses: int = 0


class _Setting(Struct):
    """The line that is being set, if it was ordered, and the text of it that is wanted next.

    `piece` is that text, with its hyphen, the hyphen, and the byte to resume at.
    """

    order: Order | None = None
    plan: Plan | None = None
    piece: tuple[str, str, int | None] | None = None


_setting = _Setting()


def get_next_linebox(
    context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any, *rest: Any
) -> Any:
    """Set a line as ordered, and see whether it came out so."""
    given = (context, linebox, position_y, bottom_space, skip_stack, *rest)
    orders = _orders(*given)
    plan = linebox.__dict__.get("plan")
    kept = (_setting.order, _setting.plan)
    _setting.order, _setting.plan = (orders[0], plan) if orders else (None, None)
    try:
        line, resume_at = line_ends.get_next_linebox(*given)
    finally:
        _setting.order, _setting.plan = kept
    if orders and line is not None:
        if _text(line) != orders[0].text:
            plan.misses += 1
        elif resume_at is not None and len(orders) > 1:
            plan.orders[repr(resume_at)] = orders[1:]
    if plan is not None and resume_at is None:
        plan.measured.forget()
    return line, resume_at


def _orders(
    context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any,
    block_box: Any, *rest: Any,
) -> tuple[Order, ...]:  # fmt: skip
    """The orders from this line on; none where the engine sets it as it would."""
    if skip_stack is None:
        linebox.plan = _begun(linebox, block_box)
    plan: Plan | None = linebox.__dict__.get("plan")
    # A first line or letter with a style of its own is none of ours.
    if plan is None or plan.misses > _MISSES or any(rest[-2:]):
        return ()
    key = repr(skip_stack)
    found = plan.orders.get(key)
    turns = partial(line_ends.turns_after, context, linebox, bottom_space=bottom_space)
    # The page may end elsewhere than it did when the paragraph was measured.
    if found is None or (found and found[0].place.hyphen and turns(position_y)):
        try:
            if not plan.measured.words:
                plan.measured = measure(context, linebox, block_box)
        except UnmeasurableError:
            linebox.plan = None
            return ()
        paragraph = _paragraph(context, linebox, block_box, position_y, plan.measured, turns)
        found = tuple(_ordered(linebox, plan.measured, skip_stack, paragraph))
        plan.orders[key] = found
    return found


def _paragraph(
    context: Any, linebox: Any, block_box: Any, position_y: float, measured: Measured,
    turns: Callable[[float], bool],
) -> Paragraph:  # fmt: skip
    height, _ = strut(linebox.style)

    @cache
    def last(number: int) -> bool:
        y = position_y + number * height
        return turns(y) and not (number and turns(y - height))

    return Paragraph(
        measured.words,
        lambda: measured.places(context),
        _rooms(context, linebox, block_box, position_y, height),
        measured.space,
        _RUNT * linebox.style["font_size"],
        last,
        _BESIDE if context.excluded_shapes else 1,
    )


def _begun(linebox: Any, block_box: Any) -> Plan | None:
    style, width = linebox.style, block_box.width
    if style["text_align_all"] != "justify" or style["white_space"] != "normal":
        return None
    if not isinstance(width, int | float) or width <= NARROWEST:
        return None
    return Plan(Measured())


def _rooms(
    context: Any, linebox: Any, block_box: Any, position_y: float, height: float
) -> Callable[[int], float]:
    """The room for each line from this one on, beside what floats."""
    indent, full = linebox.text_indent, float(block_box.width)
    if not context.excluded_shapes:
        return lambda number: full if number else full - indent

    @cache
    def room(number: int) -> float:
        line = linebox.copy()
        line.width, line.height = 0.0, height
        line.position_y = position_y + number * height
        _, _, free = inline.avoid_collisions(context, line, block_box, outer=False)
        return float(free) if number else float(free) - indent

    return room


def _ordered(linebox: Any, measured: Measured, stack: Any, paragraph: Paragraph) -> Iterator[Order]:
    start = measured.place(measured.letter_at(stack))
    hyphens = linebox.__dict__.get("ladders", {}).get(repr(stack), 0)
    indent = linebox.text_indent
    for number, place in enumerate(best_breaks(paragraph, start, hyphens)):
        text = measured.text[start.next : place.letter]
        if place.hyphen:
            text += linebox.style["hyphenate_character"]
        width = place.end - start.begin + measured.spacing
        yield Order(width, paragraph.room(number) + indent, text, place)
        start, indent = place, 0.0


def _text(line: Any) -> str:
    return "".join(getattr(box, "text", OBJECT) for box in leaves(line)).strip(" ")


def split_inline_box(context: Any, box: Any, position_x: float, max_x: float, *rest: Any) -> Any:
    """Fill a line, up to the width it was ordered with."""
    if _setting.order is not None and isinstance(box, boxes.LineBox):
        max_x = position_x + _setting.order.width + _SLACK
    return _split_inline_box(context, box, position_x, max_x, *rest)


def split_text_box(context: Any, box: Any, width: Any, skip: int, *rest: Any, **named: Any) -> Any:
    """The part of a text that its line was ordered with: known, it need not be tried."""
    order, plan = _setting.order, _setting.plan
    leaf = plan.measured.by_box.get(id(box)) if plan is not None else None
    if order is None or leaf is None:
        return _split_text_box(context, box, width, skip, *rest, **named)
    rest_of_it, ends = leaf.text[leaf.letter(skip) :], order.place.letter - leaf.first
    following = order.place.next - leaf.first
    if following >= len(leaf.text):
        _setting.piece = rest_of_it, "", None
    else:
        text = leaf.text[leaf.letter(skip) : max(ends, 0)]
        resume_at = leaf.byte(following) if following > 0 else 0
        if not text:
            # Nothing of it stands in this line but the space before it.
            if resume_at > skip:
                return None, resume_at, False
            return _split_text_box(context, box, width, skip, *rest, **named)
        hyphen = box.style["hyphenate_character"] if order.place.hyphen else ""
        _setting.piece = text + hyphen, hyphen, resume_at - skip
    try:
        return _split_text_box(context, box, width, skip, *rest, **named)
    finally:
        _setting.piece = None


def known_line(style: Any, context: Any) -> Any | None:
    """The line of text that is wanted, as the engine's `split_first_line` hands it on."""
    if _setting.piece is None:
        return None
    (text, hyphen, resume_at), _setting.piece = _setting.piece, None
    layout = create_layout(text, style, context, None, 0)
    line, _ = layout.get_first_line()
    found = first_line_metrics(line, text, layout, None, True, style, bool(hyphen), hyphen)
    return (*found[:2], resume_at, *found[3:])


def text_align(context: Any, line: Any, available_width: float, last: bool) -> Any:
    """Align a line; one that was ordered may be too long by as much as its spaces can lose."""
    if _setting.order is not None:
        # A line a hair too long for its place beside a float has the room it would have below.
        available_width = min(available_width, _setting.order.room)
    extra = available_width - line.width
    if line.style["text_align_all"] == "justify" and not (last and extra >= 0):
        spaces = inline.count_expandable_spaces(line)
        if extra < 0 and spaces and _setting.order is not None:
            inline.add_word_spacing(context, line, extra / spaces, 0)
            return 0
        letter_spacing.relieve(context, line, extra, spaces)
    return _text_align(context, line, available_width, last)


def mend() -> None:
    """Put all in place, over what knows where single lines may end."""
    inline.get_next_linebox = get_next_linebox
    inline.split_inline_box = split_inline_box
    inline.split_text_box = split_text_box
    inline.text_align = text_align


LEANED_ON = (
    _split_inline_box,
    _split_text_box,
    _text_align,
    create_layout,
    first_line_metrics,
    inline.get_next_linebox,
    inline.split_inline_level,
    inline.avoid_collisions,
    inline.add_word_spacing,
    inline.count_expandable_spaces,
    inline.remove_last_whitespace,
    inline.skip_first_whitespace,
    inline.first_letter_to_box,
    *letter_spacing.LEANED_ON,
)
