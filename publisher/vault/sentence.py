"""The sentence around a place in plain text, for a quotation in the glossary."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import chain, islice

# Round code and formulas in a sentence: noncharacters, which no text holds.
MARKS = {"code": ("\ufdd0", "\ufdd1"), "math": ("\ufdd2", "\ufdd3")}
_MARK = re.compile("[\ufdd0-\ufdd3]")
_MARKED = re.compile("\ufdd0[^\ufdd1]*\ufdd1|\ufdd2[^\ufdd3]*\ufdd3")
_FORMULA = re.compile("\ufdd2([^\ufdd3]*)\ufdd3")
_SIGNS = {"code": "`", "math": "$", "": ""}

# A stop, the quotes and brackets that close after it, and the blank that must follow;
# CJK stops need no blank. Runs are bounded so that hostile input stays linear.
_STOP = re.compile(r"([.!?…؟।۔]{1,8})[\"'”’»)\]\*]{0,4}\s+|[。！？｡][」』”’）]{0,4}\s*")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘«]{1,24}$")
_OPENING = "\"'“‘«([¿¡—–- "

# Words that end in a stop without ending the sentence, casefolded, without the stop.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st sr jr rev hon gen col capt lt sgt maj adm gov sen rep pres fr hr
    mme mlle mm messrs vs v cf e.g i.e eg ie viz al etc ca c ch chs p pp vol vols no nos
    n nr ed eds trans repr fig figs eq eqs sec art par para app ibid op cit loc s ss f ff
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    approx dept est inc ltd co corp bros d.h z z.b u u.a bzw vgl usw evtl bd hrsg str
    av cap págs pág núm sra srta dña
    """.split()
)

_LEAST_WORDS = 3  # around the link
# Scripts without blanks have about a word a sign.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_MOST_WORDS = 45
_MOST_CHARACTERS = 300
_LEAST_PART = 24  # characters that stay on either side
# Where a sentence that is too long may be cut: a clause begins after these.
_CLAUSE = re.compile(r"[,;:—–،；，]\s+")


def marked(text: str, kind: str) -> str:
    """Code or a formula as it stands in a sentence."""
    opens, closes = MARKS[kind]
    return f"{opens}{_MARK.sub('', text)}{closes}"


def bare(text: str) -> str:
    """The text without the marks in it."""
    return _MARK.sub("", text)


def with_formulas(text: str, change: Callable[[str], str]) -> str:
    """The text with each formula in it changed."""
    return _FORMULA.sub(lambda found: change(found[1]), text)


def spans(sentence: str) -> Iterator[tuple[str, str]]:
    """What a sentence is made of: `code`, `math` and "" with their texts.

    One that was cut may begin or end in the middle of a mark's text.
    """
    begins = {opens: kind for kind, (opens, _) in MARKS.items()}
    ends = {closes: kind for kind, (_, closes) in MARKS.items()}
    at, kind = 0, ""
    for mark in _MARK.finditer(sentence):
        if text := sentence[at : mark.start()]:
            yield kind or ends.get(mark[0], ""), text
        at, kind = mark.end(), begins.get(mark[0], "")
    if text := sentence[at:]:
        yield kind, text


def as_typed(sentence: str) -> str:
    """The sentence as Markdown has it."""
    return "".join(f"{_SIGNS[kind]}{text}{_SIGNS[kind]}" for kind, text in spans(sentence))


def sentence_starts(text: str) -> tuple[int, ...]:
    """Where each sentence of a paragraph begins; the first is 0."""
    text = _MARKED.sub(lambda found: "_" * len(found[0]), text)
    stops = (stop for stop in _STOP.finditer(text) if stop.end() < len(text))
    return (0, *(stop.end() for stop in stops if _ends(text, stop)))


def sentence_at(text: str, starts: tuple[int, ...], start: int, end: int) -> str:
    """The sentence that holds `text[start:end]`, trimmed to a readable length.

    One of hardly more than these words says how they are used only with the one before it,
    or after.
    """
    first = bisect_right(starts, start) - 1
    last = bisect_right(starts, max(start, end - 1))
    ends = (*starts[1:], len(text))
    around = chain(
        _WORD.finditer(text, starts[first], start), _WORD.finditer(text, end, ends[last - 1])
    )
    # No more are counted than tell: a page of links may be a single sentence.
    if len(tuple(islice(around, _LEAST_WORDS))) < _LEAST_WORDS:
        first, last = (first - 1, last) if first else (first, min(last + 1, len(ends)))
    head, tail = starts[first], ends[last - 1]
    return _trimmed(text[head:start], text[start:end], text[end:tail])


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Whether this stop ends a sentence, judged by the words on both sides."""
    following = text[stop.end() : stop.end() + 8].lstrip(_OPENING)[:1]
    if following.islower():
        return False
    signs = stop.group(1)
    if signs != ".":
        return True
    word = _LAST_WORD.search(text, max(0, stop.start() - 24), stop.start())
    if word is None:
        return True
    before = word.group().casefold().rstrip(".")
    if before in _ABBREVIATIONS:
        # `etc.` and `Co.` may well end a sentence; the capital that follows says so.
        return before in {"etc", "al", "co", "inc", "ltd", "usw"} and following.isupper()
    is_initial = len(before) == 1 and word.group()[0].isupper() and before != "i"
    is_ordinal = before.isdigit() and len(before) < 3 and word.start() > 0
    return not (is_initial or (is_ordinal and not following.isupper()))


def _trimmed(before: str, link: str, after: str) -> str:
    """At most some sixty words, as many before the link as after it; cuts are marked by `…`."""
    room = _MOST_CHARACTERS // 2
    # Only what can be shown is looked at.
    whole = " ".join(f"{before[-2 * room :]}{link}{after[: 2 * room]}".split())
    is_cut = max(len(before), len(after)) > 2 * room
    if not is_cut and len(whole) <= _MOST_CHARACTERS and whole.count(" ") < _MOST_WORDS:
        return whole
    left = _from_clause(_last_words(" ".join(before[-2 * room :].split()), room), before)
    right = _to_clause(_last_words(" ".join(after[: 2 * room].split())[::-1], room)[::-1], after)
    lead = "…" if len(left) < len(before.strip()) else ""
    trail = "…" if len(right) < len(after.strip()) else ""
    glue_left = " " if before[-1:].isspace() else ""
    glue_right = " " if after[:1].isspace() else ""
    words = " ".join(link[:_MOST_CHARACTERS].split())
    return f"{lead}{left}{glue_left}{words}{glue_right}{right}{trail}".strip()


def _from_clause(text: str, whole: str) -> str:
    """What was cut at its beginning, from its first clause on, if there is one."""
    cut = (
        _CLAUSE.search(text, 0, max(len(text) - _LEAST_PART, 0))
        if len(text) < len(whole.strip())
        else None
    )
    return text[cut.end() :] if cut else text


def _to_clause(text: str, whole: str) -> str:
    """What was cut at its end, up to its last clause, if there is one."""
    if len(text) >= len(whole.strip()):
        return text
    cuts = [cut.start() for cut in _CLAUSE.finditer(text, _LEAST_PART)]
    return text[: cuts[-1]] if cuts else text


def _last_words(text: str, room: int) -> str:
    """The end of a text that fits, cut at a blank where there is one."""
    if len(text) <= room:
        return text
    cut = text[len(text) - room :]
    blank = cut.find(" ")
    return cut[blank + 1 :] if 0 <= blank < room // 2 else cut
