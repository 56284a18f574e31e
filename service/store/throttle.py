"""Token buckets and breakers that all workers share, kept in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.tables import BREAKER, BUCKET, upsert
from workers.archive.throttle import Breaker, Bucket, hold_bucket, note_result, take_token


class StoreThrottle:
    """The throttle store of `workers/archive/throttle.py`: every call is one transaction on one row."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take(self, bucket: str, *, per_minute: float, now: datetime) -> float:
        """Take a token and return 0.0, or take none and return the seconds to wait before trying again."""
        async with self._db.write() as connection:
            state = await _load_bucket(connection, bucket)
            state, wait_s = take_token(state, per_minute=per_minute, now=now)
            await _save_bucket(connection, bucket, state)
        return wait_s

    async def hold(self, bucket: str, *, until: datetime) -> None:
        """Give out no token before `until`; never shortens an earlier hold."""
        async with self._db.write() as connection:
            state = hold_bucket(await _load_bucket(connection, bucket), until=until)
            await _save_bucket(connection, bucket, state)

    async def record(self, breaker: str, *, ok: bool, now: datetime) -> None:
        """Note whether the archive behind a breaker answered."""
        async with self._db.write() as connection:
            row = await _lock(connection, BREAKER, breaker, {"failures": 0})
            state = note_result(Breaker(failures=row.failures, open_until=row.open_until), ok=ok, now=now)
            change = {"failures": state.failures, "open_until": state.open_until}
            await connection.execute(update(BREAKER).where(BREAKER.c.name == breaker).values(change))

    async def open_until(self, breaker: str, *, now: datetime) -> datetime | None:
        """Return until when the archive is left alone, None where it may be asked."""
        async with self._db.read() as connection:
            until = await connection.scalar(select(BREAKER.c.open_until).where(BREAKER.c.name == breaker))
        return until if until is not None and until > now else None


async def _load_bucket(connection: AsyncConnection, name: str) -> Bucket:
    row = await _lock(connection, BUCKET, name, {"tokens": 0.0})
    return Bucket(tokens=row.tokens, at=row.at, held_until=row.held_until)


async def _save_bucket(connection: AsyncConnection, name: str, state: Bucket) -> None:
    change = {"tokens": state.tokens, "at": state.at, "held_until": state.held_until}
    await connection.execute(update(BUCKET).where(BUCKET.c.name == name).values(change))


async def _lock(connection: AsyncConnection, table: Table, name: str, fresh: dict[str, Any]) -> Row[Any]:
    """Return the row of that name, made where there is none, locked to the end of the transaction."""
    await connection.execute(upsert(connection, table).values(name=name, **fresh).on_conflict_do_nothing())
    return (await connection.execute(select(table).where(table.c.name == name).with_for_update())).one()
