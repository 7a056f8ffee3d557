"""Images and other files as they stand on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from msgspec import Struct

from publisher.anthology.catalogue import Catalogue
from publisher.book.model import BookAsset
from publisher.names import Anchors, slug
from publisher.problem import Problem, Severity
from publisher.vault.galley import Image, Media
from publisher.vault.note import Note
from publisher.vault.picture import Picture
from publisher.vault.unseen import is_unseen
from publisher.wording import Wording

_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "image/webp": "webp",
}


class Plate(Struct, frozen=True):
    """An image fit to print: how the book names it, and its size in CSS pixels."""

    asset: BookAsset
    width: int
    height: int


def plates(pictures: Iterable[tuple[Picture, str]]) -> dict[str, Plate]:
    """Vault path to plate, for (picture, its media type in the book), in order."""
    names = Anchors()
    found: dict[str, Plate] = {}
    for picture, media_type in pictures:
        stem = picture.path.rpartition("/")[2].rpartition(".")[0]
        name = f"images/{names.unique(slug(stem))}.{_ENDINGS[media_type]}"
        asset = BookAsset(name, picture.path, media_type)
        found[picture.path] = Plate(asset, picture.width, picture.height)
    return found


def images_of(note: Note) -> Iterator[Image]:
    """The images that a note shows, as typed; not those of the network."""
    for part in (note.heading, note.body.chunks, *note.body.footnotes):
        for chunk in part:
            if isinstance(chunk, Image) and "://" not in chunk.source:
                yield chunk


class PictureDesk(Struct, frozen=True):
    """Finds images in the vault and writes their markup."""

    catalogue: Catalogue
    plates: Mapping[str, Plate]
    spoilt: Mapping[str, Problem]
    words: Wording

    def place(self, image: Image, source: str) -> tuple[str, BookAsset | None, Problem | None]:
        """The markup of an image typed in `source`, what it shows, what is wrong with it."""
        if "://" in image.source:
            return _remote(image), None, _not_fetched(image)
        asset = self.catalogue.find_asset(image.source, source)
        plate = self.plates.get(asset.path) if asset else None
        if plate is None:
            spoilt = self.spoilt.get(asset.path) if asset else None
            words = escape(image.alt or image.source.rpartition("/")[2])
            markup = f'<span class="missing">{words}</span>'
            markup = f'<p class="missing-image">{markup}</p>' if image.alone else markup
            return markup, None, spoilt or _missing(image)
        return _shown(image, plate), plate.asset, None


def _shown(image: Image, plate: Plate) -> str:
    width, height = _size(image, plate)
    stem = plate.asset.path.rpartition("/")[2].rpartition(".")[0]
    # A file's name is better than silence, but no description: the class tells them apart.
    alt = image.alt or stem.replace("-", " ").replace("_", " ")
    kind = "" if image.alt else ' class="unnamed"'
    size = f' width="{width}" height="{height}"' if width and height else ""
    said = f' title="{escape(image.title)}"' if image.title and not image.alone else ""
    tag = f'<img{kind} src="{escape(plate.asset.name)}" alt="{escape(alt)}"{said}{size}/>'
    if not image.alone:
        return tag
    caption = f"<figcaption>{escape(image.title, quote=False)}</figcaption>" if image.title else ""
    return f'<figure class="image">{tag}{caption}</figure>'


def _size(image: Image, plate: Plate) -> tuple[int, int]:
    if image.width and image.height:
        return image.width, image.height
    if image.width and plate.width:
        return image.width, max(1, round(image.width * plate.height / plate.width))
    return plate.width, plate.height


def _remote(image: Image) -> str:
    if is_unseen(image):
        return ""
    words = escape(image.alt or image.source)
    link = f'<a class="external" href="{escape(image.source)}">{words}</a>'
    return f'<p class="remote-image">{link}</p>' if image.alone else link


def media_line(media: Media, words: str) -> str:
    """A line that names a file which a page can't hold."""
    name = escape(media.text or media.source.rpartition("/")[2])
    line = f'<span class="media">{escape(words)} {name}</span>'.replace("> ", ">")
    return f'<p class="media-line">{line}</p>' if media.alone else line


def _missing(image: Image) -> Problem:
    return Problem(
        code="image-missing",
        message=f"“{image.source}” is not in this vault",
        at=image.at,
        hint="its name stands in its place",
    )


def _not_fetched(image: Image) -> Problem:
    stands = "nothing stands" if is_unseen(image) else "a link stands"
    return Problem(
        code="image-remote",
        message=f"“{image.source}” is on the network, which is never asked",
        at=image.at,
        severity=Severity.NOTE,
        hint=f"{stands} in its place; save the image in the vault to print it",
    )
