"""A run of inline tokens, set: a rule for each kind of token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from markdown_it.token import Token

from publisher.problem import Severity
from publisher.vault import wikilink
from publisher.vault.address import Kind, file_path, is_image, is_media, read_address, sized
from publisher.vault.escape import escape, legal
from publisher.vault.galley import Media, NoteCall, Target
from publisher.vault.html import (
    PLAYERS,
    UNSAFE,
    Tag,
    element_for,
    is_active,
    kept_attributes,
    pair_tags,
    parse_tag,
)
from publisher.vault.line import Display, Line
from publisher.vault.mathematics import mathml
from publisher.vault.stick import Stick, count_words


def set_inline(line: Line, children: Sequence[Token]) -> None:
    """Sets all tokens of a run; the line must be finished after it."""
    line.children = children
    for index, child in enumerate(children):
        kind = child.type
        if index < line.skip:
            continue
        if kind == "text":
            line.say(child.content)
        elif rule := _RULES.get(kind):
            rule(line, child, index)
        else:
            line.say(child.content)


def _open(name: str) -> Callable[[Line, Token, int], None]:
    def rule(line: Line, _token: Token, _index: int) -> None:
        line.element(f"<{name}>", f"</{name}>")

    return rule


def _close(name: str) -> Callable[[Line, Token, int], None]:
    def rule(line: Line, _token: Token, _index: int) -> None:
        line.close(f"</{name}>")

    return rule


def _softbreak(line: Line, _token: Token, _index: int) -> None:
    line.break_off("<br/>\n" if line.breaks else line.gap)


def _hardbreak(line: Line, _token: Token, _index: int) -> None:
    line.break_off("<br/>\n")


def _code(line: Line, token: Token, _index: int) -> None:
    if "[" in token.content:
        # So that a link behind it is not found within it.
        line.stick.find(token.content, line.span)
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
        stick.report("math-unreadable", message, at)
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
        whence = f"“{legal(source)[:80]}”" if source else "this address"
        line.stick.report(
            "image-dropped",
            f"an image can't come from {whence}; its alt text stands in its place",
            line.stick.find("![", line.span),
        )
    elif is_image(path):
        line.show_image(path, words, "![", index)
    elif is_media(path):
        _media(line, path, sized(words)[0], "![", index)
    elif address.target is not None:
        line.show_note(address.target, "![")


def _embed(line: Line, token: Token, index: int) -> None:
    target: Target = token.meta["target"]
    display, raw = token.meta["display"], token.meta["raw"]
    if is_image(target.path) or wikilink.ADDRESS.match(target.path):
        line.show_image(target.path, display, raw, index)
    elif is_media(target.path):
        _media(line, target.path, sized(display)[0], raw, index)
    else:
        line.show_note(target, raw)


def _media(line: Line, path: str, words: str, raw: str, index: int, end: int = -1) -> None:
    name = words or path.rpartition("/")[2]
    at = line.stick.find(raw, line.span)
    alone = line.stands_alone(index, max(index, end))
    media = Media(legal(path), legal(name), at, alone)
    if alone:
        line.part(media)
        return
    line.pieces.append(media)
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
        if tag.name in UNSAFE and partner > index:
            line.skip = partner + 1
        line.stick.report(
            "html-unsafe",
            f"“<{tag.name}>” is a script, a style or runs one: no book does",
            line.stick.find(token.content, line.span),
        )
    if tag.name in UNSAFE:
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
        _media(line, file_path(source), words, raw, index, end)
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
    line.add_image(path, alt, size, raw, index)


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
