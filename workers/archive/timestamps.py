"""Times as archives write them: 14 digits and HTTP dates."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def timestamp_14(at: datetime) -> str:
    """Return a time as the 14 digits of an archive's address, in UTC."""
    # strftime writes years before 1000 with fewer digits.
    in_utc = at.astimezone(UTC)
    return f"{in_utc.year:04d}{in_utc:%m%d%H%M%S}"


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
