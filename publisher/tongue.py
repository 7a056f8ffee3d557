"""The language a text is written in, where its author does not say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Fewer words than this say too little.
_LEAST_WORDS = 30
_SAMPLE = 6_000
_TAGS = re.compile(r"<(?:pre|code|math)\b.*?</(?:pre|code|math)>|<[^>]*>|&\w+;", re.DOTALL)
_SCRIPTS = {
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "CYRILLIC": "ru",
}
# Each language's commonest small words; a text is in the one that most of them come from.
_SMALL_WORDS = {
    "en": "the of and to in is that it was for as with be by on not he his but are this from at or",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es",
    "fr": "le la les de des et à en un une du que est pour qui dans par plus pas sur ne se au ce il",
    "es": "el la los las de y que en un una es por con no para su al lo como más pero sus le ya o se",
    "it": "il la di e che un una in per non è con del si da le i della nel dei al più ma gli alla ha",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als maar bij was door",
    "pt": "o a os as de e que do da em um uma para com não por no na se mais dos como foi ao das é",
    "sv": "och i att det som en på är av för med den till inte om ett har de jag var från men vi så",
    "da": "og i at det er en til på af for med der den ikke som de har et var fra men han vi om sig",
    "nb": "og i det er på som en til av for at med ikke den har de et var jeg om fra men han vi så",
    "fi": "ja on ei se että oli hän en mutta ovat kun niin myös tai joka ole olla sen siitä jos kuin",
    "pl": "i w na z się nie do to że jest o jak po co za od ale tak przez jego dla był czy ten być",
    "cs": "a v se na je že to z s do o i jako za by pro ale si jsem k po byl jeho tak nebo není když",
    "la": "et in est non ad cum ut quod qui sed ex si de quae ab aut esse atque nec per enim quam hoc",
}
_BY_WORD: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _BY_WORD.setdefault(_word, []).append(_language)


_POINTING = frozenset(
    """he she it they him her them his its their this that these those here there one another
    see who whom which what i me my we us our you your thing things er sie ihn ihm ihr ihnen hier
    dort dies il elle ils elles lui leur leurs ici cela él ella ellos aquí esto lei loro qui""".split()
)


# With none of these does a sentence end.
_LEADING = frozenset(
    """a an the of at to for from with by into onto between among during against as and or nor but
    is are was were be been am than via including called named like about in on under
    der die das den dem des ein eine einen einem einer im am auf für von vom zum zur bei nach über
    unter zwischen und oder aber ist sind war waren wie als durch gegen ohne
    le la les un une des du de à au aux en dans sur sous pour par avec sans chez vers entre et ou
    mais est sont était comme el los las una unos unas del al con por para sin sobre y pero es son
    era como hasta desde il lo gli uno di della dei nel nella alla per da dal sul tra fra ma è sono
    come o os as um uma do da dos das em no na nos nas com sem são het een van op te aan met voor
    door bij uit naar onder tussen maar zijn""".split()
)


def goes_on(text: str) -> bool:
    """Whether the sentence wants more words: “we met in”, but not “we met”."""
    last = text.rstrip().rpartition(" ")[2]
    return last.casefold() in _LEADING and not last.isupper()


def is_name(words: str) -> bool:
    """Words that name something, not only point at it: “the party”, but not “her” or “here”."""
    found = re.findall(r"[^\W_]+", words.casefold())
    return 0 < len(found) <= 6 and any(
        word not in _POINTING and word not in _BY_WORD for word in found
    )


def guess(text: str) -> str:
    """A text's language tag by its script, then by its small words; tags are passed over.

    "" where it is too short or too mixed to tell.
    """
    text = _TAGS.sub(" ", text[: 2 * _SAMPLE])[:_SAMPLE].casefold()
    script = _by_script(text)
    return script if script != "latin" else _by_words(text)


def _by_script(text: str) -> str:
    letters = Counter(filter(str.isalpha, text[:1_500]))
    total = letters.total()
    if total < _LEAST_WORDS:
        return ""
    scripts: Counter[str] = Counter()
    for char, met in letters.items():
        scripts[unicodedata.name(char, "").partition(" ")[0]] += met
    script, number = scripts.most_common(1)[0]
    if script == "CJK" and scripts["HIRAGANA"] + scripts["KATAKANA"] > number / 20:
        return "ja"
    if script == "LATIN":
        return "latin"
    if script == "CYRILLIC" and any(char in "іїєґ" for char in letters):
        return "uk"
    return _SCRIPTS.get(script, "") if number * 2 > total else ""


def _by_words(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < _LEAST_WORDS:
        return ""
    hits: Counter[str] = Counter()
    for word, met in Counter(words).items():
        for language in _BY_WORD.get(word, ()):
            hits[language] += met
    ranked = [*hits.most_common(2), ("", 0), ("", 0)]
    (best, most), (_, next_most) = ranked[:2]
    clear = most >= len(words) * 0.12 and most > next_most * 1.25
    return best if clear else ""
