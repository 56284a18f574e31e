"""Names asked of a real name server on loopback, which answers, denies, fails or stays silent."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from workers.fetch import resolver
from workers.fetch.resolver import DnsNames, NameFailed
from workers.model import Failure

A, NS, AAAA = 1, 2, 28
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


class NameServer(asyncio.DatagramProtocol):
    """Answers from `zone`: (name, type) to a return code and records; names it lacks do not exist."""

    def __init__(self, zone: dict) -> None:
        self.zone = zone
        self.asked: list[tuple[str, int]] = []

    def connection_made(self, transport) -> None:
        """Keep the socket."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        """Answer one question, or none where the zone says `silent`."""
        labels, at = [], 12
        while length := data[at]:
            labels.append(data[at + 1 : at + 1 + length].decode())
            at += length + 1
        kind = struct.unpack_from("!H", data, at + 1)[0]
        question = (".".join(labels).lower(), kind)
        self.asked.append(question)
        code, records = self.zone.get(question, (NXDOMAIN, []))
        if code == "silent":
            return
        head = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(records), 0, 0)
        answers = [struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(record)) + record for record in records]
        self.transport.sendto(head + data[12 : at + 5] + b"".join(answers), addr)


@asynccontextmanager
async def name_system(zone: dict):
    """Open names that are asked of a server with this zone and a root."""
    public = {("", NS): (NOERROR, [b"\x01a\x00"]), **zone}
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(public), local_addr=("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    names = DnsNames(Path("no-hosts-file"), servers=[f"127.0.0.1:{port}"])
    try:
        yield names, server
    finally:
        await names.close()
        transport.close()


def four(text: str) -> bytes:
    """Return the bytes of an IPv4 address."""
    return socket.inet_aton(text)


async def test_both_families_are_asked_for_and_ipv4_comes_first():
    six = socket.inet_pton(socket.AF_INET6, "2606:4700::1")
    zone = {("a.example", A): (NOERROR, [four("93.184.215.14")]), ("a.example", AAAA): (NOERROR, [six])}
    async with name_system(zone) as (names, _):
        assert await names.addresses("a.example") == ["93.184.215.14", "2606:4700::1"]


@pytest.mark.parametrize(
    ("zone", "failure"),
    [
        ({}, Failure.NXDOMAIN),
        ({("a.example", A): (NOERROR, []), ("a.example", AAAA): (NOERROR, [])}, Failure.NO_ADDRESS),
        ({("a.example", A): (SERVFAIL, []), ("a.example", AAAA): (SERVFAIL, [])}, Failure.SERVFAIL),
        ({("a.example", A): (NXDOMAIN, []), ("a.example", AAAA): (SERVFAIL, [])}, Failure.SERVFAIL),
        ({("", NS): (NXDOMAIN, [])}, Failure.SERVFAIL),
    ],
    ids=["no such name", "no address", "server fails", "half an answer", "a server that knows no root"],
)
async def test_the_ways_a_name_fails_are_told_apart(zone, failure):
    async with name_system(zone) as (names, _):
        with pytest.raises(NameFailed) as caught:
            await names.addresses("a.example")
    assert caught.value.failure is failure
    assert "a.example" in caught.value.reason


async def test_a_silent_name_server_is_never_no_such_name(monkeypatch):
    monkeypatch.setattr(resolver, "QUERY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(resolver, "QUERY_TRIES", 1)
    zone = {("a.example", A): ("silent", []), ("a.example", AAAA): ("silent", [])}
    async with name_system(zone) as (names, _):
        with pytest.raises(NameFailed) as caught:
            await names.addresses("a.example")
    assert caught.value.failure is Failure.SERVFAIL


async def test_the_hosts_file_comes_before_the_name_servers(tmp_path: Path):
    hosts = tmp_path / "hosts"
    hosts.write_text("10.1.2.3 wiki.corp\n")
    names = DnsNames(hosts)
    assert await names.addresses("wiki.corp") == ["10.1.2.3"]
    await names.close()
