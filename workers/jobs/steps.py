"""What each job does, without the engine that makes it durable: every step may be run again."""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from workers.errands import ErrandLog, Keeper, run_errand
from workers.errors import StoreUnavailable, UnreadableDocument
from workers.jobs.batches import Batch, make_batches
from workers.ledger import Cause, Checker, HostMemory, Ledger, Reader, Recoverer, Scope
from workers.model import LinkReport

log = logging.getLogger(__name__)

STORE_ATTEMPTS = 5
STORE_WAIT_S = 10.0
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The concrete parts that jobs work with; `clock` gives the time in UTC.

    `recoverer`, `hosts` and `errands` with its `keeper` may be absent: then stripped links are not looked
    for, politeness is not handed over between workers, and errands on single addresses are left to others.
    """

    ledger: Ledger
    checker: Checker
    reader: Reader
    clock: Callable[[], datetime]
    recoverer: Recoverer | None = None
    hosts: HostMemory | None = None
    errands: ErrandLog | None = None
    keeper: Keeper | None = None
    flush_s: float = 5.0


async def plan(parts: Parts, audit_id: int) -> list[Batch]:
    """Mark an audit as running and return its batches."""
    links = await _stored(lambda: parts.ledger.plan_audit(audit_id, now=parts.clock()))
    return make_batches(links)


async def check_batch(parts: Parts, audit_id: int, link_ids: Sequence[int]) -> int:
    """Check those links of a batch that the audit has not stored yet; returns how many were checked.

    Reports are stored as they come, every few seconds, so that a worker that dies loses little.
    """
    tasks = await _stored(lambda: parts.ledger.load_tasks(audit_id, link_ids))
    await _take_over_hosts(parts)
    ids = {task.written: link_id for link_id, task in tasks}
    made: list[tuple[int, LinkReport]] = []
    flushed_at = time.monotonic()
    async for task, report in parts.checker.check([task for _, task in tasks]):
        made.append((ids[task.written], report))
        if time.monotonic() - flushed_at >= parts.flush_s:
            await _flush(parts, audit_id, made)
            made, flushed_at = [], time.monotonic()
    await _flush(parts, audit_id, made)
    return len(tasks)


async def recover(parts: Parts, audit_id: int) -> list[Batch]:
    """Look for the stripped links of an audit's articles; returns batches of the links found."""
    scope = await _stored(lambda: parts.ledger.load_scope(audit_id))
    if parts.recoverer is None or scope is None:
        return []
    found: set[int] = set()
    for article_id in scope.article_ids:
        found.update(await _recover_article(parts, parts.recoverer, article_id))
    links = await _stored(lambda: parts.ledger.extend_audit(audit_id, sorted(found)))
    # Their numbers must not meet those of the first round, which are stored as job ids.
    return make_batches(links, first=1_000_000)


async def finish(parts: Parts, audit_id: int, reason: str | None) -> None:
    """Mark an audit as done, or as failed for a reason."""
    await _stored(lambda: parts.ledger.finish_audit(audit_id, now=parts.clock(), reason=reason))


async def read_article(parts: Parts, article_id: int) -> int | None:
    """Read a queued article and open the audit of its links.

    Returns the audit's id, None where there is nothing to audit: the article is unknown or unreadable.
    """
    article = await _stored(lambda: parts.ledger.load_article(article_id))
    if article is None:
        return None
    try:
        reading = await parts.reader.read(article)
    except UnreadableDocument as error:
        reason = error.reason
        await _stored(lambda: parts.ledger.fail_article(article_id, reason))
        return None
    await _stored(lambda: parts.ledger.store_reading(article_id, reading))
    scope = Scope(article_ids=(article_id,))
    return await _stored(lambda: parts.ledger.open_audit(scope, Cause.ARTICLE, key=f"article:{article_id}"))


async def do_errand(parts: Parts, errand_id: int) -> None:
    """Do one errand and keep what it came to."""
    log, keeper = parts.errands, parts.keeper
    if log is None or keeper is None:
        return
    errand = await _stored(lambda: log.start(errand_id, now=parts.clock()))
    if errand is None:
        return
    result = await run_errand(errand, keeper)
    await _stored(lambda: log.finish(errand, result, now=parts.clock()))


async def _recover_article(parts: Parts, recoverer: Recoverer, article_id: int) -> Sequence[int]:
    lost = await _stored(lambda: parts.ledger.load_recoverable(article_id))
    if lost is None:
        return ()
    recoveries = await recoverer.recover(*lost)
    return await _stored(lambda: parts.ledger.store_recoveries(recoveries))


async def _take_over_hosts(parts: Parts) -> None:
    if parts.hosts is not None:
        now = parts.clock()
        held = await _stored(lambda: parts.ledger.load_held_hosts(now=now))
        parts.hosts.hold_hosts(held, now=now)


async def _flush(parts: Parts, audit_id: int, reports: Sequence[tuple[int, LinkReport]]) -> None:
    if reports:
        await _stored(lambda: parts.ledger.store_reports(audit_id, reports, now=parts.clock()))
    if parts.hosts is not None:
        held = parts.hosts.held_hosts(now=parts.clock())
        await _stored(lambda: parts.ledger.save_held_hosts(held))


async def _stored(call: Callable[[], Awaitable[Made]]) -> Made:
    """Return what a call to the ledger gives; a database that does not answer is asked a few times more.

    Raises:
        StoreUnavailable: it did not answer at all.
    """
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(StoreUnavailable),
        stop=stop_after_attempt(STORE_ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.1, max=STORE_WAIT_S),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable: the last attempt returns or raises")
