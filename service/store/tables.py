"""The tables as queries name them, and the few statements that both databases spell alike."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from service.records import metadata
from workers.url import lookup_key

ARTICLE = metadata.tables["article"]
AUDIT = metadata.tables["audit"]
BREAKER = metadata.tables["breaker"]
BUCKET = metadata.tables["bucket"]
CAPTURE = metadata.tables["capture"]
CITATION = metadata.tables["citation"]
CITATION_DECISION = metadata.tables["citation_decision"]
DRIFT = metadata.tables["drift"]
ERRAND = metadata.tables["errand"]
EVENT = metadata.tables["event"]
HOST = metadata.tables["host"]
LEASE = metadata.tables["lease"]
LINK = metadata.tables["link"]
LOOKUP = metadata.tables["lookup"]
MEMENTO = metadata.tables["memento"]
OBSERVATION = metadata.tables["observation"]
OUTAGE = metadata.tables["outage"]
PICK = metadata.tables["pick"]
SAVE = metadata.tables["save"]
SCHEDULE = metadata.tables["schedule"]

# PostgreSQL takes 65,535 parameters a statement, SQLite 32,766.
CHUNK = 1_000

Upsert = postgresql.Insert | sqlite.Insert


def upsert(connection: AsyncConnection, table: Table) -> Any:  # noqa: ANN401 - two dialects, one spelling
    """Return an insert into `table` that knows `on_conflict_…`, in the connection's dialect."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def text_hash(text: str) -> str:
    """Return the SHA-256 of any text, lone surrogates included, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def key_hash(url: str) -> str:
    """Return the hash of the lookup key under which captures and links of one resource meet."""
    return text_hash(lookup_key(url))


def chunks(items: Sequence[Any], size: int = CHUNK) -> list[Sequence[Any]]:
    """Return `items` in parts small enough for one statement."""
    return [items[at : at + size] for at in range(0, len(items), size)]
