"""What the fetcher may do: who it says it is, how long it waits, how gently it asks, where it may go."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workers import url as urls
from workers.errors import InvalidSetting
from workers.regex import regex

HIGHEST_PORT: Final = 65_535
BODY_SHARE: Final = 0.4
"""The share of the whole deadline that one body may take when nothing else is set."""

_RESOLVE = regex(
    r"(?P<host>\[[^\]\s]+\]|[^:\[\]\s]+):(?P<port>\d{1,5}):"
    r"(?P<address>\[[0-9A-Fa-f:.]+\]|[0-9.]+)(?::(?P<port2>\d{1,5}))?"
)
_NETWORK = regex(
    r"(?:\[(?P<inside>[0-9A-Fa-f:.]+(?:/\d{1,3})?)\](?P<prefix>/\d{1,3})?|(?P<four>[0-9.]+(?:/\d{1,2})?)"
    r"|(?P<six>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:/\d{1,3})?(?!:)))(?::(?P<port>\d{1,5}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """A name and port that is reached at an address of the user's choice, as curl's option of that name does.

    `host` is in canonical form without brackets, `address` without brackets.
    """

    host: str
    port: int
    address: str
    address_port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedNetwork:
    """A network that may be reached although it is not public; `port` None means any port."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    port: int | None = None

    def holds(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> bool:
        """Whether this exemption covers `address` at `port`."""
        return (
            self.port in {None, port} and address.version == self.network.version and address in self.network
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRules:
    """Settings of one host (exact name, canonical form); None leaves the policy's own value.

    `headers` and `basic_auth` go to that host alone, in clear only where the port is named too and no
    encryption was asked for, and stand in no record.
    """

    per_host: int | None = None
    gap_ms: int | None = None
    timeout_s: float | None = None
    headers: tuple[tuple[str, str], ...] = ()
    basic_auth: tuple[str, str] | None = None


def user_agent(version: str, contact: str | None = None) -> str:
    """Return an honest agent name as robots write it, with `contact` (mail or page) where known."""
    reach = f"; +{contact}" if contact else ""
    return f"Mozilla/5.0 (compatible; Linkwright/{version}; link checker{reach})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """All settings of the fetcher.

    `timeout_s` is the deadline of one whole exchange, redirects included, time spent waiting for a turn
    left out; `connect_timeout_s`, `head_timeout_s` and `body_timeout_s` bound its phases within it, None
    leaves the phase to the whole deadline (the body: to a share of it). `retries` is how often an exchange
    is repeated after a passing failure. `retry_after_max_s` is the longest wait a server may ask of us
    within one run; hosts that ask for more are not asked again in it. `exempt_origins` are `host:port`
    pairs, canonical, that the guard lets through (the archives that were configured). `robots` makes
    single links obey robots.txt.
    """

    user_agent: str = user_agent("0.1")
    timeout_s: float = 20.0
    connect_timeout_s: float = 10.0
    head_timeout_s: float | None = None
    body_timeout_s: float | None = None
    retries: int = 1
    retry_timeouts: bool = False
    retry_after_max_s: float = 60.0
    per_host: int = 2
    gap_ms: int = 250
    concurrency: int = 128
    max_redirects: int = 10
    resolve: tuple[Resolve, ...] = ()
    allow_networks: tuple[AllowedNetwork, ...] = ()
    exempt_origins: frozenset[tuple[str, int]] = frozenset()
    ca_bundle: str | None = None
    max_body_bytes: int = 65_536
    capture_max_bytes: int = 16 * 1024 * 1024
    accept_language: str = "en;q=0.9,*;q=0.5"
    hosts: Mapping[str, HostRules] = field(default_factory=dict)
    robots: bool = False

    @property
    def body_limit_s(self) -> float:
        """How long one body may take, in seconds, when it is not recorded."""
        return self.timeout_s * BODY_SHARE if self.body_timeout_s is None else self.body_timeout_s


def _port(text: str, whole: str) -> int:
    number = int(text)
    if not 0 < number <= HIGHEST_PORT:
        message = f"{whole!r}: {text} is not a port (1 to {HIGHEST_PORT})"
        raise InvalidSetting(message)
    return number


def parse_resolve(text: str) -> Resolve:
    """Read `HOST:PORT:ADDRESS[:PORT2]`, IPv6 in brackets.

    Raises:
        InvalidSetting: the text has another form; the message names it.
    """
    match = _RESOLVE.fullmatch(text.strip())
    host = urls.host_of(f"http://{match['host']}/") if match else ""
    if match is None or not host:
        message = f"resolve: {text!r} is not HOST:PORT:ADDRESS[:PORT2] (IPv6 in brackets)"
        raise InvalidSetting(message)
    try:
        address = ipaddress.ip_address(match["address"].strip("[]"))
    except ValueError:
        message = f"resolve: {text!r}: {match['address']} is not an IP address"
        raise InvalidSetting(message) from None
    port = _port(match["port"], f"resolve: {text}")
    port2 = _port(match["port2"], f"resolve: {text}") if match["port2"] else port
    return Resolve(host=host, port=port, address=str(address), address_port=port2)


def parse_allowed_network(text: str) -> AllowedNetwork:
    """Read `CIDR[:PORT]`; an IPv6 network with a port stands in brackets: `[fd00::/8]:8080`.

    Raises:
        InvalidSetting: the text has another form; the message names it.
    """
    match = _NETWORK.fullmatch(text.strip())
    written = (match["inside"] or match["four"] or match["six"]) + (match["prefix"] or "") if match else ""
    try:
        network = ipaddress.ip_network(written, strict=False)
    except ValueError:
        message = f"allow-network: {text!r} is not CIDR[:PORT] (an IPv6 network with a port in brackets)"
        raise InvalidSetting(message) from None
    port = _port(match["port"], f"allow-network: {text}") if match and match["port"] else None
    return AllowedNetwork(network=network, port=port)


def exempt_origin(base_url: str) -> tuple[str, int]:
    """Return the `(host, port)` of a configured archive's base URL, for `FetchPolicy.exempt_origins`.

    Raises:
        InvalidSetting: `base_url` is not an absolute http or https address.
    """
    parsed = urls.parse(base_url)
    if parsed is None or not urls.is_fetchable(base_url):
        message = f"{base_url!r} is not an http or https address"
        raise InvalidSetting(message)
    standard = 443 if parsed.protocol == "https:" else 80
    return parsed.hostname.strip("[]"), int(parsed.port) if parsed.port else standard
