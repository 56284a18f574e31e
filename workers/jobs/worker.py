"""One worker process: the engine launched, its loops run beside it, and stopped with its jobs finished."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from workers.jobs import names
from workers.jobs.client import JobClient, open_client
from workers.jobs.in_hand import InHand
from workers.jobs.leases import LeaseLoop
from workers.jobs.recovery import list_executors, recover_workers, require_recovery
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.sweep import run_sweeps
from workers.jobs.workflows import register_queues, register_workflows
from workers.ledger import Leases

log = logging.getLogger(__name__)

STOP_POLL_S = 0.1


class Worker:
    """A running worker: `jobs` asks for more work, `run` holds until the worker must end."""

    def __init__(self, jobs: JobClient, loops: list["asyncio.Task[None]"]) -> None:
        self.jobs = jobs
        self._loops = loops

    async def run(self, stop: asyncio.Event) -> None:
        """Hold until `stop` is set.

        Raises:
            LeaseLost: the worker was taken for dead and must not go on.
        """
        stopping = asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait({stopping, *self._loops}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        for task in done - {stopping}:
            task.result()


@asynccontextmanager
async def run_worker(
    parts: Parts,
    settings: JobSettings,
    *,
    leases: Leases | None,
    url: str | None = None,
    engine: Any = None,  # noqa: ANN401 - a SQLAlchemy engine, which this room does not import
) -> AsyncIterator[Worker]:
    """Take jobs until the block ends, then finish those in hand within the grace of the settings.

    The jobs database is at `url` (PostgreSQL) or behind `engine` (SQLite). `leases` are needed in a fleet.
    One worker a process: the engine is a global of its library.

    Raises:
        EngineChanged: the installed engine is not one that was tested.
    """
    require_recovery()
    lease = await _enter_fleet(parts, settings, leases)
    in_hand = InHand()
    try:
        _launch(parts, settings, in_hand, url=url, engine=engine)
        await register_queues(settings)
        async with open_client(url=url, engine=engine) as jobs:
            loops = [asyncio.create_task(run_sweeps(parts, jobs, settings), name="sweeps")]
            if lease is not None:
                loops.append(asyncio.create_task(lease.run(), name="lease"))
            try:
                yield Worker(jobs, loops)
                # Others must not take over while jobs in hand are finished: the lease loop goes on.
                await _stop_engine(in_hand, settings.stop_grace_s)
            finally:
                for loop in loops:
                    loop.cancel()
                await asyncio.gather(*loops, return_exceptions=True)
    finally:
        await _stop_engine(in_hand, 0)
        if lease is not None:
            await lease.leave()


async def _enter_fleet(parts: Parts, settings: JobSettings, leases: Leases | None) -> LeaseLoop | None:
    """Take a lease and return what keeps it, None where the process is alone."""
    if not settings.in_fleet or leases is None:
        return None
    lease = LeaseLoop(
        leases, settings, clock=parts.clock, recover=recover_workers, list_executors=list_executors
    )
    await lease.enter()
    return lease


def _launch(
    parts: Parts,
    settings: JobSettings,
    in_hand: InHand,
    *,
    url: str | None,
    engine: Any,  # noqa: ANN401 - as in `run_worker`
) -> None:
    """Start the engine on the running loop; blocks while it lays its tables."""
    config: DBOSConfig = {
        "name": names.APPLICATION,
        "application_version": names.VERSION,
        "executor_id": settings.worker,
        "serializer": DBOSPortableJSONSerializer(),
        "max_executor_threads": settings.threads,
        "notification_listener_polling_interval_sec": settings.notify_s,
        "log_level": "WARNING",
        "enable_otlp": False,
    }
    if engine is not None:
        config["system_database_engine"] = engine
    else:
        config["system_database_url"] = url
    DBOS(config=config)
    register_workflows(parts, in_hand, poll_s=settings.poll_s)
    DBOS.launch()


async def _stop_engine(in_hand: InHand, grace_s: int) -> None:
    """Stop taking jobs, give those in hand the grace, and shut the engine down; what is left stays queued.

    In a thread of its own: the engine waits by blocking, and it closes the loop's default pool, which
    it had put in the place of ours.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + grace_s
    with ThreadPoolExecutor(1, thread_name_prefix="jobs-stop") as pool:
        stopping = loop.run_in_executor(
            pool,
            lambda: DBOS.destroy(
                destroy_registry=True, workflow_completion_timeout_sec=grace_s + 1 if grace_s else 0
            ),
        )
        while not stopping.done():
            # Audits only wait for batches; they go on where the batches do.
            in_hand.leave_waiting()
            if loop.time() >= deadline:
                await in_hand.leave_all()
            await asyncio.wait({stopping}, timeout=STOP_POLL_S)
        await stopping
    await in_hand.leave_all()
    loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="default"))
