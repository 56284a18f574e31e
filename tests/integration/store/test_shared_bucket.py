"""Three workers on one database stay below an archive's limit, and leave it alone together."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from service.store.database import open_database
from service.store.schema import migrate
from service.store.throttle import StoreThrottle
from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from workers.archive.faults import ArchiveFault
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import Gate
from workers.archive.wayback import Wayback
from workers.model import Lookup, LookupState

PER_MINUTE = 60
WORKERS = 3


def settings(stand_in: ArchiveStandIn) -> ArchiveSettings:
    return ArchiveSettings(wayback_url=stand_in.base, max_wait_s=0.0, max_attempts=1, timeout_s=10)


class Clock:
    """A clock that stands until it is moved, so that a minute takes no time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def ask(
    url: str, stand_in: ArchiveStandIn, clock: Clock, *, worker: int, requests: int
) -> list[Lookup]:
    """Look addresses up as one worker process does: its own connections and its own gate."""
    async with open_database(url) as database:
        gate = Gate(StoreThrottle(database), "wayback", per_minute=PER_MINUTE, max_wait_s=0.0, clock=clock)
        wayback = Wayback(settings(stand_in), gate, clock=clock)
        try:
            addresses = [f"http://example.org/{worker}/{number}" for number in range(requests)]
            return [await wayback.lookup(address, near=None) for address in addresses]
        finally:
            wayback.close()


async def test_no_minute_sees_more_than_its_tokens_at_the_archive(database_url: str) -> None:
    clock, at_archive = Clock(), list[datetime]()
    async with archive_stand_in() as stand_in, open_database(database_url) as database:
        await migrate(database)
        states: list[LookupState] = []
        for _ in range(30):
            before = len(stand_in.asked)
            answers = await asyncio.gather(
                *(ask(database_url, stand_in, clock, worker=n, requests=4) for n in range(WORKERS))
            )
            states += [answer.state for each in answers for answer in each]
            at_archive += [clock.now] * (len(stand_in.asked) - before)
            clock.now += timedelta(seconds=5)
    assert LookupState.NONE in states
    assert LookupState.UNKNOWN in states
    assert states.count(LookupState.NONE) == len(at_archive)
    minute = timedelta(minutes=1)
    busiest = max(sum(1 for at in at_archive if start <= at < start + minute) for start in at_archive)
    assert 0 < busiest <= PER_MINUTE
    assert all(first <= second for first, second in pairwise(at_archive))


async def test_what_one_worker_is_told_all_heed(database_url: str) -> None:
    clock = Clock()
    async with archive_stand_in() as stand_in, open_database(database_url) as database:
        await migrate(database)
        stand_in.fault("*", Fault.THROTTLED, times=1, retry_after="120")
        (throttled,) = await ask(database_url, stand_in, clock, worker=0, requests=1)
        assert (throttled.state, throttled.reason) == (LookupState.UNKNOWN, "status 429: throttled")
        others = await asyncio.gather(
            *(ask(database_url, stand_in, clock, worker=n, requests=3) for n in (1, 2))
        )
        assert {answer.state for each in others for answer in each} == {LookupState.UNKNOWN}
        assert len(stand_in.asked) == 1
        clock.now += timedelta(seconds=121)
        (answered,) = await ask(database_url, stand_in, clock, worker=1, requests=1)
        assert answered.state is LookupState.NONE


async def test_a_breaker_opened_by_three_workers_holds_for_all(database_url: str) -> None:
    clock = Clock()
    async with archive_stand_in() as stand_in, open_database(database_url) as database:
        await migrate(database)
        stand_in.fault("*", Fault.UNAVAILABLE, times=3)
        for worker in range(WORKERS):
            await ask(database_url, stand_in, clock, worker=worker, requests=1)
        gate = Gate(StoreThrottle(database), "wayback", per_minute=0, max_wait_s=0.0, clock=clock)
        with pytest.raises(ArchiveFault, match="left alone until 12:15:00 UTC after failures"):
            await gate.admit()
        assert len(stand_in.asked) == 3
