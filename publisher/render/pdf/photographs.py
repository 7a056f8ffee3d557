"""Pictures of far more pixels than paper shows, made smaller as they are painted.

WeasyPrint's `dpi` does that to every picture that has a dot more, and saves photographs at
quality 75 with a quarter of their colours: softer than most were, for nothing.
"""

from __future__ import annotations

import io
from contextlib import suppress
from copy import copy
from typing import Any

from PIL import Image
from weasyprint.images import RasterImage

WORTH = 2 / 3  # of the pixels in a line: from 450 dots per inch where 300 are wanted
QUALITY = 92

_get_x_object = RasterImage.get_x_object


def get_x_object(picture: Any, interpolate: bool, share: float) -> Any:
    """The picture as an object of the PDF, with this share of its pixels in a line."""
    if share <= WORTH:
        size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
        with suppress(OSError, ValueError):  # a kind of pixels that cannot be averaged
            picture = _reduced(picture, size)
    return _get_x_object(picture, interpolate, 1)


def _reduced(picture: Any, size: tuple[int, int]) -> Any:
    smaller, out = copy(picture), io.BytesIO()
    with Image.open(io.BytesIO(picture.image_data.data)) as image:
        kind = image.format
        image.thumbnail(size, Image.Resampling.LANCZOS)
        if kind == "PNG":
            image.save(out, kind)
        else:
            image.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
        smaller.width, smaller.height = image.size
    slot = f"{smaller.width}x{smaller.height}"
    smaller.image_data = picture.cache_image_data(out.getvalue(), slot=slot)
    return smaller


def mend() -> None:
    """Put it in place."""
    RasterImage.get_x_object = get_x_object


LEANED_ON = (_get_x_object, RasterImage.draw, RasterImage.cache_image_data)
