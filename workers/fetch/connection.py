"""One connection to a server: aiohttp's parser on it, one request at a time, one alarm for all deadlines.

An exchange asks, then waits for what comes next: the whole answer where it is small, else its head and each
further piece of its body. Nobody waits for two things at once, so that one future is enough, and a small
answer costs one wake-up (docs/decisions/0047).
"""

import asyncio
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final, cast

from aiohttp import ClientPayloadError, ServerDisconnectedError
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpResponseParser, RawResponseMessage
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.streams import StreamReader

from workers.fetch.encryption import FAREWELL
from workers.fetch.tls import facts_of
from workers.model import TlsFacts

HEAD_LIMIT_BYTES: Final = 96 * 1024
"""The most that all response heads of one request, interim ones included, may hold."""
FRAMING_LIMIT_BYTES: Final = 128 * 1024
"""The most that heads, chunk lines and trailers of one answer may hold beyond as much as its body."""
LINE_LIMIT_BYTES: Final = 32 * 1024
MOST_HEADERS: Final = 256
MOST_INTERIM: Final = 8
"""How many interim (1xx) answers are read before the final one."""
READ_BUFFER_BYTES: Final = 32 * 1024
_OK: Final = int(HTTPStatus.OK)
_MOST_HEADS_AT_ONCE: Final = 3
_LINE_END_BYTES: Final = 2
"""An empty line may come in two pieces: so much of the one is kept for the next."""
_CLOCK_GRAIN_S: Final = 0.002
"""An alarm may ring so much too early."""


class WebConnection(BaseProtocol):
    """One connection that counts what it receives and stops a head without end.

    `received_bytes` counts from the last `ask`; `exchanges` how many were begun. `message` is the head of the
    final answer and `payload` its body as far as it came. `has_broken_body` says that the body ended before
    its framing did, `has_surplus` that more came than the answer, so that nothing is to be asked here again,
    `has_no_farewell` that only the lost connection says that a body without length is over (RFC 9112, 8).
    """

    __slots__ = (
        "_alarm",
        "_alarm_at",
        "_before",
        "_deadline",
        "_encrypted",
        "_fault",
        "_interim",
        "_is_asked",
        "_is_last",
        "_opened",
        "_peer",
        "_tls",
        "_waiter",
        "exchanges",
        "has_broken_body",
        "has_no_farewell",
        "has_surplus",
        "idle_since",
        "message",
        "payload",
        "received_bytes",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, opened: "set[WebConnection]") -> None:
        super().__init__(loop)
        self._opened = opened
        self.received_bytes = 0
        self.exchanges = 0
        self.idle_since = 0.0
        self.message: RawResponseMessage | None = None
        self.payload: StreamReader | None = None
        self.has_broken_body = False
        self.has_surplus = False
        self.has_no_farewell = False
        self._before = b""
        self._interim = 0
        self._is_asked = False
        self._is_last = False
        self._fault: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        self._tls: TlsFacts | None = None
        self._encrypted: ssl.SSLObject | None = None
        self._peer: tuple[str, int] | None = None
        self._parser = HttpResponseParser(
            self,
            loop,
            READ_BUFFER_BYTES,
            payload_exception=ClientPayloadError,
            read_until_eof=True,
            auto_decompress=False,
            max_line_size=LINE_LIMIT_BYTES,
            max_field_size=LINE_LIMIT_BYTES,
            max_headers=MOST_HEADERS,
        )

    # ------------------------------------------------------------ what an exchange calls

    def ask(self, head: bytes, *, until: float) -> None:
        """Write one GET; its final head is to come before `until` (time of the loop).

        Raises:
            ServerDisconnectedError: the connection is gone.
        """
        self.received_bytes = 0
        self.exchanges += 1
        self.message = self.payload = None
        self._before = b""
        self._interim = 0
        if self.transport is None:
            raise ServerDisconnectedError
        self._is_asked = True
        self.set_deadline(until)
        self.transport.write(head)

    def set_deadline(self, until: float) -> None:
        """Move the deadline; the alarm is set anew only if it would ring too late."""
        self._deadline = until
        if self._alarm is None or until < self._alarm_at:
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm_at = until
            self._alarm = self._loop.call_at(until, self._ring)

    async def news(self) -> None:
        """Wait for the final head, and after it for a further piece of the body or its end.

        Raises:
            TimeoutError: the deadline passed.
            HttpProcessingError: what came is not an answer.
            OSError, ServerDisconnectedError: the connection was lost before the head was whole.
        """
        if self._fault is None:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._fault is not None:
            raise self._fault

    def rest(self, now: float) -> None:
        """Take note that the exchange is over and the connection is kept for a next one."""
        self._is_asked = False
        self.idle_since = now
        self.message = self.payload = None

    def close(self) -> None:
        """Let go of the connection at once: a graceful close of TLS waits for the other side's farewell."""
        self._is_asked = False
        self.message = self.payload = None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.transport is not None:
            self.transport.abort()

    @property
    def is_over(self) -> bool:
        """Whether nothing of the body is still to come."""
        return self.has_broken_body or (self.payload is not None and self.payload.is_eof())

    @property
    def is_reusable(self) -> bool:
        """Whether a further request may be sent once this answer is read."""
        return not (self._is_last or self.has_surplus or self._fault) and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether the other end is still there, as far as is known."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def tls(self) -> TlsFacts | None:
        """What the certificate said; None for plain http."""
        if self._tls is None and self._encrypted is not None:
            self._tls = facts_of(self._encrypted)
        return self._tls

    @property
    def remote_address(self) -> str:
        """The address and port of the other end, '' where nobody can tell any more."""
        peer = self._peer
        return f"[{peer[0]}]:{peer[1]}" if peer and ":" in peer[0] else f"{peer[0]}:{peer[1]}" if peer else ""

    # ------------------------------------------------------------ what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note that the connection is open; both event loops have turned off Nagle's delay already."""
        self.transport = cast("asyncio.Transport", transport)
        # Asked now, since a server that closes after its answer takes both along.
        self._encrypted = transport.get_extra_info("ssl_object")
        self._peer = transport.get_extra_info("peername")
        self._opened.add(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the socket."""
        if not self._is_asked:
            # The server spoke out of turn: what it said must not answer the next request.
            self.has_surplus = True
            self.close()
            return
        self.received_bytes += len(data)
        if self.message is not None:
            self._feed(data)
        else:
            self._feed_head(data)
        self._wake()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Go on reading; the body asks for it with each piece that is taken, paused or not."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Take note that the connection is gone, and of what that means for the answer under way."""
        self._opened.discard(self)
        transport, self.transport = self.transport, None
        self._is_last = True
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.message is None:
            self._fault = self._fault or (exc if isinstance(exc, OSError) else ServerDisconnectedError())
        elif not self.is_over:
            self._end_with(exc)
            self.has_no_farewell = transport is not None and not transport.get_extra_info(FAREWELL, True)
        self._parser = None  # which knows this connection: nothing is left for the collector to find
        self._wake()

    # ------------------------------------------------------------ inside

    def _feed_head(self, data: bytes) -> None:
        # The parser drops an answer with the first fault behind it: each head goes to it by itself.
        before, self._before = self._before, data[-_LINE_END_BYTES:]
        for piece in _by_heads(before, data):
            self._feed(piece)
            if self._fault is not None or self.has_broken_body or self.has_surplus:
                break
        if self.message is None and self._fault is None and self.received_bytes > HEAD_LIMIT_BYTES:
            self._fault = BadHttpMessage("the head of the answer does not end")

    def _feed(self, piece: bytes) -> None:
        """Give one piece to the parser; a fault in it ends the head or the body, whichever is under way."""
        if self._parser is None:
            return
        try:
            messages, _, _ = self._parser.feed_data(piece)
        except Exception as error:  # noqa: BLE001 - mapped here: parsers fail in many ways
            if self.message is None:
                self._fault = error if isinstance(error, HttpProcessingError) else HttpProcessingError()
            elif self.is_over:
                self.has_surplus = True
            else:
                self.has_broken_body = True
            return
        for message, payload in messages:
            self._take(message, payload)
        if self.payload is not None:
            framing_bytes = self.received_bytes - 2 * self.payload.total_bytes
            if framing_bytes > FRAMING_LIMIT_BYTES and not self.is_over:
                self._fault = HttpProcessingError(message="hardly any body in what comes")

    def _take(self, message: RawResponseMessage, payload: StreamReader) -> None:
        self._is_last = self._is_last or message.should_close
        if self.message is not None:
            self.has_surplus = True
        elif message.code >= _OK:
            self.message, self.payload = message, payload
        elif message.code == HTTPStatus.SWITCHING_PROTOCOLS:
            self._fault = HttpProcessingError(message="switched to another protocol unasked")
        else:
            self._interim += 1
            if self._interim == MOST_INTERIM:
                self._fault = HttpProcessingError(message="only interim answers")

    def _end_with(self, exc: BaseException | None) -> None:
        """End a body that lasts as long as its connection; any other one is broken by now."""
        try:
            if self._parser is not None:
                self._parser.feed_eof()
        except Exception:  # noqa: BLE001 - whatever it says, the body is not whole
            self.has_broken_body = True
        self.has_broken_body = self.has_broken_body or exc is not None

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if self.message is not None or self._fault is not None:
            waiter.set_result(None)

    def _ring(self) -> None:
        self._alarm = None
        if not self._is_asked:
            return
        if self._deadline - self._loop.time() > _CLOCK_GRAIN_S:
            self.set_deadline(self._deadline)
        else:
            self._fault = self._fault or TimeoutError()
            self._wake()


def _by_heads(before: bytes, data: bytes) -> Iterator[bytes]:
    """Yield `data`, which came just after `before`, cut behind its first empty lines, where heads end."""
    joined = before + data
    start, search_from = len(before), 0
    for _ in range(_MOST_HEADS_AT_ONCE):
        found = joined.find(b"\n\r\n", search_from)
        end = found + 3 if found >= 0 else joined.find(b"\n\n", search_from) + 2
        if end < 2:  # noqa: PLR2004 - neither was found
            break
        yield joined[start:end]
        start = search_from = end
        if not joined.startswith(b"HTTP/1.1 ", start):
            break
    if start < len(joined):
        yield joined[start:]
