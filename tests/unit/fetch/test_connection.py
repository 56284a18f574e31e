"""One connection fed by hand: however the bytes come, the answer is the same."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.fetch.connection import WebConnection

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
BODY = b"<title>whole</title>"
LENGTH = HEAD + b"Content-Length: 20\r\n\r\n" + BODY
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<titl\r\nf\r\ne>whole</title>\r\n0\r\n\r\n"
TO_THE_END = HEAD + b"\r\n" + BODY
WHOLE = [LENGTH, CHUNKED, EARLY + LENGTH, EARLY + EARLY + CHUNKED]


class Wire:
    """A transport that only remembers what was done to it."""

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Tell who is at the other end."""
        return ("127.0.0.1", 80) if name == "peername" else default

    def __init__(self) -> None:
        self.sent = b""
        self.is_aborted = False

    def write(self, data: bytes) -> None:
        """Take what is sent."""
        self.sent += data

    def abort(self) -> None:
        """Take note of the end."""
        self.is_aborted = True

    def is_closing(self) -> bool:
        """Tell of it."""
        return self.is_aborted

    def pause_reading(self) -> None:
        """Nothing is read here."""

    resume_reading = pause_reading


class Played:
    """What a connection makes of bytes that come in pieces."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.connection = WebConnection(asyncio.get_running_loop(), set())
        self.connection.connection_made(self.wire)
        self.connection.ask(b"GET / HTTP/1.1\r\n\r\n", until=asyncio.get_running_loop().time() + 60)

    def feed(self, data: bytes, cuts: list[int]) -> "Played":
        """Let `data` come, cut at these places."""
        edges = [0, *sorted({cut for cut in cuts if cut < len(data)}), len(data)]
        for start, end in itertools.pairwise(edges):
            self.connection.data_received(data[start:end])
        return self

    @property
    def answer(self) -> tuple:
        """Status, body so far, and whether that is all."""
        message, payload = self.connection.message, self.connection.payload
        return message.code, payload.read_nowait(), self.connection.is_over

    def end(self) -> None:
        """Let go of the alarm."""
        self.connection.close()


def played(data: bytes, cuts: list[int], then=lambda play: play.answer):
    """Return what `then` says of a connection on which `data` came."""

    async def play():
        each = Played()
        try:
            return then(each.feed(data, cuts))
        finally:
            each.end()

    return asyncio.run(play())


cuts = st.lists(st.integers(1, 200), max_size=12)


@given(st.sampled_from(WHOLE), cuts)
def test_an_answer_is_the_same_however_it_is_cut(data, places):
    assert played(data, places) == (200, BODY, True)


@given(st.sampled_from(WHOLE), st.sampled_from([b"x", b"</html>\n", LENGTH, EARLY]), cuts)
def test_more_than_the_answer_never_spoils_it_and_never_goes_unseen(data, more, places):
    def seen(play):
        return *play.answer, play.connection.has_surplus, play.connection.is_reusable

    assert played(data + more, places, seen) == (200, BODY, True, True, False)


@given(cuts)
def test_a_body_without_length_is_over_when_the_connection_is(places):
    def seen(play):
        before = play.connection.is_over
        play.connection.connection_lost(None)
        return before, *play.answer, play.connection.has_broken_body

    assert played(TO_THE_END, places, seen) == (False, 200, BODY, True, False)


@given(st.sampled_from([LENGTH, CHUNKED]), st.integers(1, 10), cuts)
def test_a_body_that_stops_short_of_its_framing_is_broken(data, missing, places):
    def seen(play):
        play.connection.connection_lost(None)
        return play.connection.has_broken_body

    assert played(data[:-missing], places, seen)


def test_what_comes_while_nothing_is_asked_ends_the_connection():
    def seen(play):
        play.connection.rest(0.0)
        was_reusable = play.connection.is_reusable
        play.connection.data_received(LENGTH)
        return was_reusable, play.connection.is_reusable, play.wire.is_aborted

    assert played(LENGTH, [], seen) == (True, False, True)


def test_a_connection_serves_one_answer_after_the_other():
    def seen(play):
        first = play.answer
        play.connection.rest(0.0)
        play.connection.ask(b"GET /2 HTTP/1.1\r\n\r\n", until=asyncio.get_running_loop().time() + 60)
        play.feed(CHUNKED, [3])
        return first, play.answer, play.connection.received_bytes, play.wire.sent

    sent = b"GET / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"
    assert played(LENGTH, [], seen) == ((200, BODY, True), (200, BODY, True), len(CHUNKED), sent)


async def test_a_deadline_that_was_moved_counts_from_its_new_place():
    loop = asyncio.get_running_loop()
    play = Played()
    play.connection.set_deadline(loop.time() + 0.02)
    with pytest.raises(TimeoutError):
        await play.connection.news()
    play.end()

    later = Played()
    later.connection.set_deadline(loop.time())
    later.connection.set_deadline(loop.time() + 60)
    loop.call_later(0.02, later.feed, LENGTH, [])
    await later.connection.news()
    assert later.answer == (200, BODY, True)
    later.end()
