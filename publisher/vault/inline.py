"""A run of inline tokens, set: a rule for each kind of token."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from markdown_it.token import Token

from publisher.vault.escape import escape
from publisher.vault.figures import set_embed, set_image
from publisher.vault.galley import NoteCall
from publisher.vault.inline_html import set_tag
from publisher.vault.line import Display, Line
from publisher.vault.mathematics import mathml
from publisher.vault.sentence import marked
from publisher.vault.stick import Stick, count_words

# A sign behind a letter or a figure, as in 10%%, is meant as it stands.
_OPEN_COMMENT = re.compile(r"(?<![^\s(\[\N{LEFT DOUBLE QUOTATION MARK}])%%\S*")


def set_inline(line: Line, children: Sequence[Token]) -> None:
    """Sets all tokens of a run; the line must be finished after it."""
    line.children = children
    for index, child in enumerate(children):
        kind = child.type
        if index < line.skip:
            continue
        if kind == "text":
            if "%%" in child.content:
                _report_open_comment(line, child.content)
            line.say(child.content)
        elif rule := _RULES.get(kind):
            rule(line, child, index)
        else:
            line.say(child.content)


def _report_open_comment(line: Line, text: str) -> None:
    """What was meant to be hidden is about to be printed."""
    found, stick = _OPEN_COMMENT.search(text), line.stick
    if found is None:
        return
    at = stick.find(found[0].strip(), line.span)
    typed = stick.lines[at.line - stick.first_line - 1] if at.column else ""
    if not typed[: at.column - 1].endswith("\\"):
        message = "nothing closes the comment that begins here: it is printed"
        hint = "close it with %%, or write \\%% where the signs are meant"
        stick.report("comment-open", message, at, hint=hint)


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
    line.say(token.content, "code")
    line.pieces.append("</code>")
    line.unread += len(token.content.split())


def _math(line: Line, token: Token, index: int) -> None:
    tex = token.content.strip()
    display = token.type != "math_inline"
    alone = display and line.stands_alone(index)
    xhtml = formula(line.stick, tex, line.span, display=display)
    line.read(marked(tex, "math"))
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


def _tag(line: Line, token: Token, _index: int) -> None:
    line.stick.tags.setdefault(token.content)
    line.pieces.append('<span class="tag">')
    line.say(token.content)
    line.pieces.append("</span>")


def _field_open(line: Line, token: Token, _index: int) -> None:
    line.element('<span class="field">', "</span>")
    if token.meta.get("hidden"):
        return
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


def _footnote_lost(line: Line, token: Token, _index: int) -> None:
    line.say(token.content)
    line.stick.report(
        "footnote-missing",
        f"“{token.content}” calls a footnote that is not there: it is printed as it stands",
        line.stick.find(token.content, line.span),
        hint=f"write “{token.content}: …” on a line of its own",
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
    "image": set_image,
    "embed": set_embed,
    "tag": _tag,
    "field_open": _field_open,
    "field_close": _field_close,
    "footnote_ref": _footnote,
    "footnote_lost": _footnote_lost,
    "html_inline": set_tag,
} | {
    f"{kind}_{way}": rule(name)
    for kind, name in (("em", "em"), ("strong", "strong"), ("s", "s"), ("highlight", "mark"))
    for way, rule in (("open", _open), ("close", _close))
}
