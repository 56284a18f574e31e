"""The sweep: whatever waits and no job covers gets one; old jobs are pruned at night."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dbos import DBOS

from workers.cron import next_time
from workers.errors import StoreUnavailable
from workers.jobs import names
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.ledger import JobQueue, Waiting

log = logging.getLogger(__name__)

NIGHTLY = "17 3 * * *"
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
FAILED = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
PRUNE_ROWS = 500


@dataclass(slots=True)
class Rounds:
    """How far the sweeps have come with errands: the last id that was looked at.

    A sweep looks at one page of them and the next goes on behind it, so that a long queue hides none.
    """

    after: int = 0


async def run_sweeps(parts: Parts, jobs: JobQueue, settings: JobSettings) -> None:
    """Sweep every few seconds and prune every night, until cancelled."""
    prune_at = next_time(NIGHTLY, after=parts.clock())
    rounds = Rounds()
    while True:
        try:
            await sweep(parts, jobs, settings, rounds)
            if parts.clock() >= prune_at:
                await _prune_errands(parts, settings)
                await prune(older_than=parts.clock() - timedelta(days=settings.keep_days))
                await renew(parts, jobs)
                prune_at = next_time(NIGHTLY, after=parts.clock())
        except StoreUnavailable as error:
            log.warning("sweep put off: %s", error)
        await asyncio.sleep(settings.sweep_s)


async def sweep(parts: Parts, jobs: JobQueue, settings: JobSettings, rounds: Rounds) -> None:
    """Open the audits of schedules that are due, and queue what waits; a job asked for before is kept.

    Covers a process that died between storing an article or audit and asking for its job, too.
    """
    now = parts.clock()
    for audit_id in await parts.ledger.open_scheduled(now=now):
        await jobs.enqueue_audit(audit_id)
    waiting = await parts.ledger.list_waiting(before=now - timedelta(seconds=settings.wait_s))
    for article_id, attempt in waiting.articles:
        await jobs.enqueue_article(article_id, attempt=attempt)
    for audit_id in waiting.audits:
        await jobs.enqueue_audit(audit_id)
    await _end_failed(parts, waiting)
    await _sweep_errands(parts, jobs, rounds, before=now - timedelta(seconds=settings.wait_s))


async def renew(parts: Parts, jobs: JobQueue) -> int:
    """Have captures that were verified a year ago verified again; return how many."""
    if parts.errands is None:
        return 0
    opened = await parts.errands.renew(now=parts.clock())
    for errand_id in opened:
        await jobs.enqueue_errand(errand_id)
    return len(opened)


async def _prune_errands(parts: Parts, settings: JobSettings) -> None:
    if parts.errands is not None:
        await parts.errands.prune(before=parts.clock() - timedelta(days=settings.keep_days))


async def _sweep_errands(parts: Parts, jobs: JobQueue, rounds: Rounds, *, before: datetime) -> None:
    """Queue errands that have no job, and mark as failed those whose job has failed for good."""
    if parts.errands is None:
        return
    page = await parts.errands.list_waiting(before=before, after=rounds.after)
    if not page and rounds.after:
        page = await parts.errands.list_waiting(before=before)
    if not page:
        rounds.after = 0
        return
    listed = await DBOS.list_workflows_async(
        workflow_ids=[names.errand_job(each) for each in page], load_input=False
    )
    made = {job.workflow_id: job for job in listed}
    for errand_id in page:
        job = made.get(names.errand_job(errand_id))
        if job is None:
            await jobs.enqueue_errand(errand_id)
        elif job.status in FAILED:
            reason = f"its job failed: {job.error or job.status}"
            await parts.errands.fail(errand_id, reason, now=parts.clock())
    rounds.after = max(page)


async def _end_failed(parts: Parts, waiting: Waiting) -> None:
    """Mark as failed what waits for a job that has failed for good."""
    audits = {names.audit_job(audit_id): audit_id for audit_id in waiting.audits}
    articles = {names.article_job(*article): article[0] for article in waiting.articles}
    if not audits and not articles:
        return
    failed = await DBOS.list_workflows_async(
        workflow_ids=[*audits, *articles], status=FAILED, load_input=False
    )
    for job in failed:
        reason = f"its job failed: {job.error or job.status}"
        if job.workflow_id in audits:
            await parts.ledger.finish_audit(audits[job.workflow_id], now=parts.clock(), reason=reason)
        else:
            await parts.ledger.fail_article(articles[job.workflow_id], reason)


async def prune(*, older_than: datetime) -> int:
    """Delete jobs that ended before `older_than` and return how many; results stand in the ledger."""
    pruned = 0
    before = older_than.astimezone(UTC).isoformat()
    while ended := await DBOS.list_workflows_async(
        status=ENDED,
        completed_before=before,
        application_name=names.APPLICATION,
        load_input=False,
        load_output=False,
        limit=PRUNE_ROWS,
    ):
        await DBOS.delete_workflows_async([job.workflow_id for job in ended])
        pruned += len(ended)
    return pruned
