"""What a Memento request asks for: the original, the 14 digits, the Accept-Datetime."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

from aiohttp import web

from service.api.problem import Flaw, RequestProblem
from workers.archive.timestamps import from_http_date, from_timestamp_14
from workers.url import is_fetchable, without_fragment

ACCEPT_DATETIME = "Accept-Datetime"
FRACTION = 6
_ENCODED_SCHEME = re.compile(r"https?(?:%3A|:%2F)", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):/+", re.IGNORECASE)
# RFC 7089 (2.1.1) takes only this form; day names that do not fit the date are passed over.
_HTTP_DATE = re.compile(
    r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC)", re.ASCII | re.IGNORECASE
)


def rest_of(request: web.Request, prefix: str) -> str:
    """Return what follows `prefix` in the request target, byte for byte as it was sent, with its query."""
    return request.raw_path.partition(prefix)[2]


def original_of(text: str, *, headers: Mapping[str, str] | None = None) -> str:
    """Return the original that the rest of a path names; its slashes and percent-encoding are kept.

    Two forms that clients and proxies make of an address are read back: with its scheme encoded too, and
    with the two slashes after the scheme folded into one.

    Raises:
        RequestProblem: 400, it is no http or https address; `headers` go with the answer.
    """
    path, mark, query = text.partition("?")
    if _ENCODED_SCHEME.match(path):
        path = unquote(path)
    original = without_fragment(_SCHEME.sub(r"\1://", path, count=1) + mark + query)
    if not _SCHEME.match(original) or not is_fetchable(original):
        detail = f"After the path should stand an absolute http or https address, not {text[:200]!r}."
        raise RequestProblem(400, "invalid-original", detail=detail, headers=headers)
    return original


def moment_of(digits: str) -> datetime:
    """Return the time that 14 digits say, or 20 with the fraction of a second.

    Raises:
        RequestProblem: 400, they say none.
    """
    at = from_timestamp_14(digits[:14])
    fraction = digits[14:]
    if at is not None and len(fraction) == FRACTION and fraction.isdecimal():
        return at.replace(microsecond=int(fraction))
    if at is None or fraction:
        detail = f"The time should be 14 digits such as 20241022080000, not {digits[:200]!r}."
        raise RequestProblem(400, "invalid-timestamp", detail=detail)
    return at


def accepted_moment(request: web.Request, *, headers: Mapping[str, str]) -> datetime | None:
    """Return the time of Accept-Datetime, None where the request has none.

    Raises:
        RequestProblem: 400, it cannot be read; `headers` go with the answer.
    """
    values = request.headers.getall(ACCEPT_DATETIME, [])
    if not values:
        return None
    value = ", ".join(values).strip()
    at = from_http_date(value) if _HTTP_DATE.fullmatch(value) else None
    if at is None:
        detail = f"Should be a date such as 'Tue, 22 Oct 2024 08:00:00 GMT', not {value[:200]!r}."
        flaw = Flaw(detail=detail, header=ACCEPT_DATETIME)
        raise RequestProblem(400, "invalid-header", detail=detail, errors=[flaw], headers=headers)
    return at
