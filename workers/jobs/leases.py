"""The lease loop: a worker says that it lives, and takes over from those that no longer do."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from workers.errors import LinkwrightError, StoreUnavailable
from workers.jobs.settings import JobSettings
from workers.ledger import Leases

log = logging.getLogger(__name__)

Recover = Callable[[Sequence[str]], Awaitable[int]]
ListExecutors = Callable[[], Awaitable[set[str]]]


class LeaseLost(LinkwrightError):
    """This worker was silent for too long: others have its jobs by now, and it must not go on."""


class LeaseLoop:
    """Renews this worker's lease and recovers workers whose lease has run out.

    `recover` queues the jobs of workers again, `list_executors` names all that jobs are said to run at.
    """

    def __init__(
        self,
        leases: Leases,
        settings: JobSettings,
        *,
        clock: Callable[[], datetime],
        recover: Recover,
        list_executors: ListExecutors,
    ) -> None:
        self._leases = leases
        self._settings = settings
        self._clock = clock
        self._recover = recover
        self._list_executors = list_executors
        self._held_until = 0.0

    async def enter(self) -> None:
        """Take the first lease; before the first job is taken, so that no job runs without one."""
        lease_s = self._settings.lease_s
        self._held_until = time.monotonic() + lease_s
        await self._leases.enter(self._settings.worker, now=self._clock(), lease_s=lease_s)

    async def run(self) -> None:
        """Beat until cancelled.

        Raises:
            LeaseLost: the lease ran out, or the database did not answer until it did.
        """
        while True:
            await self.turn()
            await asyncio.sleep(self._settings.beat_s)

    async def turn(self) -> None:
        """Beat once, and take over from the dead.

        Raises:
            LeaseLost: as `run`.
        """
        try:
            async with asyncio.timeout(self._settings.lease_s):
                await self._beat()
                await self._take_over()
        except (StoreUnavailable, TimeoutError) as error:
            if time.monotonic() >= self._held_until:
                raise LeaseLost(f"no lease could be had for {self._settings.lease_s:g} s: {error}") from None
            log.warning("beat missed, the lease still holds: %s", error)

    async def leave(self) -> None:
        """End the lease, so that others take over at once what is left unfinished."""
        await self._leases.give_up(self._settings.worker, now=self._clock())

    async def _beat(self) -> None:
        beaten_at = time.monotonic()
        settings = self._settings
        if not await self._leases.beat(settings.worker, now=self._clock(), lease_s=settings.lease_s):
            raise LeaseLost(f"worker {settings.worker} was silent for too long; its jobs run elsewhere")
        self._held_until = beaten_at + settings.lease_s

    async def _take_over(self) -> None:
        for dead in await self._leases.claim_dead(self._settings.worker, now=self._clock()):
            await self._recover([dead])
            await self._leases.settle_dead(dead)
        # A worker may have taken a job between losing its lease and noticing: nobody's, unless found here.
        executors = await self._list_executors()
        strays = executors - set(await self._leases.list_workers())
        if strays:
            await self._recover(sorted(strays))
