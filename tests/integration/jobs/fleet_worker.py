"""A worker process of the fleet tests: real jobs, records and web; only the verdict is the status.

python fleet_worker.py DATABASE_URL WORKER_NAME WEB_PORT HOST_COUNT LEASE_S
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from service.cli.job_wiring import FetcherHosts
from service.store.database import open_database
from service.store.leases import StoreLeases
from service.store.ledger import StoreLedger
from workers.errors import UnreadableDocument
from workers.fetch.fetcher import WebFetcher, open_fetcher
from workers.fetch.policy import FetchPolicy, parse_resolve
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.worker import run_worker
from workers.ledger import ArticleInput, Reading
from workers.model import LinkReport, LinkTask, Outcome, Verdict
from workers.protocols import FetchRequest


class NoReader:
    """Reads nothing: the articles of these tests are read already."""

    async def read(self, article: ArticleInput) -> Reading:
        raise UnreadableDocument(article.source, "is not read here")


class StatusChecker:
    """Asks for each link once and judges by its status."""

    def __init__(self, fetcher: WebFetcher) -> None:
        self._fetcher = fetcher

    async def check(self, tasks: Sequence[LinkTask]) -> AsyncIterator[tuple[LinkTask, LinkReport]]:
        by_url = {task.written: task for task in tasks}
        requests = [FetchRequest(url=url) for url in by_url]
        async for request, seen in self._fetcher.observe_many(requests):
            outcome = Outcome.OK if seen.status == 200 else Outcome.DOWN
            verdict = Verdict(outcome=outcome, rule=f"status/{seen.status}")
            report = LinkReport(written=request.url, original=request.url, verdict=verdict, observation=seen)
            yield by_url[request.url], report


async def main(url: str, name: str, port: int, hosts: int, lease_s: float) -> None:
    """Work until SIGTERM."""
    policy = FetchPolicy(
        gap_ms=40,
        per_host=1,
        resolve=tuple(parse_resolve(f"site{n}.test:80:127.0.0.1:{port}") for n in range(hosts)),
    )
    settings = JobSettings(
        worker=name, in_fleet=True, batches=8, lease_s=lease_s, beat_s=lease_s / 4, flush_s=0.5, wait_s=0.5
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_database(url) as db, open_fetcher(policy) as fetcher:
        parts = Parts(
            ledger=StoreLedger(db),
            checker=StatusChecker(fetcher),
            reader=NoReader(),
            clock=lambda: datetime.now(UTC),
            hosts=FetcherHosts(fetcher),
            flush_s=0.5,
        )
        async with run_worker(parts, settings, leases=StoreLeases(db), url=url) as worker:
            await worker.run(stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
