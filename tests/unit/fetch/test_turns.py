"""Turns that fail, and turns in which nothing was asked: neither holds up what waits."""

import asyncio

from workers.fetch.hosts import Manners, Schedule
from workers.fetch.turns import Turns


async def taken(jobs: list[str], take_turn, *, gap_s: float = 0.0, until: str) -> list[str]:
    """Return the jobs of one host in the order of their turns, one at a time, once `until` had its own."""
    schedule: Schedule[str] = Schedule(
        lambda _: Manners(per_host=1, gap_s=gap_s), lambda _: True, longest_rest_s=60.0
    )
    seen: list[str] = []
    is_done = asyncio.Event()

    async def take(_host, job):
        seen.append(job)
        if job == until:
            is_done.set()
        return await take_turn(job)

    turns = Turns(schedule, take, most=4)
    for job in jobs:
        schedule.put("a", job)
    turns.start()
    try:
        async with asyncio.timeout(20):
            await is_done.wait()
    finally:
        await turns.close()
    return seen


async def test_a_turn_that_fails_leaves_the_others_theirs():
    async def take_turn(job):
        await asyncio.sleep(0)
        if job == "bad":
            raise ValueError(job)
        return 0.1

    assert await taken(["bad", "good", "bad", "last"], take_turn, until="last") == [
        "bad",
        "good",
        "bad",
        "last",
    ]


async def test_turns_in_which_nothing_was_asked_need_no_gap():
    async def take_turn(job):
        return None if job == "dropped" else 0.1

    jobs = ["dropped", "dropped", "asked"]
    assert await taken(jobs, take_turn, gap_s=3600.0, until="asked") == jobs


async def test_the_event_loop_turns_while_thousands_are_given_up():
    seen: list[str] = []

    async def take_turn(job):
        if job == "0":
            turning.append(asyncio.create_task(asyncio.sleep(0)))
        seen.append(job)
        if turning[0].done():
            done_at.append(len(seen))

    turning: list[asyncio.Task[None]] = []
    done_at: list[int] = []
    jobs = [str(number) for number in range(2000)]
    await taken(jobs, take_turn, until="1999")
    assert len(seen) == 2000
    assert done_at[0] < 1000
