"""Letters beyond ASCII that were read in the wrong charset: 'Ã©' for 'é', raw or in percent codes.

A few sites do keep such names, so the web is asked.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import path_span

# A lead byte of UTF-8, as Latin-1 or Windows-1252 shows it, and at least one byte that follows.
_RAW = regex("(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3})+")
_CODED = regex(
    r"(?:%C[2-3]%[89AB][0-9A-F]|%C5%[9AB][0-9A-F]|%E2%8[02-4]%[89AB][0-9A-F]|%CB%[89][0-9A-F]){2,}",
    re.IGNORECASE,
)
_CHARSETS = ("cp1252", "latin-1")
_ODDS = 2.0


def misread_letters(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address with its letters read as UTF-8, where they are its bytes read one by one."""
    start, end = path_span(url)
    mended = _RAW.sub(_reread, url[start:end]) if not url.isascii() else url[start:end]
    if "%C" in mended.upper():
        mended = _CODED.sub(_recoded, mended)
    if mended != url[start:end]:
        edit = Edit(
            rule="misread",
            evidence="letters in UTF-8 were read byte by byte",
            warrant=Warrant.VISIBLE,
            odds=_ODDS,
        )
        yield f"{url[:start]}{mended}{url[end:]}", edit


def _reread(found: re.Match[str]) -> str:
    return _as_utf8(found[0]) or found[0]


def _recoded(found: re.Match[str]) -> str:
    try:
        chars = unquote_to_bytes(found[0]).decode()
    except UnicodeDecodeError:
        return found[0]
    letters = _as_utf8(chars)
    return "".join(f"%{byte:02X}" for byte in letters.encode()) if letters else found[0]


def _as_utf8(chars: str) -> str | None:
    for charset in _CHARSETS:
        try:
            return chars.encode(charset).decode()
        except UnicodeError:
            continue
    return None
