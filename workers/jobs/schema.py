"""The tables of the job engine: laid and brought up to date by itself."""

import asyncio
import logging

from dbos import DBOS

from workers.errors import StoreUnavailable


def quiet_engine() -> None:
    """Let the engine speak only of what goes wrong; it tells addresses, and everybody to use PostgreSQL."""
    logging.getLogger("dbos").setLevel(logging.WARNING)


def in_one_line(error: Exception) -> str:
    """Return what the engine or its driver says; the rest of their lines are advice for programmers."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


async def migrate_jobs(url: str) -> None:
    """Lay or update the engine's tables in the jobs database at `url`.

    Raises:
        StoreUnavailable: the database does not answer, or the tables could not be laid.
    """
    quiet_engine()
    try:
        await asyncio.to_thread(DBOS.migrate, url)
    except Exception as error:
        raise StoreUnavailable(f"the jobs database could not be prepared: {in_one_line(error)}") from error
