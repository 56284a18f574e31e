"""Job engines on databases of their own, quick to start."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.store.jobs_engine import jobs_engine
from tests.fakes_ledger import NOW, FakeChecker, FakeReader, MemoryLeases, MemoryLedger
from workers.jobs.schema import migrate_jobs
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.worker import Worker, run_worker

QUICK: dict[str, Any] = {
    "worker": "embedded",
    "in_fleet": False,
    "poll_s": 0.02,
    "notify_s": 0.01,
    "sweep_s": 0.05,
    "wait_s": 0.0,
    "stop_grace_s": 0,
}


@pytest.fixture(scope="session")
def jobs_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A jobs file that holds the engine's tables and our queues already: these take the engine seconds."""
    path = tmp_path_factory.mktemp("jobs-template") / "jobs.sqlite"

    async def lay() -> None:
        await migrate_jobs(f"sqlite:///{path}")
        engine = jobs_engine(f"sqlite:///{path}")
        assert engine is not None
        async with run_worker(memory_parts(MemoryLedger()), JobSettings(**QUICK), leases=None, engine=engine):
            pass
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(lay())).result()
    return path


@pytest.fixture
def jobs_file(jobs_template: Path, tmp_path: Path) -> Iterator[Any]:
    """The SQLAlchemy engine of a fresh jobs file."""
    path = tmp_path / "jobs.sqlite"
    shutil.copyfile(jobs_template, path)
    engine = jobs_engine(f"sqlite:///{path}")
    assert engine is not None
    yield engine
    engine.dispose()


def memory_parts(ledger: MemoryLedger, **parts: Any) -> Parts:
    """Return the parts of a worker that keeps everything in memory."""
    given: dict[str, Any] = {"checker": FakeChecker(), "reader": FakeReader(), "clock": lambda: NOW}
    return Parts(ledger=ledger, **given | parts)


Embedded = Callable[..., AbstractAsyncContextManager[Worker]]


@pytest.fixture
def embedded(jobs_file: Any) -> Embedded:
    """Run a worker on a fresh jobs file; called twice, it goes on with the same one."""

    @asynccontextmanager
    async def run(parts: Parts, **settings: Any) -> AsyncIterator[Worker]:
        async with run_worker(
            parts, JobSettings(**QUICK | settings), leases=MemoryLeases(), engine=jobs_file
        ) as worker:
            yield worker

    return run
