"""The rows of links: made once an original, whoever cites it first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import LINK, chunks, key_hash, text_hash, upsert
from workers.ledger import shard_of
from workers.model import Standing
from workers.url import host_of, registrable_domain

HOST_LENGTH = 255


async def ensure_links(
    connection: AsyncConnection, originals: Iterable[str], *, now: datetime
) -> Mapping[str, int]:
    """Return the link id of every original, rows made where there were none."""
    by_hash = {text_hash(original): original for original in originals}
    # In one order everywhere, so that two writers wait for each other and never in a circle.
    hashes = sorted(by_hash)
    found = await _find(connection, hashes)
    missing = [_new_row(by_hash[each], each, now) for each in hashes if each not in found]
    for part in chunks(missing):
        await connection.execute(upsert(connection, LINK).on_conflict_do_nothing(), part)
    if missing:
        found |= await _find(connection, [row["original_hash"] for row in missing])
    return {by_hash[each]: link_id for each, link_id in found.items()}


async def _find(connection: AsyncConnection, hashes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in chunks(hashes):
        query = select(LINK.c.original_hash, LINK.c.id).where(LINK.c.original_hash.in_(part))
        found |= {row.original_hash: row.id for row in await connection.execute(query)}
    return found


def _new_row(original: str, original_hash: str, now: datetime) -> dict[str, Any]:
    host = host_of(original)[:HOST_LENGTH]
    domain = registrable_domain(host) if host else ""
    return {
        "original": original,
        "original_hash": original_hash,
        "key_hash": key_hash(original),
        "host": host,
        "domain": domain,
        "shard": shard_of(domain or original_hash),
        "first_seen_at": now,
        "standing": Standing.UNCHECKED,
    }
