"""Retry-After in the three forms that servers send: seconds, an HTTP date, and '1m30s'."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from workers.regex import regex

_SPAN: Final = regex(
    r"(?=.)(?:(?P<h>\d{1,6})\s*h(?:ours?)?)?\s*(?:(?P<m>\d{1,7})\s*m(?:in(?:utes?)?)?)?\s*"
    r"(?:(?P<s>\d{1,9}(?:\.\d{1,9})?)\s*(?:s(?:ec(?:onds?)?)?)?)?",
    re.IGNORECASE,
)


def retry_after_s(header: str, *, now: datetime) -> float | None:
    """Return the wait a Retry-After header asks for, in seconds from `now`; None when it cannot be read.

    A date in the past asks for no wait. Repeated headers joined by ', ' are read as the first that makes
    sense. Source: RFC 9110, 10.2.3.
    """
    text = header.strip()
    if not text:
        return None
    match = _SPAN.fullmatch(text)
    if match is not None:
        return int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + float(match["s"] or 0)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        first, _, rest = text.partition(",")
        return retry_after_s(first, now=now) if rest else None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
