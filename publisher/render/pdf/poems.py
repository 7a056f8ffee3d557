"""A poem on paper stands in from the margin so that its longest line is centred.

How wide that is, only the engine knows: `fitting` sees to it.
"""

from __future__ import annotations

from publisher.book.tree import Element, add_class, classes


def centre_poems(body: Element) -> None:
    """Mark every poem that has lines."""
    for poem in body.iter("div"):
        if "poem" in classes(poem) and any("line" in classes(span) for span in poem.iter("span")):
            add_class(poem, "centred")
