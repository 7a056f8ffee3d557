"""Dates in the usual forms, to the year, month and day."""

from __future__ import annotations

import calendar
import re

_MONTHS = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar février febrero febbraio februari fevereiro",
    "march mar märz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre diciembre dicembre dezembro",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_APPROXIMATE = re.compile(
    r"^(?:c\.|ca\.?|circa|about|around|um|vers|early|late|mid|before|after|ca?\.)\s*-?\s*",
    re.IGNORECASE,
)
# A season or a span of years is known to its first year.
_ROUGH = re.compile(
    r"(?:(?:early|late|mid)[ -])?(?:spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst"
    r"|printemps|été|automne|hiver|primavera|verano|otoño|invierno|estate|autunno|inverno|lente"
    r"|zomer|herfst)(?:,| of| de)? (?P<season>\d{4})(?:/\d{2,4})?"
    r"|(?P<span>\d{4})\s*[-–—]\s*\d{4}",
    re.IGNORECASE,
)
_FORMS = (
    # 2020-08-21, 2020-08-21T10:30:00+02:00, 2020/8/21
    (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ,]+\d{1,2}:\d\d\S*(?: ?\S+)?)?"),
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})",
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    r"(?P<y>\d{3,4})(?:s|er|\?|~)?",
    # 2024年3月1日, 2024年3月
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월](?:\s*(?P<d>\d{1,2})\s*[日일])?",
    # 08/2020, 08.2020
    r"(?P<m>\d{1,2})[./](?P<y>\d{4})",
    # 21.08.2020
    r"(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4})",
    # 21 August 1940, 21. August 1940, 21st of August, 1940, 21 de agosto de 1940
    r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s+(?:of\s+|de\s+)?(?P<w>[^\W\d]+)\.?,?\s+(?:de\s+)?(?P<y>\d{3,4})",
    # August 21, 1940
    r"(?P<w>[^\W\d]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
    # August 1940
    r"(?P<w>[^\W\d]+)\.?,?\s+(?:of\s+|de\s+)?(?P<y>\d{4})",
)
_PATTERNS = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_LONGEST = 60


def day_parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day, 0 where unknown; None when the text is no date.

    `21/08/2020` is read where only one order of day and month is possible, else as
    its year alone.
    """
    plain = " ".join(text[:_LONGEST].split()).strip(" .,()[]")
    plain = _CLOCK.sub("", _WEEKDAY.sub("", _APPROXIMATE.sub("", plain)))
    if found := _SLASHED.fullmatch(plain):
        return _slashed(int(found[1]), int(found[2]), int(found[3]))
    if found := _ROUGH.fullmatch(plain):
        return _checked(int(found["season"] or found["span"]), 0, 0)
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            month = _MONTH.get((parts.get("w") or "").casefold(), 0)
            if parts.get("w") and not month:
                continue
            month = month or int(parts.get("m") or 0)
            checked = _checked(int(parts["y"]), month, int(parts.get("d") or 0))
            if checked is not None:
                return checked
    return None


def is_rounded(text: str) -> bool:
    """Whether a date says less than it was typed to say: `c. 1940`, `1940s`, `1940?`, `3/4/2020`."""
    plain = " ".join(text[:_LONGEST].split()).strip(" .,()[]")
    if found := _SLASHED.fullmatch(plain):
        return _slashed(int(found[1]), int(found[2]), int(found[3])) == (int(found[3]), 0, 0)
    if _ROUGH.fullmatch(_APPROXIMATE.sub("", plain)):
        return True
    return bool(_APPROXIMATE.match(plain) or re.search(r"\d(?:s|er|\?|~)$", plain))


# The time of day after a date in words, as Notion writes it: January 12, 2020 3:04 PM.
_CLOCK = re.compile(
    r"(?<=\d{4})(?:,| at| um| à| a las)? \d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?"
    r"(?: \(?[A-Z]{2,5}(?:[+-]\d{1,2})?\)?)?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE
)


_NAMED = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)|((?:19|20)\d\d)(\d\d)(\d\d))(?!\d)")


def day_named(name: str) -> tuple[int, int, int] | None:
    """The day that a file's name begins with, as `2023-05-01` or `20230501`; None without one."""
    if (found := _NAMED.match(name)) is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    return _checked(year, month, day) if month and day else None


def _slashed(first: int, second: int, year: int) -> tuple[int, int, int] | None:
    day_first = _checked(year, second, first)
    month_first = _checked(year, first, second)
    if day_first and month_first and day_first != month_first:
        return year, 0, 0
    return day_first or month_first


def _checked(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    if not 1 <= year <= 9999 or month > 12 or (day and not month):
        return None
    if day and day > calendar.monthrange(year, month)[1]:
        return None
    return year, month, day
