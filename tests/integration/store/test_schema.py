"""The schema that revisions lay is the one that the models describe, on both databases."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from service.records import metadata
from service.store.database import Database, open_database
from service.store.mementos import list_read_locals, write_mementos
from service.store.schema import alembic_config, head_revision, migrate, schema_revision
from service.store.tables import key_hash, text_hash
from service.store.timeline import list_nearest
from tests.postgres import PostgresServer
from workers.model import Memento, Quality


def _describe(connection: Connection) -> dict[str, object]:
    inspector = inspect(connection)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {
        name: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            ],
            "primary": inspector.get_pk_constraint(name),
            "unique": sorted(inspector.get_unique_constraints(name), key=lambda each: str(each["name"])),
            "foreign": sorted(inspector.get_foreign_keys(name), key=lambda each: str(each["name"])),
            "indexes": sorted(inspector.get_indexes(name), key=lambda each: str(each["name"])),
        }
        for name in sorted(tables)
    }


def _triggers(connection: Connection) -> list[str]:
    query = (
        "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    return sorted(connection.execute(text(query)).scalars())


async def _facts(url: str, *, by_models: bool) -> tuple[dict[str, object], list[str]]:
    async with open_database(url) as database, database.write() as connection:
        if by_models:
            await connection.run_sync(metadata.create_all)
        return await connection.run_sync(_describe), await connection.run_sync(_triggers)


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the same kind as `database_url`."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/bare.sqlite"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


async def test_models_and_revisions_give_the_same_schema(database_url: str, bare_url: str) -> None:
    migrated = await _facts(database_url, by_models=False)
    modelled = await _facts(bare_url, by_models=True)
    assert migrated[0].keys() == modelled[0].keys()
    for table, facts in modelled[0].items():
        assert migrated[0][table] == facts
    assert migrated[1] == modelled[1]
    assert len(migrated[1]) == (2 if database_url.startswith("sqlite") else 1)


async def test_a_migrated_database_stands_at_the_head(db: Database) -> None:
    assert await schema_revision(db) == head_revision() == "0006"


async def test_a_bare_database_has_no_revision(bare_url: str) -> None:
    async with open_database(bare_url) as database:
        assert await schema_revision(database) is None


async def test_two_processes_may_migrate_at_once(bare_url: str) -> None:
    async with open_database(bare_url) as first, open_database(bare_url) as second:
        done = await asyncio.gather(migrate(first), migrate(second))
    assert sorted(before or "" for before, _ in done) == ["", "0006"]
    assert [after for _, after in done] == ["0006", "0006"]


async def _move(db: Database, go: Callable[[Config, str], None], revision: str) -> None:
    def run(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        go(config, revision)

    async with db.write() as connection:
        await connection.run_sync(run)


async def _local_keys(db: Database) -> list[str]:
    async with db.read() as connection:
        rows = await connection.execute(
            text("SELECT key_hash FROM memento WHERE archive = 'local' ORDER BY id")
        )
        return list(rows.scalars())


LOCAL = """INSERT INTO memento
    (uri_hash, key_hash, original, archive, memento_datetime, uri_m, quality, seen_at)
    VALUES (:hash, :key, :original, 'local', '2026-01-01 00:00:00', '/memento/1', 'good',
        '2026-01-01 00:00:00')"""


async def test_judgements_of_local_captures_outlast_the_upgrade_and_the_way_back(bare_url: str) -> None:
    urls = [f"https://news.example/{number}" for number in range(501)]
    keys = [key_hash(url) for url in urls]
    rows = [
        {"hash": f"h{key}"[:64], "key": key, "original": url} for url, key in zip(urls, keys, strict=True)
    ]
    async with open_database(bare_url) as db:
        await _move(db, command.upgrade, "0002")
        async with db.write() as connection:
            await connection.execute(text(LOCAL), rows)
        await migrate(db)
        for url in (urls[0], urls[500]):
            assert [each.original for each in await list_read_locals(db, url)] == [url]
            assert await list_nearest(db, url, at=datetime(2026, 1, 1, tzinfo=UTC), limit=9) == []
        assert set(keys).isdisjoint(await _local_keys(db))
        await _move(db, command.downgrade, "0002")
        assert await _local_keys(db) == keys


async def test_a_judgement_that_an_older_process_wrote_takes_its_own_key_when_written_again(
    db: Database,
) -> None:
    url, at = "https://news.example/1", datetime(2026, 1, 1, tzinfo=UTC)
    row = {"hash": text_hash("local\0/memento/1"), "key": key_hash(url), "original": url}
    memento = Memento(
        original=url, archive="local", memento_datetime=at, uri_m="/memento/1", quality=Quality.POOR
    )
    async with db.write() as connection:
        await connection.execute(text(LOCAL), [row])
        await write_mementos(connection, [memento], now=at)
    assert [each.quality for each in await list_read_locals(db, url)] == [Quality.POOR]
    assert await list_nearest(db, url, at=at, limit=9) == []


@pytest.mark.parametrize("table", ["capture", "memento"])
async def test_indexes_of_the_release_before_are_still_there(db: Database, table: str) -> None:
    async with db.read() as connection:
        found = await connection.run_sync(lambda each: inspect(each).get_indexes(table))
    assert {f"ix_{table}_key_hash_memento_datetime", f"ix_{table}_key_hash_memento_datetime_id"} <= {
        each["name"] for each in found
    }


LINK = """INSERT INTO link
    (id, original, original_hash, key_hash, host, domain, shard, first_seen_at, standing)
    VALUES (1, 'http://a.example/', 'h', 'k', 'a.example', 'a.example', 0, '2026-01-01 00:00:00', 'alive')"""
OBSERVATION = """INSERT INTO observation (link_id, stored_at, written, original, outcome, rule)
    VALUES (1, '2026-01-01 00:00:00', 'u', 'u', 'ok', 'r')"""


@pytest.mark.parametrize("change", ["UPDATE observation SET rule = 'x'", "DELETE FROM observation"])
async def test_an_observation_can_be_neither_changed_nor_removed(db: Database, change: str) -> None:
    async with db.write() as connection:
        for row in (LINK, OBSERVATION):
            await connection.execute(text(row))
    with pytest.raises(DBAPIError, match="only ever added"):
        async with db.engine.begin() as connection:
            await connection.execute(text(change))
