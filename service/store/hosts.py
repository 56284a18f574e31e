"""What politeness remembers of hosts when their shard moves to another worker."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, case, select

from service.store.database import Database
from service.store.tables import HOST, chunks, upsert
from workers.ledger import HostState

HOST_LENGTH = 255


async def load_hosts(db: Database, hosts: Sequence[str]) -> Sequence[HostState]:
    """Return what is remembered of these hosts; hosts never seen are left out."""
    states: list[HostState] = []
    async with db.read() as connection:
        for part in chunks(sorted({host[:HOST_LENGTH] for host in hosts})):
            rows = await connection.execute(select(HOST).where(HOST.c.host.in_(part)).order_by(HOST.c.host))
            states += [
                HostState(
                    host=row.host,
                    next_at=row.next_at,
                    backoff_until=row.backoff_until,
                    failures=row.failures,
                    reason=row.reason,
                )
                for row in rows
            ]
    return states


async def save_hosts(db: Database, states: Sequence[HostState]) -> None:
    """Remember the state of hosts; of stored and given times the later is kept."""
    rows = {
        state.host[:HOST_LENGTH]: {
            "host": state.host[:HOST_LENGTH],
            "next_at": state.next_at,
            "backoff_until": state.backoff_until,
            "failures": state.failures,
            "reason": state.reason,
        }
        for state in states
    }
    if not rows:
        return
    async with db.write() as connection:
        insert = upsert(connection, HOST)
        given = insert.excluded
        fresh = {
            "next_at": _later(HOST.c.next_at, given.next_at),
            "backoff_until": _later(HOST.c.backoff_until, given.backoff_until),
            "failures": given.failures,
            "reason": given.reason,
        }
        statement = insert.on_conflict_do_update(index_elements=["host"], set_=fresh)
        for part in chunks([rows[host] for host in sorted(rows)]):
            await connection.execute(statement, part)


def _later(stored: Column[Any], given: Column[Any]) -> Any:  # noqa: ANN401 - an expression
    # Neither GREATEST (PostgreSQL) nor MAX (SQLite) treat NULL alike; this does on both.
    return case((given.is_(None), stored), (stored > given, stored), else_=given)
