"""Raw HTML, one tag at a time: which tags a book keeps, as what, and with which attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from markdown_it.token import Token
from msgspec import Struct, field

from publisher.vault.escape import escape

# Inline elements that pass, and what those that EPUB refuses become.
PHRASING = {
    name: name
    for name in (
        "u s sub sup kbd mark span b i em strong small del ins code q cite abbr dfn var samp "
        "bdi bdo ruby rt rp".split()
    )
} | {
    "strike": "s", "tt": "code", "acronym": "abbr", "font": "span", "big": "span",
    "center": "span", "nobr": "span", "blink": "span", "label": "span", "time": "span",
    "data": "span", "output": "span", "button": "span", "legend": "strong",
}  # fmt: skip
VOID = frozenset({"br", "wbr", "img", "hr", "input", "source", "track", "col", "embed", "area",
                  "base", "link", "meta", "param"})  # fmt: skip
BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup html li main menu nav ol p
    pre section summary ul table caption colgroup thead tbody tfoot tr td th legend
    """.split()
)
UNSAFE = frozenset("script style template object applet frame frameset noframes noscript".split())
PLAYERS = frozenset("iframe video audio embed".split())
OTHER = frozenset(
    "a head title svg math canvas map picture meter progress select option optgroup textarea "
    "datalist rb rtc slot noembed marquee path g use rect circle line text".split()
)
KNOWN = frozenset(PHRASING) | VOID | BLOCKS | UNSAFE | PLAYERS | OTHER

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^>]*|/)?)>\Z", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}\Z")
# Beyond this depth tags go unpaired: no author nests so deep, and searching takes time.
_MOST_OPEN = 100
_MOST_RUBIES = 200
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})


class Tag(Struct, frozen=True):
    """A tag as typed, its name and attributes in lower case."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    closes: bool = False


def parse_tag(text: str) -> Tag | None:
    """A single tag that HTML knows; `<x,x'>` and `<T>` are text."""
    found = _TAG.match(text)
    if found is None:
        return None
    name = found.group(2).lower()
    if name not in KNOWN:
        return None
    return Tag(name, parse_attributes(found.group(3)), bool(found.group(1)))


def parse_attributes(text: str) -> dict[str, str]:
    """Attributes by name; of two of the same name the first counts, as in browsers."""
    out: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        out.setdefault(name.lower(), unescape(double or single or bare))
    return out


def is_active(tag: Tag) -> bool:
    """Whether the tag would have run something."""
    return tag.name in UNSAFE or any(
        name.startswith("on") or value.strip().lower().startswith(("javascript:", "vbscript:"))
        for name, value in tag.attributes.items()
    )


def kept_attributes(attributes: dict[str, str]) -> str:
    """The global attributes that mean something in a book, ready for a start tag."""
    out = ""
    language = attributes.get("lang") or attributes.get("xml:lang") or ""
    if _LANGUAGE.match(language):
        out += f' lang="{language}" xml:lang="{language}"'
    if attributes.get("dir", "").lower() in _DIRECTIONS:
        out += f' dir="{attributes["dir"].lower()}"'
    if title := attributes.get("title"):
        out += f' title="{escape(title)}"'
    return out


def element_for(tag: Tag) -> str:
    """The name of the inline element that stands for a tag, or nothing."""
    if tag.name == "bdo" and tag.attributes.get("dir", "").lower() not in {"ltr", "rtl"}:
        return "span"
    if tag.name in PHRASING:
        return PHRASING[tag.name]
    if tag.name in {"div", "p", "section", "details", "summary", "figure", "figcaption"}:
        return "span"
    return "strong" if tag.name in {"h1", "h2", "h3", "h4", "h5", "h6"} else ""


def pair_tags(children: Sequence[Token]) -> dict[int, tuple[Tag, int]]:
    """Start and end tags that match within one inline run, and within its Markdown.

    Maps an index to its tag and the index of its partner: -1 where it has none, its
    own index for an empty element. What is missing from the map is text.
    """
    out: dict[int, tuple[Tag, int]] = {}
    standing: list[tuple[str, int]] = []
    for index, child in enumerate(children):
        if child.type != "html_inline":
            if child.nesting > 0:
                standing.append(("", index))
            elif child.nesting < 0:
                _pop_to(standing, "")
            continue
        tag = parse_tag(child.content)
        if tag is None:
            continue
        out[index] = (tag, index if tag.name in VOID else -1)
        if tag.name in VOID or len(standing) > _MOST_OPEN:
            continue
        if not tag.closes:
            standing.append((tag.name, index))
        elif (start := _pop_to(standing, tag.name)) >= 0:
            out[start] = (out[start][0], index)
            out[index] = (tag, start)
    _unpair_ruby(out)
    return out


def _pop_to(standing: list[tuple[str, int]], name: str) -> int:
    """The start that an end tag closes, never across the Markdown around it."""
    for back in range(len(standing) - 1, -1, -1):
        if standing[back][0] == name:
            start = standing[back][1]
            del standing[back:]
            return start
        if not standing[back][0]:
            break
    return -1


def _unpair_ruby(pairs: dict[int, tuple[Tag, int]]) -> None:
    """`<ruby>` needs an `<rt>` within it, and an `<rt>` a `<ruby>` around it."""
    rubies = [
        (start, end)
        for start, (tag, end) in pairs.items()
        if tag.name == "ruby" and end > start
    ][:_MOST_RUBIES]  # fmt: skip
    held = {
        index
        for index, (tag, end) in pairs.items()
        if tag.name in {"rt", "rp"} and end > index
        and any(start < index and end < stop for start, stop in rubies)
    }  # fmt: skip
    whole = {s for s, e in rubies if any(s < i < e and pairs[i][0].name == "rt" for i in held)}
    for index, (tag, end) in list(pairs.items()):
        if tag.name not in {"ruby", "rt", "rp"}:
            continue
        start = min(index, end) if end >= 0 else index
        if start not in whole and start not in held:
            pairs[index] = (Tag("span", {}, tag.closes), end)
