"""The door to the database: SQLite for one process, PostgreSQL for many, the same code above.

Foreign exceptions of the driver end here, as `StoreUnavailable`.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

from workers.errors import InvalidSetting, StoreUnavailable
from workers.folders import make_folder

BUSY_TIMEOUT_MS = 30_000
POOL_TIMEOUT_S = 30
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_WRITES = "linkwright_writes"


class Database:
    """An engine with its two kinds of transactions; it belongs to the event loop that first uses it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is one file, with one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads: one snapshot on SQLite, read committed on PostgreSQL."""
        with mapped_faults():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes; on SQLite it waits here for its turn, never in the middle."""
        with mapped_faults():
            async with self._writer.begin() as connection:
                yield connection

    async def use_write_ahead_log(self) -> None:
        """Let readers of a SQLite file go on beside its writer; the file remembers it. No-op elsewhere."""
        if not self.is_sqlite:
            return
        with mapped_faults():
            await asyncio.to_thread(_enable_write_ahead_log, self.engine.url.database or "")

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _is_held(error: BaseException) -> bool:
    """Whether another process holds a SQLite file just now."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the code says how it is held
    return primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@retry(
    retry=retry_if_exception(_is_held),
    stop=stop_after_delay(BUSY_TIMEOUT_MS / 1000),
    wait=wait_random(0.01, 0.1),
    reraise=True,
)
def _enable_write_ahead_log(path: str) -> None:
    # The busy timeout does not hold for this one statement: beside another process it fails at once.
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


@asynccontextmanager
async def open_database(url: str, *, pool_size: int = 8) -> AsyncIterator[Database]:
    """Open the database at `url` until the block ends; nothing is created but SQLite's folder and file.

    Raises:
        InvalidSetting: the address is of another kind of database, or cannot be read.
        FolderUnusable: SQLite's folder cannot be made.
    """
    database = Database(make_engine(url, pool_size=pool_size))
    try:
        yield database
    finally:
        await database.close()


def make_engine(url: str, *, pool_size: int = 8) -> AsyncEngine:
    """Return an engine for `url` (sqlite:///file or postgresql://…), set up for many tasks.

    Raises:
        InvalidSetting: the address is of another kind of database, or cannot be read.
        FolderUnusable: SQLite's folder cannot be made.
    """
    address = database_address(url)
    options: dict[str, Any] = {"pool_size": pool_size, "pool_timeout": POOL_TIMEOUT_S}
    if address.get_backend_name() == "sqlite":
        make_folder(Path(address.database or "").parent)
        engine = create_async_engine(address, **options)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(address, pool_pre_ping=True, **options)


def database_address(url: str) -> URL:
    """Return `url` with the driver that this program speaks.

    Raises:
        InvalidSetting: the address is of another kind of database, or cannot be read.
    """
    try:
        address = make_url(url)
        driver = DRIVERS[address.drivername]
    except (ArgumentError, KeyError, ValueError):
        kind = url.partition(":")[0]
        raise InvalidSetting(
            f"database address of kind {kind!r}: sqlite:///FILE or postgresql://… is needed"
        ) from None
    if driver.startswith("sqlite") and address.database in (None, "", ":memory:"):
        raise InvalidSetting("database address: SQLite needs a file, as in sqlite:////path/records.sqlite")
    return address.set(drivername=driver)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # The driver's implicit transactions begin late and deferred; ours begin in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes any connection
    # A deferred transaction that turns into a writer fails at once where another writes: BUSY_SNAPSHOT.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def mapped_faults(name: str = "database") -> Iterator[None]:
    """Turn what the driver says of a database that cannot be used into `StoreUnavailable`.

    `name` is what the message calls it; an address, with its password, is never in it.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, sqlite3.OperationalError) as error:
        raise StoreUnavailable(f"the {name} does not answer: {_first_line(error)}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if type(error) not in (DatabaseError, sqlite3.DatabaseError):
            raise
        # Only SQLite says so little: a file that is damaged, or no database at all.
        raise StoreUnavailable(f"the {name} cannot be read: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
