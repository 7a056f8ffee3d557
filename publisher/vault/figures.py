"""Pictures, embedded notes and other files, each in the place where it may stand."""

from __future__ import annotations

from markdown_it.token import Token

from publisher.vault import wikilink
from publisher.vault.address import Kind, file_path, is_image, is_media, read_address, sized
from publisher.vault.escape import legal
from publisher.vault.galley import Media, Target
from publisher.vault.line import Line


def set_image(line: Line, token: Token, index: int) -> None:
    """Markdown's image: a picture, another file, or a whole note."""
    source = str(token.attrs.get("src", ""))
    title = str(token.attrs.get("title") or "")
    words = "".join(child.content or " " for child in token.children or ()) or token.content
    address = read_address(source)
    if address.kind is Kind.OUTSIDE:
        line.show_image(address.url, words, "![", index, title)
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
        line.show_image(path, words, "![", index, title)
    elif is_media(path):
        set_media(line, path, sized(words)[0], "![", index)
    elif address.target is not None:
        line.show_note(address.target, "![")


def set_embed(line: Line, token: Token, index: int) -> None:
    """`![[…]]`: the ending of the name decides what it is."""
    target: Target = token.meta["target"]
    display, raw = token.meta["display"], token.meta["raw"]
    if is_image(target.path) or wikilink.ADDRESS.match(target.path):
        line.show_image(target.path, display, raw, index)
    elif is_media(target.path):
        set_media(line, target.path, sized(display)[0], raw, index)
    else:
        line.show_note(target, raw)


def set_media(line: Line, path: str, words: str, raw: str, index: int, end: int = -1) -> None:
    """A file that a page can only name."""
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
