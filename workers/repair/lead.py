"""Text that stands before an address and is none of it: '[title](', '<a href="', 'Source: ', '- '."""

import re

from workers.regex import regex
from workers.repair.encoding import Step
from workers.repair.scheme import OTHER_SCHEMES
from workers.url import is_public_name

_SCHEME = regex(r"https?://(?=[^\s/])", re.IGNORECASE)
_LONGEST = 300
_HOST = regex(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}(?=[:/?#]|$)")
_NAME_THEN_COLON = regex(r"\s*([A-Za-z][A-Za-z0-9+.-]*):(?=\S)")
# What a path, a query or a fragment of an address begins with: the address that follows is part of it.
_RELATIVE = regex(r"\s*(?:\.{0,2}/|[#?]\S|[^\s\"'<>\[(]*[/?&#][^\s\"'<>\[(]*=?$|[^\s\"'<>\[(]*[A-Za-z]/$)")
_OPENERS = {"(": ")", "[": "]", "{": "}", "<": ">", '"': '"', "'": "'", "`": "`"}
_MOST_NESTED = 4
_WIKI_LINK = regex(r"\s*\[(https?://[^\s\]]+) [^\[\]]*\]", re.IGNORECASE)


def without_lead(url: str) -> Step:
    """Take the address out of the text and brackets around it, where it does not stand first."""
    titled = _WIKI_LINK.match(url)
    if titled:
        return titled[1], "a wiki's link with its title"
    found = _SCHEME.search(url, 0, _LONGEST + len("https://x"))
    if found is None or not found.start() or _has_other_scheme(url) or not _is_text(url[: found.start()]):
        return None
    lead = url[: found.start()]
    opener = lead.rstrip()[-1:]
    end = _end(url, found.start(), _OPENERS[opener]) if opener in _OPENERS else len(url)
    return url[found.start() : end], f"{lead[-24:]!r} before it is text"


def _has_other_scheme(url: str) -> bool:
    named = _NAME_THEN_COLON.match(url)
    return named is not None and named[1].lower() in OTHER_SCHEMES


def _is_text(lead: str) -> bool:
    """Whether what stands before an address is neither another address nor the beginning of a path."""
    host = _HOST.match(lead.strip())
    if (host and is_public_name(host[0].lower())) or _RELATIVE.match(lead):
        return False
    if lead.isspace() or not any(char.isalnum() or char.isspace() for char in lead):
        return False  # marks alone are taken off on both sides, see `edges`
    return not lead[-1].isalnum() or ":" in lead or " " in lead


def _end(url: str, start: int, closer: str) -> int:
    """Return where the bracket or quote that was opened before the address closes."""
    opener = next(each for each, its in _OPENERS.items() if its == closer)
    depth = 0
    for index in range(start, len(url)):
        if url[index] == closer and (closer != "'" or not url[index + 1 : index + 2].isalnum()):
            if not depth:
                return index
            depth -= 1
        elif url[index] == opener and depth < _MOST_NESTED:
            depth += 1
    return len(url)
