"""The one session of a process: aiohttp's connection pool and parser, with the guard at every connection.

aiohttp's `TCPConnector` and `ResponseHandler` are used without `ClientSession` and `ClientRequest`: the
redirects, cookies, headers and retries are ours anyway, and those two cost more than the exchange itself
(see docs/decisions/0040).
"""

import asyncio
import functools
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.http_exceptions import BadHttpMessage

from workers.fetch.guard import Guard
from workers.fetch.policy import FetchPolicy
from workers.fetch.resolver import DnsNames, GuardedResolver, Names
from workers.fetch.target import Target
from workers.fetch.tls import certificate_facts, make_context
from workers.model import TlsFacts

HEAD_LIMIT_BYTES: Final = 96 * 1024
"""The most that all response heads of one request, interim ones included, may hold."""
LINE_LIMIT_BYTES: Final = 32 * 1024
MOST_HEADERS: Final = 256
READ_BUFFER_BYTES: Final = 32 * 1024
IDLE_S: Final = 15.0
MOST_OPEN: Final = 384
MOST_OPEN_ENCRYPTED: Final = 160
"""Connections are kept for a next request only while fewer than these are open."""
_MOST_HEADS_AT_ONCE: Final = 3
_NO_TIMEOUT: Final = ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)


class WebConnection(ResponseHandler):
    """One connection that counts what it receives and stops a head without end.

    `received_bytes` counts from the last `begin`; `exchanges` how many were begun. `has_broken_body` says
    that the framing of the body was at fault.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, opened: "set[WebConnection]") -> None:
        super().__init__(loop)
        self._opened = opened
        opened.add(self)
        self.received_bytes = 0
        self.exchanges = 0
        self.is_reading_head = False
        self.has_broken_body = False
        self._tls: TlsFacts | None = None

    def begin(self) -> None:
        """Make ready for the answer to one GET."""
        self.received_bytes = 0
        self.exchanges += 1
        self.is_reading_head = True
        self.has_broken_body = False
        self.set_response_params(
            read_until_eof=True,
            auto_decompress=False,
            read_bufsize=READ_BUFFER_BYTES,
            max_line_size=LINE_LIMIT_BYTES,
            max_field_size=LINE_LIMIT_BYTES,
            max_headers=MOST_HEADERS,
        )

    def data_received(self, data: bytes) -> None:
        """Take bytes from the socket."""
        self.received_bytes += len(data)
        # The parser drops an answer with the first fault behind it: each head goes to it by itself.
        for piece in _by_heads(data) if self.is_reading_head else (data,):
            super().data_received(piece)
            if self.exception() is not None:
                self._end_body()
                break
        if self.is_reading_head and self.received_bytes > HEAD_LIMIT_BYTES and not self._has_head():
            self.abort()
            self.set_exception(BadHttpMessage("the head of the answer does not end"))

    def _end_body(self) -> None:
        """Let a body that is under way end with what came of it, rather than with the deadline."""
        payload = self._payload
        if payload is not None and not payload.is_eof():
            self.has_broken_body = True
            payload.feed_eof()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Take note that the connection is gone."""
        self._opened.discard(self)
        super().connection_lost(exc)

    @property
    def has_surplus(self) -> bool:
        """Whether more came than the answer that was read, so that the connection is of no further use."""
        return self.exception() is not None or bool(self._buffer) or bool(self._tail)

    def _has_head(self) -> bool:
        return bool(self._buffer) or self._payload is not None

    @property
    def tls(self) -> TlsFacts | None:
        """What the certificate said; None for plain http."""
        if self._tls is None and self.transport is not None:
            inside = self.transport.get_extra_info("ssl_object")
            self._tls = certificate_facts(inside.getpeercert()) if inside is not None else None
        return self._tls

    @property
    def remote_address(self) -> str:
        """The address and port of the other end, '' once it is gone."""
        peer = self.transport.get_extra_info("peername") if self.transport is not None else None
        return f"[{peer[0]}]:{peer[1]}" if peer and ":" in peer[0] else f"{peer[0]}:{peer[1]}" if peer else ""


def _by_heads(data: bytes) -> Iterator[bytes]:
    """Yield `data` cut behind its first empty lines, where heads end."""
    start = 0
    for _ in range(_MOST_HEADS_AT_ONCE):
        found = data.find(b"\n\r\n", start)
        end = found + 3 if found >= 0 else data.find(b"\n\n", start) + 2
        if end < 2:  # noqa: PLR2004 - neither was found
            break
        yield data[start:end]
        start = end
        if not data.startswith(b"HTTP/1.1 ", start):
            break
    if start < len(data):
        yield data[start:]


@dataclass(frozen=True, slots=True)
class _Place:
    """What the connector reads of a URL."""

    raw_host: str


class _Call:
    """What the connector reads of a request: where to connect, and how."""

    __slots__ = ("connection_key", "port", "proxy", "server_hostname", "ssl", "url")

    def __init__(self, target: Target, context: ssl.SSLContext | None) -> None:
        self.url = _Place(target.host)
        self.port = target.port
        self.ssl = context or True  # never None, for which aiohttp would not verify
        self.proxy = None
        self.server_hostname = None
        self.connection_key = _key(target)

    def is_ssl(self) -> bool:
        return self.connection_key.is_ssl


def _key(target: Target) -> ConnectionKey:
    return ConnectionKey(target.host, target.port, target.is_tls, True, None, None, None)


class WebConnector(TCPConnector):
    """The connection pool; the scheduler is the only gate, so it has no limits of its own."""

    def __init__(self, *, guard: Guard, resolver: GuardedResolver, ca_bundle: str | None) -> None:
        super().__init__(
            limit=0,
            resolver=resolver,
            use_dns_cache=False,
            keepalive_timeout=IDLE_S,
            socket_factory=cast("functools.partial[socket.socket]", guard.open_socket),
        )
        self._opened: set[WebConnection] = set()
        self._factory = cast(
            "functools.partial[ResponseHandler]", functools.partial(WebConnection, self._loop, self._opened)
        )
        self._names = resolver
        self._ca_bundle = ca_bundle

    async def connect_to(self, target: Target) -> tuple[Connection, WebConnection]:
        """Return a connection to `target`, kept or new; nothing unread is left on it.

        Raises:
            OSError, aiohttp.ClientError: there is none; `refusals` says if it was the guard.
        """
        # Made for the first encrypted link: runs over plain http alone need none.
        context = make_context(self._ca_bundle) if target.is_tls else None
        call = cast("ClientRequest", _Call(target, context))
        while True:
            connection = await self.connect(call, [], _NO_TIMEOUT)
            handler = cast("WebConnection", connection.protocol)
            if handler.exchanges == 0 or not handler.should_close:
                return connection, handler
            # The server spoke out of turn after its last answer: what it said must not answer this request.
            connection.close()

    def has_kept(self, target: Target) -> bool:
        """Whether a connection to `target` is kept open."""
        return _key(target) in self._conns

    def has_room(self, target: Target) -> bool:
        """Whether one more connection may be kept open for later; encrypted ones take more memory."""
        return len(self._opened) < (MOST_OPEN_ENCRYPTED if target.is_tls else MOST_OPEN)

    def close_idle(self, target: Target) -> None:
        """Close the kept connections to the host of `target`: idle encrypted ones cost memory."""
        for handler, _ in self._conns.pop(_key(target), ()):
            handler.close()

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close all connections and the name system."""
        await super().close(abort_ssl=abort_ssl)
        await self._names.close()


def make_connector(policy: FetchPolicy, *, guard: Guard, names: Names | None = None) -> WebConnector:
    """Return the connector for `policy`; `names` stands in for the machine's name system.

    Raises:
        InvalidSetting: the certificate bundle cannot be used.
    """
    resolver = GuardedResolver(policy, guard, names or DnsNames())
    if policy.ca_bundle:
        make_context(policy.ca_bundle)  # a bundle that cannot be used is told before anything is asked
    return WebConnector(guard=guard, resolver=resolver, ca_bundle=policy.ca_bundle)
