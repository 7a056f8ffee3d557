"""Raw HTML tags within a line of text."""

from __future__ import annotations

from markdown_it.token import Token

from publisher.problem import Severity
from publisher.vault.address import Kind, file_path, read_address
from publisher.vault.escape import legal
from publisher.vault.figures import set_media
from publisher.vault.html import (
    BLOCKS,
    PLAYERS,
    UNSAFE,
    Tag,
    element_for,
    is_active,
    kept_attributes,
    pair_tags,
    parse_tag,
)
from publisher.vault.line import Line

_COUNTS = {"ol": 1, "ul": 0, "menu": 0, "dir": 0}
_LISTS = frozenset({*_COUNTS, "li"})


def set_tag(line: Line, token: Token, index: int) -> None:
    """A tag that has its partner becomes an element; what is no tag is text."""
    if line.pairs is None:
        line.pairs = pair_tags(line.children)
    found = line.pairs.get(index)
    if found is None:
        line.say(token.content)
        return
    tag, partner = found
    if is_active(tag) and not tag.closes:
        if tag.name in UNSAFE and partner > index:
            line.skip = partner + 1
        line.stick.report(
            "html-unsafe",
            f"“<{tag.name}>” is a script, a style or runs one: no book does",
            line.stick.find(token.content, line.span),
        )
    if tag.name in UNSAFE:
        return
    if tag.name in BLOCKS:
        _part_rows(line, tag)
    if tag.name in _LISTS:
        return
    if tag.name in PLAYERS:
        _player(line, tag, token.content, index)
    elif partner == index:
        set_void(line, tag, token.content, index)
    elif partner < 0:
        _unpaired(line, tag, token.content)
    elif tag.name == "a":
        _html_link(line, tag, token.content)
    else:
        _html_element(line, tag, token.content)


def _part_rows(line: Line, tag: Tag) -> None:
    """Blocks stand on lines of their own, items of lists behind a sign."""
    counts = line.row.counts
    if tag.closes:
        line.row.ended = True
        if tag.name in _COUNTS and counts:
            counts.pop()
        return
    line.begin_row()
    if tag.name in _COUNTS:
        counts.append(_COUNTS[tag.name])
    elif tag.name == "li":
        number = counts[-1] if counts else 0
        line.say(f"{number}. " if number else "\N{BULLET} ")
        if number:
            counts[-1] += 1


def _player(line: Line, tag: Tag, raw: str, index: int) -> None:
    """Sound, film and frames become a line that names them; what they hold is passed over."""
    if tag.closes:
        return
    end = (line.pairs or {}).get(index, (tag, -1))[1]
    inside = [parse_tag(child.content) for child in line.children[index + 1 : max(end, index)]]
    tags = [tag, *filter(None, inside)]
    source = next((t.attributes["src"] for t in tags if t.attributes.get("src")), "")
    address = read_address(source)
    words = " ".join(tag.attributes.get("title", "").split())
    if address.kind is Kind.OUTSIDE:
        line.open_address(source, raw)
        line.say(words or address.url)
        line.close_link()
    elif address.kind is Kind.INSIDE and file_path(source):
        set_media(line, file_path(source), words, raw, index, end)
    else:
        _report_dropped(line, tag, raw)
        return
    line.skip = max(end + 1, line.skip)


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


def set_void(line: Line, tag: Tag, raw: str, index: int = 0) -> None:
    """An element without content: a break, an image, a box to tick."""
    if tag.name == "br":
        line.break_off("<br/>\n")
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
    line.add_image(path, alt, size, raw, index, tag.attributes.get("title", ""))


def pixels(value: str) -> int:
    """A length in CSS pixels, or 0 where it is none."""
    digits = value.strip().lower().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0


def _unpaired(line: Line, tag: Tag, raw: str) -> None:
    if not tag.closes and tag.attributes and not any(tag.attributes.values()):
        # `a<b and c>d` only looks like a tag.
        line.say(raw)
        return
    if tag.name in {"p", "li"} or raw.endswith("/>"):
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
