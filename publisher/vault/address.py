"""What a Markdown link or an HTML attribute points at: the vault, the world, or nothing we print."""

from __future__ import annotations

import re
from enum import Enum
from urllib.parse import unquote

from msgspec import Struct

from publisher.vault import wikilink
from publisher.vault.escape import legal
from publisher.vault.galley import Syntax, Target

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_OUTSIDE = frozenset({"http", "https", "mailto", "tel", "ftp", "doi", "urn", "sms", "geo"})
_HOSTED = frozenset({"http", "https", "ftp"})
_HOST = re.compile(
    r"[a-z]+://(?:[^\s/?#@]*@)?(?:[^\s/?#@:\[\]%^|<>\"\\]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:[/?#]|$)",
    re.IGNORECASE,
)
_UNSAFE_SIGN = re.compile(r"[^!#$&-;=?-Z_a-z~%\[\]]")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

IMAGE_TYPES = frozenset("png jpg jpeg jfif gif svg webp avif bmp tif tiff".split())
MEDIA_TYPES = frozenset(
    """
    mp3 wav m4a ogg oga opus 3gp flac aac aiff webm mp4 ogv mov mkv avi m4v pdf canvas base
    excalidraw zip 7z rar tar gz doc docx odt rtf xls xlsx ods csv tsv ppt pptx odp epub mobi
    txt json yaml yml xml html htm heic heif ico psd tex bib js ts py css
    """.split()
)


class Kind(Enum):
    """Where an address leads."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    REFUSED = "refused"


class Address(Struct, frozen=True):
    """A link's destination: `url` when outside (safe to print), `target` when inside."""

    kind: Kind
    url: str = ""
    target: Target | None = None


def read_address(href: str) -> Address:
    """Sorts what stands in `(…)` of a Markdown link or in an `href`."""
    href = legal(href.strip())
    if href.startswith("//"):
        href = f"https:{href}"
    scheme = _SCHEME.match(href)
    if scheme is None:
        return Address(Kind.INSIDE, target=wikilink.target(href, Syntax.MARKDOWN))
    name = scheme.group()[:-1].lower()
    if name not in _OUTSIDE or (name in _HOSTED and not _HOST.match(href)):
        # `Light: a study.md` is no scheme but the name of a note.
        if "%20" in href[: scheme.end() + 3] or href.lower().endswith(".md"):
            return Address(Kind.INSIDE, target=wikilink.target(href, Syntax.MARKDOWN))
        return Address(Kind.REFUSED, url=href)
    return Address(Kind.OUTSIDE, url=printable(href))


def printable(url: str) -> str:
    """The same address with what no URL may hold percent-encoded."""
    url = _LONE_PERCENT.sub("%25", url)
    return _UNSAFE_SIGN.sub(_encoded, url)


def _encoded(found: re.Match[str]) -> str:
    sign = found.group()
    # Letters of all scripts are legal in an IRI and read better than their bytes.
    return sign if sign.isalnum() else "".join(f"%{byte:02X}" for byte in sign.encode())


def file_path(source: str) -> str:
    """The vault path of an image's or a file's address: no fragment, no percent signs."""
    path = source.partition("#")[0]
    return legal(unquote(path)).strip()


def extension(path: str) -> str:
    """What follows the last dot of the last part, in lower case."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_image(path: str) -> bool:
    """Whether a file of this name is shown as a picture."""
    return extension(path) in IMAGE_TYPES


def is_media(path: str) -> bool:
    """Whether a file of this name is one that a book can only name."""
    return extension(path) in MEDIA_TYPES or path.lower().endswith(".excalidraw.md")


_SIZE = re.compile(r"\s*(\d{1,5})(?:\s*x\s*(\d{1,5}))?\s*\Z")


def sized(words: str) -> tuple[str, int, int]:
    """Alt text, width and height from `alt|100x50`, `100` or `alt`."""
    *rest, last = words.split("|")
    size = _SIZE.match(last)
    if size is None:
        return " ".join(words.replace("|", " ").split()), 0, 0
    alt = " ".join(" ".join(rest).split())
    return alt, int(size.group(1)), int(size.group(2) or 0)
