"""One address taken apart as a request needs it, and the politeness key of its host."""

import re
from dataclasses import dataclass
from typing import Final

from workers import url as urls
from workers.regex import regex

# The serialised form of the URL Standard, which is all this pattern ever sees.
_CANONICAL: Final = regex(
    r"(?P<scheme>https?)://(?P<userinfo>[^/?#@]*@)?(?P<host>\[[^\]]+\]|[^/?#:]+)(?::(?P<port>\d+))?"
    r"(?P<target>/[^#]*)(?P<fragment>#.*)?",
    re.DOTALL,
)
# Names whose last label begins with a letter, and plain IPv4: what no parser reads in another way.
_SIMPLE_HOST: Final = regex(
    r"(https?)://((?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*|(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2}))"
    r"(?::([1-9]\d{0,4}))?(?=[/?#]|\Z)"
)
# Addresses that the standard's parser gives back as they are, made of plain parts; the rest goes through it.
_PLAIN: Final = regex(
    r"(?P<scheme>https?)://"
    r"(?P<authority>(?P<host>(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*"
    r"|(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.){3}(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))"
    r"(?::(?P<port>[1-9]\d{0,3}|[1-5]\d{4}))?)"
    r"(?P<target>/[A-Za-z0-9_~!$&()*+,;=:@./-]*(?:\?[A-Za-z0-9_~!$&()*+,;=:@%./?-]*)?)"
)
_STANDARD_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one request goes.

    `url` is the serialised address without its fragment, `host` canonical and without brackets,
    `authority` the value of the Host header, `path` the request target with its query. `key` names the
    host for politeness: http and https of a name share it, a port of its own is a host of its own.
    """

    url: str
    scheme: str
    host: str
    port: int
    authority: str
    path: str
    fragment: str
    has_credentials: bool
    key: str

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "https"


def plain_target(url: str) -> Target | None:
    """Return an address that no parser reads in another way as a target, None for others."""
    match = _PLAIN.fullmatch(url)
    if match is None or "/." in url or "xn--" in url:
        return None
    scheme, authority, host, port, path = match.group("scheme", "authority", "host", "port", "target")
    if port is not None and int(port) in _STANDARD_PORTS.values():
        return None
    return Target(
        url=url,
        scheme=scheme,
        host=host,
        port=int(port) if port else _STANDARD_PORTS[scheme],
        authority=authority,
        path=path,
        fragment="",
        has_credentials=False,
        key=authority,
    )


def read_target(url: str, base: str | None = None) -> Target | None:
    """Return `url`, joined to `base`, as a target; None when it is no http or https address."""
    return plain_target(url) or parsed_target(url, base)


def parsed_target(url: str, base: str | None = None) -> Target | None:
    """Return what `read_target` does, by the standard's own parser."""
    href = urls.join(url, base)
    match = _CANONICAL.fullmatch(href) if href else None
    if match is None:
        return None
    scheme, host, port = match["scheme"], match["host"], match["port"]
    authority = f"{host}:{port}" if port else host
    return Target(
        url=f"{scheme}://{authority}{match['target']}",
        scheme=scheme,
        host=host.strip("[]"),
        port=int(port) if port else _STANDARD_PORTS[scheme],
        authority=authority,
        path=match["target"],
        fragment=match["fragment"] or "",
        has_credentials=bool(match["userinfo"]),
        key=authority,
    )


def host_key(url: str) -> str:
    """Return the politeness key of `url` at little cost; '' when it is no http or https address."""
    match = _SIMPLE_HOST.match(url)
    if match is None:
        target = read_target(url)
        return target.key if target else ""
    scheme, host, port = match.groups()
    return host if port is None or int(port) == _STANDARD_PORTS[scheme] else f"{host}:{port}"
