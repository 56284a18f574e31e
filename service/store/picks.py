"""Which capture stands for an original: the choice of rule `pick/1`, kept until it is made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.tables import PICK, chunks, text_hash, upsert
from workers.model import VERIFIED, Choice, Memento, Quality

HOLDS = timedelta(days=365)
RETRIED = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPick:
    """The capture chosen for an original, when and for which date.

    `other` is the capture of the other side of that date, where the page drifted between the two.
    """

    original: str
    near: datetime | None
    memento: Memento
    other: Memento | None
    similarity: float | None
    picked_at: datetime

    @property
    def is_verified(self) -> bool:
        """Whether it was read and shows the page."""
        return self.memento.quality in VERIFIED


async def best_capture(db: Database, original: str) -> Memento | None:
    """Return the verified capture that stands for a link, None where none was verified yet."""
    picks = await list_picks(db, [original])
    pick = picks.get(original)
    return pick.memento if pick is not None and pick.is_verified else None


async def list_picks(db: Database, originals: Sequence[str]) -> Mapping[str, StoredPick]:
    """Return what was chosen for each original; those without a choice are left out."""
    found: dict[str, StoredPick] = {}
    async with db.read() as connection:
        for part in chunks([text_hash(original) for original in originals]):
            for row in await connection.execute(_query().where(PICK.c.original_hash.in_(part))):
                found[row.original] = _make(row)
    return found


async def take_old_picks(connection: AsyncConnection, *, now: datetime, limit: int) -> Sequence[StoredPick]:
    """Return choices made more than a year ago, the longest waiting first, and note them as asked for.

    One that cannot be made anew comes again after 30 days, behind all that were not asked since.
    """
    asked = PICK.c.asked_at
    old = (
        _query()
        .where(PICK.c.picked_at <= now - HOLDS, or_(asked.is_(None), asked <= now - RETRIED))
        .order_by(func.coalesce(asked, PICK.c.picked_at), PICK.c.id)
        .limit(limit)
    )
    picks = [_make(row) for row in await connection.execute(old)]
    for part in chunks([text_hash(pick.original) for pick in picks]):
        noted = update(PICK).where(PICK.c.original_hash.in_(part)).values(asked_at=now)
        await connection.execute(noted)
    return picks


async def write_pick(connection: AsyncConnection, original: str, choice: Choice, *, now: datetime) -> None:
    """Keep a choice in place of an earlier one; nothing where there was nothing to choose from.

    A verified capture is not given up for one that could not be read this time.
    """
    if choice.memento is None:
        return
    row = {
        "original_hash": text_hash(original),
        "original": original,
        "near": choice.near,
        "rule": choice.rule,
        "quality": choice.memento.quality,
        "memento": to_plain(choice.memento),
        "other": None if choice.other is None else to_plain(choice.other),
        "similarity": choice.similarity,
        "picked_at": now,
        "asked_at": None,
    }
    insert = upsert(connection, PICK).values(row)
    keeps = None
    if choice.memento.quality is Quality.UNVERIFIED:
        keeps = PICK.c.quality.not_in(sorted(VERIFIED))
    await connection.execute(
        insert.on_conflict_do_update(index_elements=["original_hash"], set_=row, where=keeps)
    )


def _query() -> Select[Any]:
    return select(PICK)


def _make(row: Row[Any]) -> StoredPick:
    return StoredPick(
        original=row.original,
        near=row.near,
        memento=from_plain(Memento, row.memento),
        other=None if row.other is None else from_plain(Memento, row.other),
        similarity=row.similarity,
        picked_at=row.picked_at,
    )
