"""TLS between a socket and a connection: nothing buffered twice, no farewell sent or waited for.

What asyncio has for it keeps large buffers and a state for every way to end a connection
(docs/decisions/0048).
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Final, cast

from aiohttp import ServerDisconnectedError

FAREWELL: Final = "farewell"
"""What `get_extra_info` is asked for to tell whether the other side said that it ends here."""
_PIECE_BYTES: Final = 64 * 1024


class EncryptedTransport(asyncio.Protocol, asyncio.Transport):
    """The protocol of a socket, and the transport of the protocol that `make` makes after the handshake.

    `ready` then holds that protocol, or what went wrong: an `ssl.SSLError`, or the loss of the connection.
    """

    def __init__(self, context: ssl.SSLContext, name: str, *, make: Callable[[], asyncio.Protocol]) -> None:
        super().__init__()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._loop = asyncio.get_running_loop()
        self._make = make
        self._below: asyncio.Transport | None = None
        self._above: asyncio.Protocol | None = None
        self._is_paused = False
        self._has_farewell = False
        self._fault: ssl.SSLError | None = None
        self.ready: asyncio.Future[asyncio.Protocol] = self._loop.create_future()

    # ------------------------------------------------------------ the handshake

    def _shake_hands(self) -> None:
        """Take one step of the handshake and send what it says, the alert on what is wrong too."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLError as error:
            self._flush()
            self._fail(error)
            if self._below is not None:
                self._below.close()
        else:
            self._flush()
            self._open()

    def _open(self) -> None:
        self._above = self._make()
        self._above.connection_made(self)
        self.ready.set_result(self._above)
        if self._incoming.pending:
            self._read()

    def _fail(self, error: BaseException) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)

    # ------------------------------------------------------------ the protocol of the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello."""
        self._below = cast("asyncio.Transport", transport)
        self._shake_hands()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the socket."""
        self._incoming.write(data)
        if self._above is not None:
            self._read()
        elif self.ready.done():  # it failed, or nobody waits any more
            self.abort()
        else:
            self._shake_hands()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Pass on that the connection is gone."""
        self._below = None
        if self._above is None:
            self._fail(exc or ServerDisconnectedError())
        else:
            self._above.connection_lost(self._fault or cast("Exception | None", exc))

    def _read(self) -> None:
        """Pass on what can be decrypted, as long as it is wanted."""
        while self._below is not None and self._above is not None and not self._is_paused:
            try:
                piece = self._tls.read(_PIECE_BYTES)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError as error:
                self._fault = error
                self.abort()
                return
            if not piece:
                self._has_farewell = True
                self.abort()
                return
            self._above.data_received(piece)
            if not (self._incoming.pending or self._tls.pending()):
                break
        self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending and self._below is not None:
            self._below.write(self._outgoing.read())

    # ------------------------------------------------------------ the transport of the connection

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data` encrypted."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._tls.write(rest) :]
        self._flush()

    def abort(self) -> None:
        """Let go of the connection at once."""
        if self._below is not None:
            self._below.abort()

    close = abort

    def is_closing(self) -> bool:
        """Whether the connection is gone or about to be."""
        return self._below is None or self._below.is_closing()

    def pause_reading(self) -> None:
        """Read nothing for a while."""
        self._is_paused = True
        if self._below is not None:
            self._below.pause_reading()

    def resume_reading(self) -> None:
        """Go on reading, what was received before first."""
        self._is_paused = False
        if self._below is not None:
            self._below.resume_reading()
            self._loop.call_soon(self._read)

    def get_extra_info(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - as asyncio has it
        """Return what asyncio's transports tell of a connection by that name."""
        if name == "ssl_object":
            return self._tls
        if name == FAREWELL:
            return self._has_farewell
        return default if self._below is None else self._below.get_extra_info(name, default)
