"""From settings to a worker of jobs, embedded in one process or one of a fleet."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from service.cli.host_settings import acceptance
from service.cli.wiring import open_parts, utc_now
from service.settings import Settings
from service.store.database import Database, open_database
from service.store.errands import StoreErrands
from service.store.jobs_engine import jobs_engine, jobs_url, lay_jobs_file
from service.store.leases import StoreLeases
from service.store.ledger import StoreLedger
from service.store.schema import head_revision, migrate, schema_revision
from workers.audit_policy import AuditPolicy
from workers.errors import StoreUnavailable
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.fetch.fetcher import WebFetcher
from workers.fetch.hosts import HostState
from workers.ingest import ArticleReader
from workers.jobs.client import JobClient, open_client
from workers.jobs.schema import migrate_jobs
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.worker import Worker, run_worker
from workers.ledger import HeldHost
from workers.model import Document, Format
from workers.recover import THREADS, LinkRecoverer
from workers.recover_article import ArticleRecoverer
from workers.threads import OwnThreads

READERS = 2
EMBEDDED = "serve"


class FetcherHosts:
    """The politeness of the fetcher, as jobs hand it over; implements `workers.ledger.HostMemory`."""

    def __init__(self, fetcher: WebFetcher) -> None:
        self._fetcher = fetcher

    def held_hosts(self, *, now: datetime) -> Sequence[HeldHost]:
        """Return the hosts that asked to be left alone."""
        return [
            HeldHost(
                key=state.key,
                held_until=now + timedelta(seconds=state.rest_s),
                mean_s=state.mean_s,
                backoffs=state.backoffs,
            )
            for state in self._fetcher.host_states()
        ]

    def hold_hosts(self, hosts: Sequence[HeldHost], *, now: datetime) -> None:
        """Leave these hosts alone as another worker was asked to."""
        self._fetcher.restore(
            HostState(
                key=host.key,
                rest_s=max(0.0, (host.held_until - now).total_seconds()),
                mean_s=host.mean_s,
                backoffs=host.backoffs,
            )
            for host in hosts
        )


def is_fleet(settings: Settings) -> bool:
    """Whether several processes may share the jobs: on PostgreSQL, not in a SQLite file."""
    return not jobs_url(settings.jobs_url).startswith("sqlite")


def job_settings(settings: Settings) -> JobSettings:
    """Return how this process takes part in the jobs.

    In a fleet its id is new at every start; alone it is fixed, so that it finds its own jobs again.
    """
    in_fleet = is_fleet(settings)
    unique = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
    return JobSettings(
        worker=unique if in_fleet else EMBEDDED,
        in_fleet=in_fleet,
        batches=settings.job_concurrency,
        lease_s=settings.lease_s,
        beat_s=settings.lease_beat_s,
        stop_grace_s=round(settings.stop_grace_s),
        keep_days=settings.keep_jobs_days,
    )


async def require_schema(db: Database) -> None:
    """Make sure that the database has this release's schema.

    Raises:
        StoreUnavailable: it has another, or none.
    """
    revision = await schema_revision(db)
    if revision != head_revision():
        raise StoreUnavailable(
            f"the database stands at schema {revision or 'none'}, this release needs {head_revision()}: "
            "run `linkwright migrate`"
        )


async def migrate_all(settings: Settings) -> tuple[str | None, str]:
    """Bring records and jobs to this release's schema; returns the records' revisions before and after.

    Safe to repeat, and from several processes at once.

    Raises:
        StoreUnavailable: a database does not answer.
    """
    async with open_database(settings.records_url) as db:
        revisions = await migrate(db)
    url = settings.jobs_url
    lay_jobs_file(url)
    await migrate_jobs(jobs_url(url))
    return revisions


@asynccontextmanager
async def open_job_client(settings: Settings) -> AsyncIterator[JobClient]:
    """Open the way to ask for jobs, for a process that runs none."""
    url = settings.jobs_url
    engine = jobs_engine(url)
    async with open_client(url=None if engine is not None else jobs_url(url), engine=engine) as jobs:
        yield jobs


@asynccontextmanager
async def open_worker(settings: Settings, db: Database) -> AsyncIterator[Worker]:
    """Take jobs until the block ends: alone on SQLite, or as one of a fleet.

    The caller holds the data folder where the process is alone.

    Raises:
        StoreUnavailable: the database does not have this release's schema.
    """
    await require_schema(db)
    how = job_settings(settings)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(_open_job_parts(settings, db))
        engine = jobs_engine(settings.jobs_url)
        if engine is not None:
            stack.callback(engine.dispose)
        url = None if engine is not None else jobs_url(settings.jobs_url)
        running = run_worker(parts, how, leases=StoreLeases(db), url=url, engine=engine)
        yield await stack.enter_async_context(running)


@asynccontextmanager
async def _open_job_parts(settings: Settings, db: Database) -> AsyncIterator[Parts]:
    policy = AuditPolicy(acceptance=acceptance(settings), verify=True)
    async with open_parts(settings, policy=policy, keep_captures=True, database=db) as opened:
        with (
            IsolatedReader(children=READERS) as isolated,
            OwnThreads("recover", threads=THREADS) as threads,
        ):
            recoverer = LinkRecoverer(
                fetcher=opened.fetcher, archive=opened.archives, clock=utc_now, threads=threads
            )

            def find_links(source: Source, format: Format | None) -> Document:  # noqa: A002 - the contract's word
                return isolated.find_links(source, format=format)

            yield Parts(
                ledger=StoreLedger(db),
                checker=opened.auditor,
                reader=ArticleReader(opened.fetcher, find_links, max_bytes=settings.max_article_bytes),
                clock=utc_now,
                recoverer=ArticleRecoverer(recoverer, find_links, threads),
                hosts=FetcherHosts(opened.fetcher),
                errands=StoreErrands(db),
                keeper=opened.archives,
            )
