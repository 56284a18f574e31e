"""Values that hold a whole address: plain, percent-encoded, in base64, in the notation of link guards.

Sources: the decoder that Proofpoint publishes for its guard's versions 2 and 3; RFC 4648, 5 for base64.
"""

import base64
import binascii
import re
from urllib.parse import unquote

from workers.regex import regex
from workers.url import is_public_name

TARGET = regex(r"https?:/{1,2}[^/\s?#@]{1,255}", re.IGNORECASE)
_GUARDED = regex(r"https?-3A__", re.IGNORECASE)
_GUARDED_BYTE = regex(r"-([0-9A-F]{2})")
_BETWEEN_UNDERSCORES = regex(r"/__(https?:/.+?)__;([\w-]*=*)(?:!|$)")
_LEFT_OUT = regex(r"\*(\*.)?")
# 'http' in base64, by how many bytes stand before it.
HTTP_IN_BASE64 = regex(r"aHR0c|h0dH[A-D]|odHRw")
_BASE64 = regex(r"[A-Za-z0-9+/_-]{16,5400}={0,2}")
_INSIDE = regex(rb"https?://[!-~]{4,2048}")
_UNWRITTEN = regex(r"[\s\x00-\x1f\x7f-\x9f]")
# A page cache's key before the address: 'cache:', twelve characters, a colon; search words after it.
CACHE_KEY = regex(r"cache(?::|%3A)(?:[\w-]{12}(?::|%3A))?(?=[\w.:/%-]+\.)", re.IGNORECASE)
_CACHED_HOST = regex(r"[\w-]+(?:\.[\w-]+)+(?=[/?#]|$)")
_MOST_LAYERS = 4
_RUNS = {
    char: count
    for count, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 2)
}


def decoded(value: str) -> str | None:
    """Return the address that a value holds under some layers of writing, or None."""
    for _ in range(_MOST_LAYERS):
        if TARGET.match(value):
            return value
        if _GUARDED.match(value):
            value = _GUARDED_BYTE.sub(r"%\1", value.replace("_", "/"))
        elif "%" not in value:
            return _from_base64(value)
        value = unquote(value)
    return value if TARGET.match(value) else None


def guarded(url: str) -> str | None:
    """Return the address that a link guard holds between underscores, its left-out characters put back."""
    found = _BETWEEN_UNDERSCORES.search(url)
    if found is None:
        return None
    try:
        left_out = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return found[1]
    at = 0

    def put_back(mark: re.Match[str]) -> str:
        nonlocal at
        count = _RUNS.get(mark[1][1], 0) if mark[1] else 1
        at += count
        return left_out[at - count : at]

    return _LEFT_OUT.sub(put_back, found[1]) if left_out else found[1]


def cached(value: str, parameters: str = "") -> str | None:
    """Return the address that stands behind a page cache's key.

    Search words follow it after a plus or a blank; an address that is written plainly goes on with the
    `parameters` up to there.
    """
    if "%3A" in value[:10].upper():
        value = unquote(value)
    elif "?" in value and "+" not in value and "+" in parameters:
        value += parameters
    target = re.split(r"[+\s]", value, maxsplit=1)[0]
    if TARGET.match(target):
        return target
    host = _CACHED_HOST.match(target)
    return f"https://{target}" if host and is_public_name(host[0].lower()) else None


def _from_base64(value: str) -> str | None:
    """Return the address in base64, alone or among the bytes of a message."""
    if not _BASE64.fullmatch(value) or not HTTP_IN_BASE64.search(value):
        return None
    for skipped in range(4):
        body = value[skipped:].rstrip("=").replace("-", "+").replace("_", "/")
        body = body[: len(body) - (len(body) % 4 == 1)]
        found = _INSIDE.search(base64.b64decode(body + "=" * (-len(body) % 4)))
        if found:
            return _measured(found)
    return None


def _measured(found: re.Match[bytes]) -> str:
    """Return the address, ended where the length before it says, if one does (protocol buffers)."""
    length = found.string[found.start() - 1] if found.start() else 0
    whole = found[0][:length] if len("http://a") < length < len(found[0]) else found[0]
    return whole.decode("ascii")
