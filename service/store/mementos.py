"""What archives answered: mementos that are known, and look-ups that need not be asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.tables import LOOKUP, MEMENTO, chunks, key_hash, text_hash, upsert
from workers.archive.settings import LOCAL
from workers.model import Lookup, LookupState, Memento, Quality
from workers.url import is_fetchable, lookup_key

NONE_HOLDS = timedelta(hours=1)
FOUND_HOLDS = timedelta(days=30)
ARCHIVE_LENGTH = 64


async def list_read_locals(db: Database, url: str) -> Sequence[Memento]:
    """Return the local captures of a resource that were read and judged."""
    query = select(MEMENTO).where(MEMENTO.c.key_hash == _local_key_hash(url))
    async with db.read() as connection:
        return [_make(row) for row in await connection.execute(query.order_by(MEMENTO.c.id))]


async def write_mementos(connection: AsyncConnection, mementos: Sequence[Memento], *, now: datetime) -> None:
    """Remember captures; what was seen of one known before stays, unless it was read again now.

    A local capture stands in its own index, and only what reading it showed is kept here.
    """
    told = [each for each in mementos if _is_told(each)]
    rows = {row["uri_hash"]: row for row in (_memento_row(each, now) for each in told)}
    insert = upsert(connection, MEMENTO)
    is_read = insert.excluded.quality != Quality.UNVERIFIED
    fresh: dict[str, Any] = {
        name: case((is_read, insert.excluded[name]), else_=MEMENTO.c[name]) for name in ("quality", "reasons")
    }
    # The key too: a process of the release before writes judgements of local captures under another.
    fresh |= {name: insert.excluded[name] for name in ("key_hash", "status", "seen_at")}
    statement = insert.on_conflict_do_update(index_elements=["uri_hash"], set_=fresh)
    for part in chunks([rows[each] for each in sorted(rows)]):
        await connection.execute(statement, part)


async def write_lookups(connection: AsyncConnection, lookups: Sequence[Lookup]) -> None:
    """Remember answers; `unknown` is no answer and is asked again."""
    rows = {
        (row["key_hash"], row["archive"]): row
        for row in (_lookup_row(each) for each in lookups if each.state is not LookupState.UNKNOWN)
    }
    insert = upsert(connection, LOOKUP)
    fresh = {name: insert.excluded[name] for name in ("state", "reason", "asked_at", "expires_at")}
    statement = insert.on_conflict_do_update(index_elements=["key_hash", "archive"], set_=fresh)
    for part in chunks([rows[each] for each in sorted(rows)]):
        await connection.execute(statement, part)


def _is_told(memento: Memento) -> bool:
    if memento.archive == LOCAL:
        return memento.quality is not Quality.UNVERIFIED
    return is_fetchable(memento.uri_m)


def _local_key_hash(url: str) -> str:
    """Return the hash that judgements of local captures stand under, apart from captures of archives.

    Apart, for what is asked most is 'the captures of archives', and any further condition makes
    PostgreSQL sort all of them where the index gives them in order.
    """
    return text_hash(f"{LOCAL}\0{lookup_key(url)}")


def _memento_row(memento: Memento, now: datetime) -> dict[str, Any]:
    archive = memento.archive[:ARCHIVE_LENGTH]
    return {
        "uri_hash": text_hash(f"{archive}\0{memento.uri_m}"),
        "key_hash": (_local_key_hash if archive == LOCAL else key_hash)(memento.original),
        "original": memento.original,
        "archive": archive,
        "memento_datetime": memento.memento_datetime,
        "uri_m": memento.uri_m,
        "status": memento.status,
        "media_type": memento.media_type,
        "digest": memento.digest,
        "quality": memento.quality,
        "reasons": list(memento.reasons) or None,
        "seen_at": now,
    }


def _lookup_row(lookup: Lookup) -> dict[str, Any]:
    holds = FOUND_HOLDS if lookup.state is LookupState.FOUND else NONE_HOLDS
    return {
        "key_hash": key_hash(lookup.original),
        "archive": lookup.archive[:ARCHIVE_LENGTH],
        "state": lookup.state,
        "reason": lookup.reason,
        "asked_at": lookup.asked_at,
        "expires_at": lookup.asked_at + holds,
    }


def _make(row: Row[Any]) -> Memento:
    return Memento(
        original=row.original,
        archive=row.archive,
        memento_datetime=row.memento_datetime,
        uri_m=row.uri_m,
        status=row.status,
        media_type=row.media_type,
        digest=row.digest,
        quality=row.quality,
        reasons=tuple(row.reasons or ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """What an archive said last of an address, good until `expires_at`."""

    archive: str
    state: LookupState
    reason: str | None
    asked_at: datetime
    expires_at: datetime


async def list_answers(db: Database, url: str) -> Sequence[KnownAnswer]:
    """Return the last answers of archives on a resource; one that could not tell has none."""
    query = select(LOOKUP).where(LOOKUP.c.key_hash == key_hash(url)).order_by(LOOKUP.c.archive)
    async with db.read() as connection:
        return [
            KnownAnswer(
                archive=row.archive,
                state=row.state,
                reason=row.reason,
                asked_at=row.asked_at,
                expires_at=row.expires_at,
            )
            for row in await connection.execute(query)
        ]
