"""Which IP addresses belong to the public internet: our own table, stricter than the standard library's.

Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and later), RFC 3056 (6to4),
4380 (Teredo), 5214 (ISATAP), 6052 and 8215 (NAT64), 9602 (segment routing), 9637 (documentation).
"""

import ipaddress
from functools import lru_cache
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_FOUR: Final = tuple(
    (ipaddress.IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private network"),
        ("100.64.0.0/10", "carrier's shared network"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud platform's own service"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "name server blackhole"),
        ("192.52.193.0/24", "multicast relay"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private network"),
        ("192.175.48.0/24", "name server blackhole"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)
_SIX_PUBLIC: Final = ipaddress.IPv6Network("2000::/3")
_SIX: Final = tuple(
    (ipaddress.IPv6Network(network), why)
    for network, why in (
        ("2001::/32", "Teredo tunnel"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4 tunnel"),
        ("2620:4f:8000::/48", "name server blackhole"),
        ("3fff::/20", "documentation"),
    )
)
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)


def _six_reason(address: ipaddress.IPv6Address) -> str | None:
    if address.ipv4_mapped is not None:
        return not_public(address.ipv4_mapped)
    if address not in _SIX_PUBLIC:
        return "loopback" if address.is_loopback else "not a public IPv6 address"
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return "ISATAP tunnel"
    return next((why for network, why in _SIX if address in network), None)


@lru_cache(maxsize=4096)
def not_public(address: IPAddress) -> str | None:
    """Return why `address` is not to be reached, or None when it is public.

    An IPv4-mapped IPv6 address is judged as the IPv4 address that the kernel connects to.
    """
    if isinstance(address, ipaddress.IPv6Address):
        return _six_reason(address)
    return next((why for network, why in _FOUR if address in network), None)


def read_address(text: str) -> IPAddress | None:
    """Return the address written in `text`, or None for a name, a zone id or any odd spelling."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None
