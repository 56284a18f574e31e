"""The workers that take turns: as many at once as are allowed, each with one job at a time.

The schedule says whose turn it is; here it is only seen to that somebody takes it as soon as it may start.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic

from workers.fetch.hosts import Host, Job, Schedule

_STARTED_AT_ONCE: Final = 8
"""So many workers may begin in one turn of the event loop, as each takes its time to connect."""
_UNASKED_AT_ONCE: Final = 64
"""After so many jobs for which nothing was asked the event loop turns: thousands may be given up at once."""


class Turns(Generic[Job]):
    """Takes the jobs of `schedule`, at most `most` at a time, each by one call of `take_turn`.

    `take_turn` returns how long it took, in seconds, None when nothing was asked.
    """

    def __init__(
        self,
        schedule: Schedule[Job],
        take_turn: Callable[[Host[Job], Job], Awaitable[float | None]],
        *,
        most: int,
    ) -> None:
        self._schedule = schedule
        self._take_turn = take_turn
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._workers: set[asyncio.Task[None]] = set()
        self._starting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0

    def start(self) -> None:
        """Start as many workers as there are hosts ready, within the bound, and set the alarm for others."""
        free = self._most - len(self._workers)
        if free > 0 and self._schedule.has_ready:
            due = self._schedule.count_ready(self._loop.time(), free + self._starting) - self._starting
            for _ in range(min(due, _STARTED_AT_ONCE - self._starting)):
                self._starting += 1
                worker = self._loop.create_task(self._work())
                self._workers.add(worker)
                worker.add_done_callback(self._ended)
        self._set_alarm()

    def reopen(self) -> None:
        """Look again at jobs that were not to be started yet."""
        self._schedule.reopen()
        self.start()

    async def close(self) -> None:
        """End all turns that are under way."""
        if self._timer is not None:
            self._timer.cancel()
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def _set_alarm(self) -> None:
        when = self._schedule.wake_at()
        if when is None or (self._timer is not None and self._alarm_at <= when):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._alarm_at = when
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._schedule.ripen(self._loop.time())
        self.start()

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled() and worker.exception() is not None:
            self.start()  # it is raised where the observation is awaited; what else waits goes on

    async def _work(self) -> None:
        """Take jobs for as long as there are some that may start."""
        self._starting -= 1
        unasked = 0
        while (taken := self._schedule.take(self._loop.time())) is not None:
            host, job = taken
            took_s: float | None = 0.0  # so that a turn that failed keeps its gap
            try:
                self.start()
                took_s = await self._take_turn(host, job)
            finally:
                self._schedule.done(host, took_s)
            unasked += took_s is None
            if unasked == _UNASKED_AT_ONCE:
                unasked = 0
                await asyncio.sleep(0)
        self._set_alarm()
