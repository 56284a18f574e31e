"""The long-running processes: the web side, the workers, or both in one, over one set of settings."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from aiohttp import web

from service.api.context import ReadinessCheck
from service.app import make_app
from service.cli.wiring import open_parts, utc_now
from service.settings import Settings
from service.store.captures import StoreCaptureIndex
from service.store.database import Database, open_database
from service.store.jobs_engine import jobs_engine, jobs_url
from service.store.leases import StoreLeases
from service.store.ledger import StoreLedger
from service.store.schema import migrate
from service.store.throttle import StoreThrottle
from workers.errors import CannotListen
from workers.extract.isolate import IsolatedReader
from workers.ingest import ArticleReader
from workers.jobs.client import open_client
from workers.jobs.lock import hold_folder
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.worker import Worker, run_worker
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
        async with open_database(settings.records_url) as database:
            await migrate(database)
            async with (
                open_worker(settings, database, in_fleet=False) as worker,
                open_web(settings, database, worker.jobs) as base,
            ):
                announce(base)
                await asyncio.to_thread(after_start, base)
                await until_stopped(worker)


async def serve_web(settings: Settings, *, announce: Announce) -> None:
    """Run the web side alone until it is told to stop; work is asked for through the jobs database."""
    engine = jobs_engine(settings.jobs_url)
    url = None if engine is not None else jobs_url(settings.jobs_url)
    async with (
        open_database(settings.records_url) as database,
        open_client(url=url, engine=engine) as jobs,
        open_web(settings, database, jobs, readiness={"jobs": jobs.is_ready}) as base,
    ):
        announce(base)
        await until_stopped(None)


async def work(settings: Settings, *, announce: Announce) -> None:
    """Run one worker of a fleet until it is told to stop or loses its lease."""
    async with (
        open_database(settings.records_url) as database,
        open_worker(settings, database, in_fleet=True) as worker,
    ):
        announce("worker started")
        await until_stopped(worker)


@asynccontextmanager
async def open_worker(settings: Settings, database: Database, *, in_fleet: bool) -> AsyncIterator[Worker]:
    """Take jobs until the block ends, with the real web, archives and records behind every seam."""
    engine = jobs_engine(settings.jobs_url)
    url = None if engine is not None else jobs_url(settings.jobs_url)
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            open_parts(
                settings,
                keep_captures=True,
                throttle=StoreThrottle(database),
                index=StoreCaptureIndex(database),
            )
        )
        reader = stack.enter_context(IsolatedReader(children=2))
        parts = Parts(
            ledger=StoreLedger(database),
            checker=opened.auditor,
            reader=ArticleReader(
                opened.fetcher,
                lambda source, format: reader.find_links(source, format=format),  # noqa: A006 - its word
                max_bytes=settings.max_article_bytes,
            ),
            clock=utc_now,
        )
        leases = StoreLeases(database) if in_fleet else None
        running = run_worker(
            parts, job_settings(settings, in_fleet=in_fleet), leases=leases, url=url, engine=engine
        )
        yield await stack.enter_async_context(running)


def job_settings(settings: Settings, *, in_fleet: bool) -> JobSettings:
    """Return how this process takes part: alone under a fixed name, in a fleet under one never used before."""
    fleet_name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    return JobSettings(
        worker=fleet_name if in_fleet else "serve",
        in_fleet=in_fleet,
        batches=settings.job_concurrency,
        lease_s=settings.lease_s,
        beat_s=settings.lease_beat_s,
        stop_grace_s=round(settings.stop_grace_s),
        keep_days=settings.keep_jobs_days,
    )


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
    runner = web.AppRunner(
        make_app(settings, database=database, jobs=jobs, readiness=readiness),
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
    )
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
