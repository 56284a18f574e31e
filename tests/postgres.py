"""A PostgreSQL server of the tests' own, and a fresh database of the current schema for each test.

Binaries are looked for in Debian's places and on the path. `initdb` refuses root: then all runs as the
user `postgres`. The server listens on loopback only, in a folder that goes away with it.
"""

import asyncio
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from service.store.database import open_database
from service.store.schema import migrate

MIN_VERSION = 15
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def find_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL that is new enough, None where there is none."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    fit = [path for path in versions if path.parent.name.isdigit() and int(path.parent.name) >= MIN_VERSION]
    if fit:
        return max(fit, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@dataclass
class PostgresServer:
    """A running server; `template` is the name of a database with the current schema."""

    folder: Path
    binaries: Path
    port: int
    template: str = "template_linkwright"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """Return the address of one database."""
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def create(self, *, template: str | None = None, name: str | None = None) -> str:
        """Create a database, a copy of `template` where given, and return its name."""
        name = name or f"test_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
            connection.execute(f"CREATE DATABASE {name}{copied}")  # type: ignore[arg-type]
        return name

    def drop(self, name: str) -> None:
        """Drop a database, its connections cut."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]


def start_server() -> PostgresServer | None:
    """Start a server, None where no PostgreSQL is installed."""
    binaries = find_binaries()
    if binaries is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="linkwright-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = PostgresServer(folder=folder, binaries=binaries, port=_free_port())
    data = str(folder / "data")
    _run(server, "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {server.port} -h 127.0.0.1 -k {folder} " + " ".join(f"-c {each}" for each in QUICK)
    _run(server, "pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    return server


def stop_server(server: PostgresServer) -> None:
    """Stop the server and remove its folder."""
    _run(server, "pg_ctl", "-D", str(server.folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(server.folder, ignore_errors=True)


def _run(server: PostgresServer, program: str, *arguments: str) -> None:
    as_owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    errors = server.folder / "errors"
    # The server inherits its streams from pg_ctl: a pipe would never end.
    with errors.open("wb") as sink:
        done = subprocess.run(
            [str(server.binaries / program), *arguments],
            cwd=server.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sink,
            check=False,
            timeout=60,
            **as_owner,  # type: ignore[arg-type]
        )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {(server.folder / 'errors').read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def lay_schema(url: str) -> None:
    """Bring a database to the current schema; may be called where an event loop runs."""

    async def lay() -> None:
        async with open_database(url) as database:
            await migrate(database)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(lay())).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server whose template database has the current schema."""
    server = start_server()
    if server is None:
        pytest.skip("no PostgreSQL 15 or newer is installed")
    try:
        server.create(name=server.template)
        lay_schema(server.url(server.template))
        yield server
    finally:
        stop_server(server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the current schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "records.sqlite"
    lay_schema(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the current schema."""
    name = postgres.create(template=postgres.template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with the current schema."""
    path = tmp_path / "records.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the current schema, on each kind of database in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
