"""Tokens become a galley: every block of a note, set in XHTML with its ends open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from markdown_it.token import Token

from publisher.problem import Severity
from publisher.vault.escape import escape, legal
from publisher.vault.galley import Chunk, Embed, Galley, HeadingEnd, HeadingStart, Image, Media, NoteCall
from publisher.vault.inline import Display, Line, Piece, formula
from publisher.vault.stick import Stick, joined
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
_DIAGRAMS: Final = frozenset({"mermaid", "dataview", "dataviewjs", "plantuml", "graphviz", "dot"})


def set_galley(stick: Stick, tokens: Sequence[Token]) -> Galley:
    """The whole note: its body, then its footnotes in the order of their calls."""
    body, notes = _apart(tokens)
    chunks = set_blocks(stick, body)
    return Galley(chunks, _set_footnotes(stick, notes), stick.words)


def set_title(stick: Stick, inline: Token) -> tuple[tuple[Chunk, ...], str]:
    """A heading's words outside the body, and their plain text."""
    line = Line(stick, inline.map)
    line.breaks = False
    line.set(lift_tags(inline.children or [], stick.tags, heading=True))
    plain = legal(" ".join(line.finish().split()))
    return joined(solid(line.pieces)), plain


def set_blocks(stick: Stick, tokens: Sequence[Token]) -> tuple[Chunk, ...]:
    """A sequence of whole blocks."""
    setter = _Setter(stick, tokens)
    outer, stick.chunks = stick.chunks, []
    setter.run()
    chunks, stick.chunks = joined(stick.chunks), outer
    return chunks


def _apart(tokens: Sequence[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """The body's tokens, and each footnote's by its id."""
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    into = body
    unused = -1
    for token in tokens:
        kind = token.type
        if kind == "footnote_open":
            into = notes.setdefault(token.meta["id"], [])
        elif kind == "footnote_reference_open":
            into = notes.setdefault(unused, [token])
            unused -= 1
        elif kind in {"footnote_close", "footnote_reference_close"}:
            into = body
        elif not kind.startswith("footnote_"):
            into.append(token)
    return body, notes


def _set_footnotes(stick: Stick, notes: dict[int, list[Token]]) -> tuple[tuple[Chunk, ...], ...]:
    """Texts by call; setting one may call another, so the calls grow as we go."""
    stick.in_footnote = True
    out: list[tuple[Chunk, ...]] = []
    done: set[int] = set()
    while len(out) < len(stick.calls):
        for note in list(stick.calls)[len(out) :]:
            out.append(set_blocks(stick, notes.get(note, ())))
            done.add(note)
    for note, tokens in notes.items():
        if note in done or not tokens:
            continue
        stick.report(
            "footnote-unused",
            "no word calls this footnote; it stands at the end of the notes",
            stick.position(tokens[0].map),
            Severity.NOTE,
            hint="refer to it with [^label], or delete it",
        )
        stick.call(note)
        out.append(set_blocks(stick, tokens))
    stick.in_footnote = False
    return tuple(out)


class _Setter:
    """Walks the tokens of one sequence of blocks, without recursion however they nest."""

    def __init__(self, stick: Stick, tokens: Sequence[Token]) -> None:
        self.stick = stick
        self.tokens = tokens
        self.at = 0
        self.closers: list[tuple[str, str, int]] = []
        self.lists: list[str] = []
        self.checkbox = ""

    def run(self) -> None:
        """Each rule leaves `at` on the last token it has used up."""
        tokens = self.tokens
        while self.at < len(tokens):
            token = tokens[self.at]
            rule = _BLOCKS.get(token.type)
            if rule is not None:
                rule(self, token)
            elif token.content:
                self.stick.chunks.append(f"<p>{escape(token.content)}</p>\n")
            self.at += 1

    def open(self, token: Token, tag: str, attributes: str = "", wrap: str = "") -> None:
        """Opens a block's element, with its ids."""
        mark, local, count = self.stick.begin(token, wrap)
        if mark:
            self.stick.chunks += (f"<{tag}", mark, f"{attributes}>")
        else:
            self.stick.chunks.append(f"<{tag}{attributes}>")
        self.closers.append((f"</{tag}>\n", local, count))

    def close(self) -> None:
        """Closes the element that was opened last."""
        tag, local, count = self.closers.pop()
        self.stick.chunks.append(tag)
        if count:
            self.stick.end(local, count)

    def nest(self, token: Token, tag: str, attributes: str = "") -> None:
        """Opens a block that holds blocks."""
        self.open(token, tag, attributes)
        self.stick.depth += 1

    def unnest(self) -> None:
        """Closes a block that holds blocks."""
        self.stick.depth -= 1
        self.close()

    def line(self, inline: Token, *, splits: bool = False) -> tuple[Line, str]:
        """An inline token, set and finished, and its plain text."""
        line = Line(self.stick, inline.map, splits=splits)
        line.set(inline.children or ())
        return line, line.finish()

    def inline_in(self, tag: str, attributes: str = "") -> None:
        """The inline token that comes next, in an element of its own."""
        self.at += 1
        line, _ = self.line(self.tokens[self.at])
        self.stick.chunks.append(f"<{tag}{attributes}>")
        self.stick.chunks += solid(line.pieces)
        self.stick.chunks.append(f"</{tag}>")


def solid(pieces: Sequence[Piece]) -> list[Chunk]:
    """Pieces of a run that was not parted."""
    return [f"{p.xhtml}" if isinstance(p, Display) else p for p in pieces]


def parts(pieces: Sequence[Piece]) -> list[list[Chunk] | Chunk]:
    """A run, parted: lists of phrasing chunks, and the blocks between them."""
    out: list[list[Chunk] | Chunk] = []
    run: list[Chunk] = []
    for piece in pieces:
        if isinstance(piece, Embed | Display) or (isinstance(piece, Image) and piece.alone):
            if _says(run):
                out.append(_trimmed(run))
            out.append(piece.xhtml + "\n" if isinstance(piece, Display) else piece)
            run = []
        else:
            run.append(piece)
    if _says(run):
        out.append(_trimmed(run) if out else run)
    return out


def _says(run: Sequence[Chunk]) -> bool:
    return any(not isinstance(chunk, str) or _text_in(chunk) for chunk in run)


def _text_in(chunk: str) -> bool:
    """Whether a string prints anything: not only tags and blanks."""
    if chunk.startswith(("<math", '<code class="math">')):
        return True
    return not (chunk.isspace() or chunk in {"", "<br/>\n", "<wbr/>"} or chunk.startswith("<"))


def _trimmed(run: list[Chunk]) -> list[Chunk]:
    """Without the line breaks that the neighbouring block has made needless."""
    first, last = 0, len(run)
    while first < last and _is_blank(run[first]):
        first += 1
    while last > first and _is_blank(run[last - 1]):
        last -= 1
    return run[first:last]


def _is_blank(chunk: Chunk) -> bool:
    return isinstance(chunk, str) and (chunk.isspace() or chunk in {"", "<br/>\n"})


def _paragraph(setter: _Setter, token: Token) -> None:
    stick = setter.stick
    inline = setter.tokens[setter.at + 1]
    setter.at += 2
    children = lift_tags(inline.children or [], stick.tags, item=token.hidden or bool(setter.checkbox))
    if not children:
        return
    line = Line(stick, inline.map, splits=not stick.in_footnote)
    line.set(children)
    plain = line.finish()
    found = parts(line.pieces)
    _keep_lead(stick, found, plain)
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
            setter.open(token, "p", ' class="media"' if _only_media(part) else "")
            stick.chunks += part
            setter.close()
    if wrapped:
        setter.close()


def _keep_lead(stick: Stick, found: Sequence[list[Chunk] | Chunk], plain: str) -> None:
    """The first paragraph speaks for the note; one in a quote or a list only if no other does."""
    if stick.in_footnote or (stick.lead and (stick.depth or not stick.lead_depth)):
        return
    words = next((part for part in found if isinstance(part, list)), None)
    if words is None or not any(sign.isalnum() for sign in plain):
        return
    stick.lead = joined(
        ["<p>", *(chunk for chunk in words if not isinstance(chunk, NoteCall)), "</p>"]
    )
    stick.lead_words = legal(" ".join(plain.split()))
    stick.lead_depth = stick.depth


def _only_media(part: Sequence[Chunk]) -> bool:
    return len(part) == 1 and isinstance(part[0], Media)


def _heading(setter: _Setter, token: Token) -> None:
    stick = setter.stick
    inline = setter.tokens[setter.at + 1]
    setter.at += 2
    chunks, plain = set_title(stick, inline)
    if stick.in_footnote:
        stick.chunks += ("<p><strong>", *chunks, "</strong></p>\n")
        return
    if not plain and not any(not isinstance(chunk, str) for chunk in chunks):
        return
    local = stick.anchors.unique(plain)
    _, _, count = stick.begin(token, local=local)
    level = int(token.tag[1:])
    stick.chunks.append(HeadingStart(level, local, plain, legal(inline.content), stick.depth))
    stick.chunks += chunks
    stick.chunks.append(HeadingEnd())
    stick.end(local, count)


def _list_open(setter: _Setter, token: Token) -> None:
    start = token.attrs.get("start")
    attributes = f' start="{int(start)}"' if start is not None and token.tag == "ol" else ""
    if _has_task(setter, token):
        attributes += ' class="tasks"'
    setter.lists.append(token.tag)
    setter.nest(token, token.tag, attributes)


def _has_task(setter: _Setter, token: Token) -> bool:
    first = setter.tokens[setter.at + 1]
    return first.type == "list_item_open" and "task" in (first.meta or {})


def _list_close(setter: _Setter, _token: Token) -> None:
    setter.lists.pop()
    setter.unnest()


def _item_open(setter: _Setter, token: Token) -> None:
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


def _item_close(setter: _Setter, _token: Token) -> None:
    setter.close()


def _quote_open(setter: _Setter, token: Token) -> None:
    setter.nest(token, "blockquote")


def _nest_close(setter: _Setter, _token: Token) -> None:
    setter.unnest()


def _callout_open(setter: _Setter, token: Token) -> None:
    typed = str(token.meta["type"])
    name = _CALLOUTS.get(typed, "note")
    setter.nest(
        token, "div", f' class="callout callout-{name}" data-callout="{escape(typed)}" role="note"'
    )


def _callout_title(setter: _Setter, _token: Token) -> None:
    setter.inline_in("p", ' class="callout-title"')
    setter.at += 1
    empty = setter.tokens[setter.at + 1].type == "callout_close"
    if not empty:
        setter.stick.chunks.append('\n<div class="callout-body">\n')
    setter.closers.append(("" if empty else "</div>\n", "", 0))


def _callout_close(setter: _Setter, _token: Token) -> None:
    setter.close()
    setter.unnest()


def _code(setter: _Setter, token: Token) -> None:
    language = token.info.split()[0] if token.info.strip() else ""
    name = language.strip("{}.").casefold()
    attributes = ' class="diagram"' if name in _DIAGRAMS else ""
    kind = f' class="language-{escape(name)}"' if name else ""
    setter.open(token, "pre", attributes)
    setter.stick.chunks.append(f"<code{kind}>{escape(token.content)}</code>")
    setter.close()


def _math(setter: _Setter, token: Token) -> None:
    setter.open(token, "div", ' class="math"')
    tex = token.content.strip()
    setter.stick.chunks.append(formula(setter.stick, tex, token.map, display=True))
    setter.close()


def _rule(setter: _Setter, _token: Token) -> None:
    setter.stick.chunks.append("<hr/>\n")


def _table_open(setter: _Setter, token: Token) -> None:
    setter.nest(token, "div", ' class="table"')
    setter.stick.chunks.append("<table>\n")


def _table_close(setter: _Setter, _token: Token) -> None:
    setter.stick.chunks.append("</table>")
    setter.unnest()


def _tagged(setter: _Setter, token: Token) -> None:
    sign = "/" if token.nesting < 0 else ""
    setter.stick.chunks.append(f"<{sign}{token.tag}>")


def _cell(setter: _Setter, token: Token) -> None:
    style = str(token.attrs.get("style", ""))
    side = style.rpartition(":")[2] if style.startswith("text-align:") else ""
    attributes = f' class="{side}"' if side in {"left", "center", "right"} else ""
    tag = token.tag
    if tag == "th":
        children = setter.tokens[setter.at + 1].children
        tag, attributes = ("th", f' scope="col"{attributes}') if children else ("td", attributes)
    setter.inline_in(tag, attributes)
    setter.at += 1


_BLOCKS: Final[dict[str, Callable[[_Setter, Token], None]]] = {
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
    "table_open": _table_open,
    "table_close": _table_close,
    "thead_open": _tagged,
    "thead_close": _tagged,
    "tbody_open": _tagged,
    "tbody_close": _tagged,
    "tr_open": _tagged,
    "tr_close": _tagged,
    "th_open": _cell,
    "td_open": _cell,
}
