"""Events: changes of standing worth telling, in the order they were seen."""

from typing import Any

from sqlalchemy import Row, select

from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import EVENT
from service.store.values import Page, StoredEvent


async def list_events(
    db: Database, *, link_id: int | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredEvent]:
    """Return events, oldest first, so that a reader who keeps the cursor misses none.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(EVENT)
    if link_id is not None:
        query = query.where(EVENT.c.link_id == link_id)
    async with db.read() as connection:
        return await fetch_page(connection, query, EVENT.c.id, Cut(cursor=cursor, limit=limit), _make)


def _make(row: Row[Any]) -> StoredEvent:
    return StoredEvent(**row._mapping)  # noqa: SLF001 - public in SQLAlchemy, by its own documentation
