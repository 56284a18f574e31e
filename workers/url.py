"""URLs by the WHATWG standard: parsing, joining, lookup keys and registrable domains.

Nothing here changes a written form; each function returns a new value. Source: the URL Standard
(url.spec.whatwg.org), the SURT form of the Internet Archive's CDX indexes, and the Public Suffix List.
"""

import ipaddress
from functools import cache, lru_cache

import ada_url
from publicsuffixlist import PublicSuffixList

from workers.regex import regex

# Names whose last label begins with a letter, and plain IPv4: what no parser reads in another way.
_PLAIN_HOST = regex(
    r"https?://((?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*|(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.){3}"
    r"(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?=/)[!-~]*\Z"
)
FETCHABLE_SCHEMES = frozenset({"http", "https"})
_OWN_PORTS = {"http:": "80", "https:": "443"}


def parse(url: str, base: str | None = None) -> ada_url.URL | None:
    """Return the parsed URL, or None where the standard calls it invalid."""
    try:
        return ada_url.URL(url, base) if base else ada_url.URL(url)
    except ValueError:
        return None


def join(url: str, base: str | None = None) -> str | None:
    """Return `url` made absolute against `base` and serialised, or None where it is not a URL."""
    parsed = parse(url, base)
    return None if parsed is None else str(parsed.href)


def is_fetchable(url: str) -> bool:
    """Whether `url` is a valid absolute http or https address."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None and "xn--" not in plain[1]:
        return True
    parsed = parse(url)
    return parsed is not None and parsed.protocol[:-1] in FETCHABLE_SCHEMES and bool(parsed.hostname)


def host_of(url: str) -> str:
    """Return the host in its canonical form (lower case, punycode, no brackets), '' where there is none."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None and "xn--" not in plain[1]:
        return plain[1]
    parsed = parse(url)
    return "" if parsed is None else parsed.hostname.strip("[]")


def host_with_port(url: str) -> str:
    """Return `HOST:PORT`, the host as `host_of` gives it, the port of the scheme where none is written."""
    parsed = parse(url)
    if parsed is None:
        return ""
    return f"{parsed.hostname.strip('[]')}:{parsed.port or _OWN_PORTS.get(parsed.protocol, '')}"


def without_fragment(url: str) -> str:
    """Return `url` without its fragment."""
    return url.partition("#")[0]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """Return the registrable domain (public suffix and one label) of `host`.

    IP addresses and hosts that are themselves a public suffix are returned whole.
    """
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host


@lru_cache(maxsize=4096)
def is_public_name(host: str) -> bool:
    """Whether `host` lies under a suffix that the Public Suffix List names."""
    return _suffixes().privatesuffix(host, accept_unknown=False) is not None


@lru_cache(maxsize=1024)
def lookup_key(url: str) -> str:
    """Return the SURT-like key under which captures and links of one resource meet.

    Scheme, `www.`, default port, fragment, letter case of the host and a final slash do not count:
    `https://www.Example.org/a/?b=1#c` gives `org,example)/a?b=1`. The path keeps its letter case.
    A string that is no URL is its own key.
    """
    parsed = parse(url)
    if parsed is None or not parsed.hostname:
        return url
    host = parsed.hostname
    if host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    is_address = host.startswith("[") or host.replace(".", "").isdigit()
    key = host if is_address else ",".join(reversed(host.rstrip(".").split(".")))
    if parsed.port:
        key += f":{parsed.port}"
    path = parsed.pathname or "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    return f"{key}){path}{parsed.search}"
