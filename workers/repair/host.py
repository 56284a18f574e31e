"""The host of an address: marks that no host has, and labels that are mistyped.

What a standard reads as one host is written as that host (UTS #46: full-width letters, ideographic full
stops); letters of another alphabet that only look alike are proposed, for such names do exist.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.encoding import Step
from workers.url import is_public_name

_AUTHORITY = regex(r"(https?://)([^/?#\s]+)", re.IGNORECASE)
_PLAIN = regex(r"[A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?")
_NAME = regex(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_FULL_STOPS = regex("[\u3002\uff61\uff0e\u2024\ufe52]")
_WWW_SLASH = regex(r"(https?://www)/+\.(?=[\w-]+\.)", re.IGNORECASE)
# After 'www' whatever mark stands there is the dot; elsewhere only marks that nothing else can be.
_AFTER_WWW = regex(r"^(www)[,;:]+\.?(?=[\w-])|^(www)\.{2,}", re.IGNORECASE)
_MARKS = regex(r"[,;]+\.?|\.[,;]+|\.{2,}")
_MISTYPED = regex(r"^(?:w{2}|w{4}|wvw|vww|wwv|ww\.w|w\.ww|www\.www)\.(?=[\w-]+\.)", re.IGNORECASE)
# Small letters of Cyrillic and Greek that are drawn as Latin ones (Unicode's confusables).
_DRAWN_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u04bb\u0501\u051b\u051d\u03bf\u03b1\u03bd\u03c1\u03b9",
    "aeopcyxisjhdqwoavpi",
)
_MISTYPED_ODDS, _ALIKE_ODDS, _ROOT_ODDS = 2.0, 2.5, 0.7


def with_host_mended(url: str) -> Step:
    """Put dots for the marks in a host that no host has, where a name with a public suffix comes out."""
    slashed = _WWW_SLASH.sub(r"\1.", url)
    found = _AUTHORITY.match(slashed)
    if not found or "@" in found[2]:
        return None
    host = found[2]
    if _PLAIN.fullmatch(host) and ".." not in host:
        return None if slashed == url else (slashed, "a slash stands in the host")
    host = unquote(host) if "%" in host else host
    mended = host if host.isascii() else _FULL_STOPS.sub(".", unicodedata.normalize("NFKC", host))
    mended = _AFTER_WWW.sub(lambda mark: f"{mark[1] or mark[2]}.", mended)
    mended = _MARKS.sub(".", mended.rstrip(",;")).removesuffix(":")
    if mended == found[2] or not _is_name(mended):
        return None
    return f"{found[1]}{mended}{slashed[found.end() :]}", f"marks that no host has: {found[2][:60]!r}"


def likelier_hosts(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address with a mistyped 'www', or with letters of another alphabet, put right."""
    found = _AUTHORITY.match(url)
    if not found:
        return
    host = found[2]
    rest = url[found.end() :]
    mistyped = _MISTYPED.match(host)
    if mistyped and _is_name(host[mistyped.end() :]):
        edit = _edit(f"'{mistyped[0]}' may be a mistyped 'www.'", _MISTYPED_ODDS)
        yield f"{found[1]}www.{host[mistyped.end() :]}{rest}", edit
    if host.endswith(".") and _is_name(host[:-1]):
        yield f"{found[1]}{host[:-1]}{rest}", _edit("a full stop ends the host", _ROOT_ODDS)
    alike = host if host.isascii() else host.lower().translate(_DRAWN_ALIKE)
    if alike != host and _is_name(alike) and any(char.isascii() and char.isalpha() for char in host):
        yield (
            f"{found[1]}{alike}{rest}",
            _edit("letters of another alphabet stand among Latin ones", _ALIKE_ODDS),
        )


def _is_name(host: str) -> bool:
    name = host.lower().rpartition(":")[0] if re.search(r":\d+$", host) else host.lower()
    return _NAME.fullmatch(name) is not None and is_public_name(name)


def _edit(evidence: str, odds: float) -> Edit:
    return Edit(rule="host", evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
