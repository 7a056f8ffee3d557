"""A line that says what a picture shows stands with it, as its caption.

Notes have no mark for a caption. Authors write it below the picture: a paragraph all in italics, or
one that begins with the word for a picture and its number.
"""

from __future__ import annotations

import re

LONGEST = 400  # letters, tags among them; what is longer is a text of its own
NUMBERED = (
    "abb afb abbildung afbeelding bild dessin fig figuur figura figure foto ill illustration"
    " illustratie ilustración immagine lámina photo photograph planche plate tafel tavola"
)
_NUMBERED = rf"(?:{'|'.join(NUMBERED.split())})\.?\s?(?:\d+|[ivxlc]+\b)[.:–—]\s"
_BELOW = re.compile(
    r'(<figure class="image"><img\b[^<>]*/>)</figure>\s*'
    rf"<p>(?:<em>((?:(?!</?(?:em|p)\b).){{1,{LONGEST}}})</em>"
    rf"|((?i:{_NUMBERED})(?:(?!</?p\b).){{1,{LONGEST}}}))</p>",
    re.DOTALL,
)


def with_captions(xhtml: str) -> str:
    """The text with captions in their figures; a figure that has one keeps it alone."""
    if "<figure" not in xhtml:
        return xhtml
    return _BELOW.sub(lambda m: f"{m[1]}<figcaption>{m[2] or m[3]}</figcaption></figure>", xhtml)
