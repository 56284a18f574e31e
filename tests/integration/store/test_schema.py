"""The schema that revisions lay is the one that the models describe, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from service.records import metadata
from service.store.database import Database, open_database
from service.store.schema import head_revision, migrate, schema_revision
from tests.postgres import PostgresServer


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
