"""The guard: which addresses may be asked, in three layers.

1. the text of each address and of each Location; 2. every answer of the name system; 3. the very
address a socket is about to be connected to. A service that fetches what it is told to must never
become a way in, so each layer judges alone, and what it refuses is written down by the guard itself.
"""

import re
import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from workers.fetch.addresses import IPAddress, not_public, read_address
from workers.fetch.policy import FetchPolicy
from workers.fetch.target import Target, read_target

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
"""Family, type, protocol, canonical name and socket address, as `socket.getaddrinfo` gives them."""

RECEIVE_BUFFER_BYTES: Final = 65_536
"""What the kernel may hold for us on one connection, so that a pouring server is stopped early."""

# The fetch standard's bad ports, then those of databases, caches, queues and control planes; none lies
# in the range that systems hand out for passing use.
_FETCH_BAD_PORTS: Final = (
    1,
    7,
    9,
    11,
    13,
    15,
    17,
    19,
    20,
    21,
    22,
    23,
    25,
    37,
    42,
    43,
    53,
    69,
    77,
    79,
    87,
    95,
    101,
    102,
    103,
    104,
    109,
    110,
    111,
    113,
    115,
    117,
    119,
    123,
    135,
    137,
    139,
    143,
    161,
    179,
    389,
    427,
    465,
    512,
    513,
    514,
    515,
    526,
    530,
    531,
    532,
    540,
    548,
    554,
    556,
    563,
    587,
    601,
    636,
    989,
    990,
    993,
    995,
    1719,
    1720,
    1723,
    2049,
    3659,
    4045,
    4190,
    5060,
    5061,
    6000,
    6566,
    6665,
    6666,
    6667,
    6668,
    6669,
    6679,
    6697,
    10080,
)
_CONTROL_PORTS: Final = (
    0,
    445,
    873,
    1433,
    1434,
    1521,
    1883,
    2181,
    2375,
    2376,
    2377,
    2379,
    2380,
    3306,
    3389,
    4369,
    5432,
    5672,
    5900,
    5984,
    5985,
    5986,
    6379,
    6380,
    6443,
    7199,
    7474,
    7687,
    8086,
    8300,
    8500,
    8600,
    9042,
    9092,
    9160,
    9200,
    9300,
    9418,
    10250,
    10255,
    10256,
    11211,
    15672,
    25672,
    26379,
    27017,
    27018,
    27019,
)
_BAD_PORTS: Final = frozenset((*_FETCH_BAD_PORTS, *_CONTROL_PORTS))
_INSIDE_NAMES: Final = frozenset(
    ("local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home", "lan")
)
_NEVER: Final = ("onion",)
_WRITTEN: Final = re.compile(r"\s*https?://(?P<authority>[^/?#\\]+)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_NAME: Final = 253
_MOST_PASSED: Final = 65_536


class Refused(OSError):
    """A connection that the guard does not allow; an OSError so that the next address is tried."""


def written_fault(url: str) -> str | None:
    """Return what is suspicious in `url` as written, before any parser made sense of it, or None.

    Parsers disagree about these forms, which is what attacks on them live by.
    """
    if _CONTROL.search(url.strip()):
        return "a control character in the address"
    if "\\" in url.partition("?")[0] or "\\" in url.partition("#")[2]:
        return "a backslash in the address"
    match = _WRITTEN.match(url)
    if match is None:
        return "no host after http:// or https://"
    if "@" in match["authority"]:
        return "credentials in the address"
    return "percent signs in the host" if "%" in match["authority"] else None


@lru_cache(maxsize=4096)
def _name_fault(host: str) -> str | None:
    """Return why a host name (not an address) cannot be asked for, whatever it resolves to."""
    name = host.removesuffix(".")
    if not name or len(name) > _LONGEST_NAME:
        return "the host name is empty or too long"
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return "not a host name"
    return f".{labels[-1]} names are never asked for" if labels[-1] in _NEVER else None


@lru_cache(maxsize=4096)
def _is_inside_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return len(labels) == 1 or labels[-1] in _INSIDE_NAMES or labels[-2:] == ["home", "arpa"]


def plain_socket(info: AddressInfo) -> socket.socket:
    """Open an unconnected socket for `info` that holds only a little unread data."""
    opened = socket.socket(info[0], info[1], info[2])
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    return opened


class Guard:
    """The judge of addresses for one policy.

    `make_socket` opens the socket for an address that was allowed; tests that play the public
    internet on loopback give their own.
    """

    def __init__(
        self, policy: FetchPolicy, *, make_socket: Callable[[AddressInfo], socket.socket] = plain_socket
    ) -> None:
        self._networks = policy.allow_networks
        self._named = {(entry.host, entry.port) for entry in policy.resolve} | set(policy.exempt_origins)
        self._endpoints = {
            (address, entry.address_port)
            for entry in policy.resolve
            if (address := read_address(entry.address))
        }
        for host, port in policy.exempt_origins:
            if literal := read_address(host):
                self._endpoints.add((literal, port))
        self._make_socket = make_socket
        # What passed once passes again: exemptions are only ever added.
        self._passed: set[tuple[str, int]] = set()

    def refuse_text(self, url: str) -> str | None:
        """Return why the address `url`, as written, may not be asked; None when it may."""
        if fault := written_fault(url):
            return fault
        target = read_target(url)
        return "not an address" if target is None else self.refuse_target(target)

    def refuse_target(self, target: Target) -> str | None:
        """Return why a parsed target may not be asked; None when it may."""
        place = target.host, target.port
        if place in self._passed and not target.has_credentials:
            return None
        why = self._judge_target(target)
        if why is None and len(self._passed) < _MOST_PASSED:
            self._passed.add(place)
        return why

    def _judge_target(self, target: Target) -> str | None:
        if target.has_credentials:
            return "credentials in the address"
        if (target.host, target.port) in self._named:
            return None
        if (address := read_address(target.host)) is not None:
            return self.refuse_address(address, target.port) or self._bad_port(target.port, address)
        if fault := _name_fault(target.host):
            return fault
        if _is_inside_name(target.host) and not self._networks:
            return f"{target.host} is a name of an inside network"
        return self._bad_port(target.port)

    def refuse_answers(self, target_host: str, port: int, answers: Iterable[str]) -> str | None:
        """Return why a name with these answers may not be asked: one address inside refuses them all."""
        exempt = (target_host, port) in self._named
        for answer in answers:
            address = read_address(answer)
            if address is None:
                return f"{target_host} resolves to {answer}, which is no plain address"
            if exempt:
                self._endpoints.add((address, port))
            elif why := self.refuse_address(address, port):
                return f"{target_host} resolves to {why}"
        return None

    def refuse_address(self, address: IPAddress, port: int) -> str | None:
        """Return why a socket may not be connected to `address` at `port`; None when it may."""
        why = not_public(address)
        if why is None or (address, port) in self._endpoints or self._is_allowed(address, port):
            return None
        return f"{address} ({why})"

    def open_socket(self, info: AddressInfo, refusals: list[str]) -> socket.socket:
        """Open the socket for an address about to be connected to: the last layer.

        Raises:
            Refused: the address is not allowed; the reason is added to `refusals` too, since whoever
                connects may hide the exception behind others.
        """
        address, port = read_address(str(info[4][0])), int(info[4][1])
        why = "no plain address" if address is None else self.refuse_address(address, port)
        if why is not None:
            refusals.append(why)
            raise Refused(why)
        return self._make_socket(info)

    def _is_allowed(self, address: IPAddress, port: int) -> bool:
        mapped = getattr(address, "ipv4_mapped", None)
        return any(network.holds(mapped or address, port) for network in self._networks)

    def _bad_port(self, port: int, address: IPAddress | None = None) -> str | None:
        if port not in _BAD_PORTS:
            return None
        named = any(
            network.port == port and (address is None or network.holds(address, port))
            for network in self._networks
        )
        return None if named else f"port {port} is not one for web pages"
