"""The door to the database says plainly what it cannot open, and lets writers wait for each other."""

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from service.store.database import Database, database_address, open_database
from service.store.tables import HOST
from tests.fakes_ledger import NOW
from workers.errors import InvalidSetting, StoreUnavailable


async def test_a_sqlite_file_is_set_up_for_many_readers_beside_a_writer(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as db, db.read() as connection:
        pragmas = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 30_000, "foreign_keys": 1}


async def test_writers_wait_for_each_other(db: Database) -> None:
    async def add(number: int) -> None:
        async with db.write() as connection:
            known = len((await connection.execute(select(HOST))).all())
            await connection.execute(
                insert(HOST).values(key=f"{number}", held_until=NOW, mean_s=float(known))
            )

    await asyncio.gather(*(add(number) for number in range(20)))
    async with db.read() as connection:
        assert len((await connection.execute(select(HOST))).all()) == 20


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as connection:
            await connection.execute(insert(HOST).values(key="a", held_until=NOW, mean_s=1.0))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await fail()
    async with db.read() as connection:
        assert (await connection.execute(select(HOST))).all() == []


async def test_times_come_back_in_utc_and_naive_ones_are_refused(db: Database) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    async with db.write() as connection:
        await connection.execute(insert(HOST).values(key="a", held_until=east, mean_s=1.0))
    async with db.read() as connection:
        held_until = await connection.scalar(select(HOST.c.held_until))
    assert held_until == NOW
    assert held_until.utcoffset() == timedelta(0)
    naive = insert(HOST).values(key="b", held_until=datetime(2026, 1, 1), mean_s=1.0)  # noqa: DTZ001 - the point
    async with db.write() as connection:
        with pytest.raises(StatementError, match="naive datetime"):
            await connection.execute(naive)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with open_database("postgresql://tests@127.0.0.1:1/none") as db:
        with pytest.raises(StoreUnavailable, match="the database does not answer"):
            async with db.read():
                pass


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_text("this is no database, however long one reads it" * 100)
    async with open_database(f"sqlite:///{path}") as db:
        with pytest.raises(StoreUnavailable, match="not a database"):
            async with db.read() as connection:
                await connection.execute(select(HOST))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://localhost/x", "of kind 'mysql'"),
        ("records.sqlite", "of kind 'records.sqlite'"),
        ("", "of kind ''"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("postgresql://host:port/x", "of kind 'postgresql'"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(url: str, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        database_address(url)


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_is_taken(url: str) -> None:
    assert str(database_address(url)) == "postgresql+psycopg://u@h/d"
