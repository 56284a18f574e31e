"""Sweeps where a database fails on the way: what was put off is done by the next one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import pytest

from tests.fakes_ledger import MemoryLedger
from tests.integration.jobs.conftest import Embedded, memory_parts
from workers.errands import ErrandLog
from workers.errors import StoreUnavailable
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.sweep import Rounds, run_sweeps, sweep
from workers.ledger import JobQueue

WAIT_S = 60
BEFORE_NIGHT = datetime(2026, 3, 1, 3, 16, tzinfo=UTC)
AT_NIGHT = datetime(2026, 3, 1, 3, 18, tzinfo=UTC)
SETTINGS = JobSettings(worker="sweeping", in_fleet=False, wait_s=0.0, sweep_s=0.01)


@dataclass
class Log:
    """An errand log whose first renewal finds the database away; `renewed` is set by the second."""

    waiting: list[int] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    listed: asyncio.Event = field(default_factory=asyncio.Event)
    renewed: asyncio.Event = field(default_factory=asyncio.Event)

    async def list_waiting(self, *, before: datetime, after: int = 0) -> Sequence[int]:
        self.listed.set()
        return [each for each in self.waiting if each > after][:2]

    async def prune(self, *, before: datetime) -> int:
        self.done.append("prune")
        return 0

    async def renew(self, *, now: datetime) -> Sequence[int]:
        self.done.append("renew")
        if self.done.count("renew") == 1:
            raise StoreUnavailable("the database does not answer")
        self.renewed.set()
        return []


@dataclass
class Queue:
    """A job queue whose database goes away once, at the second errand."""

    asked: list[int] = field(default_factory=list)

    async def enqueue_errand(self, errand_id: int) -> None:
        self.asked.append(errand_id)
        if len(self.asked) == 2:
            raise StoreUnavailable("the jobs database does not answer")


@dataclass
class Night:
    """A clock that a test moves."""

    now: datetime = BEFORE_NIGHT


def parts_of(log: Log, night: Night) -> Parts:
    return memory_parts(MemoryLedger(), errands=cast("ErrandLog", log), clock=lambda: night.now)


async def test_a_renewal_that_fails_leaves_the_pruning_done_and_is_tried_again(embedded: Embedded) -> None:
    log, night = Log(), Night()
    async with embedded(memory_parts(MemoryLedger()), sweep_s=600.0):
        sweeps = asyncio.create_task(run_sweeps(parts_of(log, night), cast("JobQueue", Queue()), SETTINGS))
        async with asyncio.timeout(WAIT_S):
            await log.listed.wait()
            night.now = AT_NIGHT
            await log.renewed.wait()
        sweeps.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sweeps
    assert log.done[:4] == ["prune", "renew", "prune", "renew"]


async def test_errands_that_could_not_be_queued_are_queued_by_the_next_sweep(embedded: Embedded) -> None:
    log, queue, rounds = Log(waiting=[1, 2, 3]), Queue(), Rounds()
    parts = parts_of(log, Night())
    async with embedded(memory_parts(MemoryLedger()), sweep_s=600.0):
        with pytest.raises(StoreUnavailable):
            await sweep(parts, cast("JobQueue", queue), SETTINGS, rounds)
        for _ in range(2):
            await sweep(parts, cast("JobQueue", queue), SETTINGS, rounds)
    assert queue.asked == [1, 2, 1, 2, 3]
