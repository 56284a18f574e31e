# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Reads publication dates as they are written in articles, in UTC.

A form that can be read in two ways (04/05/2024) is not read at all.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

# The first letters that tell a month apart, in the languages that a world newsroom meets most.
_MONTHS = (
    "jan ene янв січ oca gen sty يناير",
    "feb fév fev фев лют şub lut فبراير",
    "mar mär maa мар бер مارس",
    "apr avr abr апр кві nis kwi أبريل ابريل",
    "may mai maj mag мая май тра مايو",
    "jun juin июн чер haz giu cze يونيو",
    "jul juil июл лип tem lug lip يوليو",
    "aug août aou ago авг сер ağu sie أغسطس اغسطس",
    "sep set сен вер eyl wrz سبتمبر",
    "oct okt out окт жов eki ott paź أكتوبر اكتوبر",
    "nov ноя лис kas lis نوفمبر",
    "dec dez dic déc дек гру ara gru ديسمبر",
)
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
ISO = re.compile(
    r"\b(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+|of\s+)?(\d{4})\b"
)
NUMERIC = re.compile(r"\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b")
EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
YEAR = re.compile(r"\d{4}")
CLOCK_12 = 12


def read_date(text: str) -> datetime | None:
    """Return the first date that `text` states, at midnight UTC where it names no time."""
    if YEAR.search(text) is None:
        return None
    for read in (_iso, _named, _east_asian, _numeric):
        if (found := read(text)) is not None:
            return found
    return None


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
    for match in NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > CLOCK_12:
            return _date(year, second, first)
        if second > CLOCK_12 or first == second:
            return _date(year, first, second)
    return None
