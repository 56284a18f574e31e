"""The durable workflows: what a killed worker began, another goes on with from the last stored step."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from dbos import DBOS, PortableWorkflowError, SetEnqueueOptions, SetWorkflowID, WorkflowHandleAsync, error

from workers.jobs import names, steps
from workers.jobs.batches import Batch
from workers.jobs.in_hand import InHand
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts

log = logging.getLogger(__name__)

# A batch that took its worker down so often is given up, and its audit says so.
MOST_RECOVERIES = 20
FAILED_BATCH = (
    PortableWorkflowError,
    error.DBOSAwaitedWorkflowCancelledError,
    error.DBOSAwaitedWorkflowMaxRecoveryAttemptsExceeded,
)


CheckBatch = Callable[[int, list[int]], Coroutine[Any, Any, int]]
RunAudit = Callable[[int], Coroutine[Any, Any, int]]
PlainBatch = dict[str, Any]


def register_workflows(parts: Parts, in_hand: InHand, *, poll_s: float) -> None:
    """Make the workflows known to the engine, over these parts; before it is launched.

    What runs is listed in `in_hand`.
    """
    check_batch = _register_check_batch(parts, in_hand)
    run_audit = _register_run_audit(parts, in_hand, check_batch, poll_s)
    _register_read_article(parts, in_hand, run_audit)
    _register_run_errand(parts, in_hand)


def _register_check_batch(parts: Parts, in_hand: InHand) -> CheckBatch:
    @DBOS.workflow(name=names.CHECK_BATCH, max_recovery_attempts=MOST_RECOVERIES)
    async def check_batch(audit_id: int, link_ids: list[int]) -> int:
        # No step inside: what is stored already is skipped, which is all that a step would bring.
        with in_hand.working():
            return await steps.check_batch(parts, audit_id, link_ids)

    return check_batch


def _register_run_audit(parts: Parts, in_hand: InHand, check_batch: CheckBatch, poll_s: float) -> RunAudit:
    @DBOS.workflow(name=names.RUN_AUDIT, max_recovery_attempts=MOST_RECOVERIES)
    async def run_audit(audit_id: int) -> int:
        async def plan() -> list[PlainBatch]:
            return _plain(await steps.plan(parts, audit_id))

        async def recover() -> list[PlainBatch]:
            return _plain(await steps.recover(parts, audit_id))

        async def finish(reason: str | None) -> None:
            await steps.finish(parts, audit_id, reason)

        with in_hand.waiting():
            batches = await DBOS.run_step_async({"name": "plan"}, plan)
            failures = await _run_batches(check_batch, audit_id, batches, poll_s)
            found = await DBOS.run_step_async({"name": "recover"}, recover)
            failures += await _run_batches(check_batch, audit_id, found, poll_s)
            reason = f"{len(failures)} batches failed: {failures[0]}" if failures else None
            await DBOS.run_step_async({"name": "finish"}, finish, reason)
            return len(batches) + len(found)

    return run_audit


def _register_read_article(parts: Parts, in_hand: InHand, run_audit: RunAudit) -> None:
    @DBOS.workflow(name=names.READ_ARTICLE, max_recovery_attempts=MOST_RECOVERIES)
    async def read_article(article_id: int) -> int | None:
        async def read() -> int | None:
            return await steps.read_article(parts, article_id)

        with in_hand.working():
            audit_id = await DBOS.run_step_async({"name": "read"}, read)
        if audit_id is not None:
            with SetWorkflowID(names.audit_job(audit_id)):
                await DBOS.enqueue_workflow_async(names.AUDITS, run_audit, audit_id)
        return audit_id


def _register_run_errand(parts: Parts, in_hand: InHand) -> None:
    @DBOS.workflow(name=names.RUN_ERRAND, max_recovery_attempts=MOST_RECOVERIES)
    async def run_errand(errand_id: int) -> None:
        with in_hand.working():
            await steps.do_errand(parts, errand_id)


async def _run_batches(
    check_batch: CheckBatch, audit_id: int, batches: Sequence[PlainBatch], poll_s: float
) -> list[str]:
    """Queue batches and wait for all of them; returns the reasons of those that failed."""
    handles: list[WorkflowHandleAsync[int]] = []
    for batch in batches:
        shard = batch["shard"]
        with (
            SetWorkflowID(names.batch_job(audit_id, shard, batch["number"])),
            SetEnqueueOptions(queue_partition_key=str(shard)),
        ):
            handles.append(
                await DBOS.enqueue_workflow_async(names.CHECKS, check_batch, audit_id, batch["link_ids"])
            )
    return [reason for handle in handles if (reason := await _failure_of(handle, poll_s)) is not None]


async def register_queues(settings: JobSettings) -> None:
    """Store the queues' bounds; after the engine is launched.

    One batch of a shard runs at a time in the whole fleet: politeness kept in a worker's memory holds.
    """
    await DBOS.register_queue_async(
        names.CHECKS,
        worker_concurrency=settings.batches,
        partition_concurrency=1,
        polling_interval_sec=settings.poll_s,
        on_conflict="always_update",
    )
    bounds = {
        names.AUDITS: settings.audits,
        names.ARTICLES: settings.articles,
        names.ERRANDS: settings.errands,
    }
    for name, most in bounds.items():
        await DBOS.register_queue_async(
            name,
            worker_concurrency=most,
            polling_interval_sec=settings.poll_s,
            on_conflict="always_update",
        )


async def _failure_of(handle: WorkflowHandleAsync[int], poll_s: float) -> str | None:
    """Return why a batch failed, None where it did not."""
    try:
        await handle.get_result(polling_interval_sec=poll_s)
    except FAILED_BATCH as failure:
        # Only what the batch itself came to: an engine that is being stopped raises others, and then
        # the audit must not be finished but go on elsewhere.
        log.warning("batch %s failed: %s", handle.get_workflow_id(), failure)
        return str(failure) or type(failure).__name__
    return None


def _plain(batches: Sequence[Batch]) -> list[PlainBatch]:
    return [
        {"shard": batch.shard, "number": batch.number, "link_ids": list(batch.link_ids)} for batch in batches
    ]
