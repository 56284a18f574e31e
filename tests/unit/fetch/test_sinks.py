"""How answers wait for their reader, and how the reader lets the event loop turn."""

import asyncio
from datetime import UTC, datetime

from workers.fetch.sinks import BACKLOG, Stream
from workers.model import Observation
from workers.protocols import FetchRequest

REQUEST = FetchRequest(url="https://a.example/")
SEEN = Observation(url=REQUEST.url, observed_at=datetime(2026, 1, 1, tzinfo=UTC), final_url=REQUEST.url)


def filled(count: int, on_room=lambda: None) -> Stream:
    """Return a stream with so many answers laid ready."""
    stream = Stream(on_room)
    stream.expected = count
    for _ in range(count):
        stream.accept(REQUEST, SEEN)
    return stream


async def test_the_event_loop_turns_while_many_answers_are_read():
    stream = filled(12)
    turned_at: list[int] = []

    def turn():
        turned_at.append(stream.expected)
        if stream.expected:
            asyncio.get_running_loop().call_soon(turn)

    turn()
    for _ in range(12):
        assert await stream.read() == (REQUEST, SEEN)
    assert turned_at == [12, 8, 4]


async def test_a_reader_that_fell_behind_is_asked_for_again_when_half_is_read():
    rooms: list[int] = []
    stream = filled(BACKLOG - 1, lambda: rooms.append(stream.expected))
    assert stream.is_open
    stream.expected += 1
    stream.accept(REQUEST, SEEN)
    assert not stream.is_open
    while not rooms:
        await stream.read()
    assert (rooms, stream.is_open) == ([32], True)


async def test_a_closed_stream_takes_nothing_more():
    stream = filled(BACKLOG)
    stream.close()
    stream.accept(REQUEST, SEEN)
    assert (stream.is_open, stream.is_wanted) == (True, False)
