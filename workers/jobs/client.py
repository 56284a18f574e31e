"""Asking for jobs from a process that runs none: the web side, and commands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from workers.errors import StoreUnavailable
from workers.jobs import names
from workers.jobs.schema import in_one_line, quiet_engine

ENQUEUE_TIMEOUT_S = 30.0


class JobClient:
    """The job queue of `workers/ledger.py` over the jobs database.

    Job ids are fixed, so that asking twice gives one job.
    """

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    async def enqueue_article(self, article_id: int, *, attempt: int = 1) -> None:
        """Ask for a queued article to be read and its links to be audited.

        Raises:
            StoreUnavailable: the jobs database does not answer.
        """
        job = names.article_job(article_id, attempt)
        await self._enqueue(names.READ_ARTICLE, names.ARTICLES, job, article_id)

    async def enqueue_audit(self, audit_id: int) -> None:
        """Ask for a queued audit to be run.

        Raises:
            StoreUnavailable: the jobs database does not answer.
        """
        await self._enqueue(names.RUN_AUDIT, names.AUDITS, names.audit_job(audit_id), audit_id)

    async def enqueue_errand(self, errand_id: int) -> None:
        """Ask for a queued errand to be done.

        Raises:
            StoreUnavailable: the jobs database does not answer.
        """
        await self._enqueue(names.RUN_ERRAND, names.ERRANDS, names.errand_job(errand_id), errand_id)

    async def is_ready(self) -> str | None:
        """Return None where the jobs database answers, else why it does not."""
        try:
            async with asyncio.timeout(ENQUEUE_TIMEOUT_S):
                await self._client.check_connection_async()
        except Exception as error:  # noqa: BLE001 - the door: any fault of the engine is the answer
            return f"the jobs database does not answer: {in_one_line(error)}"
        return None

    async def _enqueue(self, workflow: str, queue: str, job: str, *arguments: Any) -> None:  # noqa: ANN401
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": queue,
            "workflow_id": job,
            "app_version": names.VERSION,
        }
        try:
            async with asyncio.timeout(ENQUEUE_TIMEOUT_S):
                await self._client.enqueue_async(options, *arguments)
        except Exception as error:
            raise StoreUnavailable(f"the jobs database does not answer: {in_one_line(error)}") from error


@asynccontextmanager
async def open_client(*, url: str | None = None, engine: Any = None) -> AsyncIterator[JobClient]:  # noqa: ANN401
    """Open a client until the block ends, on the jobs database at `url` or behind a SQLAlchemy `engine`."""
    quiet_engine()
    client = DBOSClient(
        system_database_url=url,
        system_database_engine=engine,
        # The engine's default is pickle: nothing that comes from a database is unpickled here.
        serializer=DBOSPortableJSONSerializer(),
        application_name=names.APPLICATION,
        retry_connection_errors=False,
        lazy=True,
    )
    try:
        yield JobClient(client)
    finally:
        await asyncio.to_thread(client.destroy)
