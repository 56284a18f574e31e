"""Errands: opened once while they wait, worked through by jobs, kept with what they came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.mementos import write_lookups, write_mementos
from service.store.picks import take_old_picks, write_pick
from service.store.tables import ARTICLE, CITATION, ERRAND, LINK, chunks, key_hash, text_hash
from workers.archive.verify import Expected
from workers.errands import Errand, ErrandKind, ErrandResult, ErrandState
from workers.errors import LinkwrightError

MAX_WAITING = 20_000
WAITING_ROWS = 1_000
RENEWED_AT_ONCE = 500
ANCHORS = 8
UNDONE = (ErrandState.QUEUED, ErrandState.RUNNING)


class TooManyErrands(LinkwrightError):
    """More errands wait than are taken at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks for: an errand that is not kept yet."""

    kind: ErrandKind
    url: str
    at: datetime | None = None
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredErrand:
    """One errand and how far it has come."""

    id: int
    kind: ErrandKind
    url: str
    at: datetime | None
    public: bool
    state: ErrandState
    reason: str | None
    created_at: datetime
    finished_at: datetime | None


async def open_errands(db: Database, orders: Sequence[Order], *, now: datetime) -> Sequence[StoredErrand]:
    """Keep errands, or find the ones that wait for the same already; in the order given.

    Raises:
        TooManyErrands: too many wait.
    """
    async with db.write() as connection:
        if await _count_undone(connection) + len(orders) > MAX_WAITING:
            raise TooManyErrands(f"more than {MAX_WAITING} errands would wait")
        return [await _open(connection, order, now) for order in orders]


async def get_errand(db: Database, errand_id: int) -> StoredErrand | None:
    """Return one errand, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(select(ERRAND).where(ERRAND.c.id == errand_id))).first()
    return None if row is None else _make(row)


async def list_ended(db: Database, errand_ids: Sequence[int]) -> Sequence[StoredErrand]:
    """Return those of these errands that have ended."""
    found: list[StoredErrand] = []
    async with db.read() as connection:
        for part in chunks(list(errand_ids)):
            ended = select(ERRAND).where(ERRAND.c.id.in_(part), ERRAND.c.state.not_in(UNDONE))
            found += [_make(row) for row in await connection.execute(ended.order_by(ERRAND.c.id))]
    return found


class StoreErrands:
    """The errand log of `workers/errands.py`; every call is one transaction.

    `waiting_rows` bounds what is listed of those that wait at a time.
    """

    def __init__(self, db: Database, *, waiting_rows: int = WAITING_ROWS) -> None:
        self._db = db
        self._waiting_rows = waiting_rows

    async def start(self, errand_id: int, *, now: datetime) -> Errand | None:
        """Mark an errand as running and return it, None where it is unknown or has ended."""
        async with self._db.write() as connection:
            running = {"state": ErrandState.RUNNING, "started_at": func.coalesce(ERRAND.c.started_at, now)}
            undone = (ERRAND.c.id == errand_id) & ERRAND.c.state.in_(UNDONE)
            change = update(ERRAND).where(undone).values(running).returning(ERRAND)
            row = (await connection.execute(change)).first()
            return None if row is None else await _with_context(connection, row)

    async def finish(self, errand: Errand, result: ErrandResult, *, now: datetime) -> None:
        """Keep what an errand came to, with all captures that it found."""
        async with self._db.write() as connection:
            state = ErrandState.DONE if result.reason is None else ErrandState.FAILED
            if not await _end(connection, errand.id, state, result.reason or result.note, now):
                return
            await write_mementos(connection, result.mementos, now=now)
            await write_lookups(connection, result.lookups)
            if result.choice is not None:
                await write_pick(connection, errand.url, result.choice, now=now)

    async def fail(self, errand_id: int, reason: str, *, now: datetime) -> None:
        """Mark an errand as failed, unless it has ended."""
        async with self._db.write() as connection:
            await _end(connection, errand_id, ErrandState.FAILED, reason, now)

    async def list_waiting(self, *, before: datetime, after: int = 0) -> Sequence[int]:
        """Return errands above an id that have waited since `before`, lowest first, bounded."""
        waiting = select(ERRAND.c.id).where(
            ERRAND.c.state.in_(UNDONE), ERRAND.c.created_at <= before, ERRAND.c.id > after
        )
        async with self._db.read() as connection:
            return list(await connection.scalars(waiting.order_by(ERRAND.c.id).limit(self._waiting_rows)))

    async def prune(self, *, before: datetime) -> int:
        """Forget errands that ended before a time, and return how many; what they found stays."""
        async with self._db.write() as connection:
            ended = delete(ERRAND).where(ERRAND.c.state.not_in(UNDONE), ERRAND.c.finished_at < before)
            return (await connection.execute(ended)).rowcount

    async def renew(self, *, now: datetime) -> Sequence[int]:
        """Open look-ups for choices that are a year old, bounded, and return their ids."""
        async with self._db.write() as connection:
            room = MAX_WAITING - await _count_undone(connection)
            if room <= 0:
                return []
            old = await take_old_picks(connection, now=now, limit=min(RENEWED_AT_ONCE, room))
            orders = [Order(kind=ErrandKind.LOOKUP, url=pick.original, at=pick.near) for pick in old]
            return [(await _open(connection, order, now)).id for order in orders]


async def _count_undone(connection: AsyncConnection) -> int:
    undone = select(func.count()).select_from(ERRAND).where(ERRAND.c.state.in_(UNDONE))
    return await connection.scalar(undone) or 0


async def _open(connection: AsyncConnection, order: Order, now: datetime) -> StoredErrand:
    url_hash = text_hash(order.url)
    same = select(ERRAND).where(
        ERRAND.c.url_hash == url_hash,
        ERRAND.c.state == ErrandState.QUEUED,
        ERRAND.c.kind == order.kind,
        ERRAND.c.at.is_(None) if order.at is None else ERRAND.c.at == order.at,
        ERRAND.c.public == order.public,
    )
    row = (await connection.execute(same.limit(1))).first()
    if row is None:
        kept = {
            "kind": order.kind,
            "url": order.url,
            "url_hash": url_hash,
            "at": order.at,
            "public": order.public,
            "state": ErrandState.QUEUED,
            "created_at": now,
        }
        row = (await connection.execute(insert(ERRAND).values(kept).returning(ERRAND))).one()
    return _make(row)


async def _end(
    connection: AsyncConnection, errand_id: int, state: ErrandState, reason: str | None, now: datetime
) -> bool:
    """Mark an errand as ended; False where it has ended before."""
    ended = {"state": state, "reason": reason, "finished_at": now}
    undone = (ERRAND.c.id == errand_id) & ERRAND.c.state.in_(UNDONE)
    change = update(ERRAND).where(undone).values(ended).returning(ERRAND.c.id)
    return (await connection.execute(change)).first() is not None


async def _with_context(connection: AsyncConnection, row: Row[Any]) -> Errand:
    """Return an errand with what articles say of its address: anchors, headline, and the date."""
    citing = (
        select(CITATION.c.anchor, CITATION.c.raw, ARTICLE.c.headline, ARTICLE.c.published)
        .join(LINK, LINK.c.id == CITATION.c.link_id)
        .join(ARTICLE, ARTICLE.c.id == CITATION.c.article_id)
        .where(LINK.c.key_hash == key_hash(row.url))
        .order_by(CITATION.c.id)
        .limit(ANCHORS)
    )
    cited = (await connection.execute(citing)).all()
    first_seen = await connection.scalar(
        select(func.min(LINK.c.first_seen_at)).where(LINK.c.key_hash == key_hash(row.url))
    )
    published = min((each.published for each in cited if each.published), default=first_seen)
    anchors = dict.fromkeys(each.anchor for each in cited if each.anchor and each.anchor != each.raw)
    headline = next((each.headline for each in cited if each.headline), None)
    is_lookup = row.kind is ErrandKind.LOOKUP
    return Errand(
        id=row.id,
        kind=row.kind,
        url=row.url,
        expected=Expected(original=row.url, anchors=tuple(anchors), headline=headline),
        at=row.at or (published if is_lookup else None),
        public=row.public,
    )


def _make(row: Row[Any]) -> StoredErrand:
    return StoredErrand(
        id=row.id,
        kind=row.kind,
        url=row.url,
        at=row.at,
        public=row.public,
        state=row.state,
        reason=row.reason,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
