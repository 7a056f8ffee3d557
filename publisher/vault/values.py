"""Property values before they have a type: texts whose links still stand in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from publisher.vault.escape import legal
from publisher.vault.keys import LISTS, canonical
from publisher.vault.people import link_parts

_T = TypeVar("_T")
Named = tuple[str, str]  # a person's name and the note linked

_WIKI = re.compile(r"!?\[\[([^\[\]|]*)(?:\\?\|([^\[\]]*))?\]\]")
_MARKDOWN = re.compile(r"!?\[([^\[\]]*)\]\(<?([^()<>\s]*(?:\([^()<>\s]*\)[^()<>\s]*)*)>?\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+", re.IGNORECASE)
_SAFE = re.compile(r"(?:https?|ftp|mailto):\S+", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)
_POINTING = frozenset("here link source url website web hier ici aquí qui aqui online".split())
_RELATED = frozenset({"link", "links"})
_BLANK = re.compile(r"<%(?:(?!%>).)*%>|\{\{[^{}]*\}\}", re.DOTALL)
_LONGEST_BLANK = 500
_DEEPEST = 5
_LONGEST = 4000


def texts(value: object, key: str = "") -> tuple[str, ...]:
    """A front matter value as texts: each item of a list is one, also of a typed list."""
    if value is None:
        return ()
    if canonical(key) == "authors":
        value = [_named(item) for item in value] if isinstance(value, list) else _named(value)
    if isinstance(value, list):
        if (link := _bare_link(value)) is not None:
            return (link,)
        return tuple(_line(item, 1) for item in value if item is not None)
    text = _line(value, 0)
    if canonical(key) == "tags" and ("#" in text or "," not in text):
        return tuple(text.split())
    return tuple(_parted(text)) if canonical(key) in LISTS else (text,)


def _named(value: object) -> object:
    """A person given as `name: …`, or as `given: …` and `family: …`."""
    if not isinstance(value, dict):
        return value
    whole = value.get("name") or value.get("literal")
    parts = [value.get(key) for key in ("given", "first", "family", "last")]
    return whole or " ".join(part for part in parts if isinstance(part, str)) or value


def _bare_link(value: list[object]) -> str | None:
    """`[[Note]]` without quotes is a list in a list to YAML."""
    if len(value) == 1 and isinstance(value[0], list):
        inner = value[0]
        if inner and all(isinstance(part, str) for part in inner):
            return f"[[{', '.join(map(str, inner))}]]"
    return None


def _line(value: object, depth: int) -> str:
    if depth > _DEEPEST:
        return "…"
    if value is None:
        return ""
    if isinstance(value, list):
        out = _bare_link(value) or ", ".join(_bounded(value, depth))
    elif isinstance(value, dict):
        pairs = _bounded(value.values(), depth)
        out = "; ".join(f"{key}: {part}" for key, part in zip(value, pairs, strict=False))
    elif isinstance(value, bool):
        out = "true" if value else "false"
    else:
        out = str(value)
    return bounded(out)


def bounded(text: str) -> str:
    """A text of a length and of characters that do no harm."""
    text = legal(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _bounded(parts: object, depth: int) -> Iterator[str]:
    length = 0
    for part in parts:  # type: ignore[attr-defined]
        if length > _LONGEST:
            yield "…"
            return
        line = _line(part, depth + 1)
        length += len(line)
        yield line


def marked_up(text: str, links: Sequence[tuple[str, str, str]]) -> str:
    """A field's text with its links (words, target, url) put back into brackets."""
    out, rest = "", text
    for words, target, url in links:
        link = f"[{words}]({url})" if url else f"[[{target}|{words}]]" if target else words
        before, found, after = rest.partition(words) if words else (rest, "", "")
        out, rest = (out + before + link, after) if found else (f"{out}{rest} {link}", "")
    return (out + rest).strip()


def plain(text: str) -> str:
    """The text as read: links are their words, blanks single."""
    without = _WIKI.sub(lambda m: link_parts(m)[0], text)
    without = _MARKDOWN.sub(lambda m: m[1] or m[2], without)
    return " ".join(without.split())


def pointed(text: str) -> str:
    """The text with the address of a link that says no more than “here”."""
    return _MARKDOWN.sub(lambda m: m[2] if m[1].strip().casefold() in _POINTING else m[0], text)


def words(given: tuple[str, ...]) -> tuple[str, ...] | None:
    """The items as read, each once."""
    out = dict.fromkeys(word for word in (plain(piece) for piece in given) if word)
    return tuple(out) or None


def _parted(text: str) -> list[str]:
    links: list[str] = []

    def stash(found: re.Match[str]) -> str:
        links.append(found[0])
        return f"\ue000{len(links) - 1}\ue000"

    hidden = _WIKI.sub(stash, text.replace("\ue000", ""))
    return [
        re.sub("\ue000(\\d+)\ue000", lambda m: links[int(m[1])], piece)
        for piece in re.split(r"[,;\n]", hidden)
    ]


def tags(given: tuple[str, ...]) -> tuple[str, ...] | None:
    """Tags without `#`, each once."""
    out = dict.fromkeys(plain(text).strip(" ,;/").lstrip("#").strip() for text in given)
    return tuple(tag for tag in out if tag) or None


def sources(text: str) -> Iterator[tuple[str, str]]:
    """(words, address) of each source; several links in one text are several sources."""
    text = _DOI.sub(r"https://doi.org/\1", text)
    text = _WIKI.sub(lambda m: link_parts(m)[0], text)
    found = list(_MARKDOWN.finditer(text))
    if not found:
        yield from _bare_source(text)
        return
    start = 0
    for number, link in enumerate(found, start=1):
        # The last one takes the words behind it, too.
        end = len(text) if number == len(found) else link.end()
        words_around = f"{text[start : link.start()]}{link[1]}{text[link.end() : end]}"
        url = link[2] if _SAFE.fullmatch(link[2]) else ""
        if pair := _source(words_around, url):
            yield pair
        start = link.end()


def is_related(key: str, text: str) -> bool:
    """Whether `links: [[A]], [[B]]` names other notes to see, and no source."""
    targets = [found[1] for found in _WIKI.finditer(text)]
    if key.strip().casefold() not in _RELATED or not targets or any("://" in t for t in targets):
        return False
    return not any(sign.isalnum() for sign in _WIKI.sub("", text))


def _bare_source(text: str) -> Iterator[tuple[str, str]]:
    found = _ADDRESS.search(text)
    if found is None:
        if pair := _source(text, ""):
            yield pair
        return
    url = found[0].rstrip(".,;:!?)")
    address = f"https://{url}" if url.casefold().startswith("www.") else url
    rest = text[: found.start()] + text[found.start() + len(url) :]
    if _ADDRESS.search(rest) and (pieces := re.split(r"[\s,;]+", text)):
        for piece in pieces if all(map(_ADDRESS.match, filter(None, pieces))) else ():
            yield from _bare_source(piece)
        if all(map(_ADDRESS.match, filter(None, pieces))):
            return
    if pair := _source(rest, address):
        yield pair


def _source(around: str, url: str) -> tuple[str, str] | None:
    said = " ".join(around.split()).strip(" ,;:<>()[]–—-|")
    pointing = said.casefold() in _POINTING | {"and", "und", "&"}
    if url and (pointing or _address(said) == _address(url)):
        said = ""
    return (said, url) if said or url else None


def same_sources(ours: Iterable[Named], theirs: Iterable[Named]) -> bool:
    """Whether each of their sources is one of ours, by its address or by its words."""
    known = list(ours)
    return all(any(_is_same_source(our, their) for our in known) for their in theirs)


def _is_same_source(our: Named, their: Named) -> bool:
    if our[1] and their[1]:
        return _address(our[1]) == _address(their[1])
    return bool(our[0]) and folded(our[0]) == folded(their[0])


def _address(url: str) -> str:
    plain = re.sub(r"^https?://(?:www\.)?", "", url.strip(), flags=re.IGNORECASE)
    return plain.rstrip("/").casefold()


def whole_sources(found: Iterable[Named]) -> Iterator[Named]:
    """Each source once: words or an address alone are part of what has both."""
    pairs = list(found)
    addresses = {_address(url) for words, url in pairs if words and url}
    said = {folded(words) for words, url in pairs if words and url}
    for words, url in pairs:
        if (words or _address(url) not in addresses) and (url or folded(words) not in said):
            yield words, url


def with_targets(
    chosen: list[Named],
    others: list[Named],
    compatible: Callable[[list[Named], list[Named]], bool],
) -> list[Named]:
    """The chosen people, with the notes the others link where they link none."""
    out = []
    for person in chosen:
        linked = (o for o in others if o[1] and compatible([person], [o]))
        match = None if person[1] else next(linked, None)
        out.append((person[0], match[1]) if match else person)
    return out


def first(read: Callable[[str], _T | None]) -> Callable[[tuple[str, ...]], _T | None]:
    """Read a property of a single value from its first text."""
    return lambda texts: read(plain(texts[0])) if texts else None


def joined(texts: tuple[str, ...]) -> str | None:
    """All texts in one, as read."""
    return ", ".join(plain(text) for text in texts) or None


def is_unfilled(text: str) -> bool:
    """Whether a text is only a template's blank that nothing was put into: `<% … %>`, `{{…}}`."""
    if len(text) > _LONGEST_BLANK:
        return False
    rest, blanks = _BLANK.subn("", text)
    return blanks > 0 and not any(sign.isalnum() for sign in rest)


def title(texts: tuple[str, ...]) -> str | None:
    """All texts in one, unless a template wrote them."""
    said = joined(texts)
    return None if said is None or is_unfilled(said) else said


def folded(value: object) -> str:
    """How values are compared."""
    words = " ".join(value) if isinstance(value, tuple) else str(value)
    return " ".join(words.casefold().split())


def number(text: str) -> float | None:
    """A number to sort by."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def direction(text: str) -> str:
    """`ltr` or `rtl`, or nothing."""
    said = text.casefold()
    return said if said in ("ltr", "rtl") else ""
