"""Names to addresses, through aiodns, so that 'no such name' and 'no answer' are told apart.

The hosts file is honoured as every other program on the machine honours it; what it says goes
through the guard like any answer.
"""

import asyncio
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from workers.fetch.addresses import read_address
from workers.fetch.guard import AddressInfo, Guard, Refused
from workers.fetch.policy import FetchPolicy
from workers.model import Failure
from workers.on_demand import on_demand

if TYPE_CHECKING:
    import aiodns
    import pycares
else:
    # Hosts by number and those of the hosts file need no name server.
    aiodns = on_demand("aiodns")
    pycares = on_demand("pycares")

HOSTS_FILE: Final = Path("/etc/hosts")
QUERY_TIMEOUT_S: Final = 2.0
QUERY_TRIES: Final = 2
MEMORY_S: Final = 30.0
"""How long a name that could not be resolved is not asked for again."""
MEMORY_NAMES: Final = 4096
MOST_ADDRESSES: Final = 4
"""So many addresses of one kind are tried of a name: it must not send us to thousands of strangers."""


class NameFailed(OSError):
    """A name without an address; `failure` tells a missing name from a name system that does not answer."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure
        self.reason = reason


class Names(Protocol):
    """Something that knows the addresses of a name."""

    async def addresses(self, name: str) -> list[str]:
        """Return the addresses of `name`, IPv4 first.

        Raises:
            NameFailed: there are none.
        """
        ...

    async def close(self) -> None:
        """Let go of what is held open."""
        ...


def read_hosts_file(text: str) -> dict[str, list[str]]:
    """Return the addresses of each name in a hosts file, names in lower case."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if read_address(address) is not None:
            for name in names:
                found.setdefault(name.lower(), []).append(address)
    return found


class DnsNames:
    """The name system of this machine: its hosts file, then its name servers.

    `servers` (each `ADDRESS` or `ADDRESS:PORT`) are asked in place of the machine's own.
    """

    def __init__(self, hosts_file: Path = HOSTS_FILE, *, servers: Sequence[str] | None = None) -> None:
        self._server_addresses = servers
        try:
            self._hosts = read_hosts_file(hosts_file.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            self._hosts = {}
        self._servers: aiodns.DNSResolver | None = None
        self._root_known = False
        self._root_until = 0.0

    async def addresses(self, name: str) -> list[str]:
        """Return the addresses of `name`, IPv4 first; search domains are not applied.

        Raises:
            NameFailed: there are none.
        """
        if known := self._hosts.get(name.removesuffix(".")):
            return known
        if self._servers is None:
            self._servers = aiodns.DNSResolver(
                self._server_addresses, timeout=QUERY_TIMEOUT_S, tries=QUERY_TRIES
            )
        four, six = await asyncio.gather(self._ask(name, "A"), self._ask(name, "AAAA"))
        found = [answer for part in (four, six) if isinstance(part, list) for answer in part]
        if found:
            return found
        failures = {part.failure: part for part in (four, six) if isinstance(part, NameFailed)}
        failed = next((failures[kind] for kind in _TOLD_FIRST if kind in failures), _no_address(name))
        if failed.failure is Failure.NXDOMAIN and not await self._knows_the_root():
            raise NameFailed(Failure.SERVFAIL, f"the name servers know no name at all, nor {name}")
        raise failed

    async def _knows_the_root(self) -> bool:
        """Whether the name servers speak for the public name system: its root exists wherever that is so.

        A resolver without a way out denies every name, the root's own servers among them, and 'no such
        name' from it says nothing. The answer is kept for a short while.
        """
        if time.monotonic() >= self._root_until and self._servers is not None:
            try:
                answer = await self._servers.query_dns(".", "NS")
                self._root_known = bool(answer.answer)
            except aiodns.error.DNSError:
                self._root_known = False
            self._root_until = time.monotonic() + MEMORY_S
        return self._root_known

    async def _ask(self, name: str, kind: str) -> list[str] | NameFailed:
        if self._servers is None:
            return _no_address(name)
        try:
            answer = await self._servers.query_dns(name, kind)
        except aiodns.error.DNSError as error:
            return _name_failed(name, error)
        return [
            record.data.addr
            for record in answer.answer
            if isinstance(record.data, pycares.ARecordData | pycares.AAAARecordData)
        ]

    async def close(self) -> None:
        """Close the sockets to the name servers."""
        if self._servers is not None:
            await self._servers.close()
            self._servers = None


# Where only one of two questions was answered nobody could tell, and that is never 'no such name'.
_TOLD_FIRST: Final = (Failure.SERVFAIL, Failure.NXDOMAIN)


def _no_address(name: str) -> NameFailed:
    return NameFailed(Failure.NO_ADDRESS, f"{name} has no address")


def _name_failed(name: str, error: "aiodns.error.DNSError") -> NameFailed:
    code, words = (*error.args, "", "")[:2]
    if code in {pycares.errno.ARES_ENOTFOUND, pycares.errno.ARES_EBADNAME}:
        return NameFailed(Failure.NXDOMAIN, f"{name} does not exist")
    if code == pycares.errno.ARES_ENODATA:
        return _no_address(name)
    return NameFailed(Failure.SERVFAIL, f"the name servers gave no answer for {name}: {words}")


class GuardedResolver:
    """Where to connect for a host: fixed answers of the policy first, all others judged by the guard."""

    def __init__(self, policy: FetchPolicy, guard: Guard, names: Names) -> None:
        self._fixed = {(entry.host, entry.port): entry for entry in policy.resolve}
        self._guard = guard
        self._names = names
        self._failed: dict[str, tuple[float, NameFailed]] = {}

    async def places(self, host: str, port: int, refusals: list[str]) -> list[AddressInfo]:
        """Return where to connect for `host` and `port`, in order; an address stands for itself.

        Raises:
            NameFailed: the name has no address, or nobody could say.
            Refused: one of its addresses may not be reached; the reason is added to `refusals` too.
        """
        if read_address(host) is not None:
            return [_place(host, port)]
        if entry := self._fixed.get((host.removesuffix("."), port)):
            return [_place(entry.address, entry.address_port)]
        answers = await self._answers(host.lower())
        if why := self._guard.refuse_answers(host, port, answers):
            refusals.append(why)
            raise Refused(why)
        places = [_place(answer, port) for answer in answers]
        return [
            place
            for family in (socket.AF_INET, socket.AF_INET6)
            for place in [each for each in places if each[0] == family][:MOST_ADDRESSES]
        ]

    async def _answers(self, name: str) -> list[str]:
        until, failed = self._failed.get(name, (0.0, None))
        if failed is not None and time.monotonic() < until:
            raise NameFailed(failed.failure, failed.reason)
        try:
            return await self._names.addresses(name)
        except NameFailed as failure:
            if len(self._failed) >= MEMORY_NAMES:
                self._failed.clear()
            self._failed[name] = (time.monotonic() + MEMORY_S, failure)
            raise

    async def close(self) -> None:
        """Close the name system."""
        await self._names.close()


def _place(address: str, port: int) -> AddressInfo:
    is_six = ":" in address
    family = socket.AF_INET6 if is_six else socket.AF_INET
    where = (address, port, 0, 0) if is_six else (address, port)
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where
