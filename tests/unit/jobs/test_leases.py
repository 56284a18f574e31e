"""A worker that lives keeps its lease, one that does not loses its jobs, and one that missed it ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.fakes_ledger import NOW, MemoryLeases
from workers.errors import StoreUnavailable
from workers.jobs.leases import LeaseLoop, LeaseLost
from workers.jobs.settings import JobSettings


class Fleet:
    """Workers over one set of leases and one clock; `recovered` is who took whose jobs over."""

    def __init__(self) -> None:
        self.now = NOW
        self.leases = MemoryLeases()
        self.recovered: list[tuple[str, str]] = []
        self.executors: set[str] = set()

    def worker(self, name: str, *, leases: MemoryLeases | None = None) -> LeaseLoop:
        async def recover(dead: Sequence[str]) -> int:
            self.recovered += [(name, each) for each in dead]
            return len(dead)

        async def list_executors() -> set[str]:
            return self.executors

        return LeaseLoop(
            leases or self.leases,
            JobSettings(worker=name, in_fleet=True, lease_s=30, beat_s=10),
            clock=lambda: self.now,
            recover=recover,
            list_executors=list_executors,
        )

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


async def test_a_worker_that_beats_is_left_alone(fleet: Fleet) -> None:
    first, second = fleet.worker("first"), fleet.worker("second")
    await first.enter()
    await second.enter()
    for _ in range(10):
        fleet.pass_s(20)
        await first.turn()
        await second.turn()
    assert fleet.recovered == []


async def test_a_silent_worker_is_taken_over_once(fleet: Fleet) -> None:
    workers = [fleet.worker(name) for name in ("dead", "one", "two")]
    for each in workers:
        await each.enter()
    fleet.pass_s(20)
    for each in workers[1:]:
        await each.turn()
    fleet.pass_s(20)
    for each in (*workers[1:], *workers[1:]):
        await each.turn()
    assert fleet.recovered == [("one", "dead")]
    assert sorted(fleet.leases.rows) == ["one", "two"]


async def test_a_worker_that_missed_its_lease_must_end(fleet: Fleet) -> None:
    worker = fleet.worker("late")
    await worker.enter()
    fleet.pass_s(31)
    with pytest.raises(LeaseLost, match="late was silent for too long"):
        await worker.turn()


async def test_a_worker_taken_for_dead_must_end_even_if_it_beats_in_time(fleet: Fleet) -> None:
    paused, other = fleet.worker("paused"), fleet.worker("other")
    await paused.enter()
    fleet.pass_s(31)
    await other.enter()
    await other.turn()
    with pytest.raises(LeaseLost):
        await paused.turn()


async def test_jobs_of_a_worker_without_a_lease_are_taken_over(fleet: Fleet) -> None:
    worker = fleet.worker("one")
    await worker.enter()
    fleet.executors = {"one", "stray"}
    await worker.turn()
    assert fleet.recovered == [("one", "stray")]


async def test_what_a_stopped_worker_leaves_is_taken_over_at_once(fleet: Fleet) -> None:
    stopped, other = fleet.worker("stopped"), fleet.worker("other")
    await stopped.enter()
    await other.enter()
    await stopped.leave()
    await other.turn()
    assert fleet.recovered == [("other", "stopped")]


class _Unreachable(MemoryLeases):
    async def beat(self, worker: str, *, now: datetime, lease_s: float) -> bool:
        raise StoreUnavailable("no route")


async def test_a_database_that_is_away_for_less_than_a_lease_is_borne(fleet: Fleet) -> None:
    worker = fleet.worker("one", leases=_Unreachable())
    await worker.enter()
    await worker.turn()


async def test_a_database_that_is_away_for_a_lease_ends_the_worker(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = fleet.worker("one", leases=_Unreachable())
    monkeypatch.setattr("workers.jobs.leases.time.monotonic", lambda: 1_000.0)
    await worker.enter()
    monkeypatch.setattr("workers.jobs.leases.time.monotonic", lambda: 1_031.0)
    with pytest.raises(LeaseLost, match="no lease could be had for 30 s"):
        await worker.turn()
