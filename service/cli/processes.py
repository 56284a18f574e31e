"""The long-running processes: the web side, the workers, or both in one, over one set of settings."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from service.api.context import ReadinessCheck
from service.app import make_app, make_runner
from service.cli.job_wiring import is_fleet, migrate_all, open_job_client, open_worker
from service.settings import Settings
from service.store.database import Database, open_database
from workers.errors import CannotListen, InvalidSetting
from workers.jobs.lock import hold_folder
from workers.jobs.worker import Worker
from workers.ledger import JobQueue

SHUTDOWN_S = 10.0
Announce = Callable[[str], None]


async def serve_all(settings: Settings, *, announce: Announce, after_start: Callable[[str], None]) -> None:
    """Run everything in this process until it is told to stop; the schema is brought up to date first.

    `after_start` is called in a thread of its own with the base address once requests are answered.

    Raises:
        AlreadyRunning: another process holds the data folder.
    """
    with hold_folder(settings.home):
        await migrate_all(settings)
        async with (
            open_database(settings.records_url) as database,
            open_worker(settings, database) as worker,
            open_web(settings, database, worker.jobs, readiness={"jobs": worker.jobs.is_ready}) as base,
        ):
            announce(base)
            await asyncio.to_thread(after_start, base)
            await until_stopped(worker)


async def serve_web(settings: Settings, *, announce: Announce) -> None:
    """Run the web side alone until it is told to stop; work is asked for through the jobs database."""
    async with (
        open_database(settings.records_url) as database,
        open_job_client(settings) as jobs,
        open_web(settings, database, jobs, readiness={"jobs": jobs.is_ready}) as base,
    ):
        announce(base)
        await until_stopped(None)


async def work(settings: Settings, *, announce: Announce) -> None:
    """Run one worker of a fleet until it is told to stop or loses its lease.

    Raises:
        InvalidSetting: the jobs are in a SQLite file, where `serve` works alone.
        LeaseLost: the worker was taken for dead and must not go on.
        StoreUnavailable: a database does not answer, or has not this release's schema.
    """
    if not is_fleet(settings):
        raise InvalidSetting(
            "work needs PostgreSQL (LINKWRIGHT_DATABASE_URL); on SQLite use `linkwright serve`"
        )
    async with (
        open_database(settings.records_url) as database,
        open_worker(settings, database) as worker,
    ):
        announce("worker started")
        await until_stopped(worker)


@asynccontextmanager
async def open_web(
    settings: Settings,
    database: Database,
    jobs: JobQueue,
    *,
    readiness: Mapping[str, ReadinessCheck] | None = None,
) -> AsyncIterator[str]:
    """Answer requests until the block ends; gives the base address that was bound.

    Raises:
        CannotListen: the address cannot be bound.
    """
    app = make_app(settings, database=database, jobs=jobs, readiness=readiness)
    runner = make_runner(app, shutdown_timeout_s=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            raise CannotListen(f"cannot listen at {place}: {error.strerror or error}") from error
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


async def until_stopped(worker: Worker | None) -> None:
    """Hold until SIGTERM or SIGINT; a worker that must not go on ends it with its reason.

    Raises:
        LeaseLost: the worker was taken for dead.
    """
    stop = asyncio.Event()
    with stop_signals(stop):
        await (worker.run(stop) if worker is not None else stop.wait())


@contextmanager
def stop_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` on SIGTERM and SIGINT for the time of the block."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    try:
        yield
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)
