"""Content drift over time: how alike pages were to their captures, and events where one has moved far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import DRIFT, EVENT, upsert
from service.store.values import Page
from workers.archive.choose import DIFFER
from workers.model import Drift
from workers.verdict.standing import EventKind

DRIFTED_BELOW: Final = DIFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDrift:
    """One measurement: how alike a page was, when an audit saw it, to a capture."""

    id: int
    link_id: int
    audit_id: int | None
    at: datetime
    rule: str
    similarity: float
    archive: str
    memento_datetime: datetime
    uri_m: str


async def list_drifts(
    db: Database, link_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredDrift]:
    """Return the measurements of one link, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(DRIFT).where(DRIFT.c.link_id == link_id)
    cut = Cut(cursor=cursor, limit=limit, newest_first=True)
    async with db.read() as connection:
        return await fetch_page(connection, query, DRIFT.c.id, cut, _make)


async def write_drifts(
    connection: AsyncConnection, audit_id: int, drifts: Sequence[tuple[int, Drift]]
) -> None:
    """Keep measurements as (link id, drift); a page that has newly moved far is told as an event."""
    if not drifts:
        return
    before = await _latest(connection, [link_id for link_id, _ in drifts])
    rows = [_row(audit_id, link_id, drift) for link_id, drift in drifts]
    await connection.execute(upsert(connection, DRIFT).on_conflict_do_nothing(), rows)
    events = [
        _event(audit_id, link_id, drift)
        for link_id, drift in drifts
        if drift.similarity < DRIFTED_BELOW <= before.get(link_id, 1.0)
    ]
    if events:
        await connection.execute(upsert(connection, EVENT).on_conflict_do_nothing(), events)


async def _latest(connection: AsyncConnection, link_ids: Sequence[int]) -> dict[int, float]:
    newest = select(func.max(DRIFT.c.id)).where(DRIFT.c.link_id.in_(link_ids)).group_by(DRIFT.c.link_id)
    query = select(DRIFT.c.link_id, DRIFT.c.similarity).where(DRIFT.c.id.in_(newest))
    return {row.link_id: row.similarity for row in await connection.execute(query)}


def _row(audit_id: int, link_id: int, drift: Drift) -> dict[str, Any]:
    return {
        "link_id": link_id,
        "audit_id": audit_id,
        "at": drift.at,
        "rule": drift.rule,
        "similarity": drift.similarity,
        "archive": drift.memento.archive[:64],
        "memento_datetime": drift.memento.memento_datetime,
        "uri_m": drift.memento.uri_m,
    }


def _event(audit_id: int, link_id: int, drift: Drift) -> dict[str, Any]:
    told = f"its text is {drift.similarity:.0%} like the capture of {drift.memento.memento_datetime:%Y-%m-%d}"
    return {
        "kind": EventKind.DRIFTED,
        "at": drift.at,
        "link_id": link_id,
        "audit_id": audit_id,
        "detail": told,
    }


def _make(row: Row[Any]) -> StoredDrift:
    return StoredDrift(
        id=row.id,
        link_id=row.link_id,
        audit_id=row.audit_id,
        at=row.at,
        rule=row.rule,
        similarity=row.similarity,
        archive=row.archive,
        memento_datetime=row.memento_datetime,
        uri_m=row.uri_m,
    )
