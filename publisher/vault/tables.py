"""Tables being set: rows, cells and what does not fit in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from publisher.problem import Position
from publisher.vault.compositor import Compositor
from publisher.vault.escape import legal
from publisher.vault.rules.table import BAR, mask


def _table_open(setter: Compositor, token: Token) -> None:
    setter.nest(token, "div", ' class="table"')
    setter.stick.chunks.append("<table>\n")


def _table_close(setter: Compositor, _token: Token) -> None:
    setter.stick.chunks.append("</table>")
    setter.unnest()


def _tagged(setter: Compositor, token: Token) -> None:
    sign = "/" if token.nesting < 0 else ""
    setter.stick.chunks.append(f"<{sign}{token.tag}>")


def _row(setter: Compositor, token: Token) -> None:
    """Cells beyond the last column are left out, as everywhere; here that is told."""
    setter.stick.chunks.append("<tr>")
    stick, span = setter.stick, token.map
    if not span or span[0] >= len(stick.lines):
        return
    end = next(at for at in range(setter.at, len(setter.tokens))
               if setter.tokens[at].type == "tr_close")  # fmt: skip
    columns = sum(t.type in {"td_open", "th_open"} for t in setter.tokens[setter.at : end])
    typed = stick.lines[span[0]]
    row = mask(typed).lstrip("> \t")
    if row.count("|") == columns + 1:
        return
    cells = escapedSplit(row.strip())
    cells = cells[1:] if row.startswith("|") else cells
    lost = [cell.strip() for cell in cells[columns:] if cell.strip()]
    if lost:
        first = lost[0].replace(BAR, "|")
        column = typed.rfind(first.partition("|")[0]) + 1
        at = Position(stick.path, stick.position(span).line, column)
        message = f"“{legal(first)[:60]}” stands beyond the table's last column and is left out"
        stick.report("table-cell-lost", message, at, hint="write \\| for a bar that is text")


def _cell(setter: Compositor, token: Token) -> None:
    style = str(token.attrs.get("style", ""))
    side = style.rpartition(":")[2] if style.startswith("text-align:") else ""
    attributes = f' class="{side}"' if side in {"left", "center", "right"} else ""
    tag = token.tag
    if tag == "th":
        children = setter.tokens[setter.at + 1].children
        tag, attributes = ("th", f' scope="col"{attributes}') if children else ("td", attributes)
    setter.inline_in(tag, attributes)
    setter.at += 1


TABLES: Final[dict[str, Callable[[Compositor, Token], None]]] = {
    "table_open": _table_open,
    "table_close": _table_close,
    "thead_open": _tagged,
    "thead_close": _tagged,
    "tbody_open": _tagged,
    "tbody_close": _tagged,
    "tr_open": _row,
    "tr_close": _tagged,
    "th_open": _cell,
    "td_open": _cell,
}
