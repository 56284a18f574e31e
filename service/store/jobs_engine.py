"""The engine of the jobs database where it is a SQLite file: set up for many threads of one process."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from service.store.database import BUSY_TIMEOUT_MS, database_address, mapped_faults
from workers.folders import make_folder


def jobs_engine(url: str) -> Engine | None:
    """Return an engine for a jobs database in a SQLite file, None for one on PostgreSQL.

    The job engine's own would keep the rollback journal, where every read waits for every write.

    Raises:
        InvalidSetting: the address is of another kind of database, or cannot be read.
        FolderUnusable: the file's folder cannot be made.
    """
    address = database_address(url)
    if address.get_backend_name() != "sqlite":
        return None
    make_folder(Path(address.database or "").parent)
    engine = create_engine(address.set(drivername="sqlite"), pool_size=16, max_overflow=0)
    event.listen(engine, "connect", _prepare)
    return engine


def lay_jobs_file(url: str) -> None:
    """Make the file of a jobs database, with its folder and journal mode; nothing is done on PostgreSQL.

    Raises:
        StoreUnavailable: the file cannot be opened, or is no database.
    """
    engine = jobs_engine(url)
    if engine is None:
        return
    try:
        with mapped_faults("jobs database"), engine.connect():
            pass
    finally:
        engine.dispose()


def jobs_url(url: str) -> str:
    """Return the jobs database's address in the spelling that the job engine takes.

    Raises:
        InvalidSetting: the address is of another kind of database, or cannot be read.
    """
    address = database_address(url)
    plain = "sqlite" if address.get_backend_name() == "sqlite" else "postgresql"
    return address.set(drivername=plain).render_as_string(hide_password=False)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record
    # As the job engine sets up its own connections: writers wait at the start of a transaction.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
