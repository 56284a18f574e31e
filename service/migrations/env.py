"""Alembic's entry: runs revisions on a connection given to it, or on the database of the settings."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from service.records import metadata
from service.settings import load_settings
from service.store.database import open_database


def run(connection: Connection) -> None:
    """Run the revisions on one connection, inside the caller's transaction."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_settings() -> None:
    """Run the revisions on the database that the settings name."""
    async with open_database(load_settings().records_url) as database, database.write() as connection:
        await connection.run_sync(run)


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_on_settings())
else:
    run(given)
