"""The ledger of jobs on the database: one door over the store's own functions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from service.store import hosts, readings, recoveries, reports, schedules, tasks
from service.store.audits import create_audit
from service.store.database import Database
from service.store.outages import settle_outages
from service.store.standings import restate_links
from service.store.tables import ARTICLE, AUDIT
from workers.ledger import (
    ArticleInput,
    ArticleState,
    AuditState,
    Cause,
    HeldHost,
    PlannedLink,
    Reading,
    Recoverable,
    Scope,
    StandingChange,
    Waiting,
)
from workers.model import LinkReport, LinkTask, Recovery

UNDONE = (AuditState.QUEUED, AuditState.RUNNING)
WAITING_ROWS = 1_000


class StoreLedger:
    """The ledger of `workers/ledger.py` on SQLite or PostgreSQL; every call is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def load_article(self, article_id: int) -> ArticleInput | None:
        """Return a queued article, or None where it is unknown or no longer queued."""
        return await readings.load_article(self._db, article_id)

    async def store_reading(self, article_id: int, reading: Reading) -> int:
        """Store what was read, with its citations and links; returns how many links it cites."""
        return await readings.store_reading(self._db, article_id, reading)

    async def fail_article(self, article_id: int, reason: str) -> None:
        """Mark a queued article as failed, with a reason for a person."""
        await readings.fail_article(self._db, article_id, reason)

    async def load_recoverable(self, article_id: int) -> tuple[ArticleInput, Sequence[Recoverable]] | None:
        """Return an article with its placeholders that were not yet recovered, None where there are none."""
        return await recoveries.load_recoverable(self._db, article_id)

    async def store_recoveries(self, found: Sequence[tuple[int, Recovery]]) -> Sequence[int]:
        """Store recoveries and return the ids of the links that those decided `auto` now cite."""
        return await recoveries.store_recoveries(self._db, found)

    async def open_audit(self, scope: Scope, cause: Cause, *, key: str) -> int:
        """Create an audit, or return the one that was created under the same `key`."""
        audit, _is_new = await create_audit(self._db, scope, cause=cause, key=key)
        return audit.id

    async def open_scheduled(self, *, now: datetime) -> Sequence[int]:
        """Open an audit for every schedule that has come due."""
        return await schedules.open_scheduled(self._db, now=now)

    async def plan_audit(self, audit_id: int, *, now: datetime) -> Sequence[PlannedLink]:
        """Mark the audit as running and return its links, by shard and id; no link comes twice."""
        return await tasks.plan_audit(self._db, audit_id, now=now)

    async def load_tasks(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[tuple[int, LinkTask]]:
        """Return the tasks of these links, those that this audit has stored already left out."""
        return await tasks.load_tasks(self._db, audit_id, link_ids)

    async def store_reports(
        self, audit_id: int, checked: Sequence[tuple[int, LinkReport]], *, now: datetime
    ) -> Sequence[StandingChange]:
        """Store reports in one transaction; a link that this audit has already is left as it is."""
        return await reports.store_reports(self._db, audit_id, checked, now=now)

    async def finish_audit(self, audit_id: int, *, now: datetime, reason: str | None = None) -> None:
        """Mark an audit as done, or as failed where a reason is given; host outages are settled."""
        ended = AuditState.DONE if reason is None else AuditState.FAILED
        running = (AUDIT.c.id == audit_id) & AUDIT.c.state.in_(UNDONE)
        change = {"state": ended, "reason": reason, "finished_at": now}
        async with self._db.write() as connection:
            touched = await settle_outages(connection, audit_id, now=now)
            await restate_links(connection, touched, audit_id=audit_id, now=now)
            await connection.execute(update(AUDIT).where(running).values(change))

    async def extend_audit(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[PlannedLink]:
        """Add links found on the way to a running audit; returns those that it has not stored yet."""
        return await tasks.extend_audit(self._db, audit_id, link_ids)

    async def load_scope(self, audit_id: int) -> Scope | None:
        """Return what an audit covers, None where it is unknown or has ended."""
        return await tasks.load_scope(self._db, audit_id)

    async def list_waiting(self, *, before: datetime) -> Waiting:
        """Return what has been waiting since `before`, oldest first, at most a thousand of each."""
        queued = select(ARTICLE.c.id, ARTICLE.c.attempt).where(
            ARTICLE.c.state == ArticleState.QUEUED, ARTICLE.c.updated_at <= before
        )
        undone = select(AUDIT.c.id).where(AUDIT.c.state.in_(UNDONE), AUDIT.c.created_at <= before)
        async with self._db.read() as connection:
            articles = await connection.execute(queued.order_by(ARTICLE.c.id).limit(WAITING_ROWS))
            audits = await connection.execute(undone.order_by(AUDIT.c.id).limit(WAITING_ROWS))
            return Waiting(
                articles=tuple((row.id, row.attempt) for row in articles), audits=tuple(audits.scalars())
            )

    async def load_held_hosts(self, *, now: datetime) -> Sequence[HeldHost]:
        """Return the hosts that are to be left alone still."""
        return await hosts.load_held_hosts(self._db, now=now)

    async def save_held_hosts(self, held: Sequence[HeldHost]) -> None:
        """Remember hosts that asked to be left alone; of stored and given times the later is kept."""
        await hosts.save_held_hosts(self._db, held)
