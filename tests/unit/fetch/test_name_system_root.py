"""A name system that denies every name says nothing about one of them."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import aiodns
import pycares
import pytest

from workers.fetch.resolver import DnsNames, NameFailed
from workers.model import Failure


@dataclass
class Servers:
    """Name servers that know the given names and deny all others."""

    known: frozenset[str]
    asked: list[str] = field(default_factory=list)

    async def query_dns(self, name: str, kind: str) -> object:
        self.asked.append(f"{name} {kind}")
        if name in self.known:
            return SimpleNamespace(answer=[SimpleNamespace(data=None)])
        raise aiodns.error.DNSError(pycares.errno.ARES_ENOTFOUND, "Domain name not found")


async def failure_of(names: DnsNames) -> Failure:
    with pytest.raises(NameFailed) as told:
        await names.addresses("gone.example")
    return told.value.failure


def names_over(servers: Servers, tmp_path: Path) -> DnsNames:
    names = DnsNames(tmp_path / "no-hosts-file")
    names._servers = servers  # type: ignore[assignment]
    return names


async def test_a_name_denied_beside_a_known_root_does_not_exist(tmp_path: Path) -> None:
    assert await failure_of(names_over(Servers(frozenset({"."})), tmp_path)) is Failure.NXDOMAIN


async def test_a_name_denied_with_the_root_itself_could_not_be_told(tmp_path: Path) -> None:
    servers = Servers(frozenset())
    names = names_over(servers, tmp_path)
    assert await failure_of(names) is Failure.SERVFAIL
    assert await failure_of(names) is Failure.SERVFAIL
    assert servers.asked.count(". NS") == 1
