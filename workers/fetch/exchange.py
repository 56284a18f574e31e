"""One hop: a request written, its head awaited, its body read only as far as it is needed.

Nothing here raises for what the web does; the answer or the failure comes back as a value.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import aiohttp
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader

from workers.fetch.decoding import Decoder, read_codings
from workers.fetch.failures import read_failure
from workers.fetch.guard import refusals
from workers.fetch.session import WebConnection, WebConnector
from workers.fetch.target import Target
from workers.model import Exchange, Failure, TlsFacts

MOST_INTERIM: Final = 8
"""How many interim (1xx) answers are read before the final one."""
_SMALL_BODY_BYTES: Final = 65_536
_TEXT_PARTS: Final = ("text/", "json", "xml", "javascript")
_SHORT_BYTES: Final = 64
_NO_BODY: Final = frozenset({204, 304})


class Phase(StrEnum):
    """How far an exchange got."""

    CONNECT = "connect"
    HEAD = "head"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one hop, in seconds and bytes; `capture_bytes` 0 means that nothing is recorded."""

    total_s: float
    connect_s: float
    head_s: float
    body_s: float
    body_bytes: int
    capture_bytes: int = 0


@dataclass(slots=True, kw_only=True)
class Answer:
    """What one hop brought: an answer (`status`), or a `failure` with its reason.

    `phase` is how far it got; `was_broken_off` that we or the server left before the end. `headers` keep
    order and repetition, names in lower case, and `joined` has repeated ones joined by ', '. `body` is
    decoded, `cut` says in words why it is not whole, `cut_off` that the server broke off. `was_kept` tells a
    connection that had served before.
    """

    status: int | None = None
    reason: str = ""
    headers: Sequence[tuple[str, str]] = ()
    joined: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_complete: bool = False
    cut: str | None = None
    cut_off: bool = False
    received_bytes: int = 0
    failure: Failure | None = None
    failure_reason: str | None = None
    phase: Phase = Phase.CONNECT
    was_kept: bool = False
    was_broken_off: bool = False
    tls: TlsFacts | None = None
    record: Exchange | None = None

    def header(self, name: str) -> str:
        """Return the value of a header, repeated ones joined by ', ', '' when there is none."""
        return self.joined.get(name, "")

    @property
    def is_good(self) -> bool:
        """Whether it answers with what was asked for, or where that is, and the server did not break off."""
        return self.status is not None and self.status < HTTPStatus.BAD_REQUEST and not self.cut_off


class _Hop:
    """One hop on its way; its state outlives a deadline that ends it."""

    def __init__(self, connector: WebConnector, target: Target, head: bytes, limits: Limits) -> None:
        self._connector = connector
        self._target = target
        self._head = head
        self._limits = limits
        self._connection: Connection | None = None
        self._handler: WebConnection | None = None
        self._started = datetime.now(UTC)
        self._raw = bytearray()
        self._decoder: Decoder | None = None
        self._message: RawResponseMessage | None = None
        self._truncated: str | None = None
        self.answer = Answer()

    async def run(self, keep: Callable[[], bool]) -> Answer:
        """Make the exchange; the connection is kept for the next one if `keep` then says so."""
        answer, loop = self.answer, asyncio.get_running_loop()
        start = loop.time()
        refused: list[str] = []
        token = refusals.set(refused)
        try:
            is_kept = self._connector.has_kept(self._target)
            first_s = self._limits.head_s if is_kept else self._limits.connect_s
            async with asyncio.timeout_at(start + min(first_s, self._limits.total_s)) as deadline:
                handler = await self._connect()
                end = start + self._limits.total_s
                if not answer.was_kept:
                    deadline.reschedule(min(end, loop.time() + self._limits.head_s))
                handler.begin()
                if handler.transport is None:
                    raise aiohttp.ServerDisconnectedError
                handler.transport.write(self._head)
                answer.phase = Phase.HEAD
                payload = await self._read_head(handler)
                answer.phase = Phase.BODY
                if not self._has_all(payload):
                    deadline.reschedule(min(end, loop.time() + self._limits.body_s))
                    await self._read_body(payload)
                if handler.has_broken_body:
                    raise aiohttp.ClientPayloadError
        except (TimeoutError, aiohttp.ClientError, HttpProcessingError, OSError, EOFError) as error:
            self._note(error, refused)
        finally:
            refusals.reset(token)
            self._finish(keep)
        return answer

    async def _connect(self) -> WebConnection:
        self._connection, handler = await self._connector.connect_to(self._target)
        self._handler = handler
        self.answer.was_kept = handler.exchanges > 0
        return handler

    async def _read_head(self, handler: WebConnection) -> StreamReader:
        for _ in range(MOST_INTERIM):
            message, payload = await handler.read()
            if message.code >= HTTPStatus.OK or message.code == HTTPStatus.SWITCHING_PROTOCOLS:
                break
        else:
            raise HttpProcessingError(message="only interim answers")
        if message.code < HTTPStatus.OK:
            raise HttpProcessingError(message="switched to another protocol unasked")
        handler.is_reading_head = False
        self._message = message
        answer = self.answer
        answer.status, answer.reason = message.code, message.reason
        answer.headers = [(_name(name), _text(value)) for name, value in message.raw_headers]
        answer.joined = _joined(answer.headers)
        return payload

    def _has_all(self, payload: StreamReader) -> bool:
        """Whether a plain body came with the head, and is taken: nothing is left to wait for."""
        answer, limits = self.answer, self._limits
        is_plain = not limits.capture_bytes and "content-encoding" not in answer.joined
        if not (is_plain and payload.is_eof() and payload.total_bytes <= limits.body_bytes):
            return False
        if answer.status not in _NO_BODY:
            answer.body = payload.read_nowait()
        answer.is_complete = True
        return True

    async def _read_body(self, payload: StreamReader) -> None:
        answer, limits = self.answer, self._limits
        if answer.status in _NO_BODY or (payload.is_eof() and not payload.total_bytes):
            answer.is_complete = True
            return
        recorded = limits.capture_bytes
        if not (recorded or payload.is_eof() or self._is_wanted()):
            answer.cut = "not read: of no use to the verdict"
            self._truncated = "length"
            return
        coding = answer.header("content-encoding")
        decoder = self._decoder = Decoder(read_codings(coding) if coding else (), limits.body_bytes)
        raw_limit = recorded or max(limits.body_bytes, _SMALL_BODY_BYTES)
        taken = 0
        while chunk := await payload.readany():
            taken += len(chunk)
            decoder.feed(chunk)
            if recorded:
                self._raw += chunk[: recorded - len(self._raw)]
            if taken >= raw_limit or (decoder.is_full and not recorded):
                break
        if not payload.is_eof() or (recorded and taken > recorded):
            self._truncated = "length"
        elif not decoder.is_full:
            decoder.finish()

    def _is_wanted(self) -> bool:
        """Whether the body says anything to a verdict, or is so small that reading it costs nothing."""
        length = self.answer.header("content-length")
        if length.isdecimal() and int(length) <= _SMALL_BODY_BYTES:
            return True
        media_type = self.answer.header("content-type").partition(";")[0].strip().lower()
        return not media_type or any(part in media_type for part in _TEXT_PARTS)

    def _note(self, error: Exception, refused: list[str]) -> None:
        answer = self.answer
        failure = read_failure(error, refused=refused)
        if answer.phase is Phase.BODY:
            answer.is_complete, answer.cut = False, failure.reason
            self._truncated = "time" if failure.failure is Failure.TIMEOUT else "disconnect"
            answer.cut_off = failure.failure is not Failure.TIMEOUT
            return
        answer.failure = failure.failure
        answer.failure_reason = f"{failure.reason} ({answer.phase})" if not refused else failure.reason
        if failure.failure is Failure.TLS:
            answer.tls = TlsFacts(failure=failure.reason)

    def _finish(self, keep: Callable[[], bool]) -> None:
        answer, decoder, handler = self.answer, self._decoder, self._handler
        if decoder is not None:
            answer.body = bytes(decoder.body)
            answer.cut = answer.cut or decoder.fault or decoder.oddity
            answer.is_complete = self._truncated is None and not decoder.is_full
        if self._connection is None or handler is None:
            return
        answer.received_bytes = handler.received_bytes
        if answer.is_complete and handler.has_surplus:
            answer.cut = answer.cut or "more came after its end"
            answer.is_complete = bool(answer.body)  # of an empty one nobody can say what was meant
        answer.tls = handler.tls if answer.tls is None and self._target.is_tls else answer.tls
        if self._limits.capture_bytes and self._message is not None:
            answer.record = self._recorded(self._message, handler)
        is_whole = self._truncated is None and answer.failure is None
        answer.was_broken_off = not is_whole and answer.phase is not Phase.CONNECT
        may_keep = is_whole and not handler.should_close and self._connector.has_room(self._target)
        if may_keep and (keep() or answer.header("location")):
            self._connection.release()
        else:
            # Not a graceful close: that of TLS would wait for the server's farewell.
            handler.abort()
            self._connection.close()

    def _recorded(self, message: RawResponseMessage, handler: WebConnection) -> Exchange:
        version = f"HTTP/{message.version.major}.{message.version.minor}"
        lines = [f"{version} {message.code} {message.reason}".rstrip().encode("utf-8", "surrogateescape")]
        lines += [b"%b: %b" % pair for pair in message.raw_headers]
        return Exchange(
            url=self._target.url,
            remote_address=handler.remote_address,
            started_at=self._started,
            request_head=self._head,
            response_head=b"\r\n".join(lines) + b"\r\n\r\n",
            body=bytes(self._raw),
            truncated=self._truncated,
        )


@lru_cache(maxsize=512)
def _short_name(raw: bytes) -> str:
    return _decoded(raw).lower()


def _name(raw: bytes) -> str:
    return _short_name(raw) if len(raw) <= _SHORT_BYTES else _decoded(raw).lower()


def _joined(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(raw: bytes) -> str:
    return _short_text(raw) if len(raw) <= _SHORT_BYTES else _decoded(raw)


# Servers say the same things all the time, and observations are kept by the thousand.
@lru_cache(maxsize=2048)
def _short_text(raw: bytes) -> str:
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


async def exchange(
    connector: WebConnector, target: Target, *, head: bytes, limits: Limits, keep: Callable[[], bool]
) -> Answer:
    """Send the request `head` to `target` and return what came back.

    `keep` is asked at the end whether the connection is of use for a next request. A kept connection that
    the server closed in the meantime is replaced by a new one, once.
    """
    answer = await _Hop(connector, target, head, limits).run(keep)
    is_stale = answer.was_kept and answer.phase is Phase.HEAD and answer.failure is Failure.RESET
    return await _Hop(connector, target, head, limits).run(keep) if is_stale else answer
