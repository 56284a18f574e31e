"""TLS fed by hand: however the bytes come, and however the handshake ends."""

import asyncio
import itertools
import ssl
from functools import cache

import pytest
import trustme
from aiohttp import ServerDisconnectedError
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.fetch.encryption import EncryptedTransport

HOST = "www.news.example"
ANSWER = b"HTTP/1.1 200 OK\r\n\r\n" + b"whole" * 9000


@cache
def contexts(name: str = HOST) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a client and of a server that has a certificate for `name`."""
    authority = trustme.CA()
    client = ssl.create_default_context()
    authority.configure_trust(client)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(server)
    return client, server


class Wire(asyncio.Transport):
    """The transport below: it keeps what is sent, and what was done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.is_closed = False
        self.is_paused = False

    def write(self, data):
        self.sent += data

    def close(self):
        self.is_closed = True

    abort = close

    def is_closing(self):
        return self.is_closed

    def pause_reading(self):
        self.is_paused = True

    def resume_reading(self):
        self.is_paused = False


class Reader(asyncio.Protocol):
    """The protocol above: it keeps what comes."""

    def __init__(self) -> None:
        self.read = b""
        self.lost: list[object] = []

    def data_received(self, data):
        self.read += data

    def connection_lost(self, exc):
        self.lost.append(exc)


class Played:
    """A client fed by hand, and the server it speaks to."""

    def __init__(self, *, name: str = HOST, cuts=()) -> None:
        client, server = contexts(name)
        self.cuts = list(cuts)
        self.wire = Wire()
        self.reader = Reader()
        self.client = EncryptedTransport(client, HOST, make=lambda: self.reader)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.server = server.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.client.connection_made(self.wire)

    def answer(self, data: bytes = b"") -> bytes:
        """Return what the server says to all that was sent to it, and `data` after it."""
        self._incoming.write(self.wire.sent)
        self.wire.sent = b""
        try:
            if self.server.version() is None or not self.client.ready.done():
                self.server.do_handshake()
        except ssl.SSLWantReadError:
            pass
        if data:
            self.server.write(data)
        return self._outgoing.read()

    def feed(self, data: bytes) -> None:
        """Let bytes come, cut as the test says."""
        edges = [0, *sorted({cut for cut in self.cuts if cut < len(data)}), len(data)]
        for start, end in itertools.pairwise(edges):
            self.client.data_received(data[start:end])

    def shake(self) -> None:
        """Go through the handshake."""
        self.feed(self.answer())
        self.feed(self.answer())


@settings(deadline=None)
@given(st.lists(st.integers(1, 3000), max_size=8))
def test_an_answer_is_the_same_however_its_records_are_cut(cuts):
    async def play():
        played = Played(cuts=cuts)
        played.shake()
        reader = await played.client.ready
        played.client.write(b"GET / HTTP/1.1\r\n\r\n")
        played.feed(played.answer(ANSWER))
        played.server.read(100)
        return reader is played.reader, played.reader.read

    assert asyncio.run(play()) == (True, ANSWER)


async def test_a_wrong_certificate_is_told_to_both_sides():
    played = Played(name="other.example")
    played.feed(played.answer())
    with pytest.raises(ssl.SSLCertVerificationError):
        await played.client.ready
    assert played.wire.is_closed
    with pytest.raises(ssl.SSLError, match="BAD_CERTIFICATE"):
        played.answer()


async def test_what_is_no_tls_is_told():
    played = Played()
    played.client.data_received(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(ssl.SSLError):
        await played.client.ready


@pytest.mark.parametrize(
    ("exc", "expected"), [(None, ServerDisconnectedError), (ConnectionResetError(), ConnectionResetError)]
)
async def test_a_connection_lost_in_the_handshake_is_told(exc, expected):
    played = Played()
    played.client.connection_lost(exc)
    with pytest.raises(expected):
        await played.client.ready


async def test_a_handshake_that_nobody_waits_for_ends_the_connection():
    played = Played()
    played.client.ready.cancel()
    played.shake()
    assert played.wire.is_closed


async def test_a_paused_reader_gets_the_rest_when_it_goes_on():
    played = Played()
    played.shake()
    played.client.pause_reading()
    played.feed(played.answer(ANSWER))
    assert (played.reader.read, played.wire.is_paused) == (b"", True)
    played.client.resume_reading()
    await asyncio.sleep(0)
    assert (played.reader.read, played.wire.is_paused) == (ANSWER, False)


async def test_a_record_that_was_tampered_with_is_no_end_but_a_fault():
    played = Played()
    played.shake()
    first, second = played.answer(b"true"), bytearray(played.answer(b"false"))
    second[-1] ^= 1
    played.feed(first + bytes(second))
    played.client.connection_lost(None)
    assert (played.reader.read, played.wire.is_closed) == (b"true", True)
    assert isinstance(played.reader.lost[0], ssl.SSLError)


async def test_a_farewell_ends_the_connection_and_is_not_returned():
    played = Played()
    played.shake()
    played.wire.sent = b""
    with pytest.raises(ssl.SSLWantReadError):
        played.server.unwrap()
    played.feed(played.answer())
    assert (played.wire.is_closed, played.wire.sent) == (True, b"")
