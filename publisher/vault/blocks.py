"""Blocks, set: a rule for each kind of block token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from markdown_it.token import Token

from publisher.problem import Severity
from publisher.vault.compositor import Compositor, keep_lead, parts, solid, wants_lead
from publisher.vault.emptied import fence_name, is_query
from publisher.vault.escape import escape, legal
from publisher.vault.galley import Chunk, HeadingEnd, HeadingStart
from publisher.vault.html_block import set_html
from publisher.vault.html_flow import container
from publisher.vault.html_pairs import Edge
from publisher.vault.inline import formula, set_inline
from publisher.vault.line import Line
from publisher.vault.navigation import is_navigation
from publisher.vault.sentence import bare, with_formulas
from publisher.vault.spoken_tex import spoken
from publisher.vault.stick import Stick, joined
from publisher.vault.tables import TABLES
from publisher.vault.tags import lift_tags

_CALLOUTS: Final = {
    alias: name
    for name, aliases in {
        "note": "note", "abstract": "abstract summary tldr", "info": "info", "todo": "todo",
        "tip": "tip hint important", "success": "success check done",
        "question": "question help faq", "warning": "warning caution attention",
        "failure": "failure fail missing", "danger": "danger error", "bug": "bug",
        "example": "example", "quote": "quote cite",
    }.items()
    for alias in aliases.split()
}  # fmt: skip
_DIAGRAMS: Final = frozenset({"mermaid", "plantuml", "graphviz", "dot"})


def set_blocks(stick: Stick, tokens: Sequence[Token]) -> tuple[Chunk, ...]:
    """A sequence of whole blocks; each rule leaves `at` on the last token it has used up."""
    setter = Compositor(stick, tokens)
    outer, stick.chunks = stick.chunks, []
    while setter.at < len(tokens):
        token = tokens[setter.at]
        rule = _BLOCKS.get(token.type)
        if rule is not None:
            rule(setter, token)
        elif token.content:
            stick.chunks.append(f"<p>{escape(token.content)}</p>\n")
        setter.at += 1
    chunks, stick.chunks = joined(stick.chunks), outer
    return chunks


def set_title(stick: Stick, inline: Token) -> tuple[tuple[Chunk, ...], str, str]:
    """A heading's words outside the body, their plain text, and with its formulas as typed."""
    line = Line(stick, inline.map)
    line.breaks, line.gap = False, " "
    set_inline(line, lift_tags(inline.children or [], stick.tags, labels=True))
    typed = legal(" ".join(line.finish().split()))
    said = bare(with_formulas("".join(line.plain), spoken))
    return joined(solid(line.pieces)), legal(" ".join(said.split())), typed


def _paragraph(setter: Compositor, token: Token) -> None:
    stick = setter.stick
    inline = setter.tokens[setter.at + 1]
    setter.at += 2
    task = bool(setter.checkbox)
    children = lift_tags(inline.children or [], stick.tags, item=token.hidden or task, labels=task)
    if not children:
        return
    line = Line(stick, inline.map, splits=not stick.in_footnote)
    set_inline(line, children)
    plain = line.finish()
    found = parts(line.pieces)
    if wants_lead(stick) and not is_navigation(children, item=bool(setter.lists)):
        keep_lead(stick, found, plain)
    box, setter.checkbox = setter.checkbox, ""
    if box:
        if found and isinstance(found[0], list):
            found[0].insert(0, box)
        else:
            found.insert(0, [box])
    blocks = any(not isinstance(part, list) for part in found)
    wrapped = blocks and bool(token.meta and token.meta.get("block_ids"))
    if wrapped:
        setter.open(token, "div")
    for part in found:
        if not isinstance(part, list):
            stick.chunks.append(part)
        elif token.hidden and not (token.meta and token.meta.get("block_ids")):
            stick.chunks += part
        elif wrapped:
            stick.chunks += ("<p>", *part, "</p>\n")
        else:
            setter.open(token, "p")
            stick.chunks += part
            setter.close()
    if wrapped:
        setter.close()


def _heading(setter: Compositor, token: Token) -> None:
    stick = setter.stick
    inline = setter.tokens[setter.at + 1]
    setter.at += 2
    chunks, plain, typed = set_title(stick, inline)
    if stick.in_footnote:
        stick.chunks += ("<p><strong>", *chunks, "</strong></p>\n")
        return
    if not plain and not any(not isinstance(chunk, str) for chunk in chunks):
        return
    local = stick.anchors.unique(typed)
    _, _, count = stick.begin(token, local=local)
    level = int(token.tag[1:])
    stick.chunks.append(HeadingStart(level, local, plain, legal(inline.content), stick.depth))
    stick.chunks += chunks
    stick.chunks.append(HeadingEnd())
    stick.end(local, count)


def _list_open(setter: Compositor, token: Token) -> None:
    start = token.attrs.get("start")
    attributes = f' start="{int(start)}"' if start is not None and token.tag == "ol" else ""
    if _has_task(setter):
        attributes += ' class="tasks"'
    setter.lists.append(token.tag)
    setter.nest(token, token.tag, attributes)


def _has_task(setter: Compositor) -> bool:
    first = setter.tokens[setter.at + 1]
    return first.type == "list_item_open" and "task" in (first.meta or {})


def _list_close(setter: Compositor, _token: Token) -> None:
    setter.lists.pop()
    setter.unnest()


def _item_open(setter: Compositor, token: Token) -> None:
    task = (token.meta or {}).get("task")
    attributes = ""
    if task is not None:
        state = "open" if task == " " else "done" if task in "xX" else "other"
        attributes = f' class="task {state}"'
        sign = {"open": "☐", "done": "☑"}.get(state, escape(task))
        setter.checkbox = f'<span class="checkbox">{sign}</span> '
    setter.open(token, "li", attributes, wrap=setter.lists[-1] if setter.lists else "ul")
    following = setter.tokens[setter.at + 1].type
    if setter.checkbox and following != "paragraph_open":
        setter.stick.chunks.append(setter.checkbox)
        setter.checkbox = ""


def _item_close(setter: Compositor, _token: Token) -> None:
    if setter.checkbox:
        # A task of no words is a box all the same.
        setter.stick.chunks.append(setter.checkbox.rstrip())
        setter.checkbox = ""
    setter.close()


def _quote_open(setter: Compositor, token: Token) -> None:
    setter.nest(token, "blockquote")


def _nest_close(setter: Compositor, _token: Token) -> None:
    setter.unnest()


def _callout_open(setter: Compositor, token: Token) -> None:
    typed = str(token.meta["type"])
    if "verse" in token.meta:
        setter.stick.verses += 1
        setter.poems.append(token.meta["verse"])
        setter.nest(token, "div", ' class="poem inset"')
        return
    setter.poems.append("")
    name = _CALLOUTS.get(typed, "note")
    setter.nest(
        token, "div", f' class="callout callout-{name}" data-callout="{escape(typed)}" role="note"'
    )


def _callout_title(setter: Compositor, _token: Token) -> None:
    poem = setter.poems[-1]
    if poem == "titled":
        setter.inline_in("p", ' class="poem-title"')
        setter.stick.chunks.append("\n")
    if poem:
        setter.at += 1 if poem == "titled" else 2
        setter.closers.append(("", "", 0))
        return
    setter.inline_in("p", ' class="callout-title"')
    setter.at += 1
    empty = setter.tokens[setter.at + 1].type == "callout_close"
    if not empty:
        setter.stick.chunks.append('\n<div class="callout-body">\n')
    setter.closers.append(("" if empty else "</div>\n", "", 0))


def _callout_close(setter: Compositor, _token: Token) -> None:
    if setter.poems.pop():
        setter.stick.verses -= 1
    setter.close()
    setter.unnest()


def _code(setter: Compositor, token: Token) -> None:
    name = fence_name(token)
    if is_query(token):
        setter.stick.report(
            "query-left-out",
            f"a block of “{name}” is a question to a plugin, whose answer no book can know",
            setter.stick.position(token.map),
            Severity.NOTE,
            hint="write the answer into the note to have it in the book",
        )
        return
    attributes = ' class="diagram"' if name in _DIAGRAMS else ""
    kind = f' class="language-{escape(name)}"' if name else ""
    setter.open(token, "pre", attributes)
    setter.stick.chunks.append(f"<code{kind}>{escape(token.content)}</code>")
    setter.close()


def _math(setter: Compositor, token: Token) -> None:
    setter.open(token, "div", ' class="math"')
    tex = token.content.strip()
    setter.stick.chunks.append(formula(setter.stick, tex, token.map, display=True))
    setter.close()


def _rule(setter: Compositor, _token: Token) -> None:
    setter.stick.chunks.append("<hr/>\n")


def _html(setter: Compositor, token: Token) -> None:
    """Raw HTML; a container that closes in another block holds what stands between."""
    pairs, stick = setter.pairs, setter.stick
    if pairs is None:
        return
    for place, segment in enumerate(pairs.segments[setter.at]):
        if not isinstance(segment, Edge):
            set_html(stick, segment, token.map)
        elif (setter.at, place) not in pairs.paired:
            what = "is never closed" if segment.opens else "closes nothing"
            message = f"“{legal(segment.raw)[:60]}” {what}; the tag is left out, its words stay"
            stick.report("html-unclosed", message, stick.find(segment.raw, token.map))
        elif segment.opens:
            start, end = container(segment.name, segment.attributes)
            stick.chunks.append(start)
            stick.depth += 1
            setter.closers.append((end, "", 0))
        else:
            setter.unnest()


_BLOCKS: Final[dict[str, Callable[[Compositor, Token], None]]] = {
    "paragraph_open": _paragraph,
    "heading_open": _heading,
    "bullet_list_open": _list_open,
    "ordered_list_open": _list_open,
    "bullet_list_close": _list_close,
    "ordered_list_close": _list_close,
    "list_item_open": _item_open,
    "list_item_close": _item_close,
    "blockquote_open": _quote_open,
    "blockquote_close": _nest_close,
    "callout_open": _callout_open,
    "callout_title_open": _callout_title,
    "callout_close": _callout_close,
    "fence": _code,
    "code_block": _code,
    "math_block": _math,
    "math_block_label": _math,
    "hr": _rule,
    "html_block": _html,
    **TABLES,
}
