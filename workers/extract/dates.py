# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Reads publication dates as they are written in articles, in UTC.

A form that can be read in two ways (04/05/2024) is not read at all.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from workers.regex import regex

# The first letters that tell a month apart, in the languages that a world newsroom meets most.
_MONTHS = (
    "जनवरी جنوری ژانویه jan ene янв січ oca gen sty يناير",
    "फ़रवरी फरवरी فروری شباط feb fév fev фев лют şub lut فبراير",
    "मार्च مارچ آذار mar mär maa mrt мар бер مارس",
    "अप्रैल اپریل نيسان apr avr abr апр кві nis kwi أبريل ابريل",
    "मई مئی أيار may mai mei maj mag мая май тра مايو",
    "जून جون حزيران jun juin июн чер haz giu cze يونيو",
    "जुलाई جولائی تموز jul juil июл лип tem lug lip يوليو",
    "अगस्त اگست آب aug agu agt août aou ago авг сер ağu sie أغسطس اغسطس",
    "सितंबर सितम्बर ستمبر أيلول sep set сен вер eyl wrz سبتمبر",
    "अक्टूबर अक्तूबर اکتوبر oct okt out окт жов eki ott paź أكتوبر اكتوبر",
    "नवंबर नवम्बर نومبر nov ноя лис kas lis نوفمبر",
    "दिसंबर दिसम्बर دسمبر dec dez dic déc дек гру ara gru ديسمبر",
)
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
ISO = regex(
    r"\b(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
# The Arabic months of the Levant whose names take two words, in one.
LEVANT = regex(r"(تشرين|كانون)\s+(الأول|الاول|الثاني)")
LEVANT_MONTHS: Mapping[tuple[str, bool], str] = {
    ("تشرين", True): "أكتوبر",
    ("تشرين", False): "نوفمبر",
    ("كانون", True): "ديسمبر",
    ("كانون", False): "يناير",
}
WORD = r"(?:[^\W\d_]|[\u0900-\u097f]){2,12}"  # the vowel signs of Devanagari are no letters
MONTH_FIRST = regex(rf"\b({WORD})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b")
DAY_FIRST = regex(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:de\s+)?|-)({WORD})\.?"
    r"(?:,?\s+(?:de\s+|of\s+|del\s+)?|-)(\d{4})\b"
)
YEAR_FIRST = regex(r"\b(\d{4})([/.])(\d{1,2})\2(\d{1,2})\b")
NUMERIC = regex(r"\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b")
EAST_ASIAN = regex(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
YEAR = regex(r"\d{4}")
CLOCK_12 = 12


def read_date(text: str) -> datetime | None:
    """Return the first date that `text` states, at midnight UTC where it names no time."""
    if YEAR.search(text) is None:
        return None
    if LEVANT.search(text):
        text = LEVANT.sub(_one_word, text)
    for read in (_iso, _named, _east_asian, _numeric):
        if (found := read(text)) is not None:
            return found
    return None


def _one_word(match: re.Match[str]) -> str:
    return LEVANT_MONTHS[match[1], match[2] != "الثاني"]


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    match = ISO.search(text)
    if match is None:
        return None
    written = match[0].strip().replace(" UTC", "Z").replace(" GMT", "Z").replace(",", ".")
    try:
        found = datetime.fromisoformat(re.sub(r"\s(?=[+-]\d{2}:?\d{2}\Z)", "", written))
    except ValueError:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _named(text: str) -> datetime | None:
    for match in MONTH_FIRST.finditer(text):
        if month := _month(match[1]):
            return _date(int(match[3]), month, int(match[2]))
    for match in DAY_FIRST.finditer(text):
        if month := _month(match[2]):
            return _date(int(match[3]), month, int(match[1]))
    return None


def _month(name: str) -> int | None:
    lowered = name.lower()
    for length in (len(lowered), 4, 3):
        if (number := MONTHS.get(lowered[:length])) is not None:
            return number
    return None


def _east_asian(text: str) -> datetime | None:
    match = EAST_ASIAN.search(text)
    return None if match is None else _date(int(match[1]), int(match[2]), int(match[3]))


def _numeric(text: str) -> datetime | None:
    if match := YEAR_FIRST.search(text):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    for match in NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > CLOCK_12:
            return _date(year, second, first)
        if second > CLOCK_12 or first == second:
            return _date(year, first, second)
    return None
