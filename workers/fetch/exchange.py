"""One hop: a request written, its head awaited, its body read only as far as it is needed.

Nothing here raises for what the web does; the answer or the failure comes back as a value.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import aiohttp
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader

from workers.fetch.answer import Answer, Phase, join_headers
from workers.fetch.connection import WebConnection
from workers.fetch.decoding import Decoder, read_codings
from workers.fetch.failures import read_failure
from workers.fetch.pool import WebPool
from workers.fetch.target import Target
from workers.model import Exchange, Failure, TlsFacts

SETTLE_S: Final = 0.02
"""How long is waited after a request was broken off, so that the server learns of it before the next."""
_SHORTEST_S: Final = 0.05
_SMALL_BODY_BYTES: Final = 65_536
_TEXT_PARTS: Final = ("text/", "json", "xml", "javascript")
_SMALL_REDIRECT_BYTES: Final = 16_384
"""So much is read of what comes with a redirect, so that its connection may serve again."""
_OURS: Final = frozenset({Failure.TIMEOUT, Failure.PROTOCOL})
"""Ends of a body that we made, when it took too long or was hardly a body at all: not asked for again."""
_NO_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one hop, in seconds and bytes; `capture_bytes` 0 means that nothing is recorded."""

    total_s: float
    connect_s: float
    head_s: float
    body_s: float
    body_bytes: int
    capture_bytes: int = 0


class _Hop:
    """One hop on its way; its state outlives a deadline that ends it."""

    __slots__ = (
        "_connection",
        "_decoder",
        "_head",
        "_limits",
        "_pool",
        "_raw",
        "_started",
        "_target",
        "_truncated",
        "answer",
    )

    def __init__(self, pool: WebPool, target: Target, head: bytes, limits: Limits) -> None:
        self._pool = pool
        self._target = target
        self._head = head
        self._limits = limits
        self._connection: WebConnection | None = None
        self._started = datetime.now(UTC) if limits.capture_bytes else None
        self._raw = bytearray()
        self._decoder: Decoder | None = None
        self._truncated: str | None = None
        self.answer = Answer()

    async def run(self, keep: Callable[[], bool], *, is_fresh: bool) -> Answer:
        """Make the exchange; the connection is kept for the next one if `keep` then says so.

        With `is_fresh` it is made on a new connection.
        """
        refusals: list[str] = []
        try:
            await self._ask(refusals, None if is_fresh else self._pool.take(self._target))
        except (TimeoutError, aiohttp.ClientError, HttpProcessingError, OSError, EOFError) as error:
            self._note(error, refusals)
        finally:
            self._finish(keep)
        return self.answer

    async def _ask(self, refusals: list[str], connection: WebConnection | None) -> None:
        answer, limits, loop = self.answer, self._limits, asyncio.get_running_loop()
        now = loop.time()
        end = now + limits.total_s
        if connection is not None:
            answer.was_kept = True
        else:
            async with asyncio.timeout_at(min(end, now + limits.connect_s)):
                connection = await self._pool.open(self._target, refusals)
            now = loop.time()
        self._connection = connection
        connection.ask(self._head, until=min(end, now + limits.head_s))
        answer.phase = Phase.HEAD
        await connection.news()
        message, payload = connection.message, connection.payload
        if message is None or payload is None:
            raise aiohttp.ServerDisconnectedError
        answer.phase = Phase.BODY
        self._read_head(message)
        if not self._has_all(payload):
            connection.set_deadline(min(end, loop.time() + limits.body_s))
            await self._read_body(connection, payload)
        if connection.has_broken_body:
            raise aiohttp.ClientPayloadError

    def _read_head(self, message: RawResponseMessage) -> None:
        answer = self.answer
        answer.status, answer.reason = message.code, message.reason
        answer.raw_headers = message.raw_headers
        answer.joined = join_headers(message.raw_headers)

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

    async def _read_body(self, connection: WebConnection, payload: StreamReader) -> None:
        answer, limits = self.answer, self._limits
        if answer.status in _NO_BODY or (payload.is_eof() and not payload.total_bytes):
            answer.is_complete = True
            return
        if not (limits.capture_bytes or payload.is_eof() or self._is_wanted()):
            answer.cut = "not read: of no use to the verdict"
            self._truncated = "length"
            return
        coding = answer.header("content-encoding")
        self._decoder = Decoder(read_codings(coding) if coding else (), limits.body_bytes)
        taken = await self._take_pieces(connection, payload, self._decoder)
        is_left_over = payload.is_eof() and not payload.at_eof()
        if is_left_over or not connection.is_over or taken > (limits.capture_bytes or taken):
            self._truncated = "length"
        elif not self._decoder.is_full:
            self._decoder.finish()

    async def _take_pieces(self, connection: WebConnection, payload: StreamReader, decoder: Decoder) -> int:
        """Take a body piece by piece, as far as it is needed; return how many bytes came, still coded."""
        recorded = self._limits.capture_bytes
        most = max(self._limits.body_bytes, _SMALL_BODY_BYTES)
        enough = recorded or (_SMALL_REDIRECT_BYTES if self.answer.is_redirect else most)
        taken = 0
        while taken < enough and (recorded or not decoder.is_full):
            chunk = payload.read_nowait()
            if not chunk:
                if connection.is_over:
                    break
                await connection.news()
                continue
            taken += len(chunk)
            decoder.feed(chunk)
            if recorded:
                self._raw += chunk[: recorded - len(self._raw)]
        return taken

    def _is_wanted(self) -> bool:
        """Whether the body says anything to a verdict, or is so small that reading it costs nothing."""
        length = self.answer.header("content-length")
        if length.isdecimal() and int(length) <= _SMALL_BODY_BYTES:
            return True
        media_type = self.answer.header("content-type").partition(";")[0].strip().lower()
        return not media_type or any(part in media_type for part in _TEXT_PARTS)

    def _note(self, error: Exception, refusals: list[str]) -> None:
        answer = self.answer
        failure = read_failure(error, refused=refusals)
        if answer.phase is Phase.BODY:
            answer.is_complete, answer.cut = False, failure.reason
            self._truncated = "time" if failure.failure is Failure.TIMEOUT else "disconnect"
            answer.cut_off = failure.failure not in _OURS
            return
        answer.failure = failure.failure
        answer.failure_reason = f"{failure.reason} ({answer.phase})" if not refusals else failure.reason
        if failure.failure is Failure.TLS:
            answer.tls = TlsFacts(failure=failure.reason)

    def _finish(self, keep: Callable[[], bool]) -> None:
        answer, decoder, connection = self.answer, self._decoder, self._connection
        if decoder is not None:
            answer.body = bytes(decoder.body)
            answer.cut = answer.cut or decoder.fault or decoder.oddity
            answer.is_complete = self._truncated is None and not decoder.is_full
        if connection is None:
            return
        answer.received_bytes = connection.received_bytes
        answer.has_surplus = connection.has_surplus
        if answer.is_complete and connection.has_surplus:
            answer.cut = answer.cut or "more came after its end"
            answer.is_complete = bool(answer.body)  # of an empty one nobody can say what was meant
        elif answer.is_complete and connection.has_no_farewell:
            answer.cut = answer.cut or "closed without the farewell of TLS: more may have been to come"
            answer.is_complete = bool(answer.body)
        if self._target.is_tls and answer.tls is None:
            answer.tls = connection.tls
        if self._started is not None and connection.message is not None:
            answer.record = self._recorded(connection.message, connection, self._started)
        is_whole = self._truncated is None and answer.failure is None
        answer.was_broken_off = not is_whole and answer.phase is not Phase.CONNECT
        may_keep = is_whole and connection.is_reusable and self._pool.has_room(self._target)
        if may_keep and (keep() or "location" in answer.joined):
            self._pool.keep(self._target, connection)
        else:
            connection.close()

    def _recorded(
        self, message: RawResponseMessage, connection: WebConnection, started_at: datetime
    ) -> Exchange:
        version = f"HTTP/{message.version.major}.{message.version.minor}"
        lines = [f"{version} {message.code} {message.reason}".rstrip().encode("utf-8", "surrogateescape")]
        lines += [b"%b: %b" % pair for pair in message.raw_headers]
        return Exchange(
            url=self._target.url,
            remote_address=connection.remote_address,
            started_at=started_at,
            request_head=self._head,
            response_head=b"\r\n".join(lines) + b"\r\n\r\n",
            body=bytes(self._raw),
            truncated=self._truncated,
        )


async def exchange(
    pool: WebPool, target: Target, *, head: bytes, limits: Limits, keep: Callable[[], bool]
) -> Answer:
    """Send the request `head` to `target` and return what came back.

    `keep` is asked at the end whether the connection is of use for a next request. A kept connection that
    the server closed in the meantime, or on which the rest of an earlier answer came, is replaced by a new
    one, once and within the same deadline.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + limits.total_s
    answer = await _Hop(pool, target, head, limits).run(keep, is_fresh=False)
    if not answer.is_of_another:
        return answer
    await asyncio.sleep(SETTLE_S)
    rest = replace(limits, total_s=max(_SHORTEST_S, end - loop.time()))
    return await _Hop(pool, target, head, rest).run(keep, is_fresh=True)
