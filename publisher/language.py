"""Language tags as typed become BCP 47, and tell which way a text runs."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}|[a-z]{4,8})"
    r"(?P<script>-[a-z]{4})?(?P<region>-(?:[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE,
)
_RTL = frozenset("ar he fa ur yi ps sd dv ckb ug syr arc azb iw prs glk mzn lrc nqo".split())
_RTL_SCRIPTS = frozenset("arab hebr syrc thaa nkoo adlm mand samr".split())
_NAMES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "castellano": "es",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "português": "pt",
    "dutch": "nl",
    "nederlands": "nl",
    "swedish": "sv",
    "svenska": "sv",
    "danish": "da",
    "dansk": "da",
    "norwegian": "nb",
    "norsk": "nb",
    "bokmål": "nb",
    "finnish": "fi",
    "suomi": "fi",
    "icelandic": "is",
    "polish": "pl",
    "polski": "pl",
    "czech": "cs",
    "čeština": "cs",
    "slovak": "sk",
    "slovene": "sl",
    "slovenian": "sl",
    "croatian": "hr",
    "serbian": "sr",
    "bosnian": "bs",
    "bulgarian": "bg",
    "macedonian": "mk",
    "albanian": "sq",
    "hungarian": "hu",
    "magyar": "hu",
    "romanian": "ro",
    "estonian": "et",
    "latvian": "lv",
    "lithuanian": "lt",
    "greek": "el",
    "ελληνικά": "el",
    "russian": "ru",
    "русский": "ru",
    "ukrainian": "uk",
    "українська": "uk",
    "belarusian": "be",
    "turkish": "tr",
    "türkçe": "tr",
    "arabic": "ar",
    "العربية": "ar",
    "hebrew": "he",
    "עברית": "he",
    "persian": "fa",
    "farsi": "fa",
    "فارسی": "fa",
    "urdu": "ur",
    "اردو": "ur",
    "pashto": "ps",
    "sindhi": "sd",
    "kurdish": "ku",
    "sorani": "ckb",
    "yiddish": "yi",
    "hindi": "hi",
    "bengali": "bn",
    "tamil": "ta",
    "chinese": "zh",
    "中文": "zh",
    "japanese": "ja",
    "日本語": "ja",
    "korean": "ko",
    "한국어": "ko",
    "vietnamese": "vi",
    "thai": "th",
    "indonesian": "id",
    "malay": "ms",
    "latin": "la",
    "catalan": "ca",
    "català": "ca",
    "galician": "gl",
    "basque": "eu",
    "irish": "ga",
    "welsh": "cy",
    "scots": "sco",
    "esperanto": "eo",
    "afrikaans": "af",
    "swahili": "sw",
}


def language_tag(text: str) -> str:
    """`English` is `en`, `ar_EG` is `ar-EG`; empty when the text is no language."""
    plain = text.strip().casefold()
    if plain in _NAMES:
        return _NAMES[plain]
    found = _TAG.fullmatch(plain.replace("_", "-"))
    if found is None or len(found["language"]) > 3:
        return ""
    script = (found["script"] or "").title()
    return found["language"] + script + (found["region"] or "").upper() + found["rest"]


def direction_of(language: str) -> str:
    """`rtl` or `ltr`; empty when there is no language."""
    if not language:
        return ""
    first, *rest = language.casefold().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if first in _RTL else "ltr"
