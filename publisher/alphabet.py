"""The order of letters: which alphabet puts which where, and which words do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from pyuca import Collator

SortKey = tuple[int, tuple[int, ...], str]

# "z å ä ö": after z come å, ä and ö as letters of their own.
_TAILORINGS = {
    "sv": "z å ä ö",
    "fi": "z å ä ö",
    "da": "z æ ø å",
    "nb": "z æ ø å",
    "nn": "z æ ø å",
    "no": "z æ ø å",
    "is": "a á, d ð, e é, i í, o ó, u ú, y ý, z þ æ ö",
    "fo": "a á, d ð, i í, o ó, u ú, y ý, z æ ø",
    "es": "n ñ",
    "gl": "n ñ",
    "eu": "n ñ",
    "et": "s š z ž, w õ ä ö ü",
    "pl": "a ą, c ć, e ę, l ł, n ń, o ó, s ś, z ź ż",
    "cs": "c č, h ch, r ř, s š, z ž",
    "sk": "a ä, c č, h ch, o ô, s š, z ž",
    "hr": "c č ć, d dž đ, l lj, n nj, s š, z ž",
    "bs": "c č ć, d dž đ, l lj, n nj, s š, z ž",
    "sl": "c č ć, d đ, s š, z ž",
    "hu": "c cs, d dz dzs, g gy, l ly, n ny, o ö, s sz, t ty, u ü, z zs",
    "ro": "a ă â, i î, s ș ş, t ț ţ",
    "tr": "c ç, g ğ, h ı, o ö, s ş, u ü",
    "az": "c ç, e ə, g ğ, h x ı, k q, o ö, s ş, u ü",
    "lv": "c č, g ģ, k ķ, l ļ, n ņ, s š, z ž",
    "lt": "c č, i y, s š, z ž",
    "sq": "c ç, d dh, e ë, g gj, l ll, n nj, r rr, s sh, t th, x xh, z zh",
    "cy": "c ch, d dd, f ff, g ng, l ll, p ph, r rh, t th",
    "eo": "c ĉ, g ĝ, h ĥ, j ĵ, s ŝ, u ŭ",
    "mt": "c ċ, g ġ, h ħ, z ż",
    "uk": "г ґ",
}
_ARTICLES = {
    "en": "the a an",
    "de": "der die das den dem des ein eine einen einem einer eines",
    "fr": "le la les un une l’ des",
    "es": "el la los las un una unos unas lo",
    "it": "il lo la i gli le un uno una l’ un’ gl’",
    "pt": "o a os as um uma uns umas",
    "nl": "de het een ’t ’n",
    "ca": "el la els les un una l’",
    "gl": "o a os as un unha",
    "sv": "en ett den det de",
    "da": "en et den det de",
    "nb": "en ei et den det de",
    "ro": "un o",
    "hu": "a az egy",
    "el": "ο η το οι τα ένας μια ένα",
    "eo": "la",
    "ga": "an na",
    "ar": "ال",
    "he": "",
}
_BARRED = str.maketrans("øłđħŧıßæœþðə", "olđhtisaoþðə")
_HANGUL = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
_KANA_ROWS = "あいうえお かきくけこ さしすせそ たちつてと なにぬねの はひふへほ まみむめも やゆよ らりるれろ わゐゑをん"
_AFTER = 0xE000  # private use: pyuca sorts it after every letter
_NUMBER = re.compile(r"\d+")
_LONGEST = 200
_BEYOND_LATIN = "\u0180"
_GREEK = "0370"  # as a line of the table begins; what stands before is Latin, or an accent


@lru_cache(maxsize=200)
def primary_tag(language: str) -> str:
    """The language without its region or script: `pt` for `pt-BR`."""
    return re.split(r"[-_]", language.strip().casefold(), maxsplit=1)[0]


def strip_article(text: str, language: str) -> str:
    """The text without a leading article, if something is left."""
    words = text.lstrip()
    for article in _articles(primary_tag(language)):
        if words[: len(article)].casefold() != article:
            continue
        rest = words[len(article) :]
        glued = article[-1] in "’'" or article == "ال"
        if (glued or rest[:1].isspace()) and any(c.isalnum() for c in rest):
            return rest.lstrip()
    return text


@lru_cache(maxsize=20_000)
def collate(text: str, language: str) -> SortKey:
    """Compare as a reader of the language looks words up: punctuation aside, numbers by value."""
    plain = counted(text)
    if not plain:
        return 0, (), text
    group = 1 if plain[0].isalpha() else 0
    valued = _NUMBER.sub(_by_value, plain)
    return group, uca_key(_tailored(valued, primary_tag(language))), text


@lru_cache(maxsize=20_000)
def first_letter(text: str, language: str) -> str:
    """The letter a word stands under; numbers and signs stand under `#`."""
    plain = counted(text)
    if not plain or not plain[0].isalpha():
        return "#"
    tailoring = _tailoring(primary_tag(language))
    for length in (3, 2, 1):
        if plain[:length] in tailoring and len(plain) >= length:
            letter = plain[:length]
            return _capital(letter, language)
    return _capital(_base_letter(plain[0]), language)


@lru_cache(maxsize=20_000)
def counted(text: str) -> str:
    """What counts when sorting: letters, numbers and single blanks, casefolded."""
    folded = unicodedata.normalize("NFC", text[:_LONGEST]).lower()
    out = []
    for char in folded:
        kind = unicodedata.category(char)
        if kind[0] in "LNM":
            out.append(char)
        elif kind in ("Pd", "Zs", "Cc") or char in "/_":
            out.append(" ")
    return " ".join("".join(out).split())


@cache
def _articles(language: str) -> tuple[str, ...]:
    words = _ARTICLES.get(language, "").split()
    straight = [word.replace("’", "'") for word in words if "’" in word]
    return tuple(sorted({*words, *straight}, key=lambda w: (-len(w), w)))


def uca_key(text: str) -> tuple[int, ...]:
    """The key of the Unicode Collation Algorithm."""
    plain = all(char < _BEYOND_LATIN or "\ue000" <= char <= "\uf8ff" for char in text)
    if plain and "\u00b7" not in text:
        # No two of these join into one but L and a point, so that each can be looked up alone.
        elements = [element for char in text for element in _elements(char)]
        levels = ([e[level] for e in elements if e[level]] for level in range(3))
        first, second, third = levels
        return (*first, 0, *second, 0, *third, 0)
    return tuple(_collator().sort_key(text))


@cache
def _elements(char: str) -> tuple[tuple[int, int, int], ...]:
    decomposed = unicodedata.normalize("NFD", char)
    collator = _latin() if char < _BEYOND_LATIN else _collator()
    found = collator.collation_elements(decomposed)
    return tuple((first, second, third) for first, second, third in found)


@cache
def _collator() -> Collator:
    return Collator()


@cache
def _latin() -> Collator:
    """The same for Latin letters and their accents alone: the whole table is slow to load."""
    return _Latin()


class _Latin(Collator):  # type: ignore[misc]  # pyuca has no types
    def load(self, filename: str) -> None:
        table = Path(filename).read_text("utf-8").splitlines(keepends=True)
        with NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
            file.writelines(line for line in table if line < _GREEK)
            file.flush()
            super().load(file.name)


@cache
def _tailoring(language: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for chain in _TAILORINGS.get(language, "").split(","):
        base, *after = chain.split() or [""]
        for place, letter in enumerate(after):
            out[letter] = base + chr(_AFTER + place)
    if language in ("da", "nb", "nn", "no"):
        out["aa"] = out["å"]
    return out


def _tailored(text: str, language: str) -> str:
    tailoring = _tailoring(language)
    if not tailoring:
        return text
    out, place = [], 0
    while place < len(text):
        for length in (3, 2, 1):
            letter = text[place : place + length]
            if letter in tailoring and len(letter) == length:
                out.append(tailoring[letter])
                place += length
                break
        else:
            out.append(text[place])
            place += 1
    return "".join(out)


def _by_value(found: re.Match[str]) -> str:
    digits = str(int(found[0]))
    return f"{len(digits):03d}{digits}"


def _capital(letter: str, language: str) -> str:
    if letter == "i" and primary_tag(language) in ("tr", "az"):
        return "İ"
    return letter[0].upper() + letter[1:] if letter.upper() != letter else letter


def _base_letter(char: str) -> str:
    if "가" <= char <= "힣":
        return _HANGUL[(ord(char) - 0xAC00) // 588]
    if "ァ" <= char <= "ヶ":
        char = chr(ord(char) - 0x60)
    if "ぁ" <= char <= "ゖ":
        plain = unicodedata.normalize("NFD", char)[0]
        large = chr(ord(plain) + 1) if plain in "ぁぃぅぇぉっゃゅょゎ" else plain
        return next((row[0] for row in _KANA_ROWS.split() if large in row), large)
    if char in "йї":
        return char
    if char in "أإآٱ":
        return "ا"
    return unicodedata.normalize("NFD", char.translate(_BARRED))[0]
