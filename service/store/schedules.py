"""Schedules: cron lines in UTC that open audits, each firing once however many workers look."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import AUDIT, LINK, SCHEDULE, upsert
from service.store.values import Page, StoredSchedule
from workers.cron import next_time
from workers.ledger import AuditState, Cause, Scope


async def create_schedule(
    db: Database, name: str, *, cron: str, scope: Scope, enabled: bool = True
) -> tuple[StoredSchedule, bool]:
    """Keep a schedule, or return the one that has the name already; True where it is new.

    Raises:
        InvalidCron: the cron line cannot be read, or never comes due.
    """
    now = datetime.now(UTC)
    row = {
        "name": name,
        "cron": cron,
        "scope": to_plain(scope),
        "enabled": enabled,
        "created_at": now,
        "next_at": next_time(cron, after=now),
    }
    async with db.write() as connection:
        made = upsert(connection, SCHEDULE).values(row).on_conflict_do_nothing().returning(SCHEDULE.c.id)
        is_new = (await connection.execute(made)).first() is not None
        stored = (await connection.execute(select(SCHEDULE).where(SCHEDULE.c.name == name))).one()
    return _make(stored), is_new


async def list_schedules(
    db: Database, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredSchedule]:
    """Return schedules, oldest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    cut = Cut(cursor=cursor, limit=limit)
    async with db.read() as connection:
        return await fetch_page(connection, select(SCHEDULE), SCHEDULE.c.id, cut, _make)


async def get_schedule(db: Database, schedule_id: int) -> StoredSchedule | None:
    """Return one schedule, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(select(SCHEDULE).where(SCHEDULE.c.id == schedule_id))).first()
    return None if row is None else _make(row)


async def remove_schedule(db: Database, schedule_id: int) -> bool:
    """Remove a schedule, its audits stay; False where it is unknown."""
    async with db.write() as connection:
        cut_loose = update(AUDIT).where(AUDIT.c.schedule_id == schedule_id).values(schedule_id=None)
        await connection.execute(cut_loose)
        gone = await connection.execute(delete(SCHEDULE).where(SCHEDULE.c.id == schedule_id))
    return gone.rowcount == 1


async def open_scheduled(db: Database, *, now: datetime) -> Sequence[int]:
    """Open an audit for every schedule that has come due and return their ids.

    A time that was missed (the service was off) is caught up once, not once for each missed turn. A
    schedule of due links opens nothing while no link is due.
    """
    opened: list[int] = []
    async with db.write() as connection:
        due = select(SCHEDULE).where(SCHEDULE.c.enabled, SCHEDULE.c.next_at <= now).with_for_update()
        for row in (await connection.execute(due.order_by(SCHEDULE.c.id))).all():
            turn = {"last_at": now, "next_at": next_time(row.cron, after=now)}
            await connection.execute(update(SCHEDULE).where(SCHEDULE.c.id == row.id).values(turn))
            scope = from_plain(Scope, row.scope)
            unchecked = or_(LINK.c.next_check_at.is_(None), LINK.c.next_check_at <= now)
            links = select(func.count()).select_from(LINK).where(unchecked)
            if scope.only_due and not await connection.scalar(links):
                continue
            audit = insert(AUDIT).values(_audit_of(row, now)).returning(AUDIT.c.id)
            opened.append(int((await connection.execute(audit)).scalar_one()))
    return opened


def _audit_of(row: Row[Any], now: datetime) -> dict[str, Any]:
    return {
        "key": f"schedule:{row.id}:{row.next_at.isoformat()}",
        "cause": Cause.SCHEDULE,
        "scope": row.scope,
        "schedule_id": row.id,
        "state": AuditState.QUEUED,
        "created_at": now,
    }


def _make(row: Row[Any]) -> StoredSchedule:
    values = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy, by its own documentation
    return StoredSchedule(**values | {"scope": from_plain(Scope, row.scope)})
