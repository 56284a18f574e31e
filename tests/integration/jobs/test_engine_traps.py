"""What the job engine does by default and must not do here, each shown closed."""

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS

from service.store.jobs_engine import jobs_engine, jobs_url
from tests.fakes_ledger import MemoryLedger
from tests.integration.jobs.conftest import Embedded, memory_parts
from tests.integration.jobs.test_audit_jobs import WAIT_S, until
from tests.readings import citing, reading_of
from workers.errors import InvalidSetting, StoreUnavailable
from workers.jobs import recovery
from workers.jobs.client import open_client
from workers.jobs.lock import AlreadyRunning, hold_folder
from workers.jobs.names import audit_job
from workers.jobs.recovery import EngineChanged, list_executors, require_recovery
from workers.jobs.steps import check_batch
from workers.jobs.sweep import prune
from workers.ledger import AuditState, Cause, Scope, shard_of


async def _run_audit(embedded: Embedded, *urls: str) -> MemoryLedger:
    """Run one audit to its end and stop the worker."""
    ledger = MemoryLedger()
    article_id = ledger.add_article(b"text")
    await ledger.store_reading(article_id, reading_of(citing(url) for url in urls))
    audit_id = await ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key="k")
    async with embedded(memory_parts(ledger), sweep_s=60.0) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(lambda: ledger.audits[audit_id].state is AuditState.DONE)
        # The audit is done a moment before its job is written down as ended; a stop between would cut it.
        job = await DBOS.retrieve_workflow_async(audit_job(audit_id))
        async with asyncio.timeout(WAIT_S):
            await job.get_result(polling_interval_sec=0.01)
    return ledger


def _rows(jobs_file: Any, columns: str) -> list[Any]:
    with jobs_file.connect() as connection:
        query = f"SELECT {columns} FROM workflow_status ORDER BY workflow_uuid"  # noqa: S608 - the test's own words
        return [tuple(row) for row in connection.exec_driver_sql(query)]


async def test_jobs_belong_to_a_version_that_no_release_changes(embedded: Embedded, jobs_file: Any) -> None:
    await _run_audit(embedded, "https://a.example/")
    assert {version for (version,) in _rows(jobs_file, "application_version")} == {"1"}


async def test_jobs_run_under_the_id_that_was_given(embedded: Embedded, jobs_file: Any) -> None:
    await _run_audit(embedded, "https://a.example/")
    assert {executor for (executor,) in _rows(jobs_file, "executor_id")} == {"embedded"}


async def test_jobs_are_stored_as_json_and_never_pickled(embedded: Embedded, jobs_file: Any) -> None:
    await _run_audit(embedded, "https://a.example/")
    assert {name for (name,) in _rows(jobs_file, "serialization")} == {"portable_json"}
    with jobs_file.connect() as connection:
        inputs = connection.exec_driver_sql("SELECT inputs FROM workflow_input").scalars().all()
        outputs = connection.exec_driver_sql("SELECT output FROM operation_outputs").scalars().all()
    assert all(json.loads(text) is not None for text in inputs)
    assert [json.loads(text) for text in outputs if text is not None]


async def test_a_batch_has_a_fixed_id_and_its_shard_as_partition(embedded: Embedded, jobs_file: Any) -> None:
    ledger = await _run_audit(embedded, "https://a.example/")
    audit_id = next(iter(ledger.audits))
    shard = shard_of("a.example")
    assert _rows(jobs_file, "workflow_uuid, queue_name, queue_partition_key, deduplication_id") == [
        (f"{audit_id}:{shard}:0", "checks", str(shard), None),
        (f"audit:{audit_id}", "audits", None, None),
    ]


async def test_the_loop_keeps_a_working_thread_pool_after_the_engine_ends(embedded: Embedded) -> None:
    await _run_audit(embedded, "https://a.example/")
    assert await asyncio.to_thread(lambda: "works") == "works"


async def test_the_engine_keeps_to_its_threads(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    article_id = ledger.add_article(b"text")
    await ledger.store_reading(article_id, reading_of(citing(f"https://s{n}.example/") for n in range(60)))
    audit_id = await ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key="k")
    async with embedded(memory_parts(ledger), threads=4, batches=30) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(lambda: ledger.audits[audit_id].state is AuditState.DONE)
        pool = [each for each in threading.enumerate() if each.name.startswith("dbos-executor")]
    assert 1 <= len(pool) <= 4


async def test_stopping_the_engine_does_not_block_the_loop(embedded: Embedded) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    async with embedded(memory_parts(MemoryLedger()), stop_grace_s=1):
        ticking = asyncio.create_task(tick())
    ticking.cancel()
    assert ticks > 5


def test_the_jobs_file_lets_readers_go_on_beside_its_writer(tmp_path: Path) -> None:
    engine = jobs_engine(f"sqlite:///{tmp_path}/home/jobs.sqlite")
    assert engine is not None
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 30_000, "foreign_keys": 1}


def test_a_jobs_database_on_postgresql_needs_no_engine_of_ours() -> None:
    assert jobs_engine("postgresql://u:p@db/linkwright") is None
    assert jobs_url("postgres://u:p@db/linkwright") == "postgresql://u:p@db/linkwright"
    with pytest.raises(InvalidSetting, match="mysql"):
        jobs_engine("mysql://db/linkwright")


async def test_ended_jobs_are_pruned_and_younger_ones_kept(embedded: Embedded, jobs_file: Any) -> None:
    await _run_audit(embedded, "https://a.example/", "https://b.example/")
    async with embedded(memory_parts(MemoryLedger()), sweep_s=60.0):
        assert await prune(older_than=datetime.now(UTC) - timedelta(hours=1)) == 0
        assert len(_rows(jobs_file, "workflow_uuid")) == 3
        assert await prune(older_than=datetime.now(UTC) + timedelta(hours=1)) == 3
    assert _rows(jobs_file, "workflow_uuid") == []


async def test_an_unfinished_job_is_never_pruned(embedded: Embedded, jobs_file: Any) -> None:
    async with open_client(engine=jobs_file) as jobs:
        await jobs.enqueue_audit(1)
    async with embedded(memory_parts(MemoryLedger()), sweep_s=60.0, poll_s=60.0):
        assert await prune(older_than=datetime.now(UTC) + timedelta(hours=1)) == 0


def test_a_data_folder_takes_one_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    refused = pytest.raises(AlreadyRunning, match="is in use by process")
    with hold_folder(home), refused, hold_folder(home):
        pass
    with hold_folder(tmp_path / "home"):
        pass


def test_an_engine_without_recovery_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    require_recovery()
    monkeypatch.setattr(recovery, "DBOS", object)
    with pytest.raises(EngineChanged, match="dbos"):
        require_recovery()


async def test_executors_of_unfinished_jobs_are_named(embedded: Embedded, jobs_file: Any) -> None:
    async with open_client(engine=jobs_file) as jobs:
        await jobs.enqueue_audit(1)
    with jobs_file.begin() as connection:
        taken = "UPDATE workflow_status SET status = 'PENDING', executor_id = 'gone'"
        connection.exec_driver_sql(taken)
    async with embedded(memory_parts(MemoryLedger()), sweep_s=60.0):
        assert await list_executors() == {"gone"}
        assert await recovery.recover_workers(["gone"]) == 1
        handle = await DBOS.retrieve_workflow_async("audit:1")
        assert await handle.get_result(polling_interval_sec=0.01) == 0
        assert await recovery.recover_workers(["gone"]) == 0


async def test_an_audit_whose_job_failed_for_good_is_failed(embedded: Embedded, jobs_file: Any) -> None:
    ledger = MemoryLedger()
    audit_id = await ledger.open_audit(Scope(), Cause.REQUEST, key="k")
    async with open_client(engine=jobs_file) as jobs:
        await jobs.enqueue_audit(audit_id)
    with jobs_file.begin() as connection:
        connection.exec_driver_sql("UPDATE workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'")
    async with embedded(memory_parts(ledger)):
        await until(lambda: ledger.audits[audit_id].state is AuditState.FAILED)
    assert ledger.audits[audit_id].reason == "its job failed: MAX_RECOVERY_ATTEMPTS_EXCEEDED"


async def test_a_missing_jobs_database_is_said_to_be_unavailable(tmp_path: Path) -> None:
    engine = jobs_engine(f"sqlite:///{tmp_path}/jobs.sqlite")
    async with open_client(engine=engine) as jobs:
        with pytest.raises(StoreUnavailable, match="the jobs database does not answer"):
            await jobs.enqueue_audit(1)
    assert engine is not None
    engine.dispose()


async def test_a_database_that_fails_once_is_asked_again() -> None:
    class Flaky(MemoryLedger):
        failures = 2

        async def load_tasks(self, audit_id: int, link_ids: Any) -> Any:
            if self.failures:
                self.failures -= 1
                raise StoreUnavailable("deadlock")
            return await super().load_tasks(audit_id, link_ids)

    ledger = Flaky()
    link_id = ledger.link("https://a.example/")
    audit_id = await ledger.open_audit(Scope(link_ids=(link_id,)), Cause.REQUEST, key="k")
    assert await check_batch(memory_parts(ledger), audit_id, [link_id]) == 1
    assert list(ledger.audits[audit_id].reports) == [link_id]
