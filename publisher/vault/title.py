"""The heading that is a note's title, and no section's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from publisher.vault.escape import legal
from publisher.vault.keys import HINTS
from publisher.vault.slips import without_number
from publisher.vault.stick import Stick
from publisher.vault.values import is_unfilled

_WORDY = frozenset({"fence", "code_block", "math_block", "math_block_label", "html_block"})
_PICTURES = frozenset({"image", "embed"})
# Below so many words, and most of the note, an H1 is no title: “Sources” under an essay.
_MOST_ABOVE = 100


def called(title: str, name: str) -> str:
    """A title that is the file's name, without the number that a slip box puts before it."""
    return without_number(title) if _key(title) == _key(name) else title


def take_title(
    tokens: list[Token], given: str, name: str, stick: Stick
) -> tuple[str, list[Token], Token | None]:
    """The title where it is known, the tokens without the H1 that says it, and that H1.

    `given` is the `title` property, `name` the file's name. An H1 that is a template's blank
    says nothing, and goes with a word to its author.
    """
    title, name = legal(" ".join(given.split())), " ".join(name.split())
    at = _first_heading(tokens)
    if at < 0:
        return title or name, tokens, None
    inline = tokens[at + 1]
    if not _says(inline) and any(c.type in _PICTURES for c in inline.children or ()):
        # A picture gives no title, and must not be lost as one.
        return title or name, tokens, None
    if is_unfilled(inline.content) and _is_title(tokens, at):
        message = f"“{legal(inline.content)[:60]}” is a template's, and no title that can be read"
        stick.report(
            "title-unfilled", message, stick.position(tokens[at].map), hint=HINTS["title-unfilled"]
        )
        return title or name, tokens[:at] + tokens[at + 3 :], None
    repeats = _key(_source_text(inline)) in {_key(title), _key(name)} - {""}
    if not repeats and (title or not _is_title(tokens, at)):
        return title or name, tokens, None
    # The heading goes; what links to its block still has to find the note.
    inline.meta["block_ids"] = tokens[at].meta.get("block_ids", [])
    return title, tokens[:at] + tokens[at + 3 :], inline


def behind_title(tokens: Sequence[Token]) -> int:
    """The place behind the H1 that is the title, or 0."""
    at = _first_heading(tokens)
    return at + 3 if at >= 0 and _is_title(tokens, at) else 0


def _first_heading(tokens: Sequence[Token]) -> int:
    places = (n for n, t in enumerate(tokens) if t.type == "heading_open" and not t.level)
    return next(places, -1)


def _is_title(tokens: Sequence[Token], at: int) -> bool:
    """Whether the first heading, at `at`, is the title: an H1 that opens the note, or the only one.

    Were it a section's among others, words above it would come to stand under it.
    """
    if tokens[at].tag != "h1":
        return False
    if not any(map(_says, tokens[:at])):
        return True
    if any(t.tag == "h1" and t.type == "heading_open" and not t.level for t in tokens[at + 1 :]):
        return False
    above, below = _words(tokens[:at]), _words(tokens[at + 3 :])
    return above <= _MOST_ABOVE or above <= below


def _words(tokens: Sequence[Token]) -> int:
    return sum(len(token.content.split()) for token in tokens)


def _says(token: Token) -> bool:
    """Whether words stand here: pictures and tags above a title are none."""
    if token.type in _WORDY:
        return True
    return any(
        child.content.strip() and child.type not in _PICTURES | {"tag"}
        for child in token.children or ()
    )


def _source_text(inline: Token) -> str:
    return "".join(child.content or " " for child in inline.children or () if child.nesting == 0)


def _key(text: str) -> str:
    """Titles are the same without regard to case, punctuation and blanks."""
    return re.sub(r"[\W_]+", "", text.casefold())
