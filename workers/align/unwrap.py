"""Addresses taken out of an archive's rewriting: `/web/2024…/https://…` back to `https://…`.

A replay puts its own prefix and the time of its capture before every address of a page. An author who
cites a capture names another time, or is alone on the page; that address stays whole. Shapes: the
Wayback Machine, pywb, OpenWayback and archive.today; no list of hosts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from workers.url import host_of, without_fragment

_WRAPPED = re.compile(
    r"(?P<front>(?:(?:https?:)?//[^/?#\s]+)?(?:/[^/?#\s]+){0,8}?)/"
    r"(?P<stamp>\d{4,14}(?:[a-z]{2}_)?|[a-z]{2}_|\d{4}\.\d\d\.\d\d-\d{6}|o/[A-Za-z0-9]{4,8})/"
    r"(?P<inner>(?:https?(?::|%3A)|//)\S+)",
    re.IGNORECASE,
)
_FOLDED_SLASHES = re.compile(r"^(https?):/+", re.IGNORECASE)
_MODIFIER = re.compile(r"[a-z]{2}_$", re.IGNORECASE)
_MAX_CHARS = 8192
_MAX_LAYERS = 3
_MIN_ALIKE, _MOST = 3, 0.6


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An address inside an archive's: the host in front ('' where relative), the stamp, what is inside."""

    host: str
    stamp: str
    inner: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How one page was rewritten: the stamps of its capture and of most of its links."""

    stamps: frozenset[str] = frozenset()

    def unwrap(self, written: str) -> str:
        """Return what the author wrote for `written`; any other address comes back as it is."""
        for _ in range(_MAX_LAYERS):
            found = wrapped_in(written)
            if found is None or not self._is_ours(found):
                return written
            written = found.inner
        return written

    def _is_ours(self, found: Wrapped) -> bool:
        if found.stamp in self.stamps:
            return True
        # Nobody writes an archive's path without its host, but the archive itself.
        return not found.host and not _is_number(found.stamp)


def _is_number(stamp: str) -> bool:
    """Whether a stamp is digits that need not be a time."""
    return stamp.isdigit() and len(stamp) < len("20240102030405")


def wrapped_in(address: str) -> Wrapped | None:
    """Return the parts of an address of an archive's shape, None for any other."""
    address = address.strip()
    if len(address) > _MAX_CHARS:
        return None
    match = _WRAPPED.fullmatch(address)
    if match is None:
        return None
    inner = match["inner"]
    if re.match(r"https?%3A", inner, re.IGNORECASE):
        inner = unquote(inner)
    front = match["front"]
    host = host_of(f"https:{front}" if front.startswith("//") else front) if "//" in front else ""
    return Wrapped(host, _MODIFIER.sub("", match["stamp"]), _FOLDED_SLASHES.sub(r"\1://", inner))


def find_rewriting(addresses: Sequence[str], *, stamp: str | None = None) -> Rewriting:
    """Return how a page with these links was rewritten; `stamp` is the time of its capture as 14 digits.

    Besides that stamp, one counts that most of the page's links carry: some replays show their own time.
    """
    stamps = {stamp} if stamp else set()
    wrapped = Counter(found.stamp for address in addresses if (found := wrapped_in(address)) is not None)
    absolute = sum(1 for address in addresses if "//" in address)
    for common, count in wrapped.most_common(1):
        if count >= _MIN_ALIKE and count >= _MOST * absolute:
            stamps.add(common)
    return Rewriting(frozenset(stamps))


def original_of(url: str) -> str:
    """Return the address inside an archive's address, `url` itself where it is none."""
    found = wrapped_in(url)
    return url if found is None else found.inner


def distinct(urls: Iterable[str | None]) -> list[str]:
    """Return the addresses once each, fragments aside, in the order given."""
    return list(dict.fromkeys(without_fragment(url) for url in urls if url))
