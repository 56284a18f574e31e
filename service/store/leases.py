"""Which worker processes are alive, by what they wrote themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from service.store.database import Database
from service.store.tables import LEASE

# A claimer may die too: its claim runs out, and another takes the dead worker's jobs over.
CLAIM_HOLDS = timedelta(seconds=60)


class StoreLeases:
    """Leases in the database: enter, beat, claim the dead, settle them, release."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def enter(self, worker: str, *, now: datetime, lease_s: float) -> None:
        """Take a first lease; one left by an earlier process of the same id is taken over."""
        row = {"worker": worker, "started_at": now, "expires_at": now + timedelta(seconds=lease_s)}
        async with self._db.write() as connection:
            await connection.execute(delete(LEASE).where(LEASE.c.worker == worker))
            await connection.execute(insert(LEASE).values(row))

    async def beat(self, worker: str, *, now: datetime, lease_s: float) -> bool:
        """Renew a lease; False when it has run out or was claimed, and the worker must exit."""
        alive = (LEASE.c.worker == worker) & (LEASE.c.expires_at > now) & LEASE.c.claimed_by.is_(None)
        later = {"expires_at": now + timedelta(seconds=lease_s)}
        async with self._db.write() as connection:
            result = await connection.execute(update(LEASE).where(alive).values(later))
        return result.rowcount == 1

    async def claim_dead(self, worker: str, *, now: datetime) -> Sequence[str]:
        """Return workers whose lease has run out, each to one claimer only, in order of their names."""
        unclaimed = or_(LEASE.c.claimed_until.is_(None), LEASE.c.claimed_until <= now)
        dead = (LEASE.c.worker != worker) & (LEASE.c.expires_at <= now) & unclaimed
        claim = {"claimed_by": worker, "claimed_until": now + CLAIM_HOLDS}
        async with self._db.write() as connection:
            taken = await connection.execute(
                update(LEASE).where(dead).values(claim).returning(LEASE.c.worker)
            )
            return sorted(taken.scalars())

    async def settle_dead(self, dead: str) -> None:
        """Forget a dead worker once its jobs run again."""
        async with self._db.write() as connection:
            await connection.execute(delete(LEASE).where(LEASE.c.worker == dead))

    async def give_up(self, worker: str, *, now: datetime) -> None:
        """End a worker's own lease at a clean stop, so that others take over what it leaves."""
        async with self._db.write() as connection:
            await connection.execute(update(LEASE).where(LEASE.c.worker == worker).values(expires_at=now))

    async def list_workers(self) -> Sequence[str]:
        """Return the ids of all workers that have a lease, run out or not."""
        async with self._db.read() as connection:
            return list((await connection.execute(select(LEASE.c.worker).order_by(LEASE.c.worker))).scalars())
