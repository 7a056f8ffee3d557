"""Pictures of the network whose words say nothing where the picture is not seen."""

from __future__ import annotations

import re

from publisher.vault.galley import Image

# As importers and clippers name every picture, perhaps with its number or its day.
_NAMES = re.compile(
    r"(?:(?:rw[ _-]?)?(?:book[ _-]?)?cover(?:[ _-]?(?:image|img|art))?|pasted image|screenshot"
    r"|thumbnail|thumb|image|img|picture|pic|photo|bild|foto|titelbild|couverture|portada"
    r"|copertina|omslag|capa|imagen|immagine|imagem|afbeelding)[\d .:_-]*",
    re.IGNORECASE,
)
_FILE = re.compile(r".{1,120}\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?|heic)", re.IGNORECASE)


def is_unseen(image: Image) -> bool:
    """Whether nothing of a picture is printed: it stands alone, elsewhere, without a word on it."""
    if not image.alone or image.title or "://" not in image.source:
        return False
    return any(pattern.fullmatch(image.alt.strip()) for pattern in (_NAMES, _FILE))
