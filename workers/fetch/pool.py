"""The connections of a process: those kept for a next request, and the opening of new ones past the guard.

There is no limit here, for the scheduler is the only gate, and no redirect, cookie or retry.
"""

import asyncio
import socket
from functools import partial
from typing import Final, cast

from aiohappyeyeballs import pop_addr_infos_interleave, start_connection

from workers.fetch.connection import WebConnection
from workers.fetch.encryption import EncryptedTransport
from workers.fetch.guard import AddressInfo, Guard
from workers.fetch.policy import FetchPolicy
from workers.fetch.resolver import DnsNames, GuardedResolver, Names
from workers.fetch.target import Target
from workers.fetch.tls import make_context

IDLE_S: Final = 15.0
"""So long a connection may be kept without a request; servers close theirs after a while too."""
MOST_OPEN: Final = 384
MOST_OPEN_ENCRYPTED: Final = 160
"""Connections are kept for a next request only while fewer than these are open."""
_NEXT_ADDRESS_AFTER_S: Final = 0.25
"""How long one address of several is waited for before the next is tried beside it (RFC 8305, 8)."""
_TURNS_TO_CLOSE: Final = 100

Place = tuple[str, int, bool]
"""Host, port, and whether the connection is encrypted."""


class WebPool:
    """The connection pool of a fetcher."""

    def __init__(self, *, guard: Guard, resolver: GuardedResolver, ca_bundle: str | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._guard = guard
        self._resolver = resolver
        self._ca_bundle = ca_bundle
        self._opened: set[WebConnection] = set()
        self._kept: dict[Place, list[WebConnection]] = {}
        self._sweeping: asyncio.TimerHandle | None = None
        self._make = partial(WebConnection, self._loop, self._opened)

    def take(self, target: Target) -> WebConnection | None:
        """Return a connection to `target` that served before, the one used last; None when there is none."""
        kept = self._kept.get(_place(target))
        while kept:
            connection = kept.pop()
            if connection.is_reusable and self._loop.time() - connection.idle_since < IDLE_S:
                return connection
            connection.close()
        return None

    def keep(self, target: Target, connection: WebConnection) -> None:
        """Keep a connection to `target` for a next request."""
        connection.rest(self._loop.time())
        self._kept.setdefault(_place(target), []).append(connection)
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(IDLE_S, self._sweep)

    def has_room(self, target: Target) -> bool:
        """Whether one more connection may be kept open for later; encrypted ones take more memory."""
        return len(self._opened) < (MOST_OPEN_ENCRYPTED if target.is_tls else MOST_OPEN)

    def close_idle(self, target: Target) -> None:
        """Close the kept connections to the host of `target`: idle encrypted ones cost memory."""
        for connection in self._kept.pop(_place(target), ()):
            connection.close()

    async def open(self, target: Target, refusals: list[str]) -> WebConnection:
        """Return a new connection to `target`; what the guard refuses on the way is added to `refusals`.

        Raises:
            OSError: there is none, for its name, its address or its certificate.
        """
        places = await self._resolver.places(target.host, target.port, refusals)
        if len(places) == 1:
            return await self._open_at(places[0], target, refusals)
        while True:
            opened = await start_connection(
                places,
                happy_eyeballs_delay=_NEXT_ADDRESS_AFTER_S,
                loop=self._loop,
                socket_factory=partial(self._guard.open_socket, refusals=refusals),
            )
            try:
                return await self._speak(opened, target)
            except OSError:
                # One of the addresses is at fault, or its certificate: the next may be better.
                pop_addr_infos_interleave(places)
                if not places:
                    raise

    async def _open_at(self, place: AddressInfo, target: Target, refusals: list[str]) -> WebConnection:
        opened = self._guard.open_socket(place, refusals)
        try:
            opened.setblocking(False)
            await self._loop.sock_connect(opened, place[4])
        except RuntimeError as error:  # uvloop's way to say some of what others say by OSError
            opened.close()
            raise OSError(str(error)) from error
        except BaseException:
            opened.close()
            raise
        return await self._speak(opened, target)

    async def _speak(self, opened: socket.socket, target: Target) -> WebConnection:
        """Return the connection on a connected socket, after the handshake where it is encrypted."""
        if target.is_tls:
            return await self._encrypt(opened, target)
        _, connection = await self._loop.create_connection(self._make, sock=opened)
        return connection

    async def _encrypt(self, opened: socket.socket, target: Target) -> WebConnection:
        # Made for the first encrypted link: runs over plain http alone need none.
        context = make_context(self._ca_bundle)
        # Certificates name hosts without the final dot.
        name = target.host.rstrip(".")
        make = partial(EncryptedTransport, context, name, make=self._make)
        _, transport = await self._loop.create_connection(make, sock=opened)
        try:
            return cast("WebConnection", await transport.ready)
        except BaseException:
            transport.close()
            raise

    def _sweep(self) -> None:
        """Close what has been kept too long."""
        oldest = self._loop.time() - IDLE_S
        for place, kept in list(self._kept.items()):
            for connection in kept:
                if connection.idle_since <= oldest:
                    connection.close()
            kept[:] = [connection for connection in kept if connection.is_reusable]
            if not kept:
                del self._kept[place]
        self._sweeping = self._loop.call_later(IDLE_S, self._sweep) if self._kept else None

    async def close(self) -> None:
        """Close all connections and the name system."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        self._kept.clear()
        for connection in list(self._opened):
            connection.close()
        for _ in range(_TURNS_TO_CLOSE):
            if not self._opened:
                break
            await asyncio.sleep(0)
        await self._resolver.close()


def _place(target: Target) -> Place:
    return target.host, target.port, target.is_tls


def make_pool(policy: FetchPolicy, *, guard: Guard, names: Names | None = None) -> WebPool:
    """Return the pool for `policy`; `names` stands in for the machine's name system.

    Raises:
        InvalidSetting: the certificate bundle cannot be used.
    """
    resolver = GuardedResolver(policy, guard, names or DnsNames())
    if policy.ca_bundle:
        make_context(policy.ca_bundle)  # a bundle that cannot be used is told before anything is asked
    return WebPool(guard=guard, resolver=resolver, ca_bundle=policy.ca_bundle)
