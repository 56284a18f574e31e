"""Links: one row an original, found by address, listed, held by people."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.standings import restate_links
from service.store.tables import CITATION, EVENT, LINK, key_hash, text_hash
from service.store.values import Page, StoredLink
from workers.model import Standing
from workers.verdict.standing import EventKind


async def find_link(db: Database, url: str) -> StoredLink | None:
    """Return the link of exactly this original, None where there is none."""
    async with db.read() as connection:
        row = (await connection.execute(_query().where(LINK.c.original_hash == text_hash(url)))).first()
    return None if row is None else make_link(row)


async def get_link(db: Database, link_id: int) -> StoredLink | None:
    """Return one link, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(_query().where(LINK.c.id == link_id))).first()
    return None if row is None else make_link(row)


async def list_links(
    db: Database,
    *,
    url: str | None = None,
    standing: Standing | None = None,
    host: str | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[StoredLink]:
    """Return links by age; with `url` those that name the same resource, scheme and `www.` aside.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = _query()
    if url is not None:
        query = query.where(LINK.c.key_hash == key_hash(url))
    if standing is not None:
        query = query.where(LINK.c.standing == standing)
    if host is not None:
        query = query.where(LINK.c.host == host)
    async with db.read() as connection:
        return await fetch_page(connection, query, LINK.c.id, Cut(cursor=cursor, limit=limit), make_link)


async def hold_link(
    db: Database, link_id: int, *, hold: Standing | None, reason: str | None = None
) -> StoredLink | None:
    """Set or lift (None) a person's override of a link's standing; None where the link is unknown.

    Raises:
        ValueError: `hold` is neither held_alive nor held_dead nor None.
    """
    if hold not in (None, Standing.HELD_ALIVE, Standing.HELD_DEAD):
        raise ValueError(f"a link cannot be held as {hold}")
    now = datetime.now(UTC)
    held = {"hold": hold, "hold_reason": reason, "standing": hold or Standing.UNCHECKED}
    async with db.write() as connection:
        changed = await connection.execute(update(LINK).where(LINK.c.id == link_id).values(held))
        if changed.rowcount == 0:
            return None
        kind = EventKind.RELEASED if hold is None else EventKind.HELD
        told = "; ".join(filter(None, (hold or "override lifted", reason)))
        await connection.execute(insert(EVENT).values(kind=kind, at=now, link_id=link_id, detail=told))
        # With observations the rule says what it stands at, the override heard.
        await restate_links(connection, [link_id], audit_id=None, now=now)
        row = (await connection.execute(_query().where(LINK.c.id == link_id))).one()
    return make_link(row)


def make_link(row: Row[Any]) -> StoredLink:
    """Return the view of one row of `_query`."""
    return StoredLink(
        id=row.id,
        original=row.original,
        host=row.host,
        standing=row.standing,
        standing_rule=row.standing_rule,
        standing_since=row.standing_since,
        standing_reasons=tuple(row.standing_reasons or ()),
        hold=row.hold,
        hold_reason=row.hold_reason,
        outcome=row.last_outcome,
        status=row.last_status,
        first_seen_at=row.first_seen_at,
        last_checked_at=row.last_checked_at,
        next_check_at=row.next_check_at,
        cited_by=row.cited_by,
    )


def _query() -> Select[Any]:
    cited_by = select(func.count()).where(CITATION.c.link_id == LINK.c.id).scalar_subquery()
    return select(LINK, cited_by.label("cited_by"))
