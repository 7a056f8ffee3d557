"""Letters: where and when, to whom, and who signs.

Only what is sure is marked; a letter without a salutation or a name stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from publisher.book.tree import (
    Element,
    add_class,
    classes,
    lines_of,
    lines_said,
    put_lines,
    words_of,
)
from publisher.names import slug
from publisher.wording import languages, wording

HEAD: Final = 6  # blocks that a salutation stands among
FOOT: Final = 12  # blocks from the end that a closing stands among
SHORT: Final = 60  # letters; a longer line is part of the text
FEW_LINES: Final = 6
NAME_LINES: Final = 3
_SALUTATIONS: Final = (
    "dear|dearest|my dear|my dearest|my own|sir|sirs|dear sir|madam|gentlemen|ladies|hello|hi"
    "|to whom|lieber|liebe|liebes|liebste|liebster|mein lieber|meine liebe|sehr geehrte|geehrte"
    "|geehrter|verehrte|verehrter|hallo|guten tag|cher|chère|chers|chères|mon cher|ma chère"
    "|monsieur|madame|bonjour|querido|querida|queridos|queridas|estimado|estimada|hola|caro|cara"
    "|cari|care|carissimo|carissima|mio caro|mia cara|gentile|egregio|beste|lieve|geachte|mijn lieve"
    "|prezado|prezada|meu caro|minha cara|olá"
)
_CLOSINGS: Final = (
    "yours|your|sincerely|respectfully|faithfully|truly|cordially|affectionately|gratefully|love"
    "|with love|much love|all my love|best wishes|best regards|kind regards|warm regards|regards"
    "|with best|with kind|with warm|i have the honour|i have the honor|i remain|i am, sir"
    r"|believe me|ever yours|as ever|in haste|mit freundlich\w*|mit herzlich\w*|mit besten"
    r"|mit lieben|mit vorzüglich\w*|hochachtungsvoll|herzlich|herzliche grüße|liebe grüße|viele grüße|beste grüße"
    "|dein|deine|dein alter|ihr|ihre|euer|eure|cordialement|bien à|amicalement|affectueusement"
    "|avec mes|avec toute|je vous prie|veuillez|votre|ton|ta|sincèrement|atentamente|un abrazo"
    "|un saludo|saludos|con cariño|tuyo|tuya|suyo|suya|cordiali saluti|distinti saluti"
    "|un abbraccio|con affetto|con stima|tuo|tua|met vriendelijke|met hartelijke|hartelijke groet"
    "|hoogachtend|groeten|liefs|je|jouw|um abraço|com carinho|atenciosamente|cumprimentos|teu|seu"
)
_SALUTE: Final = re.compile(rf"(?:{_SALUTATIONS})\b", re.IGNORECASE)
_CLOSE: Final = re.compile(rf"(?:{_CLOSINGS})\b", re.IGNORECASE)
_POSTSCRIPT: Final = re.compile(r"(?:P\. ?){1,3}S\b|P{1,3}S\b|P\. ?D\.|N\. ?B\.|Nachschrift\b")
_YEAR: Final = re.compile(r"\b(?:1\d|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_MONTH: Final = re.compile(
    r"\b(?:" + "|".join(sorted({m for tag in languages() for m in wording(tag).months})) + r")\b",
    re.IGNORECASE,
)


def set_letter(body: Element, authors: Sequence[str] = ()) -> None:
    """Name the parts of a letter that are certain."""
    blocks = list(body)
    opened = _set_head(blocks[:HEAD])
    _set_foot(blocks[opened:], authors)


def _set_head(blocks: Sequence[Element]) -> int:
    """Date and address before the salutation; where the text begins."""
    found: list[tuple[Element, str]] = []
    for number, block in enumerate(blocks):
        lines = [] if _is_note(block) else _short_lines(block)
        if _is_salutation(lines, block, dated=bool(found)):
            for element, kind in found:
                add_class(element, kind)
            add_class(block, "salutation")
            return number + 1
        if not lines:
            if block.tag == "p" and not _is_note(block):
                break
        elif _is_dated(lines) and all(kind != "letter-dateline" for _, kind in found):
            found.append((block, "letter-dateline"))
        else:
            found.append((block, "letter-address"))
    if found and found[0][1] == "letter-dateline" and found[0][0] is blocks[0]:
        add_class(found[0][0], "letter-dateline")
        return 1
    return 0


def _short_lines(block: Element) -> list[str]:
    """The lines of a paragraph that has a few short ones, else none."""
    if block.tag != "p" or classes(block):
        return []
    # What stands before the first element is all of a line, or of less: most end here.
    if len(" ".join((block.text or "").split())) > SHORT:
        return []
    lines = lines_said(block)
    fits = len(lines) <= FEW_LINES and all(len(line) <= SHORT for line in lines)
    return lines if fits else []


def _is_note(block: Element) -> bool:
    """An editor's word above the letter, in italics."""
    return len(block) == 1 and block[0].tag in ("em", "i") and not (block.text or "").strip()


def _is_salutation(lines: list[str], block: Element, *, dated: bool) -> bool:
    """A line that ends as salutations do; without a date above it, a brief or a usual one."""
    if len(lines) != 1 or block.getnext() is None:
        return False
    line = lines[0]
    if line.endswith(","):
        return dated or bool(_SALUTE.match(line)) or len(line.split()) <= 4
    return bool(_SALUTE.match(line)) and not line.endswith((".", "?", ";"))


def _is_dated(lines: list[str]) -> bool:
    if any(line.endswith(".") and len(line.split()) > 6 for line in lines):
        return False
    return any(
        _YEAR.search(line) or (_MONTH.search(line) and any(map(str.isdigit, line)))
        for line in (lines[0], lines[-1])
    )


def _set_foot(blocks: Sequence[Element], authors: Sequence[str]) -> None:
    last = _set_closing(blocks[-FOOT:], authors)
    for block in blocks[-FOOT:][last + 1 :] if last >= 0 else ():
        if block.tag == "p" and not classes(block) and _POSTSCRIPT.match(words_of(block)):
            add_class(block, "postscript")


def _set_closing(blocks: Sequence[Element], authors: Sequence[str]) -> int:
    """Marks the closing and the signature; the place of the last of them, or -1."""
    for at in range(len(blocks) - 1, -1, -1):
        lines = _short_lines(blocks[at])
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if lines and _is_closing(lines, following):
            return at + _close(blocks[at], lines, following)
    for at in range(len(blocks) - 1, -1, -1):
        lines = _short_lines(blocks[at])
        if lines and len(lines) <= NAME_LINES and _is_name(lines[0], authors):
            add_class(blocks[at], "signature")
            return at
    return -1


def _is_closing(lines: list[str], following: Element | None) -> bool:
    """A formula, and a sign that it closes: a comma, a name below it, or the letter's end."""
    if not _CLOSE.match(lines[0]) or lines[0].endswith((".", "?", "!")):
        return False
    if len(lines) > 1 or lines[0].endswith(",") or following is None:
        return True
    return following.tag != "p" or len(_short_lines(following)) in range(1, NAME_LINES + 1)


def _close(block: Element, lines: list[str], following: Element | None) -> int:
    """The closing's own lines end with commas; 1 where the signature stands below it."""
    own = max((n for n, line in enumerate(lines, 1) if line.endswith(",")), default=1)
    rows = lines_of(block)
    whole = len(rows) == len(lines)  # else a line without words is among them
    for number, row in enumerate(rows, 1):
        row.set("class", "row signature" if whole and number > own else "row")
    put_lines(block, rows)
    add_class(block, "closing")
    if own < len(lines) or following is None:
        return 0
    name = _short_lines(following)
    if not name or len(name) > NAME_LINES or _POSTSCRIPT.match(name[0]):
        return 0
    if name[0].endswith((",", ":", ";", "?")):
        return 0
    add_class(following, "signature")
    return 1


def _is_name(line: str, authors: Sequence[str]) -> bool:
    """An author's name, or a part of it, alone on its line; or any behind a dash."""
    bare = line.lstrip("—–- ")
    if line[0] in "—–" and len(bare.split()) <= 4 and not bare.endswith((".", "?", "!", ",")):
        return True
    said = slug(bare.rstrip("."))
    known = {slug(part) for name in authors for part in (name, *name.split())}
    return bool(said) and said in known
