"""Times as archives write them: 14 digits, HTTP dates, Retry-After."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_SHORT_SPAN = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
LONGEST_PAUSE_S = 7 * 86_400.0


def timestamp_14(at: datetime) -> str:
    """Return a time as the 14 digits of an archive's address, in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def from_timestamp_14(digits: str) -> datetime | None:
    """Return the time that 14 digits say, or None where they are no time."""
    if len(digits) != 14 or not digits.isdecimal():  # noqa: PLR2004  a timestamp has 14 digits
        return None
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def http_date(at: datetime) -> str:
    """Return a time as an HTTP date (RFC 9110, 5.6.7)."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def from_http_date(text: str) -> datetime | None:
    """Return the time an HTTP date says, or None; a date without zone is read as UTC."""
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after_s(text: str | None, *, now: datetime) -> float | None:
    """Return how many seconds a Retry-After header asks for, None where it cannot be read.

    Seconds, an HTTP date (RFC 9110, 10.2.3) and the form '1m30s' are read; a date gone by is 0.0.
    """
    if text is None or not text.strip():
        return None
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text, re.ASCII):
        return min(float(text), LONGEST_PAUSE_S)
    span = _SHORT_SPAN.fullmatch(text.lower())
    if span:
        hours, minutes, seconds = (int(part or 0) for part in span.groups())
        return min(hours * 3600.0 + minutes * 60.0 + seconds, LONGEST_PAUSE_S)
    at = from_http_date(text)
    return None if at is None else min(max((at - now).total_seconds(), 0.0), LONGEST_PAUSE_S)
