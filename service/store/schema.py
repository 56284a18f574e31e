"""The schema of the database: brought to this release's head, and compared with it."""

from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import to_plain
from service.store.database import Database
from service.store.tables import SCHEDULE
from workers.cron import next_time
from workers.ledger import Scope

# Any number will do, as long as every release takes the same.
MIGRATION_LOCK = 7_046_113
HOURLY = "7 * * * *"


def alembic_config() -> Config:
    """Return the configuration of Alembic; its revisions lie inside the package."""
    config = Config()
    config.set_main_option("script_location", "service:migrations")
    config.set_main_option("path_separator", "os")
    return config


def head_revision() -> str:
    """Return the revision that this release needs."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("the package holds no revisions")
    return head


async def schema_revision(db: Database) -> str | None:
    """Return the revision that the database stands at, None where it holds no schema."""
    async with db.read() as connection:
        return await connection.run_sync(_revision)


async def migrate(db: Database) -> tuple[str | None, str]:
    """Bring the database to this release's head in one transaction; returns the revisions before and after.

    Two processes may call it at once: the second waits and finds nothing left to do.
    """
    await db.use_write_ahead_log()
    async with db.write() as connection:
        if not db.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        before, after = await connection.run_sync(_upgrade)
        if before is None:
            await _add_first_schedule(connection)
    return before, after


async def _add_first_schedule(connection: AsyncConnection) -> None:
    """Let links be checked again when their next check comes, as long as nobody changes the schedule."""
    now = datetime.now(UTC)
    row = {
        "name": "due links",
        "cron": HOURLY,
        "scope": to_plain(Scope(only_due=True)),
        "enabled": True,
        "created_at": now,
        "next_at": next_time(HOURLY, after=now),
    }
    await connection.execute(insert(SCHEDULE).values(row))


def _revision(connection: Connection) -> str | None:
    # Asked at every look at /readyz: Alembic's own way writes two lines of log each time.
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    before = _revision(connection)
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, head_revision()
