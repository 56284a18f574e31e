"""The parts of an address that repairs look at: its path, its segments and its query."""

import re

from workers.regex import regex

_AUTHORITY_END = regex(r"https?://[^/?#]*", re.IGNORECASE)
_PATH_END = regex(r"[?#]")


def path_span(url: str) -> tuple[int, int]:
    """Return where the path of an http(s) address begins and ends; an empty span where there is none."""
    authority = _AUTHORITY_END.match(url)
    if not authority:
        return 0, 0
    end = _PATH_END.search(url, authority.end())
    return authority.end(), end.start() if end else len(url)


def split_url(url: str) -> tuple[str, str, str, str]:
    """Return origin, path, query without its mark, and fragment with its mark."""
    start, end = path_span(url)
    query, mark, fragment = url[end:].partition("#")
    return url[:start], url[start:end], query[1:], mark + fragment


def joined_url(origin: str, path: str, query: str, fragment: str) -> str:
    """Put the parts of `split_url` together again."""
    return f"{origin}{path}{'?' + query if query else ''}{fragment}"
