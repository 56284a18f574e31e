"""The log of public saves, kept in the database: one loss is submitted once, whoever asks and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.tables import SAVE, text_hash, upsert
from workers.archive.saves import SaveRecord, SaveState
from workers.model import Memento


class StoreSaveLog:
    """The save log of `workers/archive/saves.py`: every call is one transaction on one row.

    `saver` is the id of the public archive that the log is for.
    """

    def __init__(self, db: Database, saver: str) -> None:
        self._db = db
        self._saver = saver

    async def claim(self, record: SaveRecord, *, since: datetime) -> SaveRecord | None:
        """Keep a new record, unless its key has one submitted after `since`: then return that one."""
        fresh = self._row(record)
        async with self._db.write() as connection:
            insert = upsert(connection, SAVE).values(fresh).on_conflict_do_nothing().returning(SAVE.c.id)
            if (await connection.execute(insert)).first() is not None:
                return None
            held = (
                await connection.execute(select(SAVE).where(self._of(record.key)).with_for_update())
            ).one()
            if held.submitted_at > since:
                return _make(held, record.key)
            await connection.execute(update(SAVE).where(SAVE.c.id == held.id).values(fresh))
        return None

    async def note(self, record: SaveRecord) -> None:
        """Replace what is kept under the record's key, but for a save that has ended well."""
        row = self._row(record)
        async with self._db.write() as connection:
            insert = upsert(connection, SAVE).values(row)
            await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["saver", "key_hash"],
                    set_=row,
                    where=(SAVE.c.state != SaveState.SAVED) | (SAVE.c.submitted_at < record.submitted_at),
                )
            )

    async def release(self, key: str) -> None:
        """Forget a claim that was not submitted after all."""
        async with self._db.write() as connection:
            await connection.execute(delete(SAVE).where(self._of(key)))

    def _of(self, key: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
        return (SAVE.c.saver == self._saver) & (SAVE.c.key_hash == text_hash(key))

    def _row(self, record: SaveRecord) -> dict[str, Any]:
        return {
            "saver": self._saver,
            "key_hash": text_hash(record.key),
            "url": record.url,
            "submitted_at": record.submitted_at,
            "state": record.state,
            "job_id": record.job_id,
            "memento": None if record.memento is None else to_plain(record.memento),
            "reason": record.reason,
        }


def _make(row: Row[Any], key: str) -> SaveRecord:
    return SaveRecord(
        key=key,
        url=row.url,
        submitted_at=row.submitted_at,
        state=row.state,
        job_id=row.job_id,
        memento=None if row.memento is None else from_plain(Memento, row.memento),
        reason=row.reason,
    )
