"""Audits: opened once a cause, listed with their progress."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import AUDIT, OBSERVATION, upsert
from service.store.values import Page, StoredAudit
from workers.ledger import AuditState, Cause, Progress, Scope
from workers.model import Outcome


async def create_audit(
    db: Database, scope: Scope, *, cause: Cause = Cause.REQUEST, key: str, schedule_id: int | None = None
) -> tuple[StoredAudit, bool]:
    """Open an audit, or return the one opened under the same `key`; True where it is new."""
    row = {
        "key": key,
        "cause": cause,
        "scope": to_plain(scope),
        "schedule_id": schedule_id,
        "state": AuditState.QUEUED,
        "created_at": datetime.now(UTC),
    }
    async with db.write() as connection:
        insert = upsert(connection, AUDIT).values(row).on_conflict_do_nothing().returning(AUDIT.c.id)
        is_new = (await connection.execute(insert)).first() is not None
        stored = (await connection.execute(select(AUDIT).where(AUDIT.c.key == key))).one()
        progress = await _count_outcomes(connection, [stored.id])
    return _make_audit(stored, progress), is_new


async def get_audit(db: Database, audit_id: int) -> StoredAudit | None:
    """Return one audit with its progress, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(select(AUDIT).where(AUDIT.c.id == audit_id))).first()
        progress = await _count_outcomes(connection, [audit_id])
    return None if row is None else _make_audit(row, progress)


async def list_audits(
    db: Database, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT, state: AuditState | None = None
) -> Page[StoredAudit]:
    """Return audits with their progress, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(AUDIT)
    if state is not None:
        query = query.where(AUDIT.c.state == state)
    cut = Cut(cursor=cursor, limit=limit, newest_first=True)
    async with db.read() as connection:
        page = await fetch_page(connection, query, AUDIT.c.id, cut, lambda row: row)
        progress = await _count_outcomes(connection, [row.id for row in page.items])
    audits = tuple(_make_audit(row, progress) for row in page.items)
    return Page(items=audits, next_cursor=page.next_cursor)


Counts = Mapping[int, Mapping[Outcome, int]]


async def _count_outcomes(connection: AsyncConnection, audit_ids: Sequence[int]) -> Counts:
    # A written form whose repair was accepted is told by the row of the accepted original.
    query = (
        select(OBSERVATION.c.audit_id, OBSERVATION.c.outcome, func.count().label("links"))
        .where(OBSERVATION.c.audit_id.in_(audit_ids), OBSERVATION.c.accepted.is_(None))
        .group_by(OBSERVATION.c.audit_id, OBSERVATION.c.outcome)
    )
    counts: dict[int, dict[Outcome, int]] = {}
    for row in await connection.execute(query):
        counts.setdefault(row.audit_id, {})[row.outcome] = row.links
    return counts


def _make_audit(row: Row[Any], counts: Counts) -> StoredAudit:
    return StoredAudit(
        id=row.id,
        cause=row.cause,
        scope=from_plain(Scope, row.scope),
        schedule_id=row.schedule_id,
        state=row.state,
        reason=row.reason,
        progress=Progress(planned=row.planned, by_outcome=counts.get(row.id, {})),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
