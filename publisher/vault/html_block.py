"""A block of raw HTML, cleaned and set like the rest of the note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import nh3
from lxml import etree, html
from lxml.html import HtmlElement

from publisher.vault.address import Kind, file_path, read_address
from publisher.vault.escape import escape, legal
from publisher.vault.galley import HeadingEnd, HeadingStart, Media
from publisher.vault.html import KNOWN, PLAYERS, UNSAFE
from publisher.vault.html_flow import SIDES, BlockRule, Flow, is_block, items_of
from publisher.vault.line import Display, Line
from publisher.vault.stick import Stick

_LARGEST = 200_000
_MOST_TAGS = 5_000
# A sign that opens no tag we know is text: `K<x,x'>`, `Vec<T>`.
_TEXT_SIGN = re.compile(rf"<(?!/?(?:{'|'.join(sorted(KNOWN))})[\s/>])", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"<(?:{'|'.join(sorted(UNSAFE))})[\s/>]|<[^<>]*\son[a-z]+\s*=|(?:java|vb)script:",
    re.IGNORECASE,
)
_ALLOWED = set(KNOWN) - UNSAFE - {"base", "link", "meta", "title", "head", "svg", "math"}
_GLOBAL = {"lang", "dir", "title", "align"}
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": _GLOBAL,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "input": {"type", "checked"},
} | {name: {"src"} for name in ("iframe", "video", "audio", "embed", "source")}
_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "doi", "urn"}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def set_html(stick: Stick, source: str, span: Sequence[int] | None) -> None:
    """Sets a piece of HTML; what is not even a tree stands as text."""
    if not source.strip():
        return
    source = legal(source)
    if _ACTIVE.search(source):
        message = "scripts, styles and event handlers are left out: no book runs them"
        stick.report("html-unsafe", message, stick.position(span))
    before = len(stick.chunks)
    if len(source) <= _LARGEST and source.count("<") <= _MOST_TAGS:
        root = _tree(source)
        if root is not None:
            Flow(stick, span, _RULES).flow(root)
            if _is_xml(stick, before):
                return
    del stick.chunks[before:]
    stick.report(
        "html-unreadable", "this HTML can't be read and stands as text", stick.position(span)
    )
    stick.chunks.append(f"<p>{escape(source.strip())}</p>\n")


def _tree(source: str) -> HtmlElement | None:
    clean = nh3.clean(
        _TEXT_SIGN.sub("&lt;", _without_comments(source)),
        tags=_ALLOWED,
        clean_content_tags=UNSAFE - {"noscript", "noframes"},
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    try:
        parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
        return html.fragment_fromstring(clean.encode(), create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _without_comments(source: str) -> str:
    """A comment that never ends is text; it must not take the rest with it."""
    out: list[str] = []
    at = 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start + 4)) >= 0:
        out.append(source[at:start])
        at = end + len("-->")
    return "".join(out) + source[at:].replace("<!--", "&lt;!--")


def _is_xml(stick: Stick, start: int) -> bool:
    """Whether what was set since `start` is well-formed."""
    text = "".join(chunk for chunk in stick.chunks[start:] if isinstance(chunk, str))
    try:
        etree.fromstring(f'<x xmlns:xml="http://www.w3.org/XML/1998/namespace">{text}</x>')
    except etree.XMLSyntaxError:
        return False
    return True


def _heading(flow: Flow, node: HtmlElement) -> None:
    line = Line(flow.stick, flow.span)
    flow.phrases(line, node, 0)
    plain = " ".join(line.finish().split())
    if not plain:
        return
    stick = flow.stick
    chunks = [piece for piece in line.pieces if not isinstance(piece, Display)]
    if stick.in_footnote:
        stick.chunks += ("<p><strong>", *chunks, "</strong></p>\n")
        return
    local = stick.anchors.unique(plain)
    stick.chunks += (
        HeadingStart(int(node.tag[1]), local, plain, plain, stick.depth),
        *chunks,
        HeadingEnd(),
    )


def _list(flow: Flow, node: HtmlElement) -> None:
    items = [item for item in items_of(node) if not isinstance(item, str) or item.strip()]
    if not items:
        return
    tag = "ol" if node.tag == "ol" else "ul"
    start = node.get("start") or ""
    number = f' start="{start}"' if tag == "ol" and re.fullmatch(r"\d{1,6}", start) else ""
    flow.stick.chunks.append(f"<{tag}{number}>\n")
    flow.stick.depth += 1
    for item in items:
        flow.stick.chunks.append("<li>")
        if isinstance(item, str):
            flow.stick.chunks.append(escape(item.strip()))
        elif item.tag == "li":
            flow.flow(item, bare=True)
        elif is_block(item):
            flow.block(item)
        else:
            flow.stick.chunks += flow.words([item])
        flow.stick.chunks.append("</li>\n")
    flow.stick.depth -= 1
    flow.stick.chunks.append(f"</{tag}>\n")


def _definitions(flow: Flow, node: HtmlElement) -> None:
    """`<dl>`, as long as every term has its definition; else a box of paragraphs."""
    names = [child.tag for child in node if isinstance(child.tag, str)]
    text = (node.text or "") + "".join(child.tail or "" for child in node)
    whole = re.fullmatch(r"(?:t+d+)+", "".join({"dt": "t", "dd": "d"}.get(n, "x") for n in names))
    if not whole or text.strip():
        flow.box(node)
        return
    flow.stick.chunks.append("<dl>\n")
    flow.stick.depth += 1
    for child in node:
        if child.tag == "dt":
            flow.stick.chunks += ("<dt>", *flow.words(list(items_of(child))), "</dt>\n")
        else:
            flow.stick.chunks.append("<dd>")
            flow.flow(child, bare=True)
            flow.stick.chunks.append("</dd>\n")
    flow.stick.depth -= 1
    flow.stick.chunks.append("</dl>\n")


def _table(flow: Flow, node: HtmlElement) -> None:
    head = node.xpath("./thead/tr")
    body = node.xpath("./tbody/tr | ./tr | ./tfoot/tr")
    if not head and not body:
        flow.paragraph([node.text_content()])
        return
    stick = flow.stick
    stick.chunks.append('<div class="table"><table>\n')
    stick.depth += 1
    for caption in node.xpath("./caption")[:1]:
        stick.chunks += ("<caption>", *flow.words(list(items_of(caption))), "</caption>\n")
    for section, rows in (("thead", head), ("tbody", body)):
        if rows:
            stick.chunks.append(f"<{section}>\n")
            for row in rows:
                _row(flow, row, "col" if section == "thead" else "row")
            stick.chunks.append(f"</{section}>\n")
    stick.depth -= 1
    stick.chunks.append("</table></div>\n")


def _row(flow: Flow, row: HtmlElement, scope: str) -> None:
    flow.stick.chunks.append("<tr>")
    for cell in row.xpath("./td | ./th"):
        is_head = cell.tag == "th" and bool(cell.text_content().strip())
        tag = "th" if is_head else "td"
        attributes = f' scope="{scope}"' if is_head else ""
        for name in ("colspan", "rowspan"):
            if re.fullmatch(r"[1-9]\d{0,2}", cell.get(name) or ""):
                attributes += f' {name}="{cell.get(name)}"'
        side = (cell.get("align") or "").lower()
        if side in SIDES:
            attributes += f' class="{side}"'
        flow.stick.chunks.append(f"<{tag}{attributes}>")
        flow.flow(cell, bare=True)
        flow.stick.chunks.append(f"</{tag}>")
    flow.stick.chunks.append("</tr>\n")


def _player(flow: Flow, node: HtmlElement) -> None:
    """Sound, film and frames become a line that names them."""
    sources = [node.get("src"), *(child.get("src") for child in node.iter("source"))]
    source = next(filter(None, sources), "")
    words = (node.get("title") or node.text_content() or "").strip()
    address = read_address(source)
    if address.kind is Kind.OUTSIDE:
        url = escape(address.url)
        name = escape(words) or url
        flow.stick.chunks.append(
            f'<p class="media"><a href="{url}" class="external">{name}</a></p>\n'
        )
        return
    path = file_path(source)
    if path and address.kind is Kind.INSIDE:
        name = words or path.rpartition("/")[2]
        at = flow.stick.find(source, flow.span)
        flow.stick.chunks.append(Media(path, name, at, alone=True))
    else:
        flow.paragraph([words])


def _pre(flow: Flow, node: HtmlElement) -> None:
    flow.stick.chunks.append(f"<pre><code>{escape(node.text_content())}</code></pre>\n")


def _plain(flow: Flow, node: HtmlElement) -> None:
    flow.paragraph(list(items_of(node)))


def _summary(flow: Flow, node: HtmlElement) -> None:
    flow.paragraph(list(items_of(node)), attributes=' class="summary"')


def _caption(flow: Flow, node: HtmlElement) -> None:
    flow.paragraph(list(items_of(node)), attributes=' class="caption"')


def _rule(flow: Flow, _node: HtmlElement) -> None:
    flow.stick.chunks.append("<hr/>\n")


_RULES: Final[dict[str, BlockRule]] = {
    "p": _plain,
    "pre": _pre,
    "summary": _summary,
    "figcaption": _caption,
    "legend": _caption,
    "hr": _rule,
    "table": _table,
    "dl": _definitions,
    **dict.fromkeys(_HEADINGS, _heading),
    **dict.fromkeys(_LISTS, _list),
    **dict.fromkeys(PLAYERS, _player),
}
