"""Threads of their own: so many at once, and what nobody waits for is dropped before its turn."""

import asyncio
from threading import Event

import pytest

from workers.threads import OwnThreads

WAIT_S = 60.0


async def test_work_beyond_the_threads_waits_and_is_dropped_with_its_caller() -> None:
    started, go_on, done = Event(), Event(), []

    def slow() -> str:
        started.set()
        assert go_on.wait(WAIT_S)
        return "slow"

    with OwnThreads("test", threads=1) as threads:
        in_hand = asyncio.create_task(threads.run(slow))
        assert await asyncio.to_thread(started.wait, WAIT_S)
        waiting = asyncio.create_task(threads.run(done.append, "dropped"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not in_hand.done()
        go_on.set()
        assert await in_hand == "slow"
        await threads.run(done.append, "next")
    assert done == ["next"]
