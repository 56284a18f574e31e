"""Moments as people and programs write them, read as aware UTC datetimes."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from workers.extract.dates import DAY_FIRST, EAST_ASIAN, MONTH_FIRST, NUMERIC, YEAR_FIRST, read_date

# The digits of an archive's timestamp (YYYYMMDDhhmmss), from the left as many as are known.
_DIGITS = re.compile(r"\d{4}(?:\d\d){0,5}", re.ASCII)
_LEAST = "00000101000000"
# A date by itself: in a longer text one may stand that was not meant.
_WRITTEN = (MONTH_FIRST, DAY_FIRST, YEAR_FIRST, NUMERIC, EAST_ASIAN)
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)


def parse_moment(text: str) -> datetime:
    """Return the moment that `text` names; what it leaves out is the least, a zone left out is UTC.

    Reads RFC 3339, dates, years and months, 14-digit timestamps, HTTP dates, and dates as articles write
    them ('1 March 2021', '1.3.2021'). One that can be read in two ways (03/01/2021) is no moment.

    Raises:
        ValueError: it names none.
    """
    stripped = text.strip()
    if _DIGITS.fullmatch(stripped):
        return datetime.strptime(stripped + _LEAST[len(stripped) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if _YEAR_OR_MONTH.fullmatch(stripped):
        stripped += "-01" if len(stripped) > len("2026") else "-01-01"
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(stripped)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, IndexError, OverflowError):
            continue
    written = read_date(stripped) if any(form.fullmatch(stripped) for form in _WRITTEN) else None
    if written is not None:
        return written
    raise ValueError("Should be a date such as 2024-10-22, 2024-10-22T08:00:00Z or 20241022080000")
