"""The index of local captures, kept in the database."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, select

from service.store.database import Database
from service.store.tables import CAPTURE, text_hash, upsert
from workers.archive.captures import LocalCapture

_FIELDS = tuple(field.name for field in fields(LocalCapture))


class StoreCaptureIndex:
    """The capture index of `workers/archive/captures.py`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, capture: LocalCapture) -> None:
        """List one capture; listing the same `record_id` again changes nothing."""
        row: dict[str, Any] = {name: getattr(capture, name) for name in _FIELDS}
        row["key_hash"] = text_hash(capture.key)
        async with self._db.write() as connection:
            await connection.execute(upsert(connection, CAPTURE).values(row).on_conflict_do_nothing())

    async def by_id(self, record_id: str) -> LocalCapture | None:
        """Return one capture, or None where it is not listed."""
        return await self._first(_query().where(CAPTURE.c.record_id == record_id))

    async def latest_by_digest(self, payload_digest: str) -> LocalCapture | None:
        """Return the newest whole response (no revisit, not truncated) with this payload, or None."""
        whole = CAPTURE.c.revisit_of.is_(None) & CAPTURE.c.truncated.is_(None)
        query = _query().where(CAPTURE.c.payload_digest == payload_digest, whole)
        return await self._first(query.order_by(CAPTURE.c.memento_datetime.desc(), CAPTURE.c.id.desc()))

    async def nearest(self, key: str, at: datetime) -> LocalCapture | None:
        """Return the capture under a lookup key that is nearest to a time, the older of two as near."""
        query = _query().where(CAPTURE.c.key_hash == text_hash(key))
        time = CAPTURE.c.memento_datetime
        before = await self._first(query.where(time <= at).order_by(time.desc(), CAPTURE.c.id.desc()))
        after = await self._first(query.where(time > at).order_by(time, CAPTURE.c.id))
        if before is None or after is None:
            return before or after
        return before if at - before.memento_datetime <= after.memento_datetime - at else after

    async def list(self, key: str) -> Sequence[LocalCapture]:
        """Return all captures under a lookup key, oldest first."""
        query = _query().where(CAPTURE.c.key_hash == text_hash(key))
        query = query.order_by(CAPTURE.c.memento_datetime, CAPTURE.c.file, CAPTURE.c.offset)
        async with self._db.read() as connection:
            return [_make(row) for row in await connection.execute(query)]

    async def drop_from(self, file: str, offset: int) -> None:
        """Unlist what is said to stand in `file` at `offset` bytes or after: it is not there."""
        gone = (CAPTURE.c.file == file) & (CAPTURE.c.offset >= offset)
        async with self._db.write() as connection:
            await connection.execute(delete(CAPTURE).where(gone))

    async def _first(self, query: Select[Any]) -> LocalCapture | None:
        async with self._db.read() as connection:
            row = (await connection.execute(query.limit(1))).first()
        return None if row is None else _make(row)


def _query() -> Select[Any]:
    return select(*(CAPTURE.c[name] for name in _FIELDS))


def _make(row: Row[Any]) -> LocalCapture:
    return LocalCapture(**row._mapping)  # noqa: SLF001 - public in SQLAlchemy, by its own documentation
