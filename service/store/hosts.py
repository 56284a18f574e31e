"""Hosts that asked to be left alone, kept for whichever worker goes on there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select

from service.store.database import Database
from service.store.tables import HOST, chunks, upsert
from workers.ledger import HeldHost

KEY_LENGTH = 300
MOST_HELD = 10_000


async def load_held_hosts(db: Database, *, now: datetime) -> Sequence[HeldHost]:
    """Return the hosts that are to be left alone still, those with the longest rest first."""
    query = select(HOST).where(HOST.c.held_until > now).order_by(HOST.c.held_until.desc()).limit(MOST_HELD)
    async with db.read() as connection:
        return [
            HeldHost(key=row.key, held_until=row.held_until, mean_s=row.mean_s, backoffs=row.backoffs)
            for row in await connection.execute(query)
        ]


async def save_held_hosts(db: Database, hosts: Sequence[HeldHost]) -> None:
    """Remember hosts that asked to be left alone; of stored and given times the later is kept."""
    rows = {
        host.key: {
            "key": host.key,
            "held_until": host.held_until,
            "mean_s": host.mean_s,
            "backoffs": host.backoffs,
        }
        for host in hosts
        if len(host.key) <= KEY_LENGTH
    }
    if not rows:
        return
    async with db.write() as connection:
        insert = upsert(connection, HOST)
        given = insert.excluded
        later = case((HOST.c.held_until > given.held_until, HOST.c.held_until), else_=given.held_until)
        fresh = {"held_until": later, "mean_s": given.mean_s, "backoffs": given.backoffs}
        statement = insert.on_conflict_do_update(index_elements=["key"], set_=fresh)
        for part in chunks([rows[key] for key in sorted(rows)]):
            await connection.execute(statement, part)
