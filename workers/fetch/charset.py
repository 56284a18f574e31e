"""The character set of a body: what the server says, checked against what the bytes are.

Source: the encoding sniffing of the HTML standard (byte order mark, header, a prescan of 1,024 bytes).
"""

import codecs
import re
from functools import lru_cache
from typing import Final

from workers.regex import regex

_PRESCAN_BYTES: Final = 1024
_META: Final = regex(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_HEADER: Final = regex(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_CHARACTER: Final = 4


def read_content_type(header: str, body: bytes) -> tuple[str | None, str | None]:
    """Return media type and character set of a body; None for what nobody says.

    A header that says utf-8 over bytes that are not gives way to what the page itself says.
    """
    media_type, said = _read_header(header)
    return media_type, _charset(said, body)


@lru_cache(maxsize=512)
def _read_header(header: str) -> tuple[str | None, str | None]:
    """Return the media type and the charset that a header names; servers say the same ones all the time."""
    said = _HEADER.search(header)
    return header.partition(";")[0].strip().lower() or None, said[1].lower() if said else None


def _charset(said: str | None, body: bytes) -> str | None:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    if said is not None and _is_utf8(said) and reads_as_utf8(body):
        return said
    meta = _META.search(body, 0, _PRESCAN_BYTES)
    names = [said] if said else []
    if meta:
        names.append(meta[1].decode("ascii").lower())
    known = [name for name in names if _is_known(name)]
    fitting = [name for name in known if not _is_utf8(name) or reads_as_utf8(body)]
    if fitting:
        return fitting[0]
    return "utf-8" if not known and body and reads_as_utf8(body) else None


def _is_known(name: str) -> bool:
    try:
        return bool(codecs.lookup(name))
    except (LookupError, ValueError):
        return False


def _is_utf8(name: str) -> bool:
    return name in {"utf-8", "utf8"}


def reads_as_utf8(body: bytes) -> bool:
    """Whether `body`, which may be cut within a character, is UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(body) - _LONGEST_CHARACTER and error.reason == "unexpected end of data"
    return True
