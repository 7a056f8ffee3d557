"""Nothing that acts or fetches reaches a reader: what a theme may not write into a book."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_ACTIVE = "script iframe frame object embed applet form input button base".split()
_ADDRESS = r"(?:src|href|xlink:href|data|poster|action)"
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_WRITTEN = re.compile(
    rf"(?P<element><\s*(?:{'|'.join(_ACTIVE)})\b)"
    r"|<[a-z][^<>]*?\s(?P<handler>on[a-z]+)\s*="
    r"|(?P<script>(?:java|vb)script\s*:)"
    rf"|<(?!a[\s>])[a-z][^<>]*?\s{_ADDRESS}\s*=\s*[\"']\s*(?P<remote>(?:https?:|file:)?//)",
    re.IGNORECASE,
)
_STYLED = re.compile(
    r"(?P<remote>url\(\s*['\"]?\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|//)"
    r"|@import\s+(?!['\"]parent['\"]))"
    r"|(?P<script>\bexpression\(|-moz-binding\s*:|\bbehavior\s*:|(?:java|vb)script\s*:)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\s*(?:(?:java|vb)script|data\s*:\s*text/html)", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_FETCHES = "src href data poster action {http://www.w3.org/1999/xlink}href".split()
_ACTS = frozenset(_ACTIVE)
_HARMLESS = frozenset(("id", "cl", "ro", "la", "al", "ti"))
_LOCAL = re.compile(r"#|data:image/(?:png|jpeg|gif|svg\+xml);base64,")
_PICTURE = re.compile(
    r"<(?:\w+:)?(?:image|use|feImage)\b[^<>]*?\s(?:xlink:)?href\s*=\s*[\"']([^\"']*)"
)
_BLANK = re.compile(r"[^\n]")
FETCHES = "a book fetches nothing from elsewhere"


def harm_in_template(source: str) -> tuple[int, str] | None:
    """The line of the first thing in a template that acts or fetches, and what it is."""
    bare = _JINJA_COMMENT.sub(lambda found: _BLANK.sub(" ", found[0]), source)
    found = _WRITTEN.search(bare)
    if found is None:
        return None
    start = next(found.start(name) for name in found.groupdict() if found[name])
    said = (
        f"<{found['element'].lstrip('< ')}> is nothing for a book" if found["element"]
        else f"{found['handler']}=… is a script, and no script reaches a reader" if found["handler"]
        else "no script reaches a reader" if found["script"]
        else FETCHES
    )  # fmt: skip
    return bare.count("\n", 0, start) + 1, said


def harm_in_sheet(css: str) -> tuple[int, str] | None:
    """The same for a style sheet."""
    bare = re.sub(r"/\*.*?\*/", lambda found: _BLANK.sub(" ", found[0]), css, flags=re.DOTALL)
    found = _STYLED.search(bare)
    if found is None:
        return None
    said = FETCHES if found["remote"] else "no script reaches a reader"
    return bare.count("\n", 0, found.start()) + 1, said


def harm_in_page(elements: Iterable[Any]) -> str:
    """What acts or fetches in a finished page, or nothing."""
    for element in elements:
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name.casefold() in _ACTS and (name, element.get("type")) != ("input", "checkbox"):
            return f"<{name}>"
        for attribute, value in element.items():
            # Most are ids, classes and links within the book.
            if attribute[:2] in _HARMLESS or value[:1] == "#":
                continue
            if said := _harm_in_attribute(name, attribute, value):
                return said
    return ""


def _harm_in_attribute(name: str, attribute: str, value: str) -> str:
    if attribute[:2].casefold() == "on":
        return f"{attribute}=…"
    if attribute == "style":
        return f'style="{value.strip()[:60]}"' if harm_in_sheet(value) else ""
    fetched = attribute in _FETCHES and name != "a" and _REMOTE.match(value)
    if fetched or (attribute in _FETCHES and _SCHEME.match(value)):
        return value.strip()[:80]
    return ""


def harm_in_drawing(svg: str) -> str:
    """A file that a drawing would have read, or nothing; what is inside it may be shown."""
    return next((f[1] for f in _PICTURE.finditer(svg) if not _LOCAL.match(f[1].strip())), "")
